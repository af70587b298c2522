//! Tags in a buffer: where each one starts and ends, its attributes, its namespace.
//!
//! Nothing is decoded or built: every answer is a range of the bytes at hand, so that what is not
//! ours can be copied as it stands.

use std::ops::Range;

use memchr::{memchr, memmem};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Start,
    Empty,
    End,
    /// A comment, an instruction or CDATA: text to step over.
    Aside,
    Doctype,
}

/// One piece of markup; text lies between tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub fn bytes<'a>(&self, data: &'a [u8]) -> &'a [u8] {
        data.get(self.start..self.end).unwrap_or_default()
    }
}

/// The XML is not well formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Fault(pub &'static str);

/// The next token at or after `from`; `None` when the data ends before it does.
pub(super) fn next_token(data: &[u8], from: usize) -> Result<Option<Token>, Fault> {
    let Some(skip) = data.get(from..).and_then(|rest| memchr(b'<', rest)) else {
        return Ok(None);
    };
    let start = from + skip;
    let rest = data.get(start..).unwrap_or_default();
    let (kind, length) = match rest.get(1) {
        None => return Ok(None),
        Some(b'/') => (Kind::End, memchr(b'>', rest).map(|at| at + 1)),
        Some(b'?') => (Kind::Aside, find(rest, b"?>")),
        Some(b'!') => match declaration(rest) {
            Some(found) => found,
            None => return Ok(None),
        },
        Some(_) => opening(rest)?,
    };
    Ok(length.map(|length| Token {
        kind,
        start,
        end: start + length,
    }))
}

/// An opening tag: `>` within quotes is text.
fn opening(rest: &[u8]) -> Result<(Kind, Option<usize>), Fault> {
    let mut quote = 0;
    let mut last = 0;
    for (at, &byte) in rest.iter().enumerate().skip(1) {
        if quote != 0 {
            if byte == quote {
                quote = 0;
            }
        } else if byte == b'>' {
            let kind = if last == b'/' {
                Kind::Empty
            } else {
                Kind::Start
            };
            return Ok((kind, Some(at + 1)));
        } else if byte == b'"' || byte == b'\'' {
            quote = byte;
        } else if byte == b'<' {
            return Err(Fault("a tag inside a tag"));
        }
        last = byte;
    }
    Ok((Kind::Start, None))
}

/// `<!…`; `None` while too little is there to tell which.
fn declaration(rest: &[u8]) -> Option<(Kind, Option<usize>)> {
    if rest.starts_with(b"<!--") {
        let end = find(rest.get(4..)?, b"-->").map(|length| length + 4);
        return Some((Kind::Aside, end));
    }
    if rest.starts_with(b"<![CDATA[") {
        return Some((Kind::Aside, find(rest, b"]]>")));
    }
    if b"<!--".starts_with(rest) || b"<![CDATA[".starts_with(rest) {
        return None;
    }
    Some((Kind::Doctype, memchr(b'>', rest).map(|at| at + 1)))
}

fn find(rest: &[u8], what: &[u8]) -> Option<usize> {
    memmem::find(rest, what).map(|at| at + what.len())
}

/// The qualified name of a start or end tag.
pub(super) fn name(tag: &[u8]) -> &[u8] {
    let from = if tag.get(1) == Some(&b'/') { 2 } else { 1 };
    let rest = tag.get(from..).unwrap_or_default();
    let end = rest
        .iter()
        .position(|byte| matches!(byte, b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n'));
    rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
}

/// Splits `x:row` into `x:` and `row`.
pub(super) fn split_name(name: &[u8]) -> (&[u8], &[u8]) {
    match memchr(b':', name) {
        Some(at) => name.split_at_checked(at + 1).unwrap_or((&[], name)),
        None => (&[], name),
    }
}

/// One attribute: its qualified name, and where its raw value stands in the tag.
#[derive(Debug, Clone)]
pub(super) struct Attribute<'a> {
    pub name: &'a [u8],
    pub value: &'a [u8],
    pub range: Range<usize>,
}

/// The attributes of a start tag.
pub(super) struct Attributes<'a> {
    tag: &'a [u8],
    at: usize,
}

