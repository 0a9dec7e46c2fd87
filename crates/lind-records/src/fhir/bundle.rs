//! Bundles: many resources in one text, of which one may be broken and the others not.

use std::collections::HashSet;

use serde_json::value::RawValue;

use super::elements::text;
use super::kinds::{Kind, Named};
use super::resources::{Bundle, Entry, Head};
use super::scope::type_and_id;
use super::take::{Peeked, parse, patient_name, peek};
use super::whole::{self, Resource, Whole};
use super::{At, Reader};
use crate::rules;

/// How many times the text may be gone through in search of the next whole entry.
const SEARCHES: usize = 8;

/// A part of a bundle.
enum Part<'t> {
    Entry(Entry<'t>, usize),
    /// It cannot be read; where it begins.
    Broken(&'t str, usize),
}

/// What a bundle consists of.
struct Parts<'t> {
    parts: Vec<Part<'t>>,
    /// The bundle breaks off in its last part.
    is_cut: bool,
    is_history: bool,
}

/// Counts lines along a text.
struct Lines<'t> {
    text: &'t str,
    line: u32,
    at: usize,
}

impl Lines<'_> {
    fn line_at(&mut self, offset: usize) -> u32 {
        if let Some(between) = self.text.as_bytes().get(self.at..offset) {
            let count = memchr::memchr_iter(b'\n', between).count();
            self.line = self
                .line
                .saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
            self.at = offset;
        }
        self.line
    }
}

