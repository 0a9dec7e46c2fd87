#!/usr/bin/env python3
"""Lind beside its peers, on the same criteria and the same patients.

usage: python3 benches/run.py [fhir] [warehouse] [amend] [--patients N] [--warehouse N] [--rounds N]
                              [--shared FOLDER] [--models FOLDER]

Makes the data, runs Lind and each peer that is there in turn, and prints medians and ratios.
What each peer needs is said where it is missing; benches/README.md has it all.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "benches"


def measured(command, **options):
    """Runs a command: its processor time and the time by the clock in seconds, its peak memory in MB, what it says."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        began = time.monotonic()
        process = subprocess.Popen([str(part) for part in command], stdout=output, stderr=errors, **options)
        _, status, usage = os.wait4(process.pid, 0)
        clock = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        return {
            "cpu": usage.ru_utime + usage.ru_stime,
            "clock": clock,
            "peak": usage.ru_maxrss / 1024,
            "code": process.returncode,
            "output": output.read(),
            "errors": errors.read(),
        }


def build():
    subprocess.run(
        ["cargo", "build", "--release", "--quiet", "--locked", "-p", "lind", "-p", "lind-bench"], cwd=ROOT, check=True
    )
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release"


def rounds_of(entries, rounds):
    """Each entry once a round, in turn, so that a busy machine is busy for all."""
    results = {name: [] for name, _ in entries}
    for _ in range(rounds):
        for name, run in entries:
            results[name].append(run())
    return results


def median(values):
    return statistics.median(values)


def table(rows):
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [str(cell).ljust(width) if at == 0 else str(cell).rjust(width) for at, (cell, width) in enumerate(zip(row, widths))]
        print("  " + "  ".join(cells).rstrip())


def missing(what, how):
    print(f"  not run: {what}\n           {how}")


# ------------------------------------------------------------------ FHIR


def fhir(arguments, release, work):
    shared = arguments.shared / "cql"
    if not (shared / "gen.mjs").exists() or not shutil.which("node"):
        missing("the FHIR benchmark", f"it needs node and the generator of bundles in {shared}")
        return
    cql = work / "cql"
    if not cql.exists():
        shutil.copytree(shared, cql)
        for folder in ("models", "data", "elm", "octo"):
            (cql / folder).mkdir(exist_ok=True)
    for name, extra in (("lean", 0), ("fat", 150)):
        data = cql / "data" / f"{name}-{arguments.patients}.ndjson"
        if not data.exists():
            subprocess.run(["node", "gen.mjs", str(arguments.patients), str(extra), str(data)], cwd=cql, check=True, stdout=subprocess.DEVNULL)
    lean = cql / "data" / f"lean-{arguments.patients}.ndjson"
    fat = cql / "data" / f"fat-{arguments.patients}.ndjson"
    bench = release / "lind-bench"

    def lind(what, data):
        done = measured([bench, "fhir", what, data, HERE / "eight-criteria.lind", HERE / "eight-criteria.toml"])
        if done["code"]:
            sys.exit(done["errors"])
        fields = done["output"].split()
        seconds, patients, clock = float(fields[0]), int(fields[1]), float(fields[-1])
        return {"rate": patients / seconds, "clock": patients / clock, "peak": done["peak"], "output": done["output"].strip()}

    entries = [
        ("typed JSON parse alone, 15 resources", lambda: lind("parse", lean)),
        ("Lind: read and decide, 15 resources", lambda: lind("decide", lean)),
        ("typed JSON parse alone, 165 resources", lambda: lind("parse", fat)),
        ("Lind: read and decide, 165 resources", lambda: lind("decide", fat)),
        ("hand-written JavaScript, 15 resources", lambda: javascript(cql, lean)),
    ]
    if prepare_cql(cql, arguments):
        entries.append(("cql-execution, 15 resources", lambda: cql_execution(cql, lean)))
    octofhir = shutil.which("cql") or work / "octofhir" / "bin" / "cql"
    if Path(octofhir).exists():
        entries.append(("octofhir-cql, 15 resources", lambda: octofhir_cql(octofhir, cql, lean)))
    else:
        missing("octofhir-cql", f"cargo install octofhir-cql --root {work / 'octofhir'}")
    results = rounds_of(entries, arguments.rounds)
    rates = {name: median([run["rate"] for run in runs]) for name, runs in results.items()}
    ours = rates["Lind: read and decide, 15 resources"]
    clocks = {name: median([run["clock"] for run in runs]) for name, runs in results.items() if "clock" in runs[0]}
    rows = [("eight criteria of FHIR bundles", "patients/s of processor time", "Lind is … times as fast", "patients/s by the clock", "Lind is … times as fast")]
    for name, rate in rates.items():
        of = "Lind: read and decide, 165 resources" if "165" in name else "Lind: read and decide, 15 resources"
        clock = clocks.get(name)
        by_clock = (f"{clock:,.0f}", f"{clocks[of] / clock:,.2f}") if clock else ("", "")
        rows.append((name, f"{rate:,.0f}", f"{rates[of] / rate:,.2f}", *by_clock))
    table(rows)
    mapping = (HERE / "eight-criteria.toml").read_text()
    whole = 'bundles = "whole"' in mapping
    print(f"\n  {os.cpu_count()} processors. The mapping of Lind says bundles = \"whole\": {'yes, each line is decided by itself' if whole else 'no, all lines are read first'}.")
    if (cql / "elm" / "SScRelmaCel.json").exists() and (cql / "node_modules").exists():
        compare(cql, lean, bench)


