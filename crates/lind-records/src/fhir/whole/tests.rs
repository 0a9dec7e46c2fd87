//! What is read quickly is what `serde_json` reads: on every bundle of the cases, whole and damaged.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and read their cases from the disk"
)]

use std::fs;
use std::path::Path;

use serde::de::IgnoredAny;

use super::super::kinds::{Kind, Named};
use super::super::lexicon::Lexicon;
use super::super::quick::Quick;
use super::super::resources::{Bundle, Observation};
use super::super::systems::write_codes;
use super::super::take::{Peeked, parse, peek};
use super::{Resource, Room, Whole, entries};

/// The lines and files of FHIR of all cases.
fn texts() -> Vec<String> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut texts = Vec::new();
    for folder in fs::read_dir(cases).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let ending = path.extension().and_then(|ending| ending.to_str());
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            match ending {
                Some("json") => texts.push(text),
                Some("ndjson" | "jsonl") => texts.extend(text.lines().map(str::to_owned)),
                _ => {}
            }
        }
    }
    texts.sort();
    texts
}

/// Whether what was read quickly is what `serde_json` reads. Of kinds that take more than one look it is only
/// known that they are JSON.
fn is_read_slowly(kind: Kind, text: &str, read: &Resource<'_>) {
    if let Resource::Other = read {
        assert!(parse::<IgnoredAny>(text).is_ok(), "{text}");
        return;
    }
    let slow = Resource::read_slowly(kind, text);
    let slow = slow.unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(format!("{read:?}"), format!("{slow:?}"), "{text}");
}

/// The codes of a result, as a cell says them.
fn codes(observation: &Observation<'_>) -> String {
    let mut codes = String::new();
    let concepts = [&observation.code, &observation.value_codeable_concept];
    for concept in concepts.into_iter().flatten() {
        let mut cell = String::new();
        write_codes(&mut cell, concept);
        codes.push_str(&cell);
        codes.push(';');
    }
    codes
}

/// Whether a text was read quickly; then it must be what `serde_json` reads.
fn compare(text: &str, lexicon: &mut Lexicon) -> bool {
    let was_read = compare_knowing(text, lexicon);
    if let Ok(whole) = entries(text, &Lexicon::default(), &mut Room::default()) {
        lexicon.learn(text, &whole.learned);
    }
    was_read
}

fn compare_knowing(text: &str, lexicon: &Lexicon) -> bool {
    let bundle = entries(text, lexicon, &mut Room::default());
    if let Ok(Whole {
        entries,
        observations,
        ..
    }) = &bundle
    {
        let read = parse::<Bundle<'_>>(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let slow = read.entry.unwrap_or_default();
        assert_eq!(entries.len(), slow.len(), "{text}");
        for (entry, slow) in entries.iter().zip(slow) {
            assert_eq!(entry.text, slow.resource.unwrap().get(), "{text}");
            assert_eq!(
                entry.full_url.as_ref().map(|url| url.trimmed().to_owned()),
                slow.full_url.map(|url| url.trimmed().to_owned()),
                "{text}"
            );
            let Peeked::Kind(named, name) = peek(entry.text) else {
                panic!("no kind: {text}");
            };
            assert_eq!((entry.named, entry.name), (named, name.as_str()), "{text}");
            match named {
                Named::Read(kind) => match &entry.resource {
                    Resource::ObservationOf(at) => {
                        let read = &observations[*at];
                        let slow: Observation<'_> =
                            parse(entry.text).unwrap_or_else(|error| panic!("{error}: {text}"));
                        assert_eq!(format!("{read:?}"), format!("{slow:?}"), "{text}");
                        assert_eq!(codes(read), codes(&slow), "{text}");
                    }
                    read => is_read_slowly(kind, entry.text, read),
                },
                _ => assert!(parse::<IgnoredAny>(entry.text).is_ok(), "{text}"),
            }
        }
    }
    let mut was_read = bundle.is_ok();
    if let Peeked::Kind(Named::Read(kind), _) = peek(text) {
        let mut quick = Quick::knowing(text, lexicon);
        if quick.enter(b'{').is_ok()
            && let Ok(read) = Resource::rest(kind, &mut quick, true)
            && quick.end().is_ok()
        {
            is_read_slowly(kind, text, &read);
            was_read = true;
        }
    }
    was_read
}

#[test]
fn the_texts_of_the_cases_are_read_quickly_as_they_are_read_slowly() {
    let texts = texts();
    let mut lexicon = Lexicon::default();
    let mut read = |text: &&String| compare(text, &mut lexicon);
    // The second time what recurs is known.
    let again = texts.iter().filter(&mut read).count();
    let count = texts.iter().filter(&mut read).count();
    assert_eq!(count, again);
    println!("{count} of {}", texts.len());
    // Few of them are unusual: broken ones, and those with escapes.
    assert!(count * 10 > texts.len() * 7, "{count} of {}", texts.len());
}

#[test]
fn a_hundred_thousand_damaged_texts_are_read_quickly_as_they_are_read_slowly_or_not_at_all() {
    const BYTES: &[u8] = b"{}[]\",:\\0123456789.eE+-tfn ua\n\t\x01\x7f";
    let texts = texts();
    let mut seed = 0x2026_1122_u64;
    let mut below = |limit: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap() % limit.max(1)
    };
    let mut count = 0;
    let mut lexicon = Lexicon::default();
    for _ in 0..100_000 {
        let mut bytes = texts[below(texts.len())].clone().into_bytes();
        for _ in 0..=below(3) {
            let at = below(bytes.len());
            match below(5) {
                0 => drop(bytes.splice(at..(at + 1).min(bytes.len()), [])),
                1 => bytes.insert(at, BYTES[below(BYTES.len())]),
                2 if !bytes.is_empty() => bytes[at] = BYTES[below(BYTES.len())],
                3 => bytes.truncate(at),
                _ => {
                    // A part of it twice, as elements that stand twice are.
                    let end = (at + below(60)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    bytes.splice(end..end, part);
                }
            }
        }
        if let Ok(text) = String::from_utf8(bytes) {
            count += usize::from(compare(&text, &mut lexicon));
        }
    }
    println!("{count} of 100000 were read quickly");
    assert!(count > 10_000, "{count}");
}

#[test]
fn what_one_bundle_had_room_in_the_next_one_has() {
    let mut room = Room::default();
    let bundle = |count: usize| {
        let entry = r#"{"resource":{"resourceType":"Observation","id":"o","status":"final"}}"#;
        let entries = vec![entry; count].join(",");
        format!(r#"{{"resourceType":"Bundle","entry":[{entries}]}}"#)
    };
    let mut counts = Vec::new();
    for count in [3, 0, 40, 1] {
        let text = bundle(count);
        let whole = entries(&text, &super::super::lexicon::NOTHING, &mut room).unwrap();
        counts.push((whole.entries.len(), whole.observations.len()));
        room.take_back(whole);
    }
    assert_eq!(counts, [(3, 3), (0, 0), (40, 40), (1, 1)]);
    assert!(room.observations.is_empty() && room.observations.capacity() >= 40);
    assert!(room.entries.is_empty() && room.entries.capacity() >= 40);
}