/// Where a part of a text begins in it.
fn offset_in(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

impl Reader {
    /// A text that is one JSON text: a bundle, a resource, or a list of resources.
    pub(super) fn document_text(&mut self, document: &str, at: At<'_>) {
        // What breaks off may be followed by a line end.
        let document = document.trim_end();
        let trimmed = document.trim_start();
        if trimmed.is_empty() {
            return self.empty(at);
        }
        if trimmed.starts_with('[')
            && let Ok(list) = parse::<Vec<&RawValue>>(trimmed)
        {
            let entry = |resource| Entry {
                resource: Some(resource),
                ..Entry::default()
            };
            let parts = list
                .into_iter()
                .map(|resource| Part::Entry(entry(resource), offset_in(document, resource.get())));
            let parts = Parts {
                parts: parts.collect(),
                is_cut: false,
                is_history: false,
            };
            return self.parts(document, parts, at, None, 0);
        }
        match peek(trimmed) {
            Peeked::Kind(Named::Read(Kind::Bundle), _) => self.bundle(document, at, None, 0),
            _ if self.is_repaired && !trimmed.contains("\"entry\"") => {
                let message = "the record holds bytes that are no UTF-8".to_owned();
                self.lose(trimmed, (&rules::D0712_NOT_UTF8, message), at);
            }
            Peeked::Kind(kind, name) => match parse::<&RawValue>(trimmed) {
                Err(error) if !error.is_eof() && is_by_line(trimmed) => {
                    self.text_by_line(trimmed, at)
                }
                _ if self.stands_alone(kind, &at) => {}
                _ => self.resource(trimmed, (kind, &name), None, at, (0, true)),
            },
            Peeked::Manifest => self.left_alone("list of the files of an export", &at),
            Peeked::NoResource => self.no_resource(trimmed, at),
            // A bundle whose head is broken may still have whole entries.
            Peeked::Broken(_) if trimmed.contains("\"entry\"") => {
                self.bundle(document, at, None, 0)
            }
            Peeked::Broken(error) => self.broken(trimmed, &error, at, true),
        }
    }

    /// A file that holds nothing: an export that found nothing, or one that failed.
    pub(super) fn empty(&mut self, at: At<'_>) {
        let message = "the file is empty".to_owned();
        self.intake
            .remark_at(&rules::D0779_NO_ENTRIES, &at.origin(""), message);
    }

    /// A resource a line in a file that is not called so.
    fn text_by_line(&mut self, text: &str, mut at: At<'_>) {
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            if !line.trim().is_empty() {
                self.text(line.trim(), at, lines.peek().is_none());
            }
            at.line = at.line.saturating_add(1);
        }
    }

    /// A bundle. `line` is where it stands if it stands on one line.
    pub(super) fn bundle(&mut self, bundle: &str, at: At<'_>, line: Option<u32>, depth: u8) {
        if !self.is_repaired {
            let mut lexicon = std::mem::take(&mut self.lexicon);
            let mut room = std::mem::take(&mut self.room);
            let mut learned = None;
            if let Ok(whole) = whole::entries(bundle, &lexicon, &mut room)
                && !whole.entries.is_empty()
            {
                self.entries(bundle, &whole, at, line, depth);
                learned = Some(room.take_back(whole));
            }
            if let Some(learned) = &learned {
                lexicon.learn(bundle, learned);
            }
            (self.lexicon, self.room) = (lexicon, room);
            if learned.is_some() {
                return;
            }
        }
        let parts = match parse::<Bundle<'_>>(bundle) {
            Ok(read) => {
                let entries = read.entry.unwrap_or_default();
                let mut parts = Vec::with_capacity(entries.len());
                for entry in entries {
                    let at = entry
                        .resource
                        .map_or(0, |resource| offset_in(bundle, resource.get()));
                    parts.push(Part::Entry(entry, at));
                }
                Parts {
                    parts,
                    is_cut: false,
                    is_history: text(&read.r#type) == "history",
                }
            }
            Err(error) => salvage(bundle, error.is_eof()),
        };
        if parts.parts.is_empty() {
            let message = "the bundle has no entries".to_owned();
            self.intake
                .remark_at(&rules::D0779_NO_ENTRIES, &at.origin(""), message);
        }
        self.parts(bundle, parts, at, line, depth);
    }

    fn parts(&mut self, text: &str, parts: Parts<'_>, at: At<'_>, line: Option<u32>, depth: u8) {
        self.met_bundle = true;
        let mut lines = Lines {
            text,
            line: at.line,
            at: 0,
        };
        let mut patients = HashSet::new();
        for part in &parts.parts {
            if let Part::Entry(entry, _) = part {
                self.index(entry, &mut patients);
            }
        }
        // The bundle of one patient is his to its last entry, be that readable or not.
        let only = match patients.len() {
            1 => patients.into_iter().next(),
            _ => None,
        };
        let count = parts.parts.len();
        let mut newest = HashSet::new();
        for (index, part) in parts.parts.into_iter().enumerate() {
            let (Part::Entry(_, offset) | Part::Broken(_, offset)) = &part;
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let at = At {
                line: line.unwrap_or_else(|| lines.line_at(*offset)),
                // A bundle in a bundle: its entries are one entry of the outer.
                entry: if depth > 0 { at.entry } else { number },
                ..at
            };
            match part {
                Part::Broken(text, _) if parts.is_cut && index + 1 == count => {
                    self.cut(text, only.as_deref(), at);
                }
                Part::Broken(text, _) => {
                    let message = "this entry of the bundle is no JSON".to_owned();
                    self.lose_of(
                        text,
                        (&rules::D0770_BROKEN_RESOURCE, message),
                        only.as_deref(),
                        at,
                    );
                }
                Part::Entry(entry, _) => {
                    let newest = parts.is_history.then_some(&mut newest);
                    self.entry(&entry, newest, at, depth);
                }
            }
        }
    }

    /// The entries of a bundle that is as it should be.
    fn entries(
        &mut self,
        bundle: &str,
        whole: &Whole<'_>,
        at: At<'_>,
        line: Option<u32>,
        depth: u8,
    ) {
        self.met_bundle = true;
        for entry in &whole.entries {
            let url = entry.full_url.as_ref().map(|url| url.trimmed());
            if let Resource::Patient(_) = entry.resource {
                self.index_patient(entry.resource.id(), url);
            } else {
                self.index_other(entry.text, entry.named, entry.name, url);
            }
        }
        let mut lines = Lines {
            text: bundle,
            line: at.line,
            at: 0,
        };
        for (number, entry) in (1..).zip(&whole.entries) {
            let at = At {
                line: line.unwrap_or_else(|| lines.line_at(offset_in(bundle, entry.text))),
                entry: if depth > 0 { at.entry } else { number },
                ..at
            };
            let url = entry.full_url.as_ref().map(|url| url.trimmed());
            match (entry.named, &entry.resource) {
                (Named::LeftAlone, _) => self.left_alone(entry.name, &at),
                (named, Resource::Other) => {
                    self.resource(entry.text, (named, entry.name), url, at, (depth, false));
                }
                (_, Resource::ObservationOf(number)) => {
                    if let Some(it) = whole.observations.get(*number) {
                        self.observation(it, &at);
                    }
                }
                (Named::Read(kind), resource) => self.rows(kind, resource, url, &at),
                (Named::Unknown, _) => {}
            }
        }
    }

    fn entry(
        &mut self,
        entry: &Entry<'_>,
        newest: Option<&mut HashSet<String>>,
        at: At<'_>,
        depth: u8,
    ) {
        let url = entry.full_url.as_ref().map(|url| url.trimmed());
        let Some(resource) = entry.resource else {
            if entry.request.is_none() && entry.response.is_none() {
                let message = "the entry has no resource".to_owned();
                return self.lose("", (&rules::D0791_NO_RESOURCE, message), at);
            }
            if let (Some(newest), Some((kind, id))) = (newest, url.and_then(type_and_id)) {
                newest.insert(format!("{kind}/{id}"));
            }
            return self.left_alone("entry without a resource", &at);
        };
        let resource = resource.get();
        if self.is_repaired && resource.contains(char::REPLACEMENT_CHARACTER) {
            let message = "the record holds bytes that are no UTF-8".to_owned();
            return self.lose(resource, (&rules::D0712_NOT_UTF8, message), at);
        }
        match peek(resource) {
            Peeked::Kind(kind, name) => {
                if let Some(newest) = newest {
                    let id = parse::<Head<'_>>(resource).ok();
                    let id = id.map(|head| text(&head.id).to_owned()).unwrap_or_default();
                    if !id.is_empty() && !newest.insert(format!("{name}/{id}")) {
                        return self.left_alone(&format!("{name} in an older version"), &at);
                    }
                }
                self.resource(resource, (kind, &name), url, at, (depth, false));
            }
            Peeked::Manifest | Peeked::NoResource => self.no_resource(resource, at),
            Peeked::Broken(error) => self.broken(resource, &error, at, false),
        }
    }

    /// Remembers what the others of its bundle refer to.
    fn index(&mut self, entry: &Entry<'_>, patients: &mut HashSet<String>) {
        let Some(resource) = entry.resource.map(RawValue::get) else {
            return;
        };
        let Peeked::Kind(kind, name) = peek(resource) else {
            return;
        };
        let url = entry.full_url.as_ref().map(|url| url.trimmed());
        if kind != Named::Read(Kind::Patient) {
            return self.index_other(resource, kind, &name, url);
        }
        if let Ok(head) = parse::<Head<'_>>(resource) {
            let id = text(&head.id);
            self.index_patient(id, url);
            patients.insert(patient_name(id, url).to_owned());
        }
    }

    /// Remembers whom the name that a bundle gives to a patient means.
    fn index_patient(&mut self, id: &str, url: Option<&str>) {
        let name = patient_name(id, url);
        if let Some(url) = url
            && url.strip_prefix("urn:uuid:") != Some(name)
            && type_and_id(url).is_none_or(|(_, id)| id != name)
        {
            self.known.patients.insert(url.to_owned(), name.to_owned());
        }
    }

    /// Remembers what is no patient, if others may refer to it.
    fn index_other(&mut self, resource: &str, kind: Named, name: &str, url: Option<&str>) {
        match (kind, url) {
            (Named::Read(kind @ (Kind::Medication | Kind::Specimen)), url) => {
                // What is wrong with it is told when its turn comes.
                let _ = self.learn(resource, kind, url);
            }
            (Named::LeftAlone, Some(url)) if ["Group", "Device", "Location"].contains(&name) => {
                self.known.others.insert(url.to_owned(), name.to_owned());
            }
            _ => {}
        }
    }
}

