#!/usr/bin/env python3
"""Recomputes the published results of NCT05765006 from the invented patients, and what is expected of each.

Reads the CSV files of the folder above and nothing else: neither the generator nor any part of Lind. Prints the
results as the abstract prints them and ends with 1 if one of them, or a line of `expected/`, is another.

    python3 tests/cohorts/sle/independent/recompute.py
"""

import csv
import sys
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent.parent

PAPER = {
    "screened": "12",
    "enrolled": "8",
    "infused at DL1, DL2, DL3, DL4": "3/2/2/1",
    "dose-limiting toxicity": "0",
    "cytopenia": "8 (100 %)",
    "cytokine release syndrome": "7 (88 %)",
    "hypogammaglobulinaemia": "5 (63 %)",
    "ICAHT of grade 3 or more": "0",
    "ICANS": "0",
    "IEC-HS": "1",
    "Tmax, days": "9.5 (8-22)",
    "Cmax by flow cytometry, cells/uL": "18.74 (7.94-228.36)",
    "Cmax by qPCR, copies/ug": "81766.5 (50979-1140893)",
    "B cells depleted, day": "11-15",
    "B cells recovered, month": "2-6",
    "SRI-4": "8",
    "LLDAS": "7",
    "DORIS remission": "4",
}

WEIGHTS = {
    8: "seizure psychosis organic_brain_syndrome visual_disturbance cranial_neuropathy lupus_headache "
    "cerebrovascular_accident vasculitis",
    4: "arthritis myositis urinary_casts haematuria proteinuria pyuria",
    2: "rash alopecia mucosal_ulcers pleurisy pericarditis low_complement dna_binding",
    1: "fever thrombocytopenia leukopenia",
}
WEIGHT = {item: weight for weight, items in WEIGHTS.items() for item in items.split()}
SEROLOGY = {"low_complement", "dna_binding"}
# Organs in which LLDAS allows no activity: nervous system, vessels, kidneys, serosa; and fever.
MAJOR = set(WEIGHTS[8].split()) | {
    "urinary_casts", "haematuria", "proteinuria", "pyuria", "pleurisy", "pericarditis", "fever",
}
SYSTEMS = (
    "constitutional mucocutaneous neuropsychiatric musculoskeletal cardiorespiratory gastrointestinal "
    "ophthalmic renal haematological"
).split()
# Milligrams that are equal to 5 mg of prednisone.
EQUAL_TO_5_MG = {
    "prednisone": Decimal(5),
    "prednisolone": Decimal(5),
    "methylprednisolone": Decimal(4),
    "dexamethasone": Decimal("0.75"),
}
VISITS = [("day_28", 1)] + [(f"month_{month}", month) for month in range(2, 7)]
# Below these, CTCAE 5.0 grades 2, 3 and 4 begin; grade 1 begins below the limit of the laboratory.
GRADES = {
    "anc": ("1.5", "1.0", "0.5"),
    "alc": ("0.8", "0.5", "0.2"),
    "wbc": ("3.0", "2.0", "1.0"),
    "platelets": ("75", "50", "25"),
    "hemoglobin": ("100", "80", None),
}


