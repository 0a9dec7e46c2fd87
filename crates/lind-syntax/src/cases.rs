//! Lines of tests.

use pest::iterators::Pair;

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{
    CaseAmount, CaseField, CaseLineKind, CaseRecord, CaseSubject, CaseTime, Comparator,
    ComparatorKind, ExpectedPart, FilterKind, Name, Number, SetKind,
};

/// Which table a word such as `treatment` names.
pub(crate) fn set_kind(word: &str) -> Option<SetKind> {
    match word.trim() {
        "condition" => Some(SetKind::Condition),
        "treatment" => Some(SetKind::Treatment),
        "procedure" => Some(SetKind::Procedure),
        "allergy" => Some(SetKind::Allergy),
        "event" => Some(SetKind::Event),
        _ => None,
    }
}

impl Source<'_> {
    /// What a line of a test says.
    pub(crate) fn case_line(&mut self, pair: Pair<'_, Rule>) -> Option<CaseLineKind> {
        let line = pair.into_inner().next()?;
        let rule = line.as_rule();
        if rule == Rule::test_record {
            return self
                .case_record(line)
                .map(|record| CaseLineKind::Record(Box::new(record)));
        }
        let mut words: Vec<Name> = Vec::new();
        let mut text = None;
        let (mut word, mut at, mut on) = (None, None, None);
        let mut parts = Vec::new();
        let mut gate_follows = false;
        let mut grades: Vec<Number> = Vec::new();
        for part in line.into_inner() {
            match part.as_rule() {
                Rule::string => text = Some(self.text(&part)),
                Rule::kw_at => gate_follows = true,
                Rule::name if gate_follows => at = Some(self.name(&part)),
                Rule::name | Rule::label_name | Rule::judge => words.push(self.name(&part)),
                Rule::moment => on = Some(self.name(&part)),
                Rule::person_word
                | Rule::standing_word
                | Rule::outcome_word
                | Rule::answer_word => word = Some(self.name(&part)),
                Rule::expected_grade => grades = self.grade_numbers(part),
                Rule::expected_part => parts.extend(self.expected_part(part)),
                _ => {}
            }
        }
        let mut words = words.into_iter();
        Some(match rule {
            Rule::test_like => CaseLineKind::Like(text?),
            Rule::note_clause => CaseLineKind::Note(text?),
            Rule::test_under => CaseLineKind::Under {
                reading: words.next()?,
                alternative: words.next()?,
            },
            Rule::test_person => CaseLineKind::Person {
                word: word?,
                born: on,
            },
            Rule::test_absence => CaseLineKind::Absent(words.next()?),
            Rule::test_gap => CaseLineKind::Gap(words.next()?),
            Rule::test_answer => CaseLineKind::Answer {
                judge: words.next()?,
                item: words.next()?,
                yes: word?.text == "yes",
                on,
            },
            Rule::test_expect if parts.is_empty() => CaseLineKind::ExpectStanding {
                standing: word?,
                at,
            },
            Rule::test_expect if !grades.is_empty() => {
                let mut grades = grades.into_iter();
                CaseLineKind::ExpectGrade {
                    parts,
                    least: grades.next()?,
                    most: grades.next(),
                    on,
                }
            }
            Rule::test_expect => CaseLineKind::Expect {
                parts,
                outcome: word?,
                at,
                on,
            },
            _ => return None,
        })
    }

    fn expected_part(&mut self, pair: Pair<'_, Rule>) -> Option<ExpectedPart> {
        let mut names = self.names(pair.into_inner()).into_iter();
        Some(ExpectedPart {
            name: names.next()?,
            of: names.next(),
        })
    }

    fn case_record(&mut self, pair: Pair<'_, Rule>) -> Option<CaseRecord> {
        let mut record = CaseRecord {
            subject: CaseSubject::Named(Name {
                text: String::new(),
                span: self.span(&pair),
            }),
            amount: None,
            result: None,
            time: None,
            fields: Vec::new(),
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::test_subject => record.subject = self.case_subject(part)?,
                Rule::test_amount => record.amount = Some(self.case_amount(part)),
                Rule::test_result => record.result = self.tags(part),
                Rule::test_time => record.time = Some(self.case_time(part)),
                Rule::test_field => record.fields.extend(self.case_field(part)),
                _ => {}
            }
        }
        Some(record)
    }

    /// `III + V`, as it stands in a table.
    fn tags(&mut self, pair: Pair<'_, Rule>) -> Option<Name> {
        let span = self.span(&pair);
        let names = self.names(pair.into_inner());
        let texts: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
        (!texts.is_empty()).then(|| Name {
            text: texts.join(" + "),
            span,
        })
    }

    fn case_subject(&mut self, pair: Pair<'_, Rule>) -> Option<CaseSubject> {
        let mut kind = None;
        let mut named = None;
        let (mut is_visit, mut is_assigned) = (false, false);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::set_kind => kind = set_kind(part.as_str()),
                Rule::kw_visit => is_visit = true,
                Rule::assigned_word => is_assigned = true,
                Rule::name | Rule::code => named = Some(self.name(&part)),
                _ => {}
            }
        }
        let named = named?;
        Some(match kind {
            _ if is_visit => CaseSubject::Visit(named),
            _ if is_assigned => CaseSubject::Assigned(named),
            Some(kind) => CaseSubject::Code { kind, code: named },
            None => CaseSubject::Named(named),
        })
    }

    fn case_amount(&mut self, pair: Pair<'_, Rule>) -> CaseAmount {
        let span = self.span(&pair);
        let mut amount = CaseAmount {
            comparator: None,
            number: Number {
                text: String::new(),
                span,
            },
            unit: None,
            frequency: None,
            span,
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::test_compare => amount.comparator = self.case_comparator(part),
                Rule::grouped | Rule::number => amount.number = self.number(&part),
                Rule::titre => {
                    // 1:80 is 80 in the unit of titres.
                    let written = self.name(&part);
                    let dilution = written.text.strip_prefix("1:").unwrap_or(&written.text);
                    amount.number = Number {
                        text: dilution.to_owned(),
                        span: written.span,
                    };
                    amount.unit = Some(Name {
                        text: "{titer}".to_owned(),
                        span: written.span,
                    });
                }
                Rule::test_unit => amount.unit = Some(self.name(&part)),
                Rule::frequency => amount.frequency = Some(self.name(&part)),
                _ => {}
            }
        }
        amount
    }

    fn case_comparator(&mut self, pair: Pair<'_, Rule>) -> Option<Comparator> {
        let span = self.span(&pair);
        let kind = match pair.into_inner().next()?.as_rule() {
            Rule::at_least => ComparatorKind::AtLeast,
            Rule::at_most => ComparatorKind::AtMost,
            Rule::more_than => ComparatorKind::MoreThan,
            Rule::less_than => ComparatorKind::LessThan,
            _ => return None,
        };
        Some(Comparator { kind, span })
    }

    fn case_time(&mut self, pair: Pair<'_, Rule>) -> CaseTime {
        let span = self.span(&pair);
        let mut time = CaseTime {
            word: Name {
                text: String::new(),
                span,
            },
            from: None,
            to: None,
            span,
        };
        let mut is_last = false;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_on | Rule::kw_since | Rule::kw_from => time.word = self.name(&part),
                Rule::kw_until => {
                    time.word = self.name(&part);
                    is_last = true;
                }
                Rule::kw_to => is_last = true,
                Rule::moment if is_last => time.to = Some(self.name(&part)),
                Rule::moment => time.from = Some(self.name(&part)),
                _ => {}
            }
        }
        time
    }

    fn case_field(&mut self, pair: Pair<'_, Rule>) -> Option<CaseField> {
        let span = self.span(&pair);
        let mut field = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::test_limits => return Some(self.case_limits(part)),
                Rule::investigational_word => {
                    return Some(CaseField::Investigational {
                        yes: match part.as_str().split_whitespace().next() {
                            Some("not") => Some(false),
                            Some("perhaps") => None,
                            _ => Some(true),
                        },
                        span,
                    });
                }
                Rule::event_judged => {
                    let FilterKind::Judged { attribute, negated } = self.filter_kind(part)? else {
                        return None;
                    };
                    return Some(CaseField::Judged {
                        attribute,
                        yes: !negated,
                        span,
                    });
                }
                Rule::test_field_word => field = Some(self.name(&part)),
                Rule::label_name => {
                    return Some(CaseField::Word {
                        field: field?,
                        value: self.name(&part),
                    });
                }
                _ => {}
            }
        }
        None
    }

    fn case_limits(&mut self, pair: Pair<'_, Rule>) -> CaseField {
        let span = self.span(&pair);
        let mut is_lower = true;
        let (mut low, mut high) = (None, None);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::limit_side => is_lower = part.as_str().starts_with("lower"),
                Rule::kw_to => is_lower = false,
                Rule::number if is_lower => low = Some(self.number(&part)),
                Rule::number => high = Some(self.number(&part)),
                _ => {}
            }
        }
        CaseField::Limits { low, high, span }
    }
}
