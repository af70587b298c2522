//! Zips written byte by byte, so that they can lie.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// One entry; what is `Some` is written instead of the truth.
#[derive(Clone)]
pub struct Entry {
    /// Its name, as bytes.
    pub name: Vec<u8>,
    /// Its name in its own header.
    pub local_name: Option<Vec<u8>>,
    /// 8: deflated; 0: stored.
    pub method: u16,
    /// General purpose bits.
    pub flags: u16,
    /// Bytes in the archive.
    pub packed: Vec<u8>,
    /// Checksum of the content.
    pub crc: u32,
    /// Length of the content.
    pub size: u32,
    /// Where its local header stands; by default where it is written.
    pub offset: Option<u32>,
    /// Listed in the directory, but not written itself.
    pub listed_only: bool,
}

impl Entry {
    /// An entry that tells the truth.
    pub fn new(name: &str, data: &[u8]) -> Self {
        Self::deflated(name, data, Compression::fast())
    }

    /// The same, as small as can be.
    pub fn tight(name: &str, data: &[u8]) -> Self {
        Self::deflated(name, data, Compression::best())
    }

    fn deflated(name: &str, data: &[u8], level: Compression) -> Self {
        let mut packed = DeflateEncoder::new(Vec::new(), level);
        packed.write_all(data).unwrap();
        Self {
            packed: packed.finish().unwrap(),
            ..Self::stored_as(name, data, 8)
        }
    }

    /// The same without compression, which is quick.
    pub fn stored(name: &str, data: &[u8]) -> Self {
        Self {
            packed: data.to_vec(),
            ..Self::stored_as(name, data, 0)
        }
    }

    fn stored_as(name: &str, data: &[u8], method: u16) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            local_name: None,
            method,
            flags: 0,
            packed: Vec::new(),
            crc: checksum(data),
            size: u32::try_from(data.len()).unwrap(),
            offset: None,
            listed_only: false,
        }
    }

    /// So many bytes that are all the same, in a thousandth of their size.
    pub fn run(name: &str, byte: u8, count: u32) -> Self {
        Self {
            packed: deflated_run(byte, count),
            size: count,
            crc: checksum_of_run(byte, count),
            ..Self::stored_as(name, &[], 8)
        }
    }
}

/// The checksum that a zip keeps.
pub fn checksum(data: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(data);
    crc.sum()
}

fn checksum_of_run(byte: u8, count: u32) -> u32 {
    let block = vec![byte; 1 << 16];
    let mut crc = Crc::new();
    let mut left = count as usize;
    while left > 0 {
        let length = left.min(block.len());
        crc.update(&block[..length]);
        left -= length;
    }
    crc.sum()
}

/// A deflate stream (RFC 1951) that repeats one byte: each 13 bits stand for 258 of them.
fn deflated_run(byte: u8, count: u32) -> Vec<u8> {
    let mut bits = Bits::default();
    // The last block, with fixed codes.
    bits.push(1, 1);
    bits.push(1, 2);
    let mut left = count;
    while left > 0 && (left == count || left < 258) {
        bits.literal(byte);
        left -= 1;
    }
    while left >= 258 {
        // Length 258: code 285, 11000101. Distance 1: code 0.
        bits.push(0b1010_0011, 8);
        bits.push(0, 5);
        left -= 258;
    }
    for _ in 0..left {
        bits.literal(byte);
    }
    // The end: code 256.
    bits.push(0, 7);
    bits.finish()
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    /// The lowest bit first.
    fn push(&mut self, bits: u32, count: u32) {
        self.held |= bits << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.held.to_le_bytes()[0]);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    fn literal(&mut self, byte: u8) {
        assert!(byte < 144, "a code of eight bits");
        let code = u32::from(byte) + 0x30;
        // Codes go with their highest bit first.
        self.push(code.reverse_bits() >> 24, 8);
    }

    fn finish(mut self) -> Vec<u8> {
        self.push(0, 7);
        self.bytes
    }
}

/// An archive of entries.
pub fn zip(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let at = entry.offset.unwrap_or(u32::try_from(out.len()).unwrap());
        if !entry.listed_only {
            let name = entry.local_name.as_ref().unwrap_or(&entry.name);
            out.extend_from_slice(b"PK\x03\x04\x14\x00");
            header(&mut out, entry, name);
            out.extend_from_slice(name);
            out.extend_from_slice(&entry.packed);
        }
        directory.extend_from_slice(b"PK\x01\x02\x14\x00\x14\x00");
        header(&mut directory, entry, &entry.name);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(&entry.name);
    }
    let start = u32::try_from(out.len()).unwrap();
    let length = u32::try_from(directory.len()).unwrap();
    let count = u16::try_from(entries.len() % 65_536).unwrap();
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    out
}

/// What local and central headers have in common: flags to the lengths of name and extra field.
fn header(out: &mut Vec<u8>, entry: &Entry, name: &[u8]) {
    let packed = u32::try_from(entry.packed.len()).unwrap();
    out.extend_from_slice(&entry.flags.to_le_bytes());
    out.extend_from_slice(&entry.method.to_le_bytes());
    // 1 November 2020, 08:30.
    out.extend_from_slice(&[0xC0, 0x43, 0x61, 0x51]);
    out.extend_from_slice(&entry.crc.to_le_bytes());
    out.extend_from_slice(&packed.to_le_bytes());
    out.extend_from_slice(&entry.size.to_le_bytes());
    out.extend_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
    out.extend_from_slice(&[0; 2]);
}

#[test]
fn archives_are_what_they_say() {
    use std::io::Read;
    let entries = [
        Entry::new("a", b"hello, hello, hello"),
        Entry::stored("b", b"stored"),
        Entry::run("c", b' ', 100_000),
    ];
    let mut read = zip::ZipArchive::new(std::io::Cursor::new(zip(&entries))).unwrap();
    let mut content = |index| {
        let mut data = Vec::new();
        let mut file = read.by_index(index).unwrap();
        file.read_to_end(&mut data).unwrap();
        data
    };
    assert_eq!(content(0), b"hello, hello, hello");
    assert_eq!(content(1), b"stored");
    assert_eq!(content(2), vec![b' '; 100_000]);
}
