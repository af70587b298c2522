//! Bytes that no XML may hold: a reader of Excel's stops at the first (XML 1.0, 2.2 and 4.6).

use super::super::xml::{self, Kind, Token};

/// The first fault of a part's text, with its place in bytes.
pub(super) fn fault(data: &[u8]) -> Option<(usize, &'static str)> {
    if xml::is_wide(data) {
        return None;
    }
    if let Err(error) = std::str::from_utf8(data) {
        return Some((error.valid_up_to(), "not UTF-8"));
    }
    let forbidden = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    if let Some(at) = data.iter().position(forbidden) {
        return Some((at, "a control character"));
    }
    if let Some(at) = non_characters(data) {
        return Some((at, "U+FFFE or U+FFFF"));
    }
    tags(data)
}

fn non_characters(data: &[u8]) -> Option<usize> {
    let mut places = memchr::memmem::find_iter(data, b"\xEF\xBF");
    places.find(|at| matches!(data.get(at + 2), Some(0xBE | 0xBF)))
}

/// Tags that don't pair, attributes twice in one tag, ampersands that begin nothing.
fn tags(data: &[u8]) -> Option<(usize, &'static str)> {
    let mut open: Vec<&[u8]> = Vec::new();
    let mut at = 0;
    loop {
        let token = match xml::next_token(data, at) {
            Ok(Some(token)) => token,
            Ok(None) if open.is_empty() => return None,
            Ok(None) => return Some((data.len(), "the part ends too early")),
            Err(fault) => return Some((at, fault.0)),
        };
        if let Some(found) = entities(data, at, token.start) {
            return Some(found);
        }
        at = token.end;
        let tag = token.bytes(data);
        match token.kind {
            Kind::Aside | Kind::Doctype => continue,
            Kind::End if open.pop() == Some(xml::name(tag)) => continue,
            Kind::End => return Some((token.start, "an end tag without its start")),
            Kind::Start => open.push(xml::name(tag)),
            Kind::Empty => {}
        }
        if let Some(found) = attributes(data, token) {
            return Some(found);
        }
    }
}

fn attributes(data: &[u8], token: Token) -> Option<(usize, &'static str)> {
    let mut names: Vec<&[u8]> = Vec::new();
    for attribute in xml::attributes(token.bytes(data)) {
        let Ok(attribute) = attribute else {
            return Some((token.start, "an attribute that is not well formed"));
        };
        if names.contains(&attribute.name) {
            return Some((token.start, "an attribute twice in one tag"));
        }
        names.push(attribute.name);
        let from = token.start + attribute.range.start;
        if let Some(found) = entities(data, from, from + attribute.value.len()) {
            return Some(found);
        }
    }
    None
}

fn entities(data: &[u8], from: usize, to: usize) -> Option<(usize, &'static str)> {
    let text = data.get(from..to)?;
    let mut places = memchr::memchr_iter(b'&', text);
    let found = places.find(|at| !is_entity(text.get(at + 1..).unwrap_or_default()))?;
    Some((from + found, "an ampersand that begins no entity"))
}

fn is_entity(after: &[u8]) -> bool {
    let Some(end) = after.iter().take(12).position(|byte| *byte == b';') else {
        return false;
    };
    let name = after.get(..end).unwrap_or_default();
    match name {
        b"amp" | b"lt" | b"gt" | b"quot" | b"apos" => true,
        [b'#', b'x', digits @ ..] => is_character(digits, 16),
        [b'#', digits @ ..] => is_character(digits, 10),
        _ => false,
    }
}

/// A number that stands for a character which XML allows.
fn is_character(digits: &[u8], radix: u32) -> bool {
    let number = std::str::from_utf8(digits).ok();
    let number = number.and_then(|digits| u32::from_str_radix(digits, radix).ok());
    let character = number.and_then(char::from_u32);
    character.is_some_and(|c| {
        !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
    })
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn what_xml_allows() {
        for text in [
            "<a b='&quot;&#10;' c=\"&#xE9;\">é\t\r\n&amp;</a>",
            "<!-- & --><a><![CDATA[&]]></a>",
        ] {
            assert_eq!(fault(text.as_bytes()), None, "{text}");
        }
        for (text, at) in [
            ("<a>&nbsp;</a>", 3),
            ("<a>a & b</a>", 5),
            ("<a b='&'/>", 6),
            ("<a b='1' b='2'/>", 0),
            ("<a>\u{1}</a>", 3),
            ("<a>&#1;</a>", 3),
            ("<a>\u{ffff}</a>", 3),
            ("<a b=c/>", 0),
            ("<a><b></a>", 6),
            ("<a>", 3),
            ("<a><b</a>", 3),
        ] {
            assert_eq!(fault(text.as_bytes()).map(|(at, _)| at), Some(at), "{text}");
        }
        assert_eq!(fault(b"<a>\xE9</a>").map(|(at, _)| at), Some(3));
    }
}
