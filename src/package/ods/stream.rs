//! The tags of a document as they come, with the text before each one; every element must end.

use std::io::Read;

use crate::package::container::Container;
use crate::package::refusal::Refusal;
use crate::package::rows::TooMany;
use crate::package::text;
use crate::package::window::Window;
use crate::package::xml::{self, Kind};

/// A spreadsheet nests some twenty elements.
const MAX_DEPTH: usize = 500;

/// Why a document can't be read.
pub(super) enum Cause {
    TooMuch,
    Doctype,
    Encoding(String),
    Damage(String),
}

impl Cause {
    pub fn refusal(self, container: &Container<'_>, entry: usize) -> Refusal {
        let part = container.name(entry);
        match self {
            Self::TooMuch => Refusal::TooLarge {
                part,
                size: container.size(entry),
            },
            Self::Doctype => Refusal::Doctype { part },
            Self::Encoding(encoding) => Refusal::Encoding { part, encoding },
            Self::Damage(detail) => Refusal::DamagedPart { part, detail },
        }
    }
}

impl From<std::io::Error> for Cause {
    fn from(error: std::io::Error) -> Self {
        Self::Damage(error.to_string())
    }
}

impl From<xml::Fault> for Cause {
    fn from(fault: xml::Fault) -> Self {
        Self::Damage(fault.to_string())
    }
}

impl From<TooMany> for Cause {
    fn from(_: TooMany) -> Self {
        Self::TooMuch
    }
}

impl From<&str> for Cause {
    fn from(detail: &str) -> Self {
        Self::Damage(detail.to_owned())
    }
}

/// A start or an end of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// A start tag, or a self-closed one: its end follows either way.
    Start,
    End,
}

/// The document on its way through the window.
pub(super) struct Stream<R> {
    window: Window<R>,
    /// The last tag's bytes.
    tag: Vec<u8>,
    /// The names of the elements that are open, and where each begins.
    names: Vec<u8>,
    open: Vec<usize>,
    /// The last tag closed itself: its end comes next.
    closing: bool,
}

impl<R: Read> Stream<R> {
    pub fn new(from: R) -> Result<Self, Cause> {
        let mut window = Window::new(from);
        while window.view().len() < 256 && window.more()? {}
        if let Some(encoding) = xml::foreign_encoding(window.view()) {
            return Err(Cause::Encoding(encoding));
        }
        Ok(Self {
            window,
            tag: Vec::new(),
            names: Vec::new(),
            open: Vec::new(),
            closing: false,
        })
    }

    /// The elements that are open, that of a start tag just met included.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The next tag; `None` at the document's end. The text before it goes to `keep`, if given.
    pub fn next(&mut self, mut keep: Option<&mut String>) -> Result<Option<Tag>, Cause> {
        if std::mem::take(&mut self.closing) {
            self.close(None)?;
            return Ok(Some(Tag::End));
        }
        loop {
            let Some(token) = xml::next_token(self.window.view(), 0)? else {
                if self.window.more()? {
                    continue;
                }
                return if self.open.is_empty() {
                    Ok(None)
                } else {
                    Err("it ends too early".into())
                };
            };
            let view = self.window.view();
            if let Some(out) = keep.as_deref_mut() {
                // A section of characters is text too.
                let with = usize::from(token.kind == Kind::Aside);
                let end = if with == 1 { token.end } else { token.start };
                text::push_xml_characters(out, view.get(..end).unwrap_or_default())?;
            }
            let end = token.end;
            match token.kind {
                Kind::Doctype => return Err(Cause::Doctype),
                Kind::Aside => {
                    self.window.advance(end);
                    continue;
                }
                Kind::Start | Kind::Empty | Kind::End => {}
            }
            self.tag.clear();
            self.tag.extend_from_slice(token.bytes(view));
            self.window.advance(end);
            if token.kind == Kind::End {
                let name = xml::name(&self.tag).to_vec();
                self.close(Some(&name))?;
                return Ok(Some(Tag::End));
            }
            if self.open.len() == MAX_DEPTH {
                return Err("elements nested too deeply".into());
            }
            self.open.push(self.names.len());
            self.names.extend_from_slice(xml::name(&self.tag));
            self.closing = token.kind == Kind::Empty;
            return Ok(Some(Tag::Start));
        }
    }

    fn close(&mut self, name: Option<&[u8]>) -> Result<(), Cause> {
        let start = self.open.pop();
        let start = start.ok_or("an end tag without its start")?;
        let opened = self.names.get(start..).unwrap_or_default();
        if name.is_some_and(|name| name != opened) {
            return Err("an end tag of another element".into());
        }
        self.names.truncate(start);
        Ok(())
    }

    /// The name of the last start tag.
    pub fn name(&self) -> &[u8] {
        xml::name(&self.tag)
    }

    /// The raw value of an attribute of the last start tag.
    pub fn raw(&self, name: &str) -> Result<Option<&[u8]>, Cause> {
        for attribute in xml::attributes(&self.tag) {
            let attribute = attribute?;
            if attribute.name == name.as_bytes() {
                return Ok(Some(attribute.value));
            }
        }
        Ok(None)
    }

    /// The value of an attribute of the last start tag.
    pub fn attribute(&self, name: &str) -> Result<Option<String>, Cause> {
        let Some(raw) = self.raw(name)? else {
            return Ok(None);
        };
        let raw = std::str::from_utf8(raw).map_err(|_| "its text is not UTF-8")?;
        let value = quick_xml::escape::unescape(raw);
        let value = value.map_err(|_| "its text has an unknown entity")?;
        Ok(Some(value.into_owned()))
    }

    /// Passes over the element whose start tag was just met.
    pub fn skip(&mut self) -> Result<(), Cause> {
        let depth = self.depth();
        while self.depth() >= depth {
            if self.next(None)?.is_none() {
                return Err("it ends too early".into());
            }
        }
        Ok(())
    }
}
