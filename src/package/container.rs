//! The zip around the parts: opened within bounds, read, and written again with some parts new.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::opc::part_key;
use super::refusal::Refusal;

/// What a package may be. A workbook of 200,000 rows and 40 columns stays far below.
const MAX_PARTS: usize = 20_000;
const MAX_PART: u64 = 2 << 30;
const MAX_TOTAL: u64 = 4 << 30;
/// Real sheets inflate 5 to 30 times, the same row over and over up to 240; a bomb, up to 1,032
/// times. What we write ourselves is packed tighter than by Excel, and must pass here again.
const MAX_RATIO: u64 = 600;
/// Below this size the ratio says nothing.
const RATIO_FROM: u64 = 16 << 20;
const ALL_RATIO_FROM: u64 = 64 << 20;
/// What is held in memory as a whole: styles, relationships, tables.
const MAX_SMALL: u64 = 64 << 20;

/// One entry of the zip.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The name as the zip has it.
    pub name: String,
    pub size: u64,
    pub folder: bool,
}

/// An open package.
#[derive(Debug, Clone)]
pub(super) struct Container<'a> {
    pub archive: ZipArchive<Cursor<&'a [u8]>>,
    pub entries: Vec<Entry>,
    by_key: BTreeMap<String, usize>,
}

impl<'a> Container<'a> {
    pub fn open(source: &'a [u8]) -> Result<Self, Refusal> {
        refuse_other_formats(source)?;
        refuse_long_directory(source)?;
        let archive = ZipArchive::new(Cursor::new(source)).map_err(|error| match error {
            ZipError::InvalidArchive(detail)
                if detail.contains("EOCD") || detail.contains("Unexpected end") =>
            {
                Refusal::Truncated
            }
            other => other.into(),
        })?;
        refuse_loose_ends(source, &archive)?;
        let mut container = Self {
            archive,
            entries: Vec::new(),
            by_key: BTreeMap::new(),
        };
        container.list(source)?;
        container.refuse_twins(source)?;
        if container.archive.has_overlapping_files()? {
            return Err(Refusal::DamagedZip {
                detail: "entries overlap".to_owned(),
            });
        }
        container.refuse_names_that_are_folders()?;
        Ok(container)
    }

    fn list(&mut self, source: &[u8]) -> Result<(), Refusal> {
        let count = self.archive.len();
        if count > MAX_PARTS {
            return Err(Refusal::TooManyParts { count });
        }
        let (mut total, mut compressed) = (0u64, 0u64);
        for index in 0..count {
            let data = self.archive.by_index_data(index)?;
            let raw = data.name_raw();
            let name = String::from_utf8_lossy(raw).into_owned();
            if !is_named_alike(source, data.header_start(), raw) {
                return Err(Refusal::DamagedZip {
                    detail: format!("the headers of {name:?} disagree"),
                });
            }
            if data.encrypted() {
                return Err(Refusal::EncryptedPart { part: name });
            }
            if !matches!(
                data.compression(),
                CompressionMethod::Stored | CompressionMethod::Deflated
            ) {
                return Err(Refusal::UnsupportedMethod { part: name });
            }
            let size = data.size();
            refuse_bomb(&name, size, data.compressed_size())?;
            total = total.saturating_add(size);
            compressed = compressed.saturating_add(data.compressed_size());
            // Many small bombs are one.
            refuse_bomb_of_all(&name, total, compressed)?;
            if total > MAX_TOTAL {
                return Err(Refusal::TooLarge {
                    part: name,
                    size: total,
                });
            }
            let folder = name.ends_with('/');
            let key = part_key(name.trim_end_matches('/'));
            if self.by_key.insert(key, index).is_some() {
                return Err(Refusal::DuplicatePart { part: name });
            }
            self.entries.push(Entry { name, size, folder });
        }
        Ok(())
    }

    /// Two entries of the very same name, of which the zip reader shows one.
    fn refuse_twins(&self, source: &[u8]) -> Result<(), Refusal> {
        if !self.archive.has_duplicate_names() {
            return Ok(());
        }
        let start = usize::try_from(self.archive.central_directory_start()).unwrap_or(0);
        let mut seen = BTreeSet::new();
        let twin = names(source.get(start..).unwrap_or_default()).find(|name| !seen.insert(*name));
        let part = String::from_utf8_lossy(twin.unwrap_or_default()).into_owned();
        Err(Refusal::DuplicatePart { part })
    }

