//! The few texts that must be read: headers, in the cell itself or among the shared strings.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use super::cell::CellType;
use super::scan::whole_element;
use super::text;
use super::window::Window;
use super::xml::{self, Kind};

/// A cell's text, or where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CellText {
    Here(String),
    Shared(usize),
}

/// What a cell shows, as far as headers need it.
pub(super) fn cell_text(bytes: &[u8], prefix: &[u8], kind: CellType) -> CellText {
    if kind == CellType::Inline {
        return CellText::Here(rich_text(bytes, prefix));
    }
    let value = text::unescape(&element_text(bytes, prefix, b"v"));
    match (kind, value.trim().parse()) {
        (CellType::Shared, Ok(index)) => CellText::Shared(index),
        _ => CellText::Here(text::decode(&value)),
    }
}

/// The raw text of the first element of that name.
pub(super) fn element_text(bytes: &[u8], prefix: &[u8], local: &[u8]) -> Vec<u8> {
    let (mut at, mut from) = (0, None);
    while let Ok(Some(token)) = xml::next_token(bytes, at) {
        at = token.end;
        if let Some(from) = from {
            return bytes.get(from..token.start).unwrap_or_default().to_vec();
        }
        let name = xml::name(token.bytes(bytes));
        if token.kind == Kind::Start && name.strip_prefix(prefix) == Some(local) {
            from = Some(token.end);
        }
    }
    Vec::new()
}

/// The runs of an `<is>` or `<si>`, without their reading aids (`rPh`).
pub(super) fn rich_text(bytes: &[u8], prefix: &[u8]) -> String {
    let mut out = String::new();
    let (mut at, mut from, mut aid) = (0, None, false);
    while let Ok(Some(token)) = xml::next_token(bytes, at) {
        at = token.end;
        if let Some(start) = from {
            let raw = bytes.get(start..token.start).unwrap_or_default();
            out.push_str(&text::unescape(raw));
        }
        from = from.map(|_| token.end);
        let tag = token.bytes(bytes);
        let local = xml::name(tag).strip_prefix(prefix);
        match (token.kind, local) {
            (Kind::Aside, _) if from.is_some() => {
                let data = tag.strip_prefix(b"<![CDATA[");
                let data = data.and_then(|data| data.strip_suffix(b"]]>"));
                out.push_str(&String::from_utf8_lossy(data.unwrap_or_default()));
            }
            (Kind::Start, Some(b"rPh")) => aid = true,
            (Kind::End, Some(b"rPh")) => aid = false,
            (Kind::Start, Some(b"t")) if !aid => from = Some(token.end),
            (Kind::End, Some(b"t")) => from = None,
            _ => {}
        }
    }
    text::decode(&out)
}

/// Appends the runs of an `<is>` or `<si>`, given by what stands within it, without their reading aids.
pub(super) fn push_rich_text(
    out: &mut String,
    inside: &[u8],
    prefix: &[u8],
) -> Result<(), &'static str> {
    let (mut at, mut from, mut aid) = (0, None, false);
    while let Some(token) = xml::next_token(inside, at).map_err(|fault| fault.0)? {
        at = token.end;
        let local = xml::name(token.bytes(inside)).strip_prefix(prefix);
        match (token.kind, local) {
            (Kind::Start | Kind::Empty, _) if from.is_some() => {
                return Err("a tag stands in its text");
            }
            (Kind::Start, Some(b"rPh")) => aid = true,
            (Kind::End, Some(b"rPh")) => aid = false,
            (Kind::Start, Some(b"t")) if !aid => from = Some(token.end),
            (Kind::End, Some(b"t")) => {
                if let Some(from) = from.take() {
                    let raw = inside.get(from..token.start).unwrap_or_default();
                    text::push_characters(out, raw)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The shared strings of the wanted indices; the part is read no further than the last of them.
/// A DOCTYPE before them is [`std::io::ErrorKind::Unsupported`].
pub(super) fn shared(
    source: impl Read,
    wanted: &BTreeSet<usize>,
) -> std::io::Result<BTreeMap<usize, String>> {
    let mut found = BTreeMap::new();
    let mut window = Window::new(source);
    let mut index = 0;
    while wanted.last().is_some_and(|last| index <= *last) {
        let token = xml::next_token(window.view(), 0).map_err(std::io::Error::other)?;
        let Some(token) = token else {
            if window.more()? {
                continue;
            }
            break;
        };
        if token.kind == Kind::Doctype {
            return Err(std::io::ErrorKind::Unsupported.into());
        }
        let (prefix, local) = xml::split_name(xml::name(token.bytes(window.view())));
        if local != b"si" || !matches!(token.kind, Kind::Start | Kind::Empty) {
            window.advance(token.end);
            continue;
        }
        let end = whole_element(window.view(), token).map_err(std::io::Error::other)?;
        let Some(end) = end else {
            if window.more()? {
                continue;
            }
            break;
        };
        if wanted.contains(&index) {
            let bytes = window.view().get(token.start..end).unwrap_or_default();
            found.insert(index, rich_text(bytes, prefix));
        }
        index += 1;
        window.advance(end);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_without_reading_aids() {
        let si = b"<si><r><rPr/><t>Contr\xC3\xB4le </t></r><r><t xml:space='preserve'>&amp;_x000D_</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>";
        assert_eq!(rich_text(si, b""), "Contrôle &\r");
        assert_eq!(
            rich_text(b"<x:si><x:t><![CDATA[<a>]]>b</x:t></x:si>", b"x:"),
            "<a>b"
        );
    }

    #[test]
    fn shared_strings_by_index() {
        let part = b"<sst><si><t>a</t></si><si/><si><t>c</t></si><si><t>d</t></si></sst>";
        let found = shared(&part[..], &BTreeSet::from([0, 1, 2, 9])).unwrap();
        assert_eq!(found.len(), 3);
        assert_eq!(found[&2], "c");
        assert_eq!(found[&1], "");
    }

    #[test]
    fn texts_of_cells() {
        let shared = b"<c t='s'><v>12</v></c>";
        assert_eq!(
            cell_text(shared, b"", CellType::Shared),
            CellText::Shared(12)
        );
        let number = b"<c><v>3.5</v></c>";
        let text = CellText::Here("3.5".to_owned());
        assert_eq!(cell_text(number, b"", CellType::Other), text);
    }
}
