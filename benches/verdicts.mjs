// What cql-execution says of each patient and criterion, a line a patient: `p0 true null false …`.
// usage: node verdicts.mjs <data.ndjson> <limit>; run.py copies it beside the packages.
import { createRequire } from "node:module";
import fs from "node:fs";
const require = createRequire(import.meta.url);
const cql = require("cql-execution");
const fhir = require("cql-exec-fhir");
const [file, limit] = process.argv.slice(2);
const elm = (id) => JSON.parse(fs.readFileSync(`elm/${id}.json`, "utf8"));
const library = new cql.Library(elm("SScRelmaCel"), new cql.Repository({ FHIRHelpers: elm("FHIRHelpers") }));
const lines = fs.readFileSync(file, "utf8").trim().split("\n").slice(0, +limit);
const names = ["Age 18 to 65", "ANC ok", "Hb ok", "Plt ok", "ALT ok", "No active infection", "LVEF ok", "Pregnancy test ok", "Eligible"];
// Results of all patients of a call are kept, so calls are small.
for (let at = 0; at < lines.length; at += 100) {
  const source = fhir.PatientSource.FHIRv401();
  source.loadBundles(lines.slice(at, at + 100).map((line) => JSON.parse(line)));
  const results = await new cql.Executor(library, new cql.CodeService({}), {}).exec(source);
  for (const [patient, of] of Object.entries(results.patientResults)) {
    console.log(patient, ...names.map((name) => of[name] ?? null).map(String));
  }
}
