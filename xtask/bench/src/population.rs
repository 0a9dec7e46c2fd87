//! Invented patients for the trial, as many as wanted, the same in every run.
//!
//! They are plausible one by one and no more: half of them fail or stay open, for all sorts of
//! reasons, and a third of what is recorded is nothing that the protocol asks for.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::calendar::Day;
use crate::failure::Failure;
use crate::random::Random;

/// Changes with everything below, so that old files are not taken for new ones.
const VERSION: u32 = 1;

/// The patients that are there.
pub(crate) struct Population {
    pub(crate) folder: PathBuf,
    pub(crate) patients: u64,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

pub(crate) fn folder_name(patients: u32) -> String {
    format!("patients-{patients}-v{VERSION}")
}

/// Writes the patients, unless they are there.
pub(crate) fn prepare(folder: &Path, patients: u32) -> Result<Population, Failure> {
    // It is written last, and holds the number of rows.
    let done = folder.join("done");
    if !done.exists() {
        eprintln!("inventing {patients} patients …");
        fs::create_dir_all(folder)?;
        let mut tables = Tables::create(folder)?;
        for number in 0..patients {
            tables.patient(number)?;
        }
        let rows = tables.finish()?;
        fs::write(folder.join("dataset.toml"), DATASET)?;
        fs::write(&done, rows.to_string())?;
    }
    let rows = fs::read_to_string(&done)?.trim().parse()?;
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(Population {
        folder: folder.to_owned(),
        patients: u64::from(patients),
        rows,
        bytes,
    })
}

const DATASET: &str = "[dataset]\nsite = \"Invented patients\"\n";

/// What is measured in blood.
struct Analyte {
    code: &'static str,
    /// In thousandths of the first unit, as the most and the upper limit.
    least: i64,
    most: i64,
    /// Units, with how many decimals make the thousandths a number of that unit.
    units: &'static [(&'static str, u32)],
    upper_limit: Option<i64>,
}

const fn analyte(
    code: &'static str,
    least: i64,
    most: i64,
    units: &'static [(&'static str, u32)],
    upper_limit: Option<i64>,
) -> Analyte {
    Analyte {
        code,
        least,
        most,
        units,
        upper_limit,
    }
}

/// The first ten are asked for.
const ANALYTES: [Analyte; 16] = [
    analyte(
        "loinc|751-8",
        900,
        9_000,
        &[("10*9/L", 3), ("/uL", 0)],
        None,
    ),
    analyte("loinc|731-0", 90, 3_000, &[("10*9/L", 3), ("/uL", 0)], None),
    analyte(
        "loinc|718-7",
        84_000,
        160_000,
        &[("g/L", 3), ("g/dL", 4)],
        None,
    ),
    analyte(
        "loinc|777-3",
        65_000,
        420_000,
        &[("10*9/L", 3), ("10*3/uL", 3)],
        None,
    ),
    analyte("loinc|2160-0", 500, 1_500, &[("mg/dL", 3)], Some(1_200)),
    analyte("loinc|1742-6", 8_000, 125_000, &[("U/L", 3)], Some(40_000)),
    analyte("loinc|1920-8", 8_000, 125_000, &[("U/L", 3)], Some(40_000)),
    analyte(
        "loinc|1975-2",
        200,
        2_500,
        &[("mg/dL", 3), ("mg/L", 2)],
        Some(1_200),
    ),
    analyte(
        "loinc|6301-6",
        850,
        1_850,
        &[("{INR}", 3), ("1", 3)],
        Some(1_200),
    ),
    analyte("loinc|5902-2", 10_500, 22_000, &[("s", 3)], Some(14_500)),
    analyte("loinc|2951-2", 130_000, 150_000, &[("mmol/L", 3)], None),
    analyte("loinc|2823-3", 3_300, 5_400, &[("mmol/L", 3)], None),
    analyte("loinc|2345-7", 65_000, 180_000, &[("mg/dL", 3)], None),
    analyte("loinc|6690-2", 2_500, 14_000, &[("10*9/L", 3)], None),
    analyte("loinc|1988-5", 200, 40_000, &[("mg/L", 3)], None),
    analyte("loinc|2532-0", 110_000, 320_000, &[("U/L", 3)], None),
];

