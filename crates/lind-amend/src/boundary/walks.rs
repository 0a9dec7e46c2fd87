//! Walking away from a patient until somebody stands otherwise, in many directions at a time.
//!
//! Reading patients costs more than asking about them, so that all directions take their steps together.

use super::explore::{Explorer, Pair};
use super::maker::Class;
use crate::CannotCompare;
use crate::patient::Patient;

/// Into how many parts a stretch is cut at a time.
const PARTS: i64 = 16;

/// A patient, and what is special about them.
pub(super) type Point = (Patient, String);

/// What is asked around a patient.
pub(super) enum Probe<'p> {
    /// The steps between some points, in their order.
    Along(Vec<Point>),
    /// The same, but a step to where the criterion is open is none: a number that cannot be is no limit of it.
    Limit(Vec<Point>),
    /// The nearest steps in both directions.
    Walk(Walk<'p>),
}

/// A way to vary a patient.
pub(super) struct Walk<'p> {
    /// Where the patient stands.
    pub(super) class: Class,
    /// How far is looked: so many doublings of a step.
    pub(super) reach: u32,
    /// Whether a step to where the criterion is open is one: for times, but not for numbers.
    pub(super) keeps_open: bool,
    /// The patient so many steps away; none if there is nobody.
    pub(super) vary: Box<dyn Fn(i64) -> Option<Point> + 'p>,
}

/// A walk in one direction.
struct Going<'w, 'p> {
    walk: &'w Walk<'p>,
    probe: usize,
    sign: i64,
    /// The last step that is known to stand as the patient does.
    near: i64,
    /// A step that does not, and where it stands.
    far: Option<(i64, Class)>,
    asked: Vec<i64>,
    is_over: bool,
}

impl Going<'_, '_> {
    /// Those to be asked next.
    fn next(&mut self) -> Vec<Patient> {
        self.asked.clear();
        if self.is_over {
            return Vec::new();
        }
        let mut patients = Vec::new();
        if let Some((far, _)) = self.far {
            let width = (far - self.near).abs();
            let parts = width.min(PARTS);
            for part in 1..parts {
                let step = self.near + self.sign * (width * part / parts);
                let Some((patient, _)) = (self.walk.vary)(step) else {
                    // Between two who are there is somebody whom there cannot be: no limit of a condition.
                    self.far = None;
                    self.is_over = true;
                    self.asked.clear();
                    return Vec::new();
                };
                self.asked.push(step);
                patients.push(patient);
            }
        } else {
            for power in 0..=self.walk.reach {
                let step = self.sign << power;
                let Some((patient, _)) = (self.walk.vary)(step) else {
                    break;
                };
                self.asked.push(step);
                patients.push(patient);
            }
        }
        self.is_over = patients.is_empty();
        patients
    }

    /// Takes where they stand who were asked.
    fn learn(&mut self, classes: &[Class]) {
        if self.is_over {
            return;
        }
        for (step, class) in self.asked.iter().zip(classes) {
            if *class != self.walk.class {
                self.far = Some((*step, *class));
                return;
            }
            self.near = *step;
        }
        // So far nobody stands otherwise.
        self.is_over = self.far.is_none();
    }

    /// The step that was found.
    fn pair(&self) -> Option<Pair> {
        let (far, there) = self.far?;
        if !is_flip(self.walk.class, there) {
            return None;
        }
        let (one, first) = (self.walk.vary)(self.near)?;
        let (two, second) = (self.walk.vary)(far)?;
        Some(if self.walk.class == Class::Pass {
            Pair {
                inside: one,
                outside: two,
                says: [first, second],
                opens: there == Class::Open,
            }
        } else {
            Pair {
                inside: two,
                outside: one,
                says: [second, first],
                opens: self.walk.class == Class::Open,
            }
        })
    }
}

impl Explorer<'_> {
    /// The steps at which one passes and the next does not.
    pub(super) fn probe(&self, probes: &[Probe<'_>]) -> Result<Vec<Pair>, CannotCompare> {
        let mut going: Vec<Going<'_, '_>> = Vec::new();
        let mut patients: Vec<Patient> = Vec::new();
        for (place, probe) in probes.iter().enumerate() {
            match probe {
                Probe::Along(points) | Probe::Limit(points) => {
                    patients.extend(points.iter().map(|(patient, _)| patient.clone()));
                }
                Probe::Walk(walk) => going.extend([-1, 1].map(|sign| Going {
                    walk,
                    probe: place,
                    sign,
                    near: 0,
                    far: None,
                    asked: Vec::new(),
                    is_over: false,
                })),
            }
        }
        if probes.is_empty() {
            return Ok(Vec::new());
        }
        let mut of_points: Option<Vec<Class>> = None;
        loop {
            for own in &mut going {
                patients.extend(own.next());
            }
            if patients.is_empty() && of_points.is_some() {
                break;
            }
            let mut classes = self.classes(&patients)?;
            let walked: usize = going.iter().map(|own| own.asked.len()).sum();
            let mut rest = classes.split_off(classes.len().saturating_sub(walked));
            // The points stand before those who walk, and are asked once.
            of_points.get_or_insert(classes);
            for own in &mut going {
                let behind = rest.split_off(own.asked.len().min(rest.len()));
                own.learn(&rest);
                rest = behind;
            }
            patients.clear();
        }
        let mut of_points = of_points.unwrap_or_default();
        let mut found = Vec::new();
        for (place, probe) in probes.iter().enumerate() {
            match probe {
                Probe::Along(points) | Probe::Limit(points) => {
                    let behind = of_points.split_off(points.len().min(of_points.len()));
                    let keeps_open = matches!(probe, Probe::Along(_));
                    let own = steps(points, &of_points).into_iter();
                    found.extend(own.filter(|pair| keeps_open || !pair.opens));
                    of_points = behind;
                }
                Probe::Walk(walk) => {
                    let own = going.iter().filter(|own| own.probe == place);
                    let own = own.filter_map(Going::pair);
                    found.extend(own.filter(|pair| walk.keeps_open || !pair.opens));
                }
            }
        }
        Ok(found)
    }
}

/// The steps between points that stand so.
fn steps(points: &[Point], classes: &[Class]) -> Vec<Pair> {
    let mut found = Vec::new();
    for (ends, classes) in points.windows(2).zip(classes.windows(2)) {
        let ([(one, first), (two, second)], [class, next]) = (ends, classes) else {
            continue;
        };
        let pair = |inside: &Patient, outside: &Patient, says: [&String; 2]| Pair {
            inside: inside.clone(),
            outside: outside.clone(),
            says: says.map(Clone::clone),
            opens: *class == Class::Open || *next == Class::Open,
        };
        if is_flip(*class, *next) {
            found.push(match class {
                Class::Pass => pair(one, two, [first, second]),
                _ => pair(two, one, [second, first]),
            });
        }
    }
    found
}

fn is_flip(one: Class, other: Class) -> bool {
    (one == Class::Pass) != (other == Class::Pass) && one != Class::Other && other != Class::Other
}