CRITERIA = ["I1", "I2", "I3", "I4", "I5", "E6", "I7", "I8"]
# The code of each criterion that asks for a result, and how many days before the screening count.
RESULTS = {"I2": ("751-8", 7), "I3": ("718-7", 7), "I4": ("777-3", 7), "I5": ("1742-6", 14), "I7": ("10230-1", 28), "I8": ("2118-8", 7)}
SAME = {("pass", "true"), ("fail", "false"), ("open", "null")}


def compare(cql, data, bench, limit=1000):
    """Patient by patient and criterion by criterion: what Lind says beside what cql-execution says."""
    shutil.copy(HERE / "verdicts.mjs", cql)
    theirs = measured(["node", "verdicts.mjs", data, str(limit)], cwd=cql)
    ours = measured([bench, "fhir", "verdicts", data, HERE / "eight-criteria.lind", HERE / "eight-criteria.toml"])
    if theirs["code"] or ours["code"]:
        sys.exit(theirs["errors"] + ours["errors"])
    theirs = {line.split()[0]: line.split()[1:] for line in theirs["output"].splitlines()}
    ours = {line.split()[0]: line.split()[1:] for line in ours["output"].splitlines()}
    bundles = (json.loads(line) for line in data.read_text().splitlines()[:limit])
    records = {}
    for bundle in bundles:
        resources = [entry["resource"] for entry in bundle["entry"]]
        records[next(resource["id"] for resource in resources if resource["resourceType"] == "Patient")] = resources
    causes, same = {}, 0
    for patient, said in theirs.items():
        for criterion, mine, other in zip(CRITERIA, ours[patient], said):
            if (mine, other) in SAME:
                same += 1
                continue
            cause = (criterion, mine, other, cause_of(criterion, other, records[patient]))
            causes.setdefault(cause, []).append(patient)
    total = same + sum(map(len, causes.values()))
    print(f"\n  against cql-execution: {len(theirs)} patients x {len(CRITERIA)} criteria, {same} of {total} the same")
    for (criterion, mine, other, cause), patients in sorted(causes.items(), key=lambda item: (item[0][3], item[0])):
        print(f"    {len(patients):4}  {criterion} Lind {mine}, CQL {other}: {cause} ({', '.join(patients[:3])}{' …' if len(patients) > 3 else ''})")