pub(super) fn attributes(tag: &[u8]) -> Attributes<'_> {
    Attributes {
        tag,
        at: 1 + name(tag).len(),
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Result<Attribute<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        while matches!(self.tag.get(self.at)?, b' ' | b'\t' | b'\r' | b'\n') {
            self.at += 1;
        }
        if matches!(self.tag.get(self.at)?, b'/' | b'>') {
            return None;
        }
        let found = self.read();
        if found.is_none() {
            self.at = self.tag.len();
        }
        Some(found.ok_or(Fault("an attribute without a quoted value")))
    }
}

impl<'a> Attributes<'a> {
    fn read(&mut self) -> Option<Attribute<'a>> {
        let rest = self.tag.get(self.at..)?;
        let equals = memchr(b'=', rest)?;
        let name = rest.get(..equals)?.trim_ascii_end();
        let after = rest.get(equals + 1..)?;
        let blanks = after.len() - after.trim_ascii_start().len();
        let quote = *after.get(blanks)?;
        if quote != b'"' && quote != b'\'' {
            return None;
        }
        let start = self.at + equals + 1 + blanks + 1;
        let length = memchr(quote, self.tag.get(start..)?)?;
        self.at = start + length + 1;
        Some(Attribute {
            name,
            value: self.tag.get(start..start + length)?,
            range: start..start + length,
        })
    }
}

/// The namespaces that matter here, transitional and Strict alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Namespace {
    /// `SpreadsheetML`.
    Sheet,
    /// `r:id` and its like.
    Relationship,
    /// The `.rels` parts.
    Package,
    /// `mc:AlternateContent`.
    Compatibility,
    /// Anything else, or none.
    Other,
}

impl Namespace {
    fn of(uri: &[u8]) -> Self {
        match uri {
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
            | b"http://purl.oclc.org/ooxml/spreadsheetml/main" => Self::Sheet,
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            | b"http://purl.oclc.org/ooxml/officeDocument/relationships" => Self::Relationship,
            b"http://schemas.openxmlformats.org/package/2006/relationships" => Self::Package,
            b"http://schemas.openxmlformats.org/markup-compatibility/2006" => Self::Compatibility,
            _ => Self::Other,
        }
    }
}

/// Charts and drawings nest some thirty elements; a part that nests more than that is made to harm.
const MAX_DEPTH: usize = 500;
/// Every name is looked up among the namespaces in force: Excel declares some twenty.
const MAX_BINDINGS: usize = 500;

/// Which prefix stands for which namespace, at the present depth.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    bindings: Vec<(Box<[u8]>, Namespace, usize)>,
    depth: usize,
}

impl Scopes {
    /// Steps into an element.
    pub fn open(&mut self, tag: &[u8]) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault("elements nested too deeply"));
        }
        if memmem::find(tag, b"xmlns").is_none() {
            return Ok(());
        }
        for attribute in attributes(tag) {
            let attribute = attribute?;
            if let Some(prefix) = declared_prefix(attribute.name) {
                let namespace = Namespace::of(attribute.value);
                if self.bindings.len() == MAX_BINDINGS {
                    return Err(Fault("too many namespaces"));
                }
                self.bindings.push((prefix.into(), namespace, self.depth));
            }
        }
        Ok(())
    }

    /// Steps out again.
    pub fn close(&mut self) {
        while self
            .bindings
            .last()
            .is_some_and(|last| last.2 == self.depth)
        {
            self.bindings.pop();
        }
        self.depth = self.depth.saturating_sub(1);
    }

    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The namespace of an element's qualified name.
    pub fn of(&self, name: &[u8]) -> Namespace {
        let (prefix, _) = split_name(name);
        self.of_prefix(prefix.strip_suffix(b":").unwrap_or(prefix))
    }

    fn of_prefix(&self, prefix: &[u8]) -> Namespace {
        let found = self.bindings.iter().rev().find(|known| *known.0 == *prefix);
        found.map_or(Namespace::Other, |known| known.1)
    }
}

/// The prefix that an `xmlns` attribute declares; empty for the default namespace.
pub(super) fn declared_prefix(name: &[u8]) -> Option<&[u8]> {
    match name.strip_prefix(b"xmlns")? {
        [] => Some(&[]),
        [b':', prefix @ ..] => Some(prefix),
        _ => None,
    }
}