    /// A part `xl` beside a part `xl/workbook.xml`: readers disagree on what that means.
    fn refuse_names_that_are_folders(&self) -> Result<(), Refusal> {
        for (key, index) in &self.by_key {
            let mut above = key.as_str();
            while let Some((parent, _)) = above.rsplit_once('/') {
                above = parent;
                let clash = self.by_key.get(parent).and_then(|at| self.entries.get(*at));
                if clash.is_some_and(|entry| !entry.folder) {
                    return Err(Refusal::DuplicatePart {
                        part: self.name(*index),
                    });
                }
            }
        }
        Ok(())
    }

    pub fn name(&self, index: usize) -> String {
        let entry = self.entries.get(index);
        entry.map_or_else(String::new, |entry| entry.name.clone())
    }

    pub fn size(&self, index: usize) -> u64 {
        self.entries.get(index).map_or(0, |entry| entry.size)
    }

    /// The entry of a part, by its key (see [`part_key`]).
    pub fn find(&self, key: &str) -> Option<usize> {
        let index = *self.by_key.get(key)?;
        let entry = self.entries.get(index)?;
        (!entry.folder).then_some(index)
    }

    pub fn is_there(&self, start: &str) -> bool {
        let mut from = self.by_key.range(start.to_owned()..);
        from.next().is_some_and(|(key, _)| key.starts_with(start))
    }

    /// An entry as it lies in the zip: method, checksum, compressed bytes.
    pub fn raw(&self, index: usize) -> Result<(CompressionMethod, u32, Vec<u8>), Refusal> {
        let mut archive = self.archive.clone();
        let mut file = archive.by_index_raw(index)?;
        let (method, checksum) = (file.compression(), file.crc32());
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|error| self.part_damage(index, &error))?;
        Ok((method, checksum, bytes))
    }

    /// A small part, whole; its checksum is checked.
    pub fn read(&self, index: usize) -> Result<Vec<u8>, Refusal> {
        let size = self.size(index);
        if size > MAX_SMALL {
            return Err(Refusal::TooLarge {
                part: self.name(index),
                size,
            });
        }
        self.read_whole(index)
    }

    /// Any part, whole; for callers that know its size.
    pub fn read_whole(&self, index: usize) -> Result<Vec<u8>, Refusal> {
        let size = usize::try_from(self.size(index)).unwrap_or(0);
        // The size is declared, not proven: no more than a little is reserved on its word. The
        // system gives so much memory as zeros, which `read_to_end` would write once more.
        let mut data = vec![0; size.min(64 << 20)];
        self.stream(index, |from| read_all(from, &mut data))?
            .map_err(|error| self.part_damage(index, &error))?;
        Ok(data)
    }

    /// Hands a reader of the inflated part to `work`. It gives as much as was declared, or an error.
    pub fn stream<T>(
        &self,
        index: usize,
        work: impl FnOnce(&mut dyn Read) -> T,
    ) -> Result<T, Refusal> {
        // Some writers put an empty part down as deflated into nothing, which no inflater takes.
        if self.size(index) == 0 {
            return Ok(work(&mut std::io::empty()));
        }
        let mut archive = self.archive.clone();
        let file = archive.by_index(index)?;
        Ok(work(&mut Exactly {
            from: file,
            left: self.size(index),
        }))
    }

    pub fn part_damage(&self, index: usize, error: &dyn std::fmt::Display) -> Refusal {
        Refusal::DamagedPart {
            part: self.name(index),
            detail: error.to_string(),
        }
    }
}

