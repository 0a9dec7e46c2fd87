//! The SAT solver, behind the few words that are needed of it.

use std::cell::Cell;

use batsat::{Callbacks, Lit, Solver, SolverInterface, lbool};

/// How many times the search may begin anew before it gives up: far more than any protocol needs.
const MOST_RESTARTS: u64 = 2_000;

/// Of how many literals each two are told that they do not hold together.
const FEW: usize = 6;

/// A yes or no that the solver chooses.
pub(crate) type Literal = Lit;

/// What can be said with and, or and not: of literals, or of what is known to be so or not.
pub(crate) trait Logic {
    /// Something that holds or does not.
    type Term: Copy + std::ops::Not<Output = Self::Term>;

    /// What holds.
    fn always(&self) -> Self::Term;

    /// What holds exactly where one of these does.
    fn either(&mut self, terms: &[Self::Term]) -> Self::Term;

    /// What holds exactly where all of these do.
    fn both(&mut self, terms: &[Self::Term]) -> Self::Term {
        let negated: Vec<Self::Term> = terms.iter().map(|term| !*term).collect();
        !self.either(&negated)
    }
}

/// Where it is known what holds.
pub(crate) struct Known;

impl Logic for Known {
    type Term = bool;

    fn always(&self) -> bool {
        true
    }

    fn either(&mut self, terms: &[bool]) -> bool {
        terms.contains(&true)
    }
}

/// What the solver says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// There is an assignment; it can be looked at.
    Possible,
    /// There is none.
    Impossible,
    /// The search was given up.
    GivenUp,
}

#[derive(Default)]
struct Budget {
    restarts: Cell<u64>,
}

impl Callbacks for Budget {
    fn on_start(&mut self) {
        self.restarts.set(0);
    }

    fn on_restart(&mut self) {
        self.restarts.set(self.restarts.get().saturating_add(1));
    }

    fn stop(&self) -> bool {
        self.restarts.get() > MOST_RESTARTS
    }
}

/// Clauses, and questions about them.
pub(crate) struct Clauses {
    solver: Solver<Budget>,
    always: Literal,
}

impl Logic for Clauses {
    type Term = Literal;

    fn always(&self) -> Literal {
        self.always
    }

    fn either(&mut self, literals: &[Literal]) -> Literal {
        match literals {
            [] => !self.always,
            [one] => *one,
            _ => {
                let whole = self.literal();
                for literal in literals {
                    self.any([!*literal, whole]);
                }
                self.any(literals.iter().copied().chain([!whole]));
                whole
            }
        }
    }
}

impl Clauses {
    pub(crate) fn new() -> Self {
        // What is decided first matters little if it is anything but what was written first: patients of many criteria
        // are found several times sooner so, and the same ones each time.
        let options = batsat::SolverOpts {
            rnd_init_act: true,
            restart_first: 500,
            ..batsat::SolverOpts::default()
        };
        let mut solver = Solver::new(options, Budget::default());
        let always = Lit::new(solver.new_var(lbool::TRUE, true), true);
        solver.add_clause_reuse(&mut vec![always]);
        Self { solver, always }
    }

    /// A literal that the solver rather leaves false.
    pub(crate) fn literal(&mut self) -> Literal {
        Lit::new(self.solver.new_var(lbool::FALSE, true), true)
    }

    /// At least one of them holds.
    pub(crate) fn any(&mut self, clause: impl IntoIterator<Item = Literal>) {
        let mut clause: Vec<Literal> = clause.into_iter().collect();
        self.solver.add_clause_reuse(&mut clause);
    }

    /// No two of them hold.
    pub(crate) fn at_most_one(&mut self, literals: &[Literal]) {
        if literals.len() <= FEW {
            for (place, one) in literals.iter().enumerate() {
                for other in literals.iter().skip(place + 1) {
                    self.any([!*one, !*other]);
                }
            }
            return;
        }
        // A ladder: as many clauses as literals, three times.
        let Some((first, rest)) = literals.split_first() else {
            return;
        };
        let mut before = *first;
        for (place, literal) in rest.iter().enumerate() {
            self.any([!before, !*literal]);
            if place + 1 < rest.len() {
                let so_far = self.literal();
                self.any([!before, so_far]);
                self.any([!*literal, so_far]);
                before = so_far;
            }
        }
    }

    pub(crate) fn ask(&mut self, assumed: &[Literal]) -> Answer {
        match self.solver.solve_limited(assumed) {
            answer if answer == lbool::TRUE => Answer::Possible,
            answer if answer == lbool::FALSE => Answer::Impossible,
            _ => Answer::GivenUp,
        }
    }

    /// Whether a literal holds in the assignment that was found.
    pub(crate) fn holds(&self, literal: Literal) -> bool {
        self.solver.value_lit(literal) == lbool::TRUE
    }

    /// Whether an assumption was needed to say that there is no assignment.
    pub(crate) fn was_needed(&self, literal: Literal) -> bool {
        self.solver.unsat_core_contains_var(literal.var())
    }
}