def cause_of(criterion, other, resources):
    screening = datetime(2025, 6, 1, tzinfo=timezone.utc)
    if criterion in RESULTS:
        code, days = RESULTS[criterion]
        results = [
            resource
            for resource in resources
            if resource["resourceType"] == "Observation"
            and resource["code"]["coding"][0]["code"] == code
            and timedelta(0) <= screening - datetime.fromisoformat(resource["effectiveDateTime"]) <= timedelta(days=days)
        ]
        if any(resource["status"] == "preliminary" for resource in results):
            return "a preliminary result in the window; CQL passes over it, Lind waits for it to be final"
        if not results and other == "false":
            return "no result in the window; for CQL a missing code is unlike any other, for Lind nothing is known"
        return "no result in the window" if not results else "a result in the window"
    if criterion == "E6":
        conditions = [resource for resource in resources if resource["resourceType"] == "Condition"]
        planned = any(resource["resourceType"] == "Procedure" for resource in resources)
        if not planned:
            return "no leukapheresis is planned; CQL takes a window without an end for empty, Lind for open"
        if any(len(resource["onsetDateTime"]) == len("2025-06-07") for resource in conditions):
            return "an infection that began on a day without a time; CQL cannot compare the two and passes over it"
        return "an infection"
    return "another reading"


def javascript(cql, data):
    done = measured(["node", "--single-threaded", cql / "baseline.mjs", data, "3"], cwd=cql)
    rate = done["output"].split("JSON.parse+eval")[1].split("/s")[0]
    return {"rate": float(rate)}


def prepare_cql(cql, arguments):
    if not (cql / "node_modules").exists():
        packages = ["cql-execution@3.3.2", "cql-exec-fhir@2.2.0", "@cqframework/cql@5.3.0", "@lhncbc/ucum-lhc@7.1.9"]
        if subprocess.run(["npm", "install", "--silent", *packages], cwd=cql).returncode:
            missing("cql-execution", "npm could not install it")
            return False
    if not (cql / "elm" / "SScRelmaCel.json").exists():
        models = arguments.models
        if models is None:
            missing("cql-execution", "give --models, a folder with system-modelinfo.xml and FHIRHelpers-4.0.1.cql of cqframework/clinical_quality_language")
            return False
        shutil.copy(models / "system-modelinfo.xml", cql / "models")
        shutil.copy(models / "FHIRHelpers-4.0.1.cql", cql / "libraries")
        shutil.copy(cql / "node_modules/cql-exec-fhir/lib/modelInfos/fhir-modelinfo-4.0.1.xml", cql / "models")
        subprocess.run(["node", "translate.mjs", "libraries/SScRelmaCel.cql", "elm"], cwd=cql, check=True, stdout=subprocess.DEVNULL)
    return True


def cql_execution(cql, data):
    done = measured(["node", "--expose-gc", "--single-threaded", "bench.mjs", data, "1", "300", "-q"], cwd=cql)
    line = next(line for line in done["output"].splitlines() if "parse+exec" in line)
    return {"rate": float(line.split("median")[1].split()[0])}


def octofhir_cql(program, cql, data):
    """Ten patients a call: its time grows with the square of the patients in a file."""
    library = cql / "octo" / "SScOcto.cql"
    if not library.exists():
        text = (cql / "libraries" / "SScRelmaCel.cql").read_text()
        for old, new in (
            ("library SScRelmaCel", "library SScOcto"),
            ("O.status.value in", "O.status in"),
            ("(effective as FHIR.dateTime).value", "(effective as FHIR.dateTime)"),
            ("Patient.gender.value", "Patient.gender"),
        ):
            text = text.replace(old, new)
        library.write_text(text)
    lines = data.read_text().splitlines()[:400]
    cpu = 0.0
    for at in range(0, len(lines), 10):
        part = cql / "data" / "octo-part.ndjson"
        part.write_text("\n".join(lines[at : at + 10]) + "\n")
        done = measured([program, "eval", library, "-L", library.parent, "-d", part, "-e", "Eligible"])
        cpu += done["cpu"]
    return {"rate": len(lines) / cpu}


# ------------------------------------------------------------------ warehouse


