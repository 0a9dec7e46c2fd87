//! Units of measurement: UCUM notation, kinds, exact factors, aliases.
