//! A look at a package before any reader opens it: what would harm a reader is refused here.

use std::io::Read;

use super::container::Container;
use super::opc::{self, Visibility, Workbook};
use super::refusal::Refusal;
use super::window::Window;
use super::xml::{self, Kind};

/// Parts up to this size are read whole, so that their checksums are checked; of larger ones only
/// the beginning is read, since whoever opens them inflates them anyway, within their declared size.
const READ_WHOLE: u64 = 1 << 20;
/// No item of a list is shorter than `<si/>`.
const SHORTEST_ITEM: u64 = 5;

/// What a workbook is, as far as can be told without reading its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageFacts {
    /// The sheets in the order of their tabs.
    pub sheets: Vec<SheetFacts>,
    /// Zip entries.
    pub parts: usize,
    /// Bytes of all parts once inflated, as declared; no reader gets more.
    pub inflated: u64,
    /// A digital signature, which [`patch`](super::patch) refuses to break.
    pub signed: bool,
    /// It carries macros, which are copied as they are.
    pub macros: bool,
}

/// A sheet in the workbook's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetFacts {
    /// Its name.
    pub name: String,
    /// Whether its tab shows.
    pub visibility: Visibility,
    /// It has cells; a chart sheet has none.
    pub has_cells: bool,
    /// Bytes of its part once inflated.
    pub inflated: u64,
}

/// Checks that a file is a workbook package that a reader can open without harm.
///
/// Bounded: number of parts, declared sizes and ratios, announced counts against real bytes, no
/// DOCTYPE, UTF-8 wherever a reader of cells looks, checksums of parts up to 1 MiB, a zip that ends
/// where the file ends and whose entries don't overlap. The zip reader itself never inflates a part
/// beyond its declared size, so that the declared sizes can be trusted as bounds.
///
/// Cheap: large parts are not read beyond their beginning. Cells are not looked at: a reader must
/// still not allocate by a sheet's stated dimension.
///
/// # Errors
///
/// A [`Refusal`] with the cause.
pub fn inspect(source: &[u8]) -> Result<PackageFacts, Refusal> {
    let container = Container::open(source)?;
    let workbook = Workbook::find(&container)?;
    if container.find("[content_types].xml").is_none() {
        return Err(Refusal::NotAWorkbook {
            detail: "no content types",
        });
    }
    let sheets: Vec<usize> = workbook.sheets.iter().map(|sheet| sheet.entry).collect();
    for (index, entry) in container.entries.iter().enumerate() {
        let key = opc::part_key(&entry.name);
        let strings = workbook.strings == Some(index) || key.ends_with("sharedstrings.xml");
        let read_by_all = strings
            || sheets.contains(&index)
            || workbook.entry == index
            || workbook.styles == Some(index)
            || opc::has_ending(&key, "rels")
            || key == "[content_types].xml";
        check_part(&container, index, read_by_all, strings)?;
    }
    Ok(PackageFacts {
        sheets: workbook
            .sheets
            .iter()
            .map(|sheet| SheetFacts {
                name: sheet.name.clone(),
                visibility: sheet.visibility,
                has_cells: sheet.kind == "worksheet",
                inflated: container.size(sheet.entry),
            })
            .collect(),
        parts: container.entries.len(),
        inflated: container.entries.iter().map(|entry| entry.size).sum(),
        signed: workbook.signed,
        macros: workbook.macros,
    })
}

/// Checks that an `OpenDocument` spreadsheet can be opened without harm: the same bounds.
///
/// # Errors
/// A [`Refusal`] with the cause.
pub fn inspect_ods(source: &[u8]) -> Result<(), Refusal> {
    let container = Container::open(source)?;
    if let Some(manifest) = container.find("meta-inf/manifest.xml") {
        let data = container.read(manifest)?;
        if memchr::memmem::find(&data, b"encryption-data").is_some() {
            return Err(Refusal::Encrypted);
        }
    }
    for index in 0..container.entries.len() {
        let read_by_all = opc::part_key(&container.name(index)) == "content.xml";
        check_part(&container, index, read_by_all, false)?;
    }
    Ok(())
}

/// One part, whatever it is: what stands before its root element if it is XML, and its checksum.
fn check_part(
    container: &Container<'_>,
    index: usize,
    read_by_all: bool,
    counted: bool,
) -> Result<(), Refusal> {
    if container
        .entries
        .get(index)
        .is_none_or(|entry| entry.folder)
    {
        return Ok(());
    }
    let size = container.size(index);
    let start = if size <= READ_WHOLE {
        let bytes = container.read(index)?;
        beginning(bytes.as_slice())
    } else {
        container.stream(index, |from| beginning(from))?
    };
    let start = start.map_err(|error| container.part_damage(index, &error))?;
    let part = container.name(index);
    if read_by_all {
        opc::refuse_encoding(&part, &start.bytes)?;
    }
    if start.doctype {
        return Err(Refusal::Doctype { part });
    }
    let root = start.root.as_deref().filter(|_| counted);
    for attribute in root.into_iter().flat_map(xml::attributes).flatten() {
        let declared = std::str::from_utf8(attribute.value)
            .ok()
            .and_then(|value| value.trim().parse::<u64>().ok());
        // The same string may be used in any number of cells: only `uniqueCount` counts bytes.
        if attribute.name == b"uniqueCount"
            && let Some(declared) = declared.filter(|count| *count > size / SHORTEST_ITEM)
        {
            return Err(Refusal::FalseCount {
                part,
                declared,
                size,
            });
        }
    }
    Ok(())
}

/// The beginning of a part, up to its root element's start tag.
struct Beginning {
    bytes: Vec<u8>,
    doctype: bool,
    root: Option<Vec<u8>>,
}

fn beginning(from: impl Read) -> std::io::Result<Beginning> {
    let mut window = Window::new(from);
    while window.view().len() < 256 && window.more()? {}
    let head = window.view();
    let mut start = Beginning {
        bytes: head.get(..head.len().min(256)).unwrap_or(head).to_vec(),
        doctype: false,
        root: None,
    };
    if xml::is_wide(head) {
        start.doctype = has_wide_doctype(head);
        return Ok(start);
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    if !text.trim_ascii_start().starts_with(b"<") {
        return Ok(start);
    }
    loop {
        // What is no XML is its reader's to refuse.
        let Ok(token) = xml::next_token(window.view(), 0) else {
            return Ok(start);
        };
        match token {
            Some(token) if token.kind == Kind::Aside => window.advance(token.end),
            Some(token) => {
                start.doctype = token.kind == Kind::Doctype;
                start.root = Some(token.bytes(window.view()).to_vec());
                return Ok(start);
            }
            None if window.more()? => {}
            None => {
                let rest = window.view();
                start.doctype = memchr::memmem::find(rest, b"<!DOCTYPE").is_some();
                return Ok(start);
            }
        }
    }
}

/// In UTF-16 and UTF-32 every second byte of a declaration, or three of four, is nothing.
fn has_wide_doctype(head: &[u8]) -> bool {
    let letters: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
    memchr::memmem::find(&letters, b"<!DOCTYPE").is_some()
}