/// Whether a text is one JSON text a line: its first line is one.
fn is_by_line(text: &str) -> bool {
    text.lines()
        .next()
        .is_some_and(|line| parse::<&RawValue>(line).is_ok())
}

/// The whole entries of a bundle that is no JSON, and what stands between them.
fn salvage(text: &str, is_cut: bool) -> Parts<'_> {
    let mut parts = Vec::new();
    let is_history = super::fish::values(text, "type").next() == Some("history");
    let mut at = entries_begin(text);
    let mut budget = text.len().saturating_mul(SEARCHES);
    // What stands before the first entry that can be told.
    if at.is_none() {
        at = next_entry(text, 0, &mut budget);
        let head = text.get(..at.unwrap_or(text.len())).unwrap_or_default();
        if at.is_none() || head.contains("\"resource\"") {
            parts.push(Part::Broken(head, 0));
        }
    }
    let Some(mut at) = at else {
        return Parts {
            parts,
            is_cut,
            is_history,
        };
    };
    let mut ended = false;
    while let Some(rest) = text.get(at..) {
        let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n', ',']);
        let start = at + rest.len() - trimmed.len();
        if trimmed.is_empty() {
            break;
        }
        if trimmed.starts_with(']') && !trimmed.contains("\"resourceType\"") {
            ended = true;
            if parse::<serde::de::IgnoredAny>(&closing(trimmed)).is_err() {
                parts.push(Part::Broken(trimmed, start));
            }
            break;
        }
        if let Some((entry, length)) = whole_entry(trimmed) {
            budget = budget.saturating_sub(length);
            parts.push(Part::Entry(entry, start));
            at = start + length;
            continue;
        }
        let next = next_entry(text, start + 1, &mut budget);
        let piece = text
            .get(start..next.unwrap_or(text.len()))
            .unwrap_or_default();
        parts.push(Part::Broken(piece, start));
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    let is_cut = is_cut && !ended;
    if is_cut && !matches!(parts.last(), Some(Part::Broken(..))) {
        // It breaks off between two entries.
        parts.push(Part::Broken("", text.len()));
    }
    Parts {
        parts,
        is_cut,
        is_history,
    }
}

