"""What the made-up protocols speak of: measures, scores, sets of codes, questions, and how each is declared."""

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction


@dataclass(frozen=True)
class Measure:
    """A number: its own unit, and what one of each other unit is in it."""

    name: str
    declared: tuple
    units: dict  # as written -> how much of the own unit one of it is
    limits: tuple  # in the own unit
    plausible: tuple
    multiples: tuple = ()  # factors of the upper limit of normal that are asked for
    worst: str = ""

    def lines(self):
        return [f'measure {self.name} "{self.name.capitalize()}"', *(f"  {line}" for line in self.declared), ""]


MEASURES = [
    Measure(
        "hemoglobin",
        ("kind      MCnc of hemoglobin in blood", "unit      g/dL", "plausible 2 to 25 g/dL", "worst     lowest"),
        {"g/dL": Fraction(1), "g/L": Fraction(1, 10)},
        ("8", "9", "9.5", "10", "12"),
        ("2", "25"),
        worst="lowest",
    ),
    Measure(
        "platelets",
        ("kind      NCnc of platelets in blood", "unit      10*9/L", "plausible 1 to 3000 10*9/L"),
        {"10*9/L": Fraction(1), "x 10^9/L": Fraction(1), "/uL": Fraction(1, 1000)},
        ("50", "75", "100", "150"),
        ("1", "3000"),
    ),
    Measure(
        "creatinine",
        ("kind       MCnc of creatinine in serum", "unit       mg/dL", "molar mass 113.12 g/mol", "plausible  0.1 to 30 mg/dL", "worst      highest"),
        {"mg/dL": Fraction(1), "umol/L": Fraction("0.011312"), "mg/L": Fraction(1, 10)},
        ("1.2", "1.5", "2", "2.5"),
        ("0.1", "30"),
        worst="highest",
    ),
    Measure(
        "glucose",
        ("kind       MCnc of glucose in serum", "unit       mg/dL", "molar mass 180.156 g/mol", "plausible  5 to 2000 mg/dL"),
        {"mg/dL": Fraction(1), "mmol/L": Fraction("18.0156")},
        ("100", "126", "180", "200"),
        ("5", "2000"),
    ),
    Measure(
        "alt",
        ("kind      CCnc of alt in serum", "unit      U/L", "plausible 1 to 30000 U/L", "worst     highest", "has reference limits"),
        {"U/L": Fraction(1)},
        ("40", "80", "120"),
        ("1", "30000"),
        ("1.5", "2", "3", "5"),
        "highest",
    ),
    Measure(
        "bilirubin",
        ("kind       MCnc of bilirubin in serum", "unit       mg/dL", "molar mass 584.66 g/mol", "plausible  0.01 to 100 mg/dL", "has reference limits"),
        {"mg/dL": Fraction(1), "umol/L": Fraction("0.058466")},
        ("1.2", "2", "3"),
        ("0.01", "100"),
        ("1", "1.5", "2", "3"),
    ),
    Measure(
        "lvef",
        ("kind      VFr of ejected", "unit      %{ejected}", "plausible 5 to 90 %{ejected}"),
        {"%{ejected}": Fraction(1)},
        ("35", "40", "45", "50"),
        ("5", "90"),
    ),
    Measure(
        "qtcf",
        ("kind      Time", "unit      ms", "plausible 200 to 800 ms"),
        {"ms": Fraction(1), "s": Fraction(1000)},
        ("450", "470", "480", "500"),
        ("200", "800"),
    ),
]

WEIGHT = Measure("weight", ("kind      Mass", "unit      kg", "plausible 20 to 300 kg"), {"kg": Fraction(1), "g": Fraction(1, 1000)}, ("40", "50", "100"), ("20", "300"))
HEIGHT = Measure("height", ("kind      Len", "unit      m", "plausible 1 to 2.5 m"), {"m": Fraction(1), "cm": Fraction(1, 100)}, ("1.5", "1.8"), ("1", "2.5"))


@dataclass(frozen=True)
class Score:
    """A number on a scale, with or without steps."""

    name: str
    low: int
    high: int
    step: str = ""
    worst: str = ""

    def lines(self):
        found = [f'score {self.name} "{self.name.capitalize()}" {self.low} to {self.high}']
        if self.step:
            found.append(f"  step  {self.step}")
        if self.worst:
            found.append(f"  worst {self.worst}")
        return [*found, ""]


SCORES = [Score("mrss", 0, 51, "1", "highest"), Score("pain", 0, 10), Score("das", 0, 9, "0.5"), Score("sledai", 0, 105, "1")]


@dataclass(frozen=True)
class Levels:
    """Levels in their order."""

    name: str
    levels: tuple
    worst: str = ""

    def lines(self):
        found = [f'ordinal {self.name} "{self.name.capitalize()}" ' + " < ".join(self.levels)]
        if self.worst:
            found.append(f"  worst {self.worst}")
        return [*found, ""]


LEVELS = [Levels("nyha", ("I", "II", "III", "IV"), "highest"), Levels("ecog", ("0", "1", "2", "3", "4", "5")), Levels("child_pugh", ("A", "B", "C"))]


@dataclass(frozen=True)
class Coded:
    """Results that are words, in no order."""

    name: str
    words: tuple

    def lines(self):
        return [f'measure {self.name} "{self.name.capitalize()}"', "  result " + ", ".join(self.words), ""]


