//! Reading a short text from left to right, without allocating.

use crate::model::fold::push_folded;

/// What of a text is still to be read.
#[derive(Clone, Copy)]
pub(super) struct Scan<'a> {
    rest: &'a str,
}

/// A run of digits: its value, and how many digits it has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Digits {
    pub(super) value: u32,
    pub(super) count: usize,
}

/// The longest run of digits that has a meaning here.
const DIGITS_MAX: usize = 9;

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Skips blanks of any kind; says whether there were some.
    pub(super) fn blanks(&mut self) -> bool {
        let before = self.rest.len();
        self.rest = self.rest.trim_start();
        self.rest.len() < before
    }

    /// Skips `c` if it comes next; says whether it did.
    pub(super) fn eat(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// The digits that come next, all of them.
    pub(super) fn digits(&mut self) -> Option<Digits> {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at_checked(end)?;
        if run.is_empty() || run.len() > DIGITS_MAX {
            return None;
        }
        self.rest = rest;
        let value = run.bytes().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
        Some(Digits {
            value,
            count: run.len(),
        })
    }

    /// Exactly two digits below `limit`.
    pub(super) fn two_digits(&mut self, limit: u32) -> Option<u32> {
        let digits = self.digits()?;
        (digits.count == 2 && digits.value < limit).then_some(digits.value)
    }

    /// The word that comes next, without case and accents, in `buffer`. An empty one when a letter
    /// doesn't come next.
    pub(super) fn word<'b>(&mut self, buffer: &'b mut String) -> &'b str {
        buffer.clear();
        let is_part =
            |c: char| c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c);
        let end = self
            .rest
            .find(|c: char| !is_part(c))
            .unwrap_or(self.rest.len());
        if let Some((word, rest)) = self.rest.split_at_checked(end) {
            self.rest = rest;
            for c in word.chars().filter(|c| c.is_alphabetic()) {
                push_folded(c, buffer);
            }
        }
        buffer
    }
}
