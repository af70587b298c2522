//! The folded forms under which names are compared (programme.md §2).
//!
//! Two families: *words* (names of sheets and columns, choices), whose feminine and plural endings
//! don't count, and *names* (structures, people, references), which keep their last letters.

mod letters;
mod near;
mod table;
#[cfg(test)]
mod tests;

pub use near::{NearNames, nearest};
pub use table::WordTable;

use letters::{Kind, kind};
pub(crate) use letters::{is_invisible, push_folded};

/// A word or a few (a header, a choice) in the forms under which it is compared.
///
/// Without case, accents, spaces and punctuation, each word without its inclusive-writing ending
/// and without its final `e`s and `s`s. As people also write `apresmidi` for `après-midi`, the text
/// is kept twice: cut into words, and as if it were one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    split: String,
    joined: String,
}

impl Folded {
    /// Folds `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            split: fold_split(text),
            joined: fold_joined(text),
        }
    }

    /// Whether both texts are one and the same word: in one of the two forms. Texts of nothing but
    /// blanks match nothing.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        !self.is_empty() && (self.split == other.split || self.joined == other.joined)
    }

    /// Whether nothing was left to compare.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.split.is_empty()
    }

    /// The form in which every word lost its ending.
    #[must_use]
    pub fn split(&self) -> &str {
        &self.split
    }

    /// The form in which the whole text is one word.
    #[must_use]
    pub fn joined(&self) -> &str {
        &self.joined
    }
}

/// Folds a sheet's name, a column's header or a choice.
#[must_use]
pub fn fold_word(text: &str) -> Folded {
    Folded::new(text)
}

/// Folds the name of a structure or a person, or a reference: like a word, but the final letters
/// stay (`Duboi` is not `Dubois`).
///
/// A text without any letter or digit (a structure may call itself `!!!`) folds to its signs, so
/// that two such names are not the same one; only blanks fold to nothing.
#[must_use]
pub fn fold_name(text: &str) -> String {
    if let Some(plain) = fold_plain_ascii(text) {
        return plain;
    }
    signs_if_empty(fold_with(text, Endings::Keep), text)
}

/// The form cut into words, each without its ending.
fn fold_split(text: &str) -> String {
    signs_if_empty(fold_with(text, Endings::DropOfWords), text)
}

/// The form as if the whole text were one word.
fn fold_joined(text: &str) -> String {
    let mut folded = fold_with(text, Endings::Keep);
    drop_ending(&mut folded, 0);
    signs_if_empty(folded, text)
}

fn signs_if_empty(folded: String, text: &str) -> String {
    if !folded.is_empty() {
        return folded;
    }
    text.chars()
        .filter(|c| kind(*c) == Kind::Other && !c.is_whitespace() && !c.is_control())
        .collect()
}

/// The common case of [`fold_name`], a few nanoseconds: ASCII only, and no inclusive ending.
fn fold_plain_ascii(text: &str) -> Option<String> {
    let mut folded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            folded.push(char::from(byte.to_ascii_lowercase()));
        } else if !byte.is_ascii() || byte == b'(' {
            return None;
        }
    }
    // Nothing left: the general way says what becomes of signs.
    (!folded.is_empty()).then_some(folded)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Endings {
    Keep,
    DropOfWords,
}

/// Where the reader is with regard to an inclusive-writing ending.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inclusive {
    Outside,
    /// After a dot: letters, digits, dots and parentheses belong to it.
    Dotted,
    /// After an open parenthesis: everything up to its close or to a blank belongs to it, the
    /// hyphen of `directeur(-trice)` too.
    Open,
}

fn fold_with(text: &str, endings: Endings) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut word_start = 0;
    let mut inclusive = Inclusive::Outside;
    let mut after_letter = false;
    for c in text.chars() {
        let kind = kind(c);
        if kind == Kind::Mark || goes_on(&mut inclusive, kind, c) {
            continue;
        }
        match kind {
            Kind::Letter | Kind::Digit => {
                push_folded(c, &mut folded);
                after_letter = kind == Kind::Letter;
                continue;
            }
            Kind::Dot | Kind::Open if after_letter => {
                inclusive = opened_by(kind);
                continue;
            }
            _ => {}
        }
        // The word ends here.
        if endings == Endings::DropOfWords {
            drop_ending(&mut folded, word_start);
        }
        word_start = folded.len();
        inclusive = Inclusive::Outside;
        after_letter = false;
    }
    if endings == Endings::DropOfWords {
        drop_ending(&mut folded, word_start);
    }
    folded
}

fn opened_by(kind: Kind) -> Inclusive {
    if kind == Kind::Open {
        Inclusive::Open
    } else {
        Inclusive::Dotted
    }
}

/// Whether `c` still belongs to the inclusive ending that the reader is in.
fn goes_on(inclusive: &mut Inclusive, kind: Kind, c: char) -> bool {
    match (*inclusive, kind) {
        (Inclusive::Outside, _) | (Inclusive::Dotted, Kind::Other) => false,
        (_, Kind::Open) => {
            *inclusive = Inclusive::Open;
            true
        }
        (_, Kind::Close) => {
            *inclusive = Inclusive::Dotted;
            true
        }
        (_, Kind::Letter | Kind::Digit | Kind::Dot | Kind::Mark) => true,
        (Inclusive::Open, Kind::Other) => !c.is_whitespace() && !c.is_control(),
    }
}

/// Removes the final `e`s and `s`s of the word that begins at `start`; its first letter stays.
fn drop_ending(folded: &mut String, start: usize) {
    let Some(word) = folded.get(start..) else {
        return;
    };
    let Some(first) = word.chars().next() else {
        return;
    };
    let kept = word.trim_end_matches(['e', 's']).len();
    folded.truncate(start + kept.max(first.len_utf8()));
}