/// Whether a namespace declaration is `SpreadsheetML`.
pub(super) fn is_sheet_namespace(uri: &[u8]) -> bool {
    Namespace::of(uri) == Namespace::Sheet
}

/// Whether a part's first bytes are UTF-16 or UTF-32.
pub(super) fn is_wide(data: &[u8]) -> bool {
    matches!(
        data,
        [0xFF, 0xFE, ..]
            | [0xFE, 0xFF, ..]
            | [b'<', 0, ..]
            | [0, b'<', ..]
            | [0, 0, 0xFE, 0xFF, ..]
            | [0, 0, 0, b'<', ..]
    )
}

/// How a part's first bytes say that it is not UTF-8; `None` when it is.
pub(super) fn foreign_encoding(data: &[u8]) -> Option<String> {
    if is_wide(data) {
        return Some("UTF-16".to_owned());
    }
    let data = data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data);
    if !data.starts_with(b"<?xml") {
        return None;
    }
    let end = memmem::find(data, b"?>")?;
    let declaration = data.get(5..end)?;
    let at = memmem::find(declaration, b"encoding")?;
    let rest = declaration.get(at + 8..)?.trim_ascii_start();
    let rest = rest.strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = rest.split_first()?;
    let name = rest.get(..memchr(*quote, rest)?)?;
    if name.eq_ignore_ascii_case(b"utf-8") || name.eq_ignore_ascii_case(b"utf8") {
        return None;
    }
    Some(String::from_utf8_lossy(name).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        let mut at = 0;
        let mut found = Vec::new();
        while let Some(token) = next_token(text.as_bytes(), at).unwrap() {
            found.push(token.kind);
            at = token.end;
        }
        found
    }

    #[test]
    fn tokens_of_every_kind() {
        let text = "<?xml a?><!-- <x> --><!DOCTYPE y><a b='>'><c d=\"/>\"/><![CDATA[<z>]]></a>";
        let expected = [
            Kind::Aside,
            Kind::Aside,
            Kind::Doctype,
            Kind::Start,
            Kind::Empty,
            Kind::Aside,
            Kind::End,
        ];
        assert_eq!(kinds(text), expected);
    }

    #[test]
    fn an_unfinished_token_waits_for_more() {
        for text in [
            "<", "<a", "<a b='", "<!", "<!-", "<![CDA", "<!-- -", "</a", "<?x",
        ] {
            assert!(kinds(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn attributes_keep_their_place() {
        let tag = b"<x:c r = \"A1\"\n s='2'/>";
        let found: Vec<_> = attributes(tag).map(Result::unwrap).collect();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].name, found[0].value), (&b"r"[..], &b"A1"[..]));
        assert_eq!(tag.get(found[1].range.clone()), Some(&b"2"[..]));
        assert!(attributes(b"<c r=A1>").any(|attribute| attribute.is_err()));
    }

    #[test]
    fn namespaces_follow_their_scope() {
        let mut scopes = Scopes::default();
        let main = "http://purl.oclc.org/ooxml/spreadsheetml/main";
        scopes
            .open(format!("<x:a xmlns:x='{main}'>").as_bytes())
            .unwrap();
        scopes
            .open(b"<b xmlns='urn:other' xmlns:x='urn:z'>")
            .unwrap();
        assert_eq!(scopes.of(b"x:c"), Namespace::Other);
        scopes.close();
        assert_eq!(scopes.of(b"x:c"), Namespace::Sheet);
        assert_eq!(scopes.of(b"c"), Namespace::Other);
    }

    #[test]
    fn only_utf8_is_taken() {
        assert_eq!(
            foreign_encoding(b"<?xml version='1.0' encoding='UTF-8'?>"),
            None
        );
        assert_eq!(foreign_encoding(b"\xEF\xBB\xBF<a/>"), None);
        assert!(foreign_encoding(b"<?xml version='1.0' encoding='latin1'?>").is_some());
        assert!(foreign_encoding(b"\xFF\xFE<\0").is_some());
    }
}