def read(name):
    with open(HERE / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def by_patient(name):
    rows = defaultdict(list)
    for row in read(name):
        rows[row["patient"]].append(row)
    return rows


def day(text):
    return date.fromisoformat(text[:10]) if text else None


class Patient:
    """One person's rows."""

    def __init__(self, name, tables):
        self.name = name
        self.milestones = {row["milestone"]: day(row["time"]) for row in tables["milestones"][name]}
        self.infusion = self.milestones.get("infusion")
        self.visits = {row["visit"]: day(row["start"]) for row in tables["visits"][name]}
        self.events = tables["adverse_events"][name]
        self.drugs = tables["treatments"][name]
        self.level = [row["assigned"] for row in tables["assignments"][name]]
        self.values = defaultdict(list)
        for row in tables["observations"][name]:
            self.values[row["code"]].append(row)

    def study_day(self, when):
        return (when - self.infusion).days

    def numbers(self, code):
        """Days after infusion with their rows."""
        return [(self.study_day(day(row["time"])), row) for row in self.values[code]]

    def on(self, code, when):
        found = [row for row in self.values[code] if day(row["time"]) == when]
        return found[0] if found else None

    def peak(self, code):
        counted = [
            (Decimal(row["value"]), -at)
            for at, row in self.numbers(code)
            if 0 <= at <= 28 and not row["comparator"]
        ]
        most, at = max(counted)
        return -at, most

    def b_cells(self, row):
        """In 10^9/L, and whether the true count is below that."""
        scale = {"10*9/L": 1, "10*6/L": 1000}[row["unit"]]
        return Decimal(row["value"]) / scale, row["comparator"] == "<"

    def b_cells_gone(self):
        limit = Decimal("0.01")
        days = []
        for at, row in self.numbers("cd19_count"):
            value, below = self.b_cells(row)
            if at >= 0 and (value < limit or (below and value <= limit)):
                days.append(at)
        return min(days)

    def b_cells_back(self):
        gone = self.b_cells_gone()
        for name, month in VISITS:
            when = self.visits.get(name)
            row = when and self.on("cd19_count", when)
            if row and self.study_day(when) > gone:
                value, below = self.b_cells(row)
                if value >= Decimal("0.01") and not below:
                    return month
        return None

    def spell(self, limit):
        """The longest spell of low neutrophils: a spell ends with three samples in a row above the limit."""
        series = sorted(
            (at, Decimal(row["value"]) <= limit) for at, row in self.numbers("anc") if 0 <= at <= 30
        )
        spells, above = [], 0
        for at, is_low in series:
            if not is_low:
                above += 1
            elif spells and above < 3:
                spells[-1][1], above = at, 0
            else:
                spells.append([at, at])
                above = 0
        return max(spells, key=lambda spell: spell[1] - spell[0], default=None)

    def icaht(self):
        low, very_low = self.spell(Decimal("0.5")), self.spell(Decimal("0.1"))
        length = low[1] - low[0] + 1 if low else 0
        very = very_low[1] - very_low[0] + 1 if very_low else 0
        if very >= 14:
            return 4
        if length >= 14 or very >= 7:
            return 3
        return 2 if length >= 7 else 1 if length else 0

    def worst_grade(self, code):
        start, worst = self.milestones["ld_start"], 0
        for row in self.values[code]:
            if day(row["time"]) < start:
                continue
            value = Decimal(row["value"])
            grade = 1 if value < Decimal(row["low"]) else 0
            for number, limit in zip((2, 3, 4), GRADES[code]):
                if limit and value < Decimal(limit):
                    grade = number
            worst = max(worst, grade)
        return worst

    def chemistry_grade(self, code):
        """The baseline, and the worst grade behind it, by multiples of the limit or of an abnormal baseline."""
        start = self.milestones["ld_start"]
        rows = sorted(self.values[code], key=lambda row: row["time"])
        first = [row for row in rows if day(row["time"]) <= start][-1]
        baseline, low, high = (Decimal(first[name]) for name in ("value", "low", "high"))
        worst = 0
        for row in rows:
            if day(row["time"]) <= start:
                continue
            value = Decimal(row["value"])
            by_limit, by_baseline = value / high, value / baseline
            if code in ("alt", "ast"):
                if baseline > high:
                    steps = (by_baseline >= Decimal("1.5"), *(by_baseline > n for n in (3, 5, 20)))
                else:
                    steps = tuple(by_limit > n for n in (1, 3, 5, 20))
            elif code == "total_bilirubin":
                share_of = by_baseline if baseline > high else by_limit
                steps = tuple(share_of > Decimal(n) for n in ("1", "1.5", "3", "10"))
            elif code == "creatinine":
                steps = (
                    by_limit > 1,
                    max(by_limit, by_baseline) > Decimal("1.5"),
                    max(by_limit, by_baseline) > 3,
                    by_limit > 6,
                )
            else:
                of_low = value / low
                steps = (of_low < 1, of_low < Decimal("0.75"), of_low < Decimal("0.5"),
                         of_low < Decimal("0.25") or value < 50)
            worst = max([worst, *(grade for grade, holds in enumerate(steps, 1) if holds)])
        return baseline, worst

    def igg_is_low(self):
        return any(at > 0 and Decimal(row["value"]) < Decimal(row["low"]) for at, row in self.numbers("igg"))

    def grade(self, term):
        return max((int(row["grade"]) for row in self.events if row["term"] == f"local|{term}"), default=0)

    def crs_by_signs(self):
        def any_of(code, test):
            return any(0 <= at <= 28 and test(Decimal(row["value"])) for at, row in self.numbers(code))

        if not any_of("temperature", lambda value: value >= 38):
            return 0
        low = any_of("systolic_bp", lambda value: value < 90) or any_of("oxygen_flow", lambda value: value > 0)
        return 2 if low else 1

    def limiting(self):
        return [
            row
            for row in self.events
            if row["dlt"] == "yes" and 0 <= self.study_day(day(row["onset"])) <= 28
        ]

    def prednisone(self, when):
        dose = Decimal(0)
        for row in self.drugs:
            if row["code"] in EQUAL_TO_5_MG and day(row["start"]) <= when:
                if not row["end"] or day(row["end"]) >= when:
                    assert (row["unit"], row["frequency"]) == ("mg", "daily"), row
                    dose += Decimal(row["dose"]) * 5 / EQUAL_TO_5_MG[row["code"]]
        return dose

    def assessment(self, visit):
        when = self.visits.get(visit)
        if when is None:
            return None
        present = {}
        for prefix in ("selena", "sledai_2k"):
            rows = {item: self.on(f"{prefix}_{item}", when) for item in WEIGHT}
            assert all(rows.values()), (self.name, visit, prefix)
            present[prefix] = {item for item, row in rows.items() if row["result"] == "present"}
        overall = self.on("lupus_physician_global", when)
        return {
            "selena": present["selena"],
            "sledai": present["sledai_2k"],
            "bilag": {system: self.on(f"bilag_{system}", when)["result"] for system in SYSTEMS},
            "global": Decimal(overall["value"]) if overall else None,
            "prednisone": self.prednisone(when),
        }

    def states(self):
        """What holds at each visit: yes, no, unknown or no_visit."""
        first = self.assessment("screening_visit")
        before, found = first, {}
        for name, _ in VISITS:
            now = self.assessment(name)
            if now is None:
                found[name] = ("no_visit",) * 4
                continue
            found[name] = (
                sri_4(first, now),
                lldas(before, now),
                doris(now, lambda dose: dose <= 5),
                doris(now, lambda dose: dose < 5),
            )
            before = now
        return found


def points(items):
    return sum(WEIGHT[item] for item in items)


def together(parts):
    """All must hold; None is a part that nobody knows."""
    if any(part is False for part in parts):
        return "no"
    return "unknown" if any(part is None for part in parts) else "yes"


def passes(value, test):
    return None if value is None else test(value)


def sri_4(first, now):
    new_a = sum(now["bilag"][s] == "A" and first["bilag"][s] != "A" for s in SYSTEMS)
    new_b = sum(now["bilag"][s] == "B" and first["bilag"][s] not in "AB" for s in SYSTEMS)
    return together([
        points(first["selena"]) - points(now["selena"]) >= 4,
        new_a == 0,
        new_b <= 1,
        passes(now["global"], lambda value: value - first["global"] < Decimal("0.3")),
    ])


def lldas(before, now):
    return together([
        points(now["sledai"]) <= 4,
        not now["sledai"] & MAJOR,
        not now["sledai"] - before["sledai"],
        passes(now["global"], lambda value: value <= 1),
        now["prednisone"] <= Decimal("7.5"),
    ])


def doris(now, dose):
    return together([
        not now["sledai"] - SEROLOGY,
        passes(now["global"], lambda value: value < Decimal("0.5")),
        dose(now["prednisone"]),
    ])


def share(count, of):
    per_cent = (Decimal(100 * count) / of).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{count} ({per_cent} %)"


def plain(number):
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def spread(values):
    middle = plain(Decimal(median(values)))
    return f"{middle} ({min(values)}-{max(values)})"


def load():
    tables = {
        name: by_patient(f"{name}.csv")
        for name in ("milestones", "visits", "observations", "treatments", "adverse_events", "assignments")
    }
    return [Patient(row["patient"], tables) for row in read("patients.csv")]


def results(everybody):
    infused = [patient for patient in everybody if patient.infusion]
    states = {patient.name: patient.states() for patient in infused}

    def reached(place):
        return str(sum(any(row[place] == "yes" for row in rows.values()) for rows in states.values()))

    levels = [sum(patient.level == [name] for patient in infused) for name in ("DL1", "DL2", "DL3", "DL4")]
    flow = [patient.peak("car_t_flow") for patient in infused]
    copies = [patient.peak("car_t_qpcr") for patient in infused]
    gone = [patient.b_cells_gone() for patient in infused]
    back = [patient.b_cells_back() for patient in infused]
    of = len(infused)
    return {
        "screened": str(len(everybody)),
        "enrolled": str(sum("enrolment" in patient.milestones for patient in everybody)),
        "infused at DL1, DL2, DL3, DL4": "/".join(map(str, levels)),
        "dose-limiting toxicity": str(sum(bool(patient.limiting()) for patient in infused)),
        "cytopenia": share(sum(any(p.worst_grade(code) for code in GRADES) for p in infused), of),
        "cytokine release syndrome": share(sum(patient.grade("crs") > 0 for patient in infused), of),
        "hypogammaglobulinaemia": share(sum(patient.igg_is_low() for patient in infused), of),
        "ICAHT of grade 3 or more": str(sum(patient.icaht() >= 3 for patient in infused)),
        "ICANS": str(sum(patient.grade("icans") > 0 for patient in infused)),
        "IEC-HS": str(sum(patient.grade("iec_hs") > 0 for patient in infused)),
        "Tmax, days": spread([at for at, _ in flow]),
        "Cmax by flow cytometry, cells/uL": spread([most for _, most in flow]),
        "Cmax by qPCR, copies/ug": spread([most for _, most in copies]),
        "B cells depleted, day": f"{min(gone)}-{max(gone)}",
        "B cells recovered, month": f"{min(back)}-{max(back)}",
        "SRI-4": reached(0),
        "LLDAS": reached(1),
        "DORIS remission": reached(2),
    }


def differences(everybody):
    """Lines of `expected/` that the rows do not bear out."""
    infused = {patient.name: patient for patient in everybody if patient.infusion}
    first_month = defaultdict(dict)
    for row in read("expected/states.csv"):
        found = infused[row["patient"]].states()[row["visit"]]
        written = tuple(row[name] for name in ("sri_4", "lldas", "doris", "doris_below_5_mg"))
        if found != written:
            yield f"{row['patient']} {row['visit']}: states {found}, written {written}"
        for name, state in zip(("sri_4", "lldas", "doris", "doris_below_5_mg"), found):
            if state == "yes":
                first_month[row["patient"]].setdefault(name, row["month"])
    for row in read("expected/participants.csv"):
        patient = infused[row["patient"]]
        (at, flow), (copies_at, copies) = patient.peak("car_t_flow"), patient.peak("car_t_qpcr")
        low = patient.spell(Decimal("0.5"))
        found = {
            "level": patient.level[0],
            "tmax_day": at,
            "cmax_flow_cells_per_uL": flow,
            "cmax_qpcr_copies_per_ug": copies,
            "crs_grade": patient.crs_by_signs(),
            "icans_grade": patient.grade("icans"),
            "iec_hs": "yes" if patient.grade("iec_hs") else "no",
            "hypogammaglobulinaemia": "yes" if patient.igg_is_low() else "no",
            "icaht_early_grade": patient.icaht(),
            "icaht_from_day": low[0],
            "icaht_to_day": low[1],
            "b_cells_gone_day": patient.b_cells_gone(),
            "b_cells_back_month": patient.b_cells_back(),
            "dlt": "yes" if patient.limiting() else "no",
        }
        for name in ("sri_4", "lldas", "doris", "doris_below_5_mg"):
            found[f"{name}_month"] = first_month[row["patient"]].get(name, "")
        for name, value in found.items():
            if str(value) != row[name]:
                yield f"{row['patient']}: {name} {value}, written {row[name]}"
        if copies_at != at:
            yield f"{row['patient']}: the two assays peak on days {at} and {copies_at}"
        if patient.grade("crs") != patient.crs_by_signs():
            yield f"{row['patient']}: the grade of CRS is not that of the vital signs"
        if patient.grade("icaht") != patient.icaht():
            yield f"{row['patient']}: the recorded grade of ICAHT is not that of the counts"
    for row in read("expected/adverse_events_worst_grade.csv"):
        term = row["term"].removeprefix("local|")
        grades = [grade for grade in (patient.grade(term) for patient in infused.values()) if grade]
        found = {
            "any_grade": share(len(grades), len(infused)),
            "grade_3_or_more": share(sum(grade >= 3 for grade in grades), len(infused)),
        }
        for number in range(1, 6):
            found[f"grade_{number}"] = str(grades.count(number))
        for name, value in found.items():
            if value != row[name]:
                yield f"{term}: {name} {value}, written {row[name]}"
    for row in read("expected/durations.csv"):
        patient, state = infused[row["patient"]], row["state"]
        place = ("sri_4", "lldas", "doris", "doris_below_5_mg").index(state)
        told = [(name, found[place]) for name, found in patient.states().items()]
        begun = next((at for at, (_, answer) in enumerate(told) if answer == "yes"), None)
        over = None
        if begun is not None:
            over = next((at for at, (_, answer) in enumerate(told) if at > begun and answer == "no"), None)
        for name, at in (("from", begun), ("until", over)):
            visit = told[at][0] if at is not None else ""
            when = str(patient.study_day(patient.visits[visit])) if visit else ""
            if (visit, when) != (row[f"{name}_visit"], row[f"{name}_day"]):
                yield f"{row['patient']} {state}: {name} {visit} {when}"
    for row in read("expected/kinetics.csv"):
        patient = infused[row["patient"]]
        series = sorted(
            (at, Decimal(0) if value["comparator"] else Decimal(value["value"]))
            for at, value in patient.numbers(row["code"])
        )
        within = [point for point in series if 0 <= point[0] <= 28]
        area = sum(
            ((b - a) * (x + y) / 2 for (a, x), (b, y) in zip(within, within[1:])),
            Decimal(0),
        )
        at, most = patient.peak(row["code"])
        last = max(at for at, value in series if value > 0)
        found = (Decimal(at), most, area, Decimal(last))
        written = ("tmax_day", "cmax", "area_day_0_to_28", "last_day_counted")
        if found != tuple(Decimal(row[name]) for name in written):
            yield f"{row['patient']} {row['code']}: {found}"
    first = {}
    for row in read("expected/scores.csv"):
        patient = infused[row["patient"]]
        now = patient.assessment(row["visit"])
        total = sum({"A": 12, "B": 8, "C": 1}.get(grade, 0) for grade in now["bilag"].values())
        before = first.setdefault(row["patient"], (points(now["selena"]), total))
        found = {
            "day": patient.study_day(patient.visits[row["visit"]]),
            "selena_sledai": points(now["selena"]),
            "selena_sledai_clinical": points(now["selena"] - SEROLOGY),
            "selena_sledai_change": points(now["selena"]) - before[0],
            "sledai_2k": points(now["sledai"]),
            "sledai_2k_clinical": points(now["sledai"] - SEROLOGY),
            "bilag_2004_total": total,
            "bilag_2004_change": total - before[1],
            "physician_global": "" if now["global"] is None else now["global"],
            "prednisone_mg_per_day": now["prednisone"].quantize(Decimal("0.01"), ROUND_HALF_UP),
        }
        for name, value in found.items():
            if str(value) != row[name]:
                yield f"{row['patient']} {row['visit']}: {name} {value}, written {row[name]}"
    for row in read("expected/ctcae_5_worst_grades_chemistry.csv"):
        for code in ("alt", "ast", "total_bilirubin", "creatinine", "fibrinogen"):
            baseline, grade = infused[row["patient"]].chemistry_grade(code)
            if (baseline, str(grade)) != (Decimal(row[f"{code}_baseline"]), row[code]):
                yield f"{row['patient']}: {code} of grade {grade} from {baseline}"
    for row in read("expected/ctcae_5_worst_grades.csv"):
        for code in GRADES:
            grade = infused[row["patient"]].worst_grade(code)
            if str(grade) != row[code]:
                yield f"{row['patient']}: {code} of grade {grade}, written {row[code]}"


def main():
    everybody = load()
    wrong = 0
    for what, value in results(everybody).items():
        agrees = value == PAPER[what]
        wrong += not agrees
        print(f"{what}: {value}" + ("" if agrees else f"   (published: {PAPER[what]})"))
    for text in differences(everybody):
        wrong += 1
        print(f"differs: {text}")
    print("everything as published and as expected" if not wrong else f"{wrong} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
