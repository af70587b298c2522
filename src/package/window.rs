//! A stretch of a stream that is held in memory while it moves on.

use std::io::{self, Read};

const CHUNK: usize = 256 << 10;
/// No cell and no tag is longer; a cell of 32,767 escaped characters takes a fifth.
const MAX_HELD: usize = 16 << 20;

/// Bytes from [`Window::offset`] on; [`Window::more`] lengthens the view, [`Window::advance`] shortens it.
pub(super) struct Window<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    offset: u64,
}

impl<R: Read> Window<R> {
    pub fn new(source: R) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            offset: 0,
        }
    }

    pub fn view(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Where the view starts in the stream.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    pub fn advance(&mut self, bytes: usize) {
        let bytes = bytes.min(self.end - self.start);
        self.start += bytes;
        self.offset += bytes as u64;
    }

    /// Reads on, at least as much again as is in view: what grows towards one long tag is scanned
    /// from its start each time, and so no more than twice in all. False at the stream's end.
    pub fn more(&mut self) -> io::Result<bool> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() - self.end < CHUNK {
            if self.end > MAX_HELD {
                return Err(io::Error::other("a cell or a tag of more than 16 MiB"));
            }
            let wanted = (self.end * 2).max(self.end + CHUNK);
            self.buffer.resize(wanted, 0);
        }
        let before = self.end;
        let enough = (before * 2).max(before + 1);
        while self.end < enough {
            let room = self.buffer.get_mut(self.end..).unwrap_or_default();
            match self.source.read(room) {
                Ok(0) => break,
                Ok(read) => self.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.end > before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let (Some((first, rest)), Some(slot)) = (self.0.split_first(), into.first_mut()) else {
                return Ok(0);
            };
            *slot = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn moves_on_without_losing_bytes() {
        let mut window = Window::new(Drip(b"abcdef"));
        while window.view().len() < 3 {
            assert!(window.more().unwrap());
        }
        window.advance(2);
        assert!(window.view().starts_with(b"c"));
        assert_eq!(window.offset(), 2);
        while window.more().unwrap() {}
        assert_eq!(window.view(), b"cdef");
    }
}
