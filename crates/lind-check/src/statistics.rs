//! Rounding, quartiles and intervals, as the protocol states them.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::trial::{BelowLimit, IntervalMethod, Quartiles, Rounding};
use lind_syntax::tree::{StatisticsDeclaration, StatisticsLine};
use lind_units::Exact;

use crate::analysis::Checker;
use crate::rules;

impl Checker<'_> {
    /// Reads the statistics; what is not stated keeps its default.
    pub(crate) fn statistics(&mut self, declared: &StatisticsDeclaration) {
        if let Some(first) = self.tables.trial.statistics.span {
            self.wrong_statistics(
                declared.span,
                "the statistics are declared already".to_owned(),
                "declared again",
                Some(first),
            );
            return;
        }
        self.tables.trial.statistics.span = Some(declared.span);
        let mut seen: Vec<(&'static str, Span)> = Vec::new();
        for line in &declared.lines {
            let (what, span) = match line {
                StatisticsLine::Source(_) | StatisticsLine::Note(_) | StatisticsLine::Broken(_) => {
                    continue;
                }
                StatisticsLine::Rounding(_, span) => ("rounding", *span),
                StatisticsLine::Quartiles(_, span) => ("quartiles", *span),
                StatisticsLine::Interval(_, span) => ("interval", *span),
                StatisticsLine::PercentDecimals(_, span) => ("percentages", *span),
                StatisticsLine::Below(_, span) => ("values below a limit", *span),
            };
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == what) {
                self.wrong_statistics(
                    span,
                    format!("`{what}` is stated twice"),
                    "stated again",
                    Some(*first),
                );
                continue;
            }
            seen.push((what, span));
            self.statistics_line(line);
        }
    }

    fn statistics_line(&mut self, line: &StatisticsLine) {
        match line {
            StatisticsLine::Rounding(even, _) => {
                self.tables.trial.statistics.rounding = if *even {
                    Rounding::HalfEven
                } else {
                    Rounding::HalfUp
                };
            }
            StatisticsLine::Quartiles(number, _) => {
                let quartiles = match number.text.as_str() {
                    "2" => Quartiles::Type2,
                    "6" => Quartiles::Type6,
                    "7" => Quartiles::Type7,
                    _ => {
                        self.wrong_statistics(
                            number.span,
                            "quartiles are computed by type 2, 6 or 7".to_owned(),
                            "no such type",
                            None,
                        );
                        return;
                    }
                };
                self.tables.trial.statistics.quartiles = quartiles;
            }
            StatisticsLine::Interval(number, _) => {
                let Some(level) = self.decimal(number) else {
                    return;
                };
                let hundred = Exact::from_integer(100);
                let level = level.to_exact();
                if level.signum() <= 0 || level >= hundred {
                    self.wrong_statistics(
                        number.span,
                        "the level of an interval lies between 0 and 100 %".to_owned(),
                        "this level",
                        None,
                    );
                    return;
                }
                self.tables.trial.statistics.interval = IntervalMethod::ClopperPearson;
                self.tables.trial.statistics.level = level;
            }
            StatisticsLine::PercentDecimals(number, _) => {
                if let Some(decimals) = self.decimals(number) {
                    self.tables.trial.statistics.percent_decimals = decimals;
                }
            }
            StatisticsLine::Below(rule, _) => {
                self.tables.trial.statistics.below = Some(match rule.text.as_str() {
                    "0" => BelowLimit::Zero,
                    "the limit" => BelowLimit::Limit,
                    _ => BelowLimit::HalfTheLimit,
                });
            }
            StatisticsLine::Source(_) | StatisticsLine::Note(_) | StatisticsLine::Broken(_) => {}
        }
    }

    fn wrong_statistics(&mut self, span: Span, message: String, label: &str, first: Option<Span>) {
        let diagnostic =
            Diagnostic::new(&rules::E0644_WRONG_STATISTICS, span, message).label(label);
        self.sink.push(match first {
            Some(first) => diagnostic.also(first, "first stated here"),
            None => diagnostic,
        });
    }
}
