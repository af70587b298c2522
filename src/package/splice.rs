//! A list of replacements over a stream of bytes: what is not named goes through as it is.

use std::io::{self, BufRead, Write};
use std::ops::Range;

/// One replacement; its text lies in the shared store up to `text_end`.
#[derive(Debug, Clone)]
struct Splice {
    at: u64,
    remove: u64,
    text: Range<usize>,
}

/// Replacements in ascending order.
#[derive(Debug, Default)]
pub(super) struct Splices {
    list: Vec<Splice>,
    text: Vec<u8>,
}

impl Splices {
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Takes the last replacement back.
    pub fn drop_last(&mut self) {
        if let Some(last) = self.list.pop() {
            self.text.truncate(last.text.start);
        }
    }

    /// Replaces a range; several at one place stay in the order given.
    pub fn replace(&mut self, range: Range<u64>, text: &[u8]) {
        self.write(range, |out| out.extend_from_slice(text));
    }

    /// Replaces a range with what `fill` appends. Nothing is noted when that is nothing for nothing.
    pub fn write(&mut self, range: Range<u64>, fill: impl FnOnce(&mut Vec<u8>)) {
        let start = self.text.len();
        fill(&mut self.text);
        let remove = range.end.saturating_sub(range.start);
        if remove == 0 && self.text.len() == start {
            return;
        }
        // What several columns insert at one place is one splice.
        if remove == 0
            && let Some(last) = self.list.last_mut()
            && last.at == range.start
            && last.remove == 0
            && last.text.end == start
        {
            last.text.end = self.text.len();
            return;
        }
        self.list.push(Splice {
            at: range.start,
            remove,
            text: start..self.text.len(),
        });
    }

    /// Takes the last replacement back when it would leave `old` as it is.
    pub fn drop_if_same(&mut self, old: &[u8]) {
        let same = self.list.last().is_some_and(|last| {
            self.text.get(last.text.clone()) == Some(old) && last.remove == old.len() as u64
        });
        if same {
            self.drop_last();
        }
    }

    /// Sorts by place, as small parts are planned in any order.
    pub fn sort(&mut self) {
        self.list.sort_by_key(|splice| splice.at);
    }

    /// Copies `from` to `into` with the replacements made.
    pub fn apply(&self, from: &mut impl BufRead, into: &mut impl Write) -> io::Result<()> {
        let mut at = 0;
        for splice in &self.list {
            let keep = splice.at.checked_sub(at);
            let keep = keep.ok_or_else(|| io::Error::other("replacements overlap"))?;
            copy(from, into, keep)?;
            copy(from, &mut io::sink(), splice.remove)?;
            into.write_all(self.text.get(splice.text.clone()).unwrap_or_default())?;
            at = splice.at + splice.remove;
        }
        io::copy(from, into)?;
        Ok(())
    }

    /// The same for bytes at hand.
    pub fn applied(&self, data: &[u8]) -> io::Result<Vec<u8>> {
        let mut out = Vec::with_capacity(data.len() + self.text.len());
        self.apply(&mut &*data, &mut out)?;
        Ok(out)
    }
}

/// Straight from the reader's buffer: there are several pieces a row.
fn copy(from: &mut impl BufRead, into: &mut impl Write, mut length: u64) -> io::Result<()> {
    while length > 0 {
        let ready = from.fill_buf()?;
        let piece = ready
            .len()
            .min(usize::try_from(length).unwrap_or(usize::MAX));
        let Some(bytes) = ready.get(..piece).filter(|bytes| !bytes.is_empty()) else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        into.write_all(bytes)?;
        from.consume(piece);
        length -= piece as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_inserts_and_keeps_the_rest() {
        let mut splices = Splices::default();
        splices.replace(0..1, b"A");
        splices.replace(2..2, b"-");
        splices.replace(2..2, b"+");
        splices.replace(4..6, b"");
        assert_eq!(splices.applied(b"abcdefg").unwrap(), b"Ab-+cdg");
    }

    #[test]
    fn the_same_again_is_no_change() {
        let mut splices = Splices::default();
        splices.replace(1..3, b"bc");
        splices.drop_if_same(b"bc");
        splices.replace(3..3, b"");
        assert!(splices.is_empty());
    }

    #[test]
    fn a_source_that_is_too_short_is_an_error() {
        let mut splices = Splices::default();
        splices.replace(9..10, b"x");
        assert!(splices.applied(b"abc").is_err());
    }
}
