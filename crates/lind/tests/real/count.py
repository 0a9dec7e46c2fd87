"""Counts what some criteria of these protocols come to, apart from Lind: python3 count.py ../shared/data

Written from the protocols and the mapping files. Needs `pip install duckdb` for the last part. Prints for each data
set and criterion how many patients meet it and how many do not; whoever has neither is unknown, or has not reached
the gate.
"""
import collections, csv, datetime, glob, gzip, json, os, sys, tempfile, zipfile

SHARED = sys.argv[1]


def show(name, counts):
    print(name)
    for criterion in sorted(counts):
        met, not_met = counts[criterion][True], counts[criterion][False]
        print(f"  {criterion}: {met} met, {not_met} not_met")


def years_before(day, years):
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def age(birth, day):
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


# ---------------------------------------------------------------- primary care, FHIR

def resources(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*"))):
        if path.endswith(".ndjson.gz"):
            yield from map(json.loads, gzip.open(path, "rt", encoding="utf-8"))
        elif path.endswith(".json"):
            for entry in json.load(open(path, encoding="utf-8"))["entry"]:
                yield entry["resource"]


def primary_care(folder):
    born, check_up = {}, {}
    values, conditions = collections.defaultdict(list), collections.defaultdict(list)
    for r in resources(folder):
        if r["resourceType"] == "Patient":
            born[r["id"]] = datetime.date.fromisoformat(r["birthDate"])
            continue
        whose = (r.get("subject") or r.get("patient") or {}).get("reference", "").replace("urn:uuid:", "")
        whose = whose.removeprefix("Patient/")
        codes = lambda concept: {coding.get("code") for coding in concept.get("coding", [])}
        if r["resourceType"] == "Encounter" and "185349003" in set().union(*map(codes, r.get("type", []))):
            check_up[whose] = max(check_up.get(whose, ""), r["period"]["start"])
        if r["resourceType"] == "Condition":
            conditions[whose].append((codes(r["code"]), r["onsetDateTime"], r.get("abatementDateTime", "9")))
        if r["resourceType"] == "Observation":
            for part in [r] + r.get("component", []):
                if "valueQuantity" in part:
                    quantity = part["valueQuantity"]
                    for code in codes(part["code"]):
                        values[whose, code].append((r["effectiveDateTime"], quantity["value"], quantity.get("unit")))
    counts = collections.defaultdict(collections.Counter)
    for whose, at in check_up.items():
        day = datetime.date.fromisoformat(at[:10])
        known = lambda code: [value for value in values[whose, code] if value[0] <= at]
        has = lambda code: any(code in codes and onset <= at < end for codes, onset, end in conditions[whose])
        counts["I1"][18 <= age(born[whose], day) <= 80] += 1
        pressures = [v for v in known("8480-6") if v[0][:10] >= str(years_before(day, 2))]
        pressure = max(pressures, default=None)
        if has("38341003") or (pressure and pressure[2] and pressure[1] >= 130):
            counts["I2"][True] += 1
        elif pressure is None or pressure[2]:
            counts["I2"][False if pressure else None] += 1
        filtration = max(known("33914-3"), default=None)
        # At the same time there may be a value in each of the two units.
        same_time = [value for value in known("33914-3") if value[0] == filtration[0]]
        if filtration and all(value[2] == "mL/min/{1.73_m2}" for value in same_time):
            counts["I3"][filtration[1] >= 45] += 1
        alt = max(known("1742-6"), default=None)
        if alt and alt[2] == "U/L":
            counts["E1"][alt[1] > 40] += 1
        counts["E4"][has("72892002")] += 1
        hemoglobin = max(known("718-7"), default=None)
        if hemoglobin:
            counts["E6"][hemoglobin[1] < 10] += 1
        hba1c = max(known("4548-4"), default=None)
        if hba1c:
            counts["E8"][hba1c[1] >= 7] += 1
    return counts


for name in ["fhir/bundles", "fhir/ndjson"]:
    show(name, primary_care(os.path.join(SHARED, name)))

# ---------------------------------------------------------------- laboratory, SDTM

def table(name):
    with open(os.path.join(SHARED, "sdtm/csv", name + ".csv"), encoding="utf-8") as file:
        return [{k: "" if v == "NA" else v for k, v in row.items()} for row in csv.DictReader(file)]


counts = collections.defaultdict(collections.Counter)
first_dose = {row["USUBJID"]: row["RFSTDTC"] for row in table("dm") if row["RFSTDTC"]}
for row in table("dm"):
    if row["USUBJID"] in first_dose:
        born = datetime.date.fromisoformat(row["BRTHDTC"])
        years = age(born, datetime.date.fromisoformat(first_dose[row["USUBJID"]]))
        counts["I1"][50 <= years <= 85] += 1


def latest(domain, file, test):
    found = {}
    for row in table(file):
        whose, day, value = row["USUBJID"], row[domain + "DTC"], row[domain + "STRESN"]
        if row[domain + "TESTCD"] == test and value and day[:10] <= first_dose[whose]:
            found[whose] = max(found.get(whose, ("", 0, 0)), (day, float(value), float(row.get("LBSTNRHI") or 0)))
    return found.values()


for _, value, limit in latest("LB", "lb_metabolic", "AST"):
    counts["I2"][value <= 1.5 * limit] += 1
for _, value, _ in latest("LB", "lb_metabolic", "GLUC"):
    counts["I3"][value * 18.0156 < 140] += 1
for _, value, _ in latest("LB", "lb_metabolic", "ALB"):
    counts["I4"][value >= 35] += 1
for _, value, _ in latest("VS", "vs_metabolic", "BMI"):
    counts["I5"][18 <= value <= 40] += 1
for _, value, _ in latest("VS", "vs_metabolic", "TEMP"):
    counts["E1"][value >= 38] += 1
for _, value, _ in latest("LB", "lb_neuro", "PTAU217"):
    counts["E2"][value >= 8] += 1
operated = {row["USUBJID"] for row in table("mh") if row["MHDECOD"] == "HYSTERECTOMY" and row["MHSTDTC"]}
unknown = {row["USUBJID"] for row in table("mh") if row["MHDECOD"] == "HYSTERECTOMY"} - operated
for whose in set(first_dose) - unknown:
    counts["E3"][whose in operated] += 1
show("sdtm/csv", counts)

# ---------------------------------------------------------------- registry, OMOP

import duckdb

with tempfile.TemporaryDirectory() as folder:
    zipfile.ZipFile(os.path.join(SHARED, "omop/Synthea27NjParquet_5.4.zip")).extractall(folder)
    [person] = glob.glob(os.path.join(folder, "**/person.parquet"), recursive=True)
    at = os.path.dirname(person)
    rows = duckdb.sql(f"""
        with screening as (
            select person_id, max(visit_start_date) as day from '{at}/visit_occurrence.parquet'
            where visit_concept_id = 9202 group by 1),
        latest as (
            select person_id, concept_code, arg_max(value_as_number, measurement_date) as value
            from (select person_id, measurement_concept_id as id, measurement_date, value_as_number
                  from '{at}/measurement.parquet' union all
                  select person_id, observation_concept_id, observation_date, value_as_number
                  from '{at}/observation.parquet')
            join '{at}/concept.parquet' on concept_id = id
            join screening using (person_id)
            where value_as_number is not null and measurement_date <= day
              and measurement_date >= day - to_years(case concept_code when '72514-3' then 2 else 5 end)
            group by 1, 2),
        value as (pivot latest on concept_code in ('718-7', '38483-4', '72514-3') using any_value(value)),
        sick as (
            select person_id, bool_or(concept_code = '59621000') as hypertension
            from '{at}/condition_occurrence.parquet'
            join '{at}/concept.parquet' on concept_id = condition_concept_id
            join screening using (person_id) where condition_start_date <= day group by 1)
        select date_diff('year', make_date(year_of_birth::int, month_of_birth::int, day_of_birth::int), day)
                 - (strftime(day, '%m-%d') < printf('%02d-%02d', month_of_birth::int, day_of_birth::int))::int,
               "718-7", "72514-3", "38483-4", coalesce(hypertension, false)
        from '{person}' join screening using (person_id) left join value using (person_id)
        left join sick using (person_id)""").fetchall()
counts = collections.defaultdict(collections.Counter)
for years, hemoglobin, pain, creatinine, hypertension in rows:
    counts["I1"][18 <= years <= 75] += 1
    counts["E1"][hypertension] += 1
    for criterion, value, test in [("I2", hemoglobin, lambda v: v >= 10), ("I3", pain, lambda v: v <= 3),
                                   ("E4", creatinine, lambda v: v > 1.5)]:
        if value is not None:
            counts[criterion][test(value)] += 1
show("omop", counts)
