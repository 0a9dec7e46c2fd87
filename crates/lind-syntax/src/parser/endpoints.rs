//! The lines below `endpoint` and `statistics`.

use super::{Block, Parser};
use crate::layout::Line;
use crate::place::Place;
use crate::tree::{EndpointLine, Item, StatisticsLine};

impl<'l> Parser<'l, '_> {
    /// Reads the lines below an endpoint, or below the statistics.
    pub(super) fn below_endpoint(&mut self, line: &'l Line, item: &mut Item) {
        let mut block = Block::below(line);
        if line.children.is_empty() {
            self.empty(line, "nothing stands below this line");
        }
        for child in &line.children {
            let span = child.span(self.file);
            match item {
                Item::Endpoint(endpoint) => {
                    let parsed = self.line(child, Place::Endpoint, &mut block, |source, pair| {
                        source.endpoint_line(pair)
                    });
                    endpoint
                        .lines
                        .push(parsed.unwrap_or(EndpointLine::Broken(span)));
                    self.nothing_below_if_read(child, Place::Endpoint);
                }
                Item::Statistics(statistics) => {
                    let parsed = self.line(child, Place::Statistics, &mut block, |source, pair| {
                        source.statistics_line(pair)
                    });
                    statistics
                        .lines
                        .push(parsed.unwrap_or(StatisticsLine::Broken(span)));
                    self.nothing_below_if_read(child, Place::Statistics);
                }
                _ => {}
            }
        }
    }
}