CODED = [Coded("hcg", ("positive", "negative", "indeterminate")), Coded("hbsag", ("positive", "negative")), Coded("tb_test", ("positive", "negative", "borderline", "invalid"))]


@dataclass(frozen=True)
class Family:
    """Sets of codes that overlap, of one table."""

    sort: str  # condition, treatment, procedure, allergy, event
    sets: tuple  # (name, patterns, names that it includes)

    @property
    def name(self):
        return self.sets[0][0]

    def lines(self):
        found = []
        for name, patterns, includes in self.sets:
            found.append(f'{self.sort} {name} "{name.capitalize()}"')
            if patterns:
                found.append("  code     " + ", ".join(patterns))
            if includes:
                found.append("  includes " + ", ".join(includes))
            found.append("")
        return found

    def patterns(self, name):
        """All codes of a set, with those of what it includes."""
        _, own, includes = next(one for one in self.sets if one[0] == name)
        found = list(own)
        for other in includes:
            found.extend(self.patterns(other))
        return found

    def regions(self):
        """The ways in which a code can be in the sets: for each, the names of the sets that hold it."""
        names = [name for name, _, _ in self.sets]
        patterns = {pattern for name in names for pattern in self.patterns(name)}
        codes = set()
        for pattern in patterns:
            bare = pattern.removesuffix("*")
            codes.update({bare, bare + "~"} if pattern.endswith("*") else {bare})
        held = lambda code, pattern: code.startswith(pattern[:-1]) if pattern.endswith("*") else code == pattern
        found = {frozenset(name for name in names if any(held(code, pattern) for pattern in self.patterns(name))) for code in codes}
        return sorted(found - {frozenset()}, key=sorted)


FAMILIES = [
    Family(
        "condition",
        (
            ("malignancy", ("icd10|C*",), ()),
            ("skin_cancer", ("icd10|C44*", "icd10|D04"), ()),
            ("breast_cancer", ("icd10|C50*",), ()),
        ),
    ),
    Family("condition", (("heart_failure", ("icd10|I50*",), ()), ("heart_disease", ("icd10|I2*", "icd10|I42.0"), ("heart_failure",)))),
    Family("condition", (("hepatitis", ("icd10|B18.1", "icd10|B18.2"), ()), ("hepatitis_c", ("icd10|B18.2",), ()))),
    Family("condition", (("gilbert_syndrome", ("icd10|E80.4",), ()),)),
    Family("condition", (("epilepsy", ("icd10|G40*",), ()),)),
    Family("treatment", (("steroid", ("atc|H02AB*",), ()), ("dexamethasone", ("atc|H02AB02",), ()))),
    Family("treatment", (("anticoagulant", ("atc|B01AA03", "atc|B01AF01"), ()),)),
    Family("procedure", (("transplant", ("snomed|77465005",), ()),)),
    Family("procedure", (("surgery", ("snomed|387713003",), ("splenectomy",)), ("splenectomy", ("snomed|234319005",), ()))),
    Family("allergy", (("penicillin_allergy", ("snomed|91936005",), ()),)),
    Family("event", (("infection_event", ("local|infection",), ()), ("sepsis_event", ("local|sepsis",), ()))),
]

JUDGEMENTS = ["fit", "unsuitable", "willing"]


@dataclass
class Vocabulary:
    """What one pair of protocols has to choose from, and how each thing is asked for in it."""

    measures: list = field(default_factory=list)
    scores: list = field(default_factory=list)
    levels: list = field(default_factory=list)
    coded: list = field(default_factory=list)
    families: list = field(default_factory=list)
    judgements: list = field(default_factory=list)
    # By name: which of several results counts, in which class of windows, and whether limits of normal are asked for.
    selectors: dict = field(default_factory=dict)
    classes: dict = field(default_factory=dict)
    by_limits: set = field(default_factory=set)

    def head(self):
        """What both versions declare."""
        found = ["protocol NCT00000000", ""]
        for thing in [*self.measures, *self.scores, *self.levels, *self.coded, *self.families]:
            found.extend(thing.lines())
        found.extend(f'judgement {name} "Is it so?" by investigator' for name in self.judgements)
        if self.judgements:
            found.append("")
        return "\n".join(found) + "\n"

    def keep(self, texts):
        """Forgets what no text speaks of."""
        words = set(re.findall(r"[a-z_0-9]+", "\n".join(texts)))
        names = lambda thing: {name for name, _, _ in thing.sets} if isinstance(thing, Family) else {thing if isinstance(thing, str) else thing.name}
        for kind in ("measures", "scores", "levels", "coded", "families", "judgements"):
            setattr(self, kind, [thing for thing in getattr(self, kind) if names(thing) & words])


def numbered(thing, number):
    """The same with another name, for protocols with more variables than there are here."""
    if isinstance(thing, Family):
        letters = f"{number:03}"
        again = lambda name: f"{name}_{letters}"
        other = lambda pattern: pattern.replace("|", f"|{letters}")
        return Family(thing.sort, tuple((again(name), tuple(map(other, patterns)), tuple(map(again, includes))) for name, patterns, includes in thing.sets))
    if isinstance(thing, str):
        return f"{thing}_{number:03}"
    return replace(thing, name=f"{thing.name}_{number:03}")