/// Diagnoses that exclude now and then, and those that nobody asks for.
const ASKED_CONDITIONS: [&str; 12] = [
    "icd10|M05.9",
    "icd10|E80.4",
    "icd10|C44.3",
    "icd10|C50.9",
    "icd10|D06.9",
    "icd10|F32.1",
    "icd10|I50.9",
    "icd10|J18.9",
    "icd10|A15.0",
    "icd10|D80.0",
    "renal_crisis",
    "icd10|M35.0",
];
const OTHER_CONDITIONS: [&str; 10] = [
    "icd10|I10",
    "icd10|E11.9",
    "icd10|E78.5",
    "icd10|K21.9",
    "icd10|M54.5",
    "icd10|I73.0",
    "icd10|J84.1",
    "icd10|N18.2",
    "icd10|R06.0",
    "icd10|L94.0",
];
const ASKED_TREATMENTS: [&str; 8] = [
    "atc|L04AX01",
    "atc|L04AX03",
    "atc|L01AA01",
    "atc|P01BA02",
    "atc|L01FA01",
    "atc|L04AC07",
    "atc|B05AX01",
    "atc|L03AA02",
];
const OTHER_TREATMENTS: [&str; 8] = [
    "atc|C08CA05",
    "atc|A02BC01",
    "atc|C02KX01",
    "atc|N02BE01",
    "atc|B01AC06",
    "atc|A11CC05",
    "atc|G04BE03",
    "atc|J07BB02",
];

/// A number of thousandths, shifted into a unit that has so many decimals.
struct Thousandths(i64, u32);

impl std::fmt::Display for Thousandths {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scale = 10_i64.pow(self.1);
        let width = usize::try_from(self.1).unwrap_or(0);
        if width == 0 {
            return write!(formatter, "{}", self.0);
        }
        write!(formatter, "{}.{:0width$}", self.0 / scale, self.0 % scale)
    }
}

/// The tables while they are written.
struct Tables {
    files: [BufWriter<File>; 8],
    rows: u64,
}

/// The tables, in the order of [`Tables::files`], with their columns.
const HEADERS: [(&str, &str); 8] = [
    ("patients.csv", "patient,sex,birth_date"),
    ("milestones.csv", "patient,milestone,time"),
    (
        "observations.csv",
        "patient,code,time,value,unit,high,result,specimen",
    ),
    ("conditions.csv", "patient,code,onset,abatement,status"),
    (
        "treatments.csv",
        "patient,code,start,end,dose,unit,frequency,investigational",
    ),
    ("procedures.csv", "patient,code,time"),
    ("allergies.csv", "patient,code,severity,onset"),
    ("attestations.csv", "patient,item,answer,time,by"),
];

impl Tables {
    fn create(folder: &Path) -> io::Result<Self> {
        let open = |(name, header): (&str, &str)| {
            let mut file = BufWriter::new(File::create(folder.join(name))?);
            writeln!(file, "{header}")?;
            Ok::<_, io::Error>(file)
        };
        let [
            patients,
            milestones,
            observations,
            conditions,
            treatments,
            procedures,
            allergies,
            attestations,
        ] = HEADERS;
        Ok(Self {
            files: [
                open(patients)?,
                open(milestones)?,
                open(observations)?,
                open(conditions)?,
                open(treatments)?,
                open(procedures)?,
                open(allergies)?,
                open(attestations)?,
            ],
            rows: 0,
        })
    }

    fn finish(mut self) -> io::Result<u64> {
        for file in &mut self.files {
            file.flush()?;
        }
        Ok(self.rows)
    }

    fn patient(&mut self, number: u32) -> io::Result<()> {
        let mut random = Random::of_patient(number);
        let [
            patients,
            milestones,
            observations,
            conditions,
            treatments,
            procedures,
            allergies,
            attestations,
        ] = &mut self.files;
        let mut patient = Patient {
            name: format!("p{number:07}"),
            consent: Day::FIRST_CONSENT.plus(random.between(0, 700)),
            is_woman: random.per_mille(800),
            rows: 0,
        };
        patient.write_person(patients, &mut random)?;
        patient.write_milestones(milestones)?;
        patient.write_blood(observations, &mut random)?;
        patient.write_examinations(observations, &mut random)?;
        patient.write_pregnancy_tests(observations, &mut random)?;
        patient.write_conditions(conditions, &mut random)?;
        patient.write_treatments(treatments, &mut random)?;
        patient.write_procedures(procedures, &mut random)?;
        patient.write_allergies(allergies, &mut random)?;
        patient.write_attestations(attestations, &mut random)?;
        self.rows += patient.rows;
        Ok(())
    }
}

/// A patient while the rows are written. Consent is on day 0, screening on day 14, enrolment on
/// day 18, leukapheresis on day 22, lymphodepletion on day 49, infusion on day 54.
struct Patient {
    name: String,
    consent: Day,
    is_woman: bool,
    rows: u64,
}

impl Patient {
    fn day(&self, days: i64) -> Day {
        self.consent.plus(days)
    }

    fn row(&mut self, file: &mut impl Write, rest: std::fmt::Arguments<'_>) -> io::Result<()> {
        self.rows += 1;
        writeln!(file, "{},{rest}", self.name)
    }

