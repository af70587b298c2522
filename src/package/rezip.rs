//! Writing a package again: parts that stay are copied as compressed, the others deflated anew.

use std::collections::BTreeMap;
use std::io::{BufReader, BufWriter, Cursor, Write};

use zip::ZipWriter;
use zip::write::FullFileOptions;

use super::container::Container;
use super::refusal::Refusal;
use super::splice::Splices;

/// Excel's own trade between size and time.
const LEVEL: i64 = 6;
const BUFFER: usize = 128 << 10;

/// What becomes of the parts that change, by entry; `cached` holds those that are inflated already.
pub(super) fn rewrite(
    container: &Container<'_>,
    source: &[u8],
    changes: &BTreeMap<usize, Splices>,
    cached: &BTreeMap<usize, Vec<u8>>,
) -> Result<Vec<u8>, Refusal> {
    let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(
        source.len() + source.len() / 4 + 4096,
    )));
    let mut archive = container.archive.clone();
    out.set_raw_comment(archive.comment().into())?;
    for index in 0..container.entries.len() {
        let Some(splices) = changes.get(&index) else {
            let entry = archive.by_index_raw(index)?;
            out.raw_copy_file(entry)?;
            continue;
        };
        start(container, index, &mut out)?;
        let mut into = BufWriter::with_capacity(BUFFER, &mut out);
        match cached.get(&index) {
            Some(data) => splices.apply(&mut data.as_slice(), &mut into),
            None => container.stream(index, |from| {
                splices.apply(&mut BufReader::with_capacity(BUFFER, from), &mut into)
            })?,
        }
        .and_then(|()| into.flush())
        .map_err(|error| container.part_damage(index, &error))?;
    }
    Ok(out.finish()?.into_inner())
}

/// Begins an entry with the name, method, date and attributes that it had.
fn start(
    container: &Container<'_>,
    index: usize,
    out: &mut ZipWriter<Cursor<Vec<u8>>>,
) -> Result<(), Refusal> {
    let entry = container.archive.by_index_data(index)?;
    let mut options = FullFileOptions::default()
        .compression_method(entry.compression())
        .last_modified_time(entry.last_modified().unwrap_or_default())
        .system(entry.system())
        .external_attributes(entry.external_attributes());
    if entry.compression() == zip::CompressionMethod::Deflated {
        options = options.compression_level(Some(LEVEL));
    }
    let name = entry.name()?.into_owned();
    out.start_file(name, options)?;
    Ok(())
}
