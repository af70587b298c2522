//! A ledger as it stands in its files, read without SQLite: while a run is under way, or after one
//! that was cut off, the last commits lie in the write-ahead log beside the database, and SQLite
//! could not read them without making files.
//!
//! The layout is that of <https://sqlite.org/fileformat2.html>, section 4.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The log beside a database.
pub fn log_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// The database with every commit in its log, as one that needs no log; none where a run kept
/// changing it while we looked.
///
/// The database is read before the log. Whatever a run copies from the log into the database
/// meanwhile stands in the log too, and is laid over it; unless the log was begun anew, and then
/// its header has changed.
///
/// # Errors
/// A file cannot be read.
pub fn read(database: &Path) -> io::Result<Option<Vec<u8>>> {
    let path = log_of(database);
    for _ in 0..10 {
        let before = header_of(&path)?;
        let mut image = fs::read(database)?;
        let log = read_if_there(&path)?;
        if before != header_of(&path)? || !log.starts_with(&before) {
            continue;
        }
        lay_over(&mut image, &log);
        for version in image.iter_mut().skip(18).take(2) {
            *version = 1;
        }
        return Ok(Some(image));
    }
    Ok(None)
}

fn header_of(log: &Path) -> io::Result<Vec<u8>> {
    let mut header = Vec::new();
    match File::open(log) {
        Ok(file) => {
            file.take(HEADER as u64).read_to_end(&mut header)?;
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(header)
}

fn read_if_there(path: &Path) -> io::Result<Vec<u8>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        other => other,
    }
}

/// Lays the pages of each whole commit over the image, and gives it the size of the last one.
fn lay_over(image: &mut Vec<u8>, log: &[u8]) {
    let Some(frames) = Frames::of(log) else {
        return;
    };
    let page_size = frames.page_size;
    let mut uncommitted = Vec::new();
    for frame in frames {
        uncommitted.push((frame.page, frame.content));
        if frame.pages_after == 0 {
            continue;
        }
        for (page, content) in uncommitted.drain(..) {
            let start = (page as usize).saturating_sub(1).saturating_mul(page_size);
            let end = start.saturating_add(page_size);
            if image.len() < end {
                image.resize(end, 0);
            }
            if let Some(place) = image.get_mut(start..end) {
                place.copy_from_slice(content);
            }
        }
        image.truncate((frame.pages_after as usize).saturating_mul(page_size));
    }
}

/// One page in the log.
struct Frame<'a> {
    page: u32,
    /// How many pages the database has after this commit; 0 where the commit goes on.
    pages_after: u32,
    content: &'a [u8],
}

/// The frames of a log, up to the first that isn't whole or is of an earlier log.
struct Frames<'a> {
    rest: &'a [u8],
    page_size: usize,
    salt: &'a [u8],
    big_endian: bool,
    sum: (u32, u32),
}

impl<'a> Frames<'a> {
    /// None where the header isn't whole: the log holds no commit.
    fn of(log: &'a [u8]) -> Option<Self> {
        let (header, rest) = log.split_at_checked(HEADER)?;
        let big_endian = match number(header, 0)? {
            0x377f_0682 => false,
            0x377f_0683 => true,
            _ => return None,
        };
        let sum = checksum((0, 0), header.get(..24)?, big_endian);
        if sum != (number(header, 24)?, number(header, 28)?) {
            return None;
        }
        let page_size = number(header, 8)?;
        if !(512..=65_536).contains(&page_size) || !page_size.is_power_of_two() {
            return None;
        }
        Some(Self {
            rest,
            page_size: page_size as usize,
            salt: header.get(16..24)?,
            big_endian,
            sum,
        })
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Frame<'a>;

    fn next(&mut self) -> Option<Frame<'a>> {
        let (header, rest) = self.rest.split_at_checked(FRAME_HEADER)?;
        let (content, rest) = rest.split_at_checked(self.page_size)?;
        if header.get(8..16)? != self.salt {
            return None;
        }
        let sum = checksum(self.sum, header.get(..8)?, self.big_endian);
        self.sum = checksum(sum, content, self.big_endian);
        if self.sum != (number(header, 16)?, number(header, 20)?) {
            return None;
        }
        self.rest = rest;
        Some(Frame {
            page: number(header, 0)?,
            pages_after: number(header, 4)?,
            content,
        })
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn checksum(sum: (u32, u32), bytes: &[u8], big_endian: bool) -> (u32, u32) {
    let word = |bytes: [u8; 4]| {
        if big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        }
    };
    let (words, _) = bytes.as_chunks::<4>();
    let (pairs, _) = words.as_chunks::<2>();
    pairs.iter().fold(sum, |(first, second), [one, other]| {
        let first = first.wrapping_add(word(*one)).wrapping_add(second);
        let second = second.wrapping_add(word(*other)).wrapping_add(first);
        (first, second)
    })
}
