//! The waist: Protocol, Plan, Verdict, Explanation and the truth tables.