    fn write_person(&mut self, file: &mut impl Write, random: &mut Random) -> io::Result<()> {
        let sex = if self.is_woman { "female" } else { "male" };
        // One in 25 is too young or too old; of one in 50 only the year is known.
        let days = if random.per_mille(40) {
            random.between(10, 17) * 365 + random.between(0, 1) * 20_000
        } else {
            random.around(18 * 366, 65 * 365)
        };
        let birth = self.day(-days).to_string();
        let known = if random.per_mille(20) { 4 } else { 10 };
        let birth = birth.get(..known).unwrap_or_default();
        self.row(file, format_args!("{sex},{birth}"))
    }

    fn write_milestones(&mut self, file: &mut impl Write) -> io::Result<()> {
        for (name, day, hour) in [
            ("consent", 0, ""),
            ("screening", 14, ""),
            ("enrolment", 18, ""),
            ("leukapheresis", 22, ""),
            ("ld_start", 49, "T09:00"),
            ("infusion", 54, ""),
        ] {
            let day = self.day(day);
            self.row(file, format_args!("{name},{day}{hour}"))?;
        }
        Ok(())
    }

    fn write_blood(&mut self, file: &mut impl Write, random: &mut Random) -> io::Result<()> {
        for day in [-60, 8, 45] {
            let day = self.day(day + random.between(0, 4));
            let minute = random.between(0, 59);
            for analyte in &ANALYTES {
                // One in 200 was not measured.
                if random.per_mille(5) {
                    continue;
                }
                let value = random.around(analyte.least, analyte.most);
                let Some((unit, decimals)) = random.one_of(analyte.units) else {
                    continue;
                };
                let value = Thousandths(value, *decimals);
                match analyte.upper_limit {
                    Some(limit) => {
                        let limit = Thousandths(limit, *decimals);
                        self.row(
                            file,
                            format_args!(
                                "{},{day}T08:{minute:02},{value},{unit},{limit},,",
                                analyte.code
                            ),
                        )?;
                    }
                    None => self.row(
                        file,
                        format_args!("{},{day}T08:{minute:02},{value},{unit},,,", analyte.code),
                    )?,
                }
            }
        }
        Ok(())
    }

    fn write_examinations(&mut self, file: &mut impl Write, random: &mut Random) -> io::Result<()> {
        let (earlier, now) = (self.day(-140), self.day(7));
        let (skin, lung) = (random.between(12, 30), random.between(52_000, 90_000));
        let (diffusion, litres) = (random.between(46_000, 85_000), random.between(1_500, 3_500));
        let worse = random.between(0, 200);
        for (day, worse, more) in [(earlier, 0, 0), (now, worse, worse / 25)] {
            let left = |value: i64| Thousandths(value * (1000 - worse) / 1000, 3);
            self.row(
                file,
                format_args!("mrss,{day},{},{{score}},,,", skin + more),
            )?;
            self.row(
                file,
                format_args!("loinc|19872-1,{day},{},%,,,", left(lung)),
            )?;
            self.row(
                file,
                format_args!("loinc|19868-9,{day},{},L,,,", left(litres)),
            )?;
            self.row(
                file,
                format_args!("loinc|98130-8,{day},{},%,,,", left(diffusion)),
            )?;
        }
        let (score, ejected) = (random.between(8, 24), random.between(53, 70));
        let (weight, height) = (random.between(45, 95), random.between(150, 190));
        let (systolic, diastolic) = (random.between(95, 160), random.between(55, 95));
        self.row(
            file,
            format_args!("acr_eular_ssc_2013,{now},{score},{{score}},,,"),
        )?;
        self.row(file, format_args!("loinc|10230-1,{now},{ejected},%,,,"))?;
        self.row(file, format_args!("loinc|29463-7,{now},{weight},kg,,,"))?;
        self.row(file, format_args!("loinc|8302-2,{now},{height},cm,,,"))?;
        self.row(
            file,
            format_args!("loinc|8480-6,{now},{systolic},mm[Hg],,,"),
        )?;
        self.row(
            file,
            format_args!("loinc|8462-4,{now},{diastolic},mm[Hg],,,"),
        )?;
        self.row(file, format_args!("hrct_finding,{now},,,,abnormal,"))?;
        if random.per_mille(100) {
            let class = random.one_of(&["I", "II", "III", "IV"]).unwrap_or(&"II");
            self.row(file, format_args!("loinc|88020-3,{now},,,,{class},"))?;
        }
        Ok(())
    }

    fn write_pregnancy_tests(
        &mut self,
        file: &mut impl Write,
        random: &mut Random,
    ) -> io::Result<()> {
        if !self.is_woman {
            return Ok(());
        }
        for (day, hour) in [(8, 8), (15, 10), (48, 8)] {
            let result = if random.per_mille(5) {
                "positive"
            } else {
                "negative"
            };
            // One in 100 has no time of day.
            let hour = if random.per_mille(10) {
                String::new()
            } else {
                format!("T{hour:02}:00")
            };
            let day = self.day(day);
            self.row(
                file,
                format_args!("loinc|2118-8,{day}{hour},,,,{result},serum"),
            )?;
        }
        Ok(())
    }

