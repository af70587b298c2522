//! Names that look like another one: what a message proposes when a reference leads nowhere.

use super::fold_name;

/// How many names a message proposes at most.
const PROPOSED: usize = 3;

/// A text that is part of another one is near to it from this length on.
const PART_LETTERS: usize = 4;

/// Being a part of the other text ranks behind every count of typing errors.
const PART_RANK: usize = 1_000;

/// A folded text, ready to be compared with many.
#[derive(Debug, Clone)]
pub(super) struct Probe {
    folded: Box<str>,
    letters: usize,
    /// One bit a letter that occurs: texts with few errors between them share nearly all.
    mask: u64,
}

impl Probe {
    pub(super) fn new(folded: &str) -> Self {
        Self {
            folded: folded.into(),
            letters: folded.chars().count(),
            mask: folded.chars().fold(0, |mask, c| mask | letter_bit(c)),
        }
    }
}

fn letter_bit(c: char) -> u64 {
    let bit = match c {
        'a'..='z' => u32::from(c) - u32::from('a'),
        '0'..='9' => 26 + u32::from(c) - u32::from('0'),
        _ => 36 + u32::from(c) % 28,
    };
    1 << bit
}

/// The typing errors that a text of so many letters may hold and still be meant: one up to five
/// letters, then one more for every four, four at most.
fn tolerated(letters: usize) -> usize {
    (letters / 4).clamp(1, 4)
}

/// How far apart two texts are, lower is nearer; none when they don't look alike.
pub(super) fn closest(wanted: &Probe, known: &Probe) -> Option<usize> {
    if wanted.letters == 0 || known.letters == 0 {
        return None;
    }
    typing_errors(wanted, known).or_else(|| part_of(wanted, known))
}

fn typing_errors(wanted: &Probe, known: &Probe) -> Option<usize> {
    let tolerated = tolerated(wanted.letters.max(known.letters));
    let differing = (wanted.mask ^ known.mask).count_ones() as usize;
    // One error changes the length by at most one and at most two letters of the mask.
    if wanted.letters.abs_diff(known.letters) > tolerated || differing > 2 * tolerated {
        return None;
    }
    let errors = strsim::osa_distance(&wanted.folded, &known.folded);
    // As many errors as letters is no likeness.
    (errors <= tolerated && errors < wanted.letters.max(known.letters)).then_some(errors)
}

fn part_of(wanted: &Probe, known: &Probe) -> Option<usize> {
    let (short, long) = if wanted.letters <= known.letters {
        (wanted, known)
    } else {
        (known, wanted)
    };
    if short.letters < PART_LETTERS || short.mask & !long.mask != 0 {
        return None;
    }
    let part = long.folded.contains(&*short.folded);
    part.then_some(PART_RANK + long.letters - short.letters)
}

/// Names among which near ones are looked for, folded once. Ten thousand of them cost well under a
/// millisecond a question.
#[derive(Debug, Clone, Default)]
pub struct NearNames {
    /// Sorted by length, then folded form: the answer doesn't hang on the order given.
    names: Vec<Name>,
}

#[derive(Debug, Clone)]
struct Name {
    shown: Box<str>,
    probe: Probe,
    /// The folded words in alphabetical order: `Duval Camille` is `Camille Duval`.
    words: Box<str>,
}

impl Name {
    fn new(shown: &str) -> Self {
        Self {
            shown: shown.into(),
            probe: Probe::new(&fold_name(shown)),
            words: sorted_words(shown),
        }
    }
}

impl NearNames {
    /// Takes the names; those that fold alike are proposed once, as first written.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names: Vec<Name> = names.into_iter().map(Name::new).collect();
        names.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
        names.dedup_by(|a, b| a.probe.folded == b.probe.folded);
        Self { names }
    }

    /// Up to three names that look like `name`, the nearest first, as they were written.
    #[must_use]
    pub fn near(&self, name: &str) -> Vec<String> {
        let wanted = Name::new(name);
        let mut found: Vec<(usize, &Name)> = self
            .names
            .iter()
            .filter_map(|known| Some((rank(&wanted, known)?, known)))
            .collect();
        found.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.probe.folded.cmp(&y.probe.folded)));
        found.truncate(PROPOSED);
        let shown = found.into_iter().map(|(_, name)| name.shown.to_string());
        shown.collect()
    }
}

fn sort_key(name: &Name) -> (usize, &str) {
    (name.probe.letters, &name.probe.folded)
}

fn rank(wanted: &Name, known: &Name) -> Option<usize> {
    let same_letters = wanted.probe.letters == known.probe.letters
        && wanted.probe.mask == known.probe.mask
        && wanted.probe.letters > 0;
    if same_letters && wanted.words == known.words {
        return Some(0);
    }
    closest(&wanted.probe, &known.probe)
}

fn sorted_words(text: &str) -> Box<str> {
    let mut words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || c == '-' || c == ',')
        .map(fold_name)
        .collect();
    words.sort_unstable();
    words.join(" ").trim_start().into()
}

/// Up to three of `candidates` that look like `name`: see [`NearNames`], which to build once is
/// cheaper when there are several names to ask for.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    NearNames::new(candidates).near(name)
}
