//! Whether the sheets of a package are whole to their last byte: a reader stops at the last cell and
//! would take a file that was cut off behind it for whole.

use std::io::Read;

use super::container::Container;
use super::opc::{SheetPart, Workbook};
use super::refusal::Refusal;

/// So many bytes at the end of a part hold its root's end tag, whatever its prefix.
const TAIL: usize = 256;
const CHUNK: usize = 1 << 16;
/// Larger parts are left to the patcher, which reads them to their end anyway: to inflate them here
/// too would cost as much as a tenth of reading their cells.
const MAX_READ: u64 = 16 << 20;

/// Reads the part of every sheet of ordinary size to its end, which checks its checksum and size, and looks for the end
/// tag of its root.
///
/// # Errors
/// [`Refusal::DamagedPart`] for the first part that is cut off.
pub fn check_whole(source: &[u8]) -> Result<(), Refusal> {
    let container = Container::open(source)?;
    let workbook = Workbook::find(&container)?;
    let small = |sheet: &&SheetPart| container.size(sheet.entry) <= MAX_READ;
    for sheet in workbook.sheets.iter().filter(small) {
        let tail = container
            .stream(sheet.entry, |part| last_bytes(part))?
            .map_err(|error| container.part_damage(sheet.entry, &error))?;
        if !ends_with_an_end_tag(&tail) {
            return Err(container.part_damage(sheet.entry, &"it is cut off before its end"));
        }
    }
    Ok(())
}

fn last_bytes(part: &mut dyn Read) -> std::io::Result<Vec<u8>> {
    let mut chunk = vec![0; CHUNK];
    let mut tail = Vec::new();
    loop {
        let read = part.read(&mut chunk)?;
        if read == 0 {
            return Ok(tail);
        }
        tail.extend_from_slice(chunk.get(..read).unwrap_or_default());
        let surplus = tail.len().saturating_sub(TAIL);
        tail.drain(..surplus);
    }
}

/// The last tag closes an element that no prefix of the part could: `</worksheet>`, `</x:worksheet>`,
/// `</chartsheet>`… A comment may follow it (XML 1.0, production 1).
fn ends_with_an_end_tag(tail: &[u8]) -> bool {
    let text = tail.trim_ascii_end();
    let Some(start) = text.iter().rposition(|byte| *byte == b'<') else {
        return false;
    };
    let last = text.get(start..).unwrap_or_default();
    let closes_a_sheet = last.starts_with(b"</") && last.ends_with(b"sheet>");
    closes_a_sheet || last.ends_with(b"-->")
}

#[cfg(test)]
mod tests {
    use super::ends_with_an_end_tag;

    #[test]
    fn a_part_ends_with_the_end_tag_of_its_root() {
        for whole in [
            "<a/></worksheet>",
            "</x:worksheet>\r\n",
            "</chartsheet>",
            "</worksheet><!-- made by hand -->",
        ] {
            assert!(ends_with_an_end_tag(whole.as_bytes()), "{whole}");
        }
        for cut in [
            "",
            "</sheetData>",
            "</sheetData><pageMargins left=\"0.7\"",
            "<pageMargins/>",
            "</worksh",
        ] {
            assert!(!ends_with_an_end_tag(cut.as_bytes()), "{cut}");
        }
    }
}
