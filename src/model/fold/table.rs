//! The words that a place knows: headers of a sheet, choices of a column.

use rustc_hash::FxHashMap;

use super::near::{Probe, closest};
use super::{fold_joined, fold_split};

/// Known words, each with what it stands for; looked up by their folded forms.
#[derive(Debug, Clone)]
pub struct WordTable<T> {
    words: Vec<(Box<str>, T)>,
    split: FxHashMap<String, usize>,
    joined: FxHashMap<String, usize>,
    probes: Vec<[Probe; 2]>,
}

impl<T: Copy> WordTable<T> {
    /// Builds the table. Of two words that fold alike the first one counts.
    pub fn new<'a>(entries: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        let mut table = Self {
            words: Vec::new(),
            split: FxHashMap::default(),
            joined: FxHashMap::default(),
            probes: Vec::new(),
        };
        for (word, meaning) in entries {
            table.insert(word, meaning);
        }
        table
    }

    fn insert(&mut self, word: &str, meaning: T) {
        let index = self.words.len();
        let (split, joined) = (fold_split(word), fold_joined(word));
        if split.is_empty() {
            return;
        }
        self.probes.push([Probe::new(&split), Probe::new(&joined)]);
        self.words.push((word.into(), meaning));
        self.split.entry(split).or_insert(index);
        self.joined.entry(joined).or_insert(index);
    }

    /// What `text` stands for, if it is one of the words.
    #[must_use]
    pub fn get(&self, text: &str) -> Option<T> {
        let index = match self.split.get(&fold_split(text)) {
            Some(index) => index,
            // Most texts are known under the first form: the second is only then worth its cost.
            None => self.joined.get(&fold_joined(text))?,
        };
        self.words.get(*index).map(|(_, meaning)| *meaning)
    }

    /// The known word that `text` most looks like, as it was given, if any does. Of equals the
    /// first one.
    #[must_use]
    pub fn nearest(&self, text: &str) -> Option<&str> {
        let wanted = [
            Probe::new(&fold_split(text)),
            Probe::new(&fold_joined(text)),
        ];
        let (_, index) = self
            .probes
            .iter()
            .enumerate()
            .filter_map(|(index, known)| Some((distance(&wanted, known)?, index)))
            .min()?;
        self.words.get(index).map(|(word, _)| &**word)
    }

    /// The words as they were given, in that order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|(word, _)| &**word)
    }
}

/// The lesser distance of the two forms.
fn distance(wanted: &[Probe; 2], known: &[Probe; 2]) -> Option<usize> {
    let forms = wanted.iter().zip(known);
    forms.filter_map(|(a, b)| closest(a, b)).min()
}