/// Reads to the end: over what `data` holds, and on.
fn read_all(from: &mut dyn Read, data: &mut Vec<u8>) -> std::io::Result<()> {
    let mut read = 0;
    while let Some(room) = data.get_mut(read..).filter(|room| !room.is_empty()) {
        match from.read(room) {
            Ok(0) => {
                data.truncate(read);
                return Ok(());
            }
            Ok(count) => read += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    from.read_to_end(data)?;
    Ok(())
}

/// A part that ends before the size that it declares is damaged: readers that reserve memory by it,
/// or stop at it, would disagree.
struct Exactly<R> {
    from: R,
    left: u64,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(into)?;
        self.left = self.left.saturating_sub(read as u64);
        if read == 0 && self.left > 0 && !into.is_empty() {
            return Err(std::io::Error::other("it is shorter than it says"));
        }
        Ok(read)
    }
}

impl From<ZipError> for Refusal {
    fn from(error: ZipError) -> Self {
        Self::DamagedZip {
            detail: error.to_string(),
        }
    }
}

/// The names in a zip's central directory (APPNOTE 4.3.12).
fn names(directory: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = directory;
    std::iter::from_fn(move || {
        let header = rest.strip_prefix(b"PK\x01\x02")?;
        let length = |at: usize| {
            let bytes = header.get(at..at + 2)?.try_into().ok()?;
            Some(usize::from(u16::from_le_bytes(bytes)))
        };
        let (name, extra, comment) = (length(24)?, length(26)?, length(28)?);
        rest = header.get(42 + name + extra + comment..)?;
        header.get(42..42 + name)
    })
}

/// Formats that bear a workbook's name without being a zip.
fn refuse_other_formats(source: &[u8]) -> Result<(), Refusal> {
    if source.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        inspect_compound(source)?;
        return Err(Refusal::LegacyXls);
    }
    if !source.starts_with(b"PK") {
        return Err(Refusal::NotAZip);
    }
    Ok(())
}

/// The zip reader holds every entry of the directory before it can be asked how many there are.
fn refuse_long_directory(source: &[u8]) -> Result<(), Refusal> {
    // A few of the signatures may be chance, in what is compressed.
    let count = memchr::memmem::find_iter(source, b"PK\x01\x02").count();
    if count > 2 * MAX_PARTS {
        return Err(Refusal::TooManyParts { count });
    }
    Ok(())
}

/// An entry's own header bears the name that the directory gives it: readers disagree on which counts.
fn is_named_alike(source: &[u8], header: u64, name: &[u8]) -> bool {
    let header = usize::try_from(header).ok();
    let header = header
        .and_then(|start| source.get(start..))
        .unwrap_or_default();
    let length = header.get(26..28).and_then(|bytes| bytes.try_into().ok());
    length.map(u16::from_le_bytes) == u16::try_from(name.len()).ok()
        && header.get(30..).is_some_and(|rest| rest.starts_with(name))
}

/// Checks that a compound file is no wrapping around an encrypted package (MS-OFFCRYPTO 2.3.4.4).
///
/// # Errors
/// [`Refusal::Encrypted`].
pub fn inspect_compound(source: &[u8]) -> Result<(), Refusal> {
    // The directory of a compound file names its streams in UTF-16.
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    if memchr::memmem::find(source, &name).is_some() {
        return Err(Refusal::Encrypted);
    }
    Ok(())
}

/// A zip ends with its end record: what is missing or follows was cut or added on the way.
fn refuse_loose_ends(source: &[u8], archive: &ZipArchive<Cursor<&[u8]>>) -> Result<(), Refusal> {
    let end = source.len().checked_sub(22 + archive.comment().len());
    let record = end.and_then(|end| source.get(end..));
    if archive.offset() != 0 || !record.is_some_and(|record| record.starts_with(b"PK\x05\x06")) {
        return Err(Refusal::Truncated);
    }
    Ok(())
}

fn refuse_bomb_of_all(part: &str, total: u64, compressed: u64) -> Result<(), Refusal> {
    let ratio = total / compressed.max(1);
    if total > ALL_RATIO_FROM && ratio > MAX_RATIO {
        return Err(Refusal::Bomb {
            part: part.to_owned(),
            ratio,
        });
    }
    Ok(())
}

fn refuse_bomb(part: &str, size: u64, compressed: u64) -> Result<(), Refusal> {
    if size > MAX_PART {
        return Err(Refusal::TooLarge {
            part: part.to_owned(),
            size,
        });
    }
    let ratio = size / compressed.max(1);
    if size > RATIO_FROM && ratio > MAX_RATIO {
        return Err(Refusal::Bomb {
            part: part.to_owned(),
            ratio,
        });
    }
    Ok(())
}
