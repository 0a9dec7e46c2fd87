"""From the warehouse of the generator to Lind tables, by DuckDB.

usage: python3 warehouse.py FROM TO PATIENTS csv|parquet

The tables say what the reference query takes the warehouse to say, so that both are asked the same:

* a result without a number is no result (the query: WHERE value IS NOT NULL);
* `K/uL` is 10*3/uL, which the mapping of a site would say;
* of a result whose day is not known the query does not look at the value, but lets it stand in the
  way of an earlier one: here it comes without its number;
* a row without a unit comes without its limits, which the query does not use either;
* a drug without an end is open to the query in two criteria and certain in a third: here its route is
  blank, and the two criteria ask for the route;
* a death is a diagnosis, since a criterion asks for it.
"""

import os
import sys

import duckdb

QUERIES = {
    "patients": """
        SELECT person_id::VARCHAR AS patient, sex, birth_date::VARCHAR AS birth_date
        FROM person ORDER BY person_id""",
    "milestones": """
        SELECT person_id::VARCHAR AS patient, 'screening' AS milestone, screen_date::VARCHAR AS time
        FROM person ORDER BY person_id""",
    "observations": """
        SELECT person_id::VARCHAR AS patient, 'loinc|' || code AS code,
          CASE WHEN t_lo = t_hi THEN t_lo::VARCHAR
               WHEN month(t_lo) = month(t_hi) THEN strftime(t_lo, '%Y-%m')
               ELSE strftime(t_lo, '%Y') END AS time,
          CASE WHEN t_lo = t_hi THEN value::DECIMAL(18, 3) END AS value,
          CASE unit WHEN 'K/uL' THEN '10*3/uL' ELSE unit END AS unit,
          CASE WHEN unit IS NOT NULL THEN ref_low::DECIMAL(18, 4) END AS low,
          CASE WHEN unit IS NOT NULL THEN ref_high::DECIMAL(18, 4) END AS high,
          status
        FROM measurement WHERE value IS NOT NULL""",
    "conditions": """
        SELECT patient, code, onset, abatement, status FROM (
          SELECT person_id, person_id::VARCHAR AS patient, 'icd10|' || code AS code,
            onset_date AS onset, abatement_date AS abatement,
            CASE verification WHEN 'confirmed' THEN NULL ELSE verification END AS status
          FROM condition_
          UNION ALL
          SELECT person_id, person_id::VARCHAR, 'local|died', death_date, NULL, NULL
          FROM person WHERE death_date IS NOT NULL)
        ORDER BY person_id""",
    "treatments": """
        SELECT person_id::VARCHAR AS patient, 'atc|' || code AS code, start_date AS start,
          end_date AS "end", dose::DECIMAL(18, 1) AS dose, dose_unit AS unit, 'daily' AS frequency,
          CASE WHEN end_date IS NOT NULL THEN 'oral' END AS route
        FROM drug""",
    "procedures": """
        SELECT person_id::VARCHAR AS patient, 'local|' || code AS code, date AS time
        FROM procedure_""",
}

VIEWS = {
    "person": "person",
    "measurement": "measurement",
    "condition_": "condition",
    "drug": "drug",
    "procedure_": "procedure_",
}


def main(source, target, patients, ending):
    os.makedirs(target, exist_ok=True)
    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET preserve_insertion_order = true; SET memory_limit = '6GB'")
    for view, folder in VIEWS.items():
        connection.execute(
            f"CREATE VIEW {view} AS SELECT * FROM read_parquet('{source}/{folder}/*.parquet')"
            f" WHERE person_id < {patients}"
        )
    form = "(HEADER)" if ending == "csv" else "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 250000)"
    for table, query in QUERIES.items():
        connection.execute(f"COPY ({query}) TO '{target}/{table}.{ending}' {form}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
