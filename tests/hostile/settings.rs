//! Settings and templates spoilt at random: each is taken, or what is wrong with it is named.
//!
//! `PEER_CULTURE_SETTINGS` and `PEER_CULTURE_TEMPLATES` ask for more than the usual.

use std::fs;
use std::path::Path;

use peer_culture::config::Settings;
use peer_culture::mails::{Overrides, Templates};

use super::mutate::Random;
use super::number;

const SETTINGS: u64 = 2_000;
/// Each is tried on sample e-mails of every kind.
const TEMPLATES: u64 = if cfg!(debug_assertions) { 60 } else { 2_000 };

/// Values and pieces that have hurt readers before.
const NASTY: &[&str] = &[
    "",
    "0",
    "-1",
    "1e999",
    "nan",
    "inf",
    "99999999999999999999",
    "9223372036854775807",
    "-9223372036854775808",
    "0x7fffffffffffffff",
    "4294967296",
    "2020-13-45",
    "9999-12-31",
    "0000-01-01",
    "2020-11-01T10:00:00Z",
    "24:61",
    "true",
    "\"\"",
    "\"\u{0}\"",
    "\"\\u0000\"",
    "\"\\uD800\"",
    "\"é\u{301}\u{202e}\"",
    "\"Mars/Olympus\"",
    "\"* * * * * * *\"",
    "\"0 0 31 2 *\"",
    "\"a\\r\\nBcc: b@example.org\"",
    "\"../../etc/passwd\"",
    "[]",
    "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
    "[1, \"a\", {}]",
    "{}",
    "{ a = { b = { c = 1 } } }",
    "'''",
    "\"\"\"",
    "[[mail]]",
    "[mail.mail]",
    "a.b.c = 1",
    "\u{feff}",
    "#",
    "=",
    ".",
];

/// The same for templates.
const TAGS: &[&str] = &[
    "",
    "{{",
    "}}",
    "{{{",
    "}}}",
    "{{x}}",
    "{{{x}}}",
    "{{this}}",
    "{{../x}}",
    "{{@root}}",
    "{{@index}}",
    "{{> layout}}",
    "{{> signature}}",
    "{{> bonjour}}",
    "{{> inscription-confirmee}}",
    "{{> (lookup . \"x\")}}",
    "{{#each this}}",
    "{{/each}}",
    "{{#if x}}",
    "{{else}}",
    "{{/if}}",
    "{{#with x}}",
    "{{#x}}",
    "{{/x}}",
    "{{lookup this \"x\"}}",
    "{{log this}}",
    "{{len x}}",
    "{{eq 1}}",
    "{{!-- ",
    "--}}",
    "{{{{raw}}}}",
    "\\{{x}}",
    "{{#*inline \"signature\"}}",
    "{{/inline}}",
    "{{[a b]}}",
    "{{a.[0].b}}",
    "\u{0}",
    "\r",
    "\u{202e}",
    "[x](javascript:alert(1))",
    "```",
];

#[test]
fn settings_are_taken_or_what_is_wrong_is_named() {
    let all = include_str!("../../src/config/programme.default.toml");
    let (mut taken, mut refused) = (0, 0);
    for seed in 0..number("PEER_CULTURE_SETTINGS", SETTINGS) {
        let spoilt = spoilt(all, NASTY, &['\n', '=', ' ', ',', '"'], seed);
        let Err(problems) = Settings::parse(&spoilt) else {
            taken += 1;
            continue;
        };
        refused += 1;
        assert!(!problems.is_empty(), "seed {seed}: {spoilt}");
        let lines = spoilt.split('\n').count();
        for problem in problems {
            assert!(!problem.message.trim().is_empty(), "seed {seed}: {problem}");
            assert!(
                problem.line.is_none_or(|line| (1..=lines).contains(&line)),
                "seed {seed}: {problem}"
            );
            let said = problem.to_string();
            assert!(!said.contains(char::is_control), "seed {seed}: {said:?}");
        }
    }
    println!("settings: {taken} taken, {refused} refused");
    assert!(taken > 0 && refused > 0);
}

#[test]
fn templates_are_taken_or_what_is_wrong_is_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/fr");
    let files = fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut taken, mut refused) = (0, 0);
    for seed in 0..number("PEER_CULTURE_TEMPLATES", TEMPLATES) {
        let mut random = Random::new(seed);
        let path = &files[random.below(files.len())];
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let source = fs::read_to_string(path).unwrap();
        let source = spoilt(&source, TAGS, &['\n', '{', '}', ' '], seed);
        let overrides = Overrides::of([(name.clone(), source.clone())]);
        let templates = Templates::new(&overrides);
        let broken: Vec<String> = templates.problems().map(ToString::to_string).collect();
        let failed = templates.sample_problems();
        if broken.is_empty() && failed.is_empty() {
            taken += 1;
            continue;
        }
        refused += 1;
        assert!(
            broken.iter().all(|said| said.contains(&name)),
            "seed {seed}: {broken:?}"
        );
        for problem in failed {
            assert!(!problem.message.trim().is_empty(), "seed {seed}");
        }
    }
    println!("templates: {taken} taken, {refused} refused");
    assert!(taken > 0 && refused > 0);
}

/// The text cut into pieces at these letters, some of them lost, doubled, swapped or replaced.
fn spoilt(text: &str, nasty: &[&str], cuts: &[char], seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut pieces: Vec<&str> = text.split_inclusive(cuts).collect();
    for _ in 0..=random.below(3) {
        let at = random.below(pieces.len());
        let other = random.below(pieces.len());
        match random.below(7) {
            0 => drop(pieces.remove(at)),
            1 => pieces.swap(at, other),
            2 => {
                let piece = pieces[other];
                pieces.insert(at, piece);
            }
            3 => pieces.insert(at, nasty[random.below(nasty.len())]),
            4 => pieces.truncate(at + 1),
            // The letter that it was cut at stays.
            _ => {
                let cut = pieces[at].char_indices().last().map_or(0, |(cut, _)| cut);
                let end = &pieces[at][cut..];
                pieces[at] = nasty[random.below(nasty.len())];
                pieces.insert(at + 1, end);
            }
        }
    }
    pieces.concat()
}