    fn write_conditions(&mut self, file: &mut impl Write, random: &mut Random) -> io::Result<()> {
        let onset = self.day(-random.between(400, 3_000));
        self.row(file, format_args!("snomed|128460000,{onset},,active"))?;
        for _ in 0..random.between(3, 7) {
            let onset = self.day(-random.between(100, 6_000));
            let code = random.one_of(&OTHER_CONDITIONS).unwrap_or(&"");
            self.row(file, format_args!("{code},{onset},,active"))?;
        }
        if random.per_mille(150) {
            let code = random.one_of(&ASKED_CONDITIONS).unwrap_or(&"");
            let days = random.between(30, 4_000);
            let (onset, end) = (self.day(-days), self.day(-random.between(0, days)));
            match random.between(1, 3) {
                1 => self.row(file, format_args!("{code},{onset},,active"))?,
                2 => self.row(file, format_args!("{code},{onset},{end},resolved"))?,
                _ => self.row(file, format_args!("{code},{onset},,resolved"))?,
            }
        }
        Ok(())
    }

    fn write_treatments(&mut self, file: &mut impl Write, random: &mut Random) -> io::Result<()> {
        let since = self.day(-random.between(120, 1_500));
        self.row(file, format_args!("atc|L04AA06,{since},,1000,mg,bid,no"))?;
        let since = self.day(-random.between(120, 1_500));
        let dose = random.between(3, 20);
        self.row(
            file,
            format_args!("atc|H02AB07,{since},,{dose},mg,daily,no"),
        )?;
        for _ in 0..random.between(2, 5) {
            let start = self.day(-random.between(50, 1_500));
            let code = random.one_of(&OTHER_TREATMENTS).unwrap_or(&"");
            self.row(file, format_args!("{code},{start},,,,,no"))?;
        }
        if random.per_mille(300) {
            let days = random.between(10, 1_500);
            let (start, end) = (self.day(-days), self.day(-random.between(0, days)));
            let code = random.one_of(&ASKED_TREATMENTS).unwrap_or(&"");
            let on_trial = if random.per_mille(100) { "yes" } else { "no" };
            self.row(file, format_args!("{code},{start},{end},,,,{on_trial}"))?;
        }
        Ok(())
    }

    fn write_procedures(&mut self, file: &mut impl Write, random: &mut Random) -> io::Result<()> {
        for _ in 0..random.between(0, 2) {
            let day = self.day(-random.between(50, 5_000));
            self.row(file, format_args!("snomed|80146002,{day}"))?;
        }
        if random.per_mille(10) {
            let day = self.day(-random.between(50, 5_000));
            self.row(file, format_args!("snomed|709115004,{day}"))?;
        }
        Ok(())
    }

    fn write_allergies(&mut self, file: &mut impl Write, random: &mut Random) -> io::Result<()> {
        if random.per_mille(120) {
            let onset = self.day(-random.between(50, 9_000));
            let severity = random
                .one_of(&["mild", "moderate", "severe"])
                .unwrap_or(&"");
            self.row(file, format_args!("snomed|91936005,{severity},{onset}"))?;
        }
        Ok(())
    }

    fn write_attestations(&mut self, file: &mut impl Write, random: &mut Random) -> io::Result<()> {
        let can_conceive = self.is_woman && random.per_mille(600);
        let has_partner = !self.is_woman && random.per_mille(500);
        for (item, day, expected, unusual) in [
            ("childbearing_potential", 0, can_conceive, 0),
            ("partner_of_childbearing_potential", 0, has_partner, 0),
            ("no_lasting_response", 10, true, 200),
            ("venous_access", 10, true, 10),
            ("hrct_not_due_to_ssc", 10, false, 10),
            ("needs_systemic_treatment", 10, false, 100),
            ("severe_cognitive_dysfunction", 10, false, 5),
            ("plans_pregnancy", 10, false, 10),
            ("unsuitable", 10, false, 30),
            ("signs_of_active_tuberculosis", 10, false, 5),
            ("systemic_active_infection", 21, false, 10),
            ("I9a", 18, true, 10),
        ] {
            // One in 200 questions was never asked.
            if random.per_mille(5) {
                continue;
            }
            let answer = expected != random.per_mille(unusual);
            let answer = if answer { "yes" } else { "no" };
            let day = self.day(day);
            self.row(file, format_args!("{item},{answer},{day},investigator"))?;
        }
        Ok(())
    }
}
