//! Zips as other writers make them: sizes behind the data, sizes of 64 bits, nothing compressed.

use std::io::{Cursor, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::scene::*;

const HEADER: &str = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>";

fn fill<W: Write + Seek>(mut out: ZipWriter<W>, options: impl Fn(usize) -> SimpleFileOptions) -> W {
    for (position, (name, data)) in book(&sheet(HEADER)).iter().enumerate() {
        out.start_file(name.as_str(), options(position)).unwrap();
        out.write_all(data).unwrap();
    }
    out.finish().unwrap()
}

/// Of each entry: version needed, flags, method, checksum and sizes; in its own header, and in the directory.
fn headers(bytes: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let entry = archive.by_index_raw(index).unwrap();
            let local = usize::try_from(entry.header_start()).unwrap();
            let central = usize::try_from(entry.central_header_start()).unwrap();
            let local = [
                &bytes[local + 4..local + 10],
                &bytes[local + 14..local + 26],
            ];
            let central = [
                &bytes[central + 6..central + 12],
                &bytes[central + 16..central + 28],
            ];
            (local.concat(), central.concat())
        })
        .collect()
}

/// Patches it; every header of the outcome says the same as the directory, and tells sizes itself
/// (a flag for sizes behind the data together with sizes is what Excel refuses).
fn in_order(source: &[u8]) {
    let after = patched(source, &[control(&["OK"])]);
    for (local, central) in headers(&after.bytes) {
        assert_eq!(local, central);
        assert_eq!(local[2] & 8, 0);
    }
}

#[test]
fn sizes_behind_the_data() {
    let options = SimpleFileOptions::default();
    let mut source = Vec::new();
    let mut out = ZipWriter::new_stream(&mut source);
    for (name, data) in book(&sheet(HEADER)) {
        out.start_file(name, options).unwrap();
        out.write_all(&data).unwrap();
    }
    out.finish().unwrap();
    let flagged = headers(&source);
    assert!(flagged.iter().all(|(local, _)| local[2] & 8 == 8));
    in_order(&source);
}

#[test]
fn sizes_of_64_bits_that_need_not_be() {
    let options = SimpleFileOptions::default().large_file(true);
    let source = fill(ZipWriter::new(Cursor::new(Vec::new())), |_| options).into_inner();
    // APPNOTE 4.5.3: the header's own size says nothing, an extra field of 1 says it.
    assert!(
        headers(&source)
            .iter()
            .all(|(local, _)| local[10..] == [0xFF; 8])
    );
    let after = patched(&source, &[control(&["OK"])]);
    assert_eq!(
        part(&after.bytes, "xl/sharedStrings.xml"),
        part(&source, "xl/sharedStrings.xml")
    );
}

#[test]
fn some_entries_stored_and_some_as_small_as_can_be() {
    for first in 0..2 {
        let options = |position: usize| {
            let plain = SimpleFileOptions::default();
            if position % 2 == first {
                plain.compression_method(CompressionMethod::Stored)
            } else {
                plain.compression_level(Some(9))
            }
        };
        let source = fill(ZipWriter::new(Cursor::new(Vec::new())), options).into_inner();
        in_order(&source);
    }
}
