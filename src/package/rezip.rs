//! Writing a package again: parts that stay are copied as compressed, the others deflated anew.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Cursor, Write};

use zip::write::FullFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::container::Container;
use super::deflate::{self, Deflated};
use super::refusal::Refusal;
use super::splice::Splices;

const BUFFER: usize = 128 << 10;

/// What a part holds anew.
pub(super) enum Content<'c> {
    /// What it held, with replacements, and its bytes when they are inflated already.
    Spliced(&'c Splices, Option<&'c [u8]>),
    /// What this writes, deflated at that level.
    Written(&'c Fill<'c>, u32),
}

/// Writes a part.
pub(super) type Fill<'f> = dyn Fn(&mut dyn Write) -> io::Result<()> + 'f;

/// The package with these parts changed, by entry.
pub(super) fn rewrite(
    container: &Container<'_>,
    source: &[u8],
    changes: &BTreeMap<usize, Content<'_>>,
) -> Result<Vec<u8>, Refusal> {
    let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(
        source.len() + source.len() / 4 + 4096,
    )));
    let mut archive = container.archive.clone();
    out.set_raw_comment(archive.comment().into())?;
    let mut deflated = Vec::new();
    for index in 0..container.entries.len() {
        let Some(content) = changes.get(&index) else {
            let entry = archive.by_index_raw(index)?;
            out.raw_copy_file(entry)?;
            continue;
        };
        let part = Part {
            container,
            index,
            content,
        };
        if start(container, index, &mut out)? == CompressionMethod::Stored {
            part.write(&mut out)?;
            continue;
        }
        let made = deflate::deflate(part.level(), |into| part.write(into))?
            .map_err(|e| part.damage(&e))?;
        out.write_all(&made.bytes).map_err(|e| part.damage(&e))?;
        deflated.push((index, Declared::of(&made)?));
    }
    let mut bytes = out.finish()?.into_inner();
    declare(&mut bytes, &deflated)?;
    Ok(bytes)
}

/// A part that changes.
struct Part<'p, 's> {
    container: &'p Container<'s>,
    index: usize,
    content: &'p Content<'p>,
}

impl Part<'_, '_> {
    fn level(&self) -> u32 {
        match self.content {
            Content::Spliced(..) => deflate::LEVEL,
            Content::Written(_, level) => *level,
        }
    }

    fn write(&self, into: &mut impl Write) -> Result<(), Refusal> {
        match self.content {
            Content::Spliced(splices, Some(data)) => splices.apply(&mut &**data, into),
            Content::Spliced(splices, None) => self.container.stream(self.index, |from| {
                let mut from = BufReader::with_capacity(BUFFER, from);
                splices.apply(&mut from, into)
            })?,
            Content::Written(fill, _) => fill(into),
        }
        .map_err(|error| self.damage(&error))
    }

    fn damage(&self, error: &io::Error) -> Refusal {
        self.container.part_damage(self.index, error)
    }
}

/// Begins an entry with the name, date and attributes that it had, for bytes that are stored as they
/// come: those of a part that is deflated were deflated by us. Gives the method that it had.
fn start(
    container: &Container<'_>,
    index: usize,
    out: &mut ZipWriter<Cursor<Vec<u8>>>,
) -> Result<CompressionMethod, Refusal> {
    let entry = container.archive.by_index_data(index)?;
    let options = FullFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(entry.last_modified().unwrap_or_default())
        .system(entry.system())
        .external_attributes(entry.external_attributes());
    let name = entry.name()?.into_owned();
    out.start_file(name, options)?;
    Ok(entry.compression())
}

/// What the headers of a deflated entry say.
struct Declared {
    checksum: u32,
    /// Bytes once inflated.
    size: u32,
}

impl Declared {
    fn of(made: &Deflated) -> Result<Self, Refusal> {
        let size = u32::try_from(made.size).map_err(|_| Refusal::DamagedZip {
            detail: "a part of more than 4 GiB".to_owned(),
        })?;
        Ok(Self {
            checksum: made.checksum,
            size,
        })
    }
}

/// PKZIP 2.0, the first version that inflates, and its method "deflated" (APPNOTE 4.4.3.2, 4.4.5).
const VERSION: [u8; 2] = 20u16.to_le_bytes();
const DEFLATED: [u8; 2] = 8u16.to_le_bytes();

/// Says in both headers of each entry that its bytes are deflated, and what they are once inflated:
/// the zip writer has taken them for stored ones (APPNOTE 4.3.7, 4.3.12).
fn declare(zip: &mut [u8], deflated: &[(usize, Declared)]) -> Result<(), Refusal> {
    let mut headers = Vec::with_capacity(deflated.len());
    {
        let mut archive = ZipArchive::new(Cursor::new(&*zip))?;
        for (index, declared) in deflated {
            let entry = archive.by_index_raw(*index)?;
            headers.push((entry.header_start(), entry.central_header_start(), declared));
        }
    }
    for (local, central, declared) in headers {
        let checksum = declared.checksum.to_le_bytes();
        let size = declared.size.to_le_bytes();
        // The offsets of: version needed, method, CRC-32, uncompressed size.
        for (start, offsets) in [(local, [4, 8, 14, 22]), (central, [6, 10, 16, 24])] {
            let fields: [&[u8]; 4] = [&VERSION, &DEFLATED, &checksum, &size];
            for (offset, field) in offsets.into_iter().zip(fields) {
                put(zip, start + offset, field)?;
            }
        }
    }
    Ok(())
}

fn put(zip: &mut [u8], at: u64, field: &[u8]) -> Result<(), Refusal> {
    let place = usize::try_from(at)
        .ok()
        .and_then(|at| zip.get_mut(at..)?.get_mut(..field.len()));
    let Some(place) = place else {
        return Err(Refusal::DamagedZip {
            detail: "an entry lies beyond the end".to_owned(),
        });
    };
    place.copy_from_slice(field);
    Ok(())
}