/// What stands behind the entries, as JSON of its own.
fn closing(rest: &str) -> String {
    format!("{{\"entry\":[{rest}")
}

/// Behind `"entry": [`.
fn entries_begin(text: &str) -> Option<usize> {
    let key = text.find("\"entry\"")?;
    let rest = text.get(key + "\"entry\"".len()..)?;
    let rest = rest
        .trim_start()
        .strip_prefix(':')?
        .trim_start()
        .strip_prefix('[')?;
    Some(text.len() - rest.len())
}

/// The entry at the beginning of a text, and how long it is.
fn whole_entry(text: &str) -> Option<(Entry<'_>, usize)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let raw = values.next()?.ok()?.get();
    let length = values.byte_offset();
    let behind = text.get(length..)?.trim_start();
    if !behind.is_empty() && !behind.starts_with([',', ']']) {
        return None;
    }
    let entry = parse::<Entry<'_>>(raw).ok()?;
    (entry.resource.is_some() || entry.request.is_some() || entry.response.is_some())
        .then_some((entry, length))
}

/// Where the next whole entry begins.
fn next_entry(text: &str, from: usize, budget: &mut usize) -> Option<usize> {
    let mut from = from;
    while *budget > 0 {
        let at = from + memchr::memchr(b'{', text.as_bytes().get(from..)?)?;
        from = at + 1;
        let behind = text.get(from..)?.trim_start();
        if behind.starts_with("\"fullUrl\"") || behind.starts_with("\"resource\"") {
            if let Some((entry, _)) = whole_entry(text.get(at..)?)
                && entry
                    .resource
                    .is_some_and(|resource| resource.get().contains("\"resourceType\""))
            {
                return Some(at);
            }
            *budget = budget.saturating_sub(text.len() - at);
        }
    }
    None
}
