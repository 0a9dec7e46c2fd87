"""Counts the rows that FHIR data should become, apart from Lind: python3 count.py FOLDER-OR-TGZ

Written from docs/data/fhir.md, not from the reader. Prints one line a table.
"""
import collections, gzip, json, os, sys, tarfile

VALUE = ["valueQuantity", "valueCodeableConcept", "valueString", "valueBoolean", "valueInteger", "valueRange",
         "valueRatio", "valueDateTime", "valueTime"]


def texts(path):
    if path.endswith(".tgz"):
        with tarfile.open(path) as archive:
            for member in archive:
                base = os.path.basename(member.name)
                if member.isfile() and base.endswith(".json") and not base.startswith(".") and base != "package.json":
                    yield archive.extractfile(member).read().decode(), False
        return
    for folder, _, names in os.walk(path):
        for name in sorted(names):
            file = os.path.join(folder, name)
            if name.endswith(".gz"):
                yield gzip.open(file).read().decode(), "ndjson" in name
            elif name.endswith(("json", "jsonl")):
                yield open(file, encoding="utf-8").read(), "ndjson" in name


def resources(resource):
    if resource.get("resourceType") != "Bundle":
        yield resource, {}
        return
    entries = resource.get("entry", [])
    others = {e["fullUrl"] for e in entries if "fullUrl" in e and
              e.get("resource", {}).get("resourceType") in ("Group", "Device", "Location")}
    for entry in entries:
        for inner, _ in resources(entry.get("resource", {})):
            yield inner, others


def is_nobodys(reference, resource, others):
    target = (reference or {}).get("reference", "")
    if target.startswith("#"):
        inner = [c for c in resource.get("contained", []) if c.get("id") == target[1:]]
        return bool(inner) and inner[0]["resourceType"] != "Patient"
    if target in others:
        return True
    parts = target.split("/_history/")[0].split("/")
    if len(parts) > 1 and parts[-2][:1].isupper():
        return parts[-2] != "Patient"
    return (reference or {}).get("type", "Patient") != "Patient"


def answers(items):
    for item in items:
        for answer in item.get("answer", []):
            yield answer
            yield from answers(answer.get("item", []))
        yield from answers(item.get("item", []))


def rows(r, others):
    kind = r.get("resourceType")
    whose = r.get("subject") or r.get("patient") or r.get("individual")
    if kind == "Patient":
        return ["patients"]
    if isinstance(whose, dict) and is_nobodys(whose, r, others):
        return []
    planned = kind == "Procedure" and r["status"] == "preparation"
    if kind == "Observation":
        panel = not any(v in r for v in VALUE) and "dataAbsentReason" not in r and r.get("component")
        return ["observations"] * ((0 if panel else 1) + len(r.get("component", [])))
    if kind == "Condition":
        return ["conditions"]
    if kind in ("MedicationRequest", "MedicationAdministration", "MedicationStatement", "MedicationDispense"):
        planned = r["status"] in ("draft", "intended", "preparation") or (
            kind == "MedicationRequest" and r.get("intent") in ("proposal", "plan", "option")
            and r["status"] in ("active", "on-hold") and not r.get("doNotPerform"))
        return ["milestones" if planned else "treatments"]
    if kind == "Procedure":
        return ["milestones" if planned else "procedures"]
    if kind == "Immunization":
        return ["procedures", "treatments"]
    if kind == "AllergyIntolerance":
        return ["allergies"]
    if kind == "AdverseEvent":
        return ["adverse_events"]
    if kind == "Encounter":
        has = [c for c in r.get("type", []) + [r.get("serviceType") or {}] if c.get("text") or
               any("code" in coding for coding in c.get("coding", []))]
        return ["visits"] if has else []
    if kind == "Consent":
        return ["milestones"]
    if kind == "ResearchSubject":
        return ["assignments"] * bool(r.get("assignedArm")) + ["milestones"] * len(r.get("period", {}))
    if kind == "QuestionnaireResponse":
        return ["observations"] * len(list(answers(r.get("item", []))))
    return []


counts, kinds = collections.Counter(), collections.Counter()
for text, by_line in texts(sys.argv[1]):
    for part in text.splitlines() if by_line else [text]:
        if part.strip():
            for resource, others in resources(json.loads(part)):
                kinds[resource.get("resourceType")] += 1
                counts.update(rows(resource, others))
for table in sorted(counts):
    print(table, counts[table])
print("resources", sum(kinds.values()))