def warehouse(arguments, release, work):
    shared = arguments.shared / "warehouse"
    python = duckdb_python(work)
    if python is None or not (shared / "gen_cohort.py").exists():
        missing("the warehouse", f"it needs DuckDB from PyPI and the generator in {shared}")
        return
    bench = release / "lind-bench"
    ingested = {}

    def made(patients):
        """The warehouse of so many patients, as Lind tables, and as charts that are kept ready."""
        source, tables, charts = (work / f"{what}-{patients}" for what in ("warehouse", "tables", "charts"))
        if not source.exists():
            subprocess.run([python, shared / "gen_cohort.py", "--patients", str(patients), "--out", source], check=True, stdout=subprocess.DEVNULL)
        if not tables.exists():
            subprocess.run([python, HERE / "warehouse.py", source, tables, str(patients), "parquet"], check=True)
        if not charts.exists():
            ingested[patients] = measured([release / "lind", "data", "ingest", tables, "--output", charts])
        return source, charts

    source, charts = made(arguments.warehouse)
    tenth = max(arguments.warehouse // 10, 1)
    _, charts_of_tenth = made(tenth)

    def lind(what, charts=charts):
        done = measured([bench, "pass", what, charts, HERE / "twenty-criteria.lind", "screening"])
        if done["code"]:
            sys.exit(done["errors"])
        fields = done["output"].split()
        return {**done, "counts": " / ".join(f"{int(count):,}" for count in fields[3:6])}

    def duckdb(query):
        done = measured([python, shared / "run_duckdb.py", source, shared / query, "1"])
        return {**done, "counts": counts_of(done["output"])}

    def scan():
        return {**measured([python, shared / "scan_duckdb.py", source, "1"]), "counts": ""}

    entries = [
        ("DuckDB, the portable query", lambda: duckdb("eligibility.sql")),
        ("DuckDB, its best hand-tuned text", lambda: duckdb("eligibility_packed2.duckdb.sql")),
        ("Lind, verdicts", lambda: lind("verdicts")),
        ("Lind, charts alone", lambda: lind("charts")),
        (f"Lind, verdicts of {tenth:,}", lambda: lind("verdicts", charts_of_tenth)),
    ]
    results = rounds_of(entries, arguments.rounds)
    ours = median([run["cpu"] for run in results["Lind, verdicts"]])
    rows = [(f"20 criteria, {arguments.warehouse:,} patients x 96 rows", "processor s", "clock s", "peak MB", "against Lind", "eligible / ineligible / undetermined")]
    for name, runs in results.items():
        cpu = median([run["cpu"] for run in runs])
        rows.append(
            (name, f"{cpu:.2f}", f"{median([run['clock'] for run in runs]):.2f}", f"{median([run['peak'] for run in runs]):.0f}", f"{cpu / ours:.2f}", runs[0]["counts"])
        )
    table(rows)
    for patients, done in ingested.items():
        print(f"\n  lind data ingest, {patients:,} patients: {done['cpu']:.1f} processor s, {done['peak']:.0f} MB")
    print("\n  bare scans by DuckDB:")
    for line in scan()["output"].splitlines():
        print("    " + line)


def counts_of(output):
    counts = {}
    for line in output.splitlines():
        if line.startswith("('"):
            verdict, count = line.strip("()").split(",")[:2]
            counts[verdict.strip("'")] = int(count)
    return " / ".join(f"{counts.get(verdict, 0):,}" for verdict in ("eligible", "ineligible", "undetermined"))


def duckdb_python(work):
    """A Python that has DuckDB: this one, or one of our own."""
    for python in (Path(sys.executable), work / "python" / "bin" / "python"):
        if python.exists() and subprocess.run([python, "-c", "import duckdb, numpy"], capture_output=True).returncode == 0:
            return python
    own = work / "python"
    made = subprocess.run([sys.executable, "-m", "venv", own], capture_output=True).returncode == 0
    if made and subprocess.run([own / "bin" / "pip", "install", "--quiet", "duckdb", "numpy"]).returncode == 0:
        return own / "bin" / "python"
    return None


# ------------------------------------------------------------------ amendments


def amend(arguments, release, work):
    """`lind diff` on versions of shipped protocols and on made-up ones, beside z3 on the questions of the latter."""
    folder = work / "amend"
    folder.mkdir(exist_ok=True)
    python = python_with("z3", "z3-solver==5.4.1.0", work)
    if python is None:
        missing("z3", "it needs z3-solver from PyPI")
    protocols = ROOT / "protocols"
    pairs = {"lupus, from the registry to the report": [protocols / "history" / "sle-nct05765006-registry-2023-03-15.lind", protocols / "sle-nct05765006.lind"]}
    edits = {
        "systemic sclerosis, one limit changed": ("ssc-nct06414135", "fvc_predicted < 45 %", "fvc_predicted < 40 %"),
        "lupus, one age changed": ("sle-nct05765006", "age is 18 to 70 years", "age is 18 to 75 years"),
        "lupus, one score changed": ("sle-nct05765006", "total: selena_sledai_by_item >= 8 points", "total: selena_sledai_by_item >= 6 points"),
    }
    for name, (protocol, old, new) in edits.items():
        text = (protocols / f"{protocol}.lind").read_text()
        if old not in text:
            sys.exit(f"{protocol}.lind does not say: {old}")
        edited = folder / f"{protocol}-{len(pairs)}.lind"
        edited.write_text(text.replace(old, new))
        pairs[name] = [protocols / f"{protocol}.lind", edited]
    made = {"20 criteria of every sort": "twenty", "60 criteria, 50 variables": "sixty", "300 criteria, 200 variables": "large"}
    for name, size in made.items():
        subprocess.run([sys.executable, HERE / "amend" / "timed.py", size, "write", folder], check=True)
        pairs[name] = [folder / f"{size}-old.lind", folder / f"{size}-new.lind"]
    starts = median([measured([release / "lind", "--version"])["cpu"] for _ in range(arguments.rounds * 3)])
    rows = [("two versions", "lind diff, processor ms", "check ms", "lower ms", "compare ms", "z3 ms", "z3 against compare")]
    for name, (old, new) in pairs.items():
        whole = median([measured([release / "lind", "diff", "--quiet", old, new])["cpu"] for _ in range(arguments.rounds)])
        inside = measured([release / "lind-bench", "amend", old, new, str(arguments.rounds)])
        if inside["code"]:
            sys.exit(inside["errors"])
        check, lower, compare_ = map(float, inside["output"].split())
        z3 = ""
        if python and name in made:
            z3 = float(measured([python, HERE / "amend" / "timed.py", made[name], "z3"])["output"].split()[0])
        ratio = f"{z3 / compare_:.1f}" if z3 else ""
        rows.append((name, *(f"{seconds * 1000:,.1f}" for seconds in (whole, check, lower, compare_)), f"{z3 * 1000:,.0f}" if z3 else "", ratio))
    table(rows)
    print(f"\n  starting alone, `lind --version`: {starts * 1000:.1f} ms")


def python_with(module, package, work):
    """A Python that has a module: this one, or one of our own."""
    own = work / f"python-{module}"
    for python in (Path(sys.executable), own / "bin" / "python"):
        if python.exists() and subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0:
            return python
    made = subprocess.run([sys.executable, "-m", "venv", own], capture_output=True).returncode == 0
    if made and subprocess.run([own / "bin" / "pip", "install", "--quiet", package]).returncode == 0:
        return own / "bin" / "python"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=["fhir", "warehouse", "amend", []])
    parser.add_argument("--patients", type=int, default=4000, help="patients of the FHIR benchmark")
    parser.add_argument("--warehouse", type=int, default=1_000_000, help="patients of the warehouse")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "bench", help="where the generators are")
    parser.add_argument("--models", type=Path, help="system-modelinfo.xml and FHIRHelpers-4.0.1.cql")
    arguments = parser.parse_args()
    arguments.shared = arguments.shared.resolve()
    release = build()
    work = release.parent / "bench" / "peers"
    work.mkdir(parents=True, exist_ok=True)
    what = arguments.what or ["fhir", "warehouse", "amend"]
    if "fhir" in what:
        fhir(arguments, release, work)
    if "warehouse" in what:
        warehouse(arguments, release, work)
    if "amend" in what:
        amend(arguments, release, work)


if __name__ == "__main__":
    main()
