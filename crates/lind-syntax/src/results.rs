//! Results of measures as records of a fact.

use pest::iterators::Pair;

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::FactObject;

impl Source<'_> {
    /// `values of alt > 3 x ULN`
    pub(crate) fn values_of(&mut self, pair: Pair<'_, Rule>) -> Option<FactObject> {
        let span = self.span(&pair);
        let mut measure = None;
        let mut test = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => measure = Some(self.name(&part)),
                Rule::value_test => test = Some(self.test(part)?),
                _ => {}
            }
        }
        Some(FactObject::Values {
            measure: measure?,
            test,
            span,
        })
    }
}
