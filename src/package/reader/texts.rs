//! The shared strings (ECMA-376 part 1, 18.4.9), side by side in a few large buffers.

use std::io::Read;
use std::ops::Range;

use crate::package::cell::begins;
use crate::package::container::Container;
use crate::package::refusal::Refusal;
use crate::package::scan::whole_element;
use crate::package::strings;
use crate::package::text;
use crate::package::window::Window;
use crate::package::xml::{self, Kind, Token};

/// Texts of more bytes than that are more than any cultural network writes in a lifetime: 200,000
/// rows of 40 texts of 30 letters each, no two alike.
const MAX_BYTES: usize = 256 << 20;
/// Buffers of that size are filled one after the other: what is there never moves.
const BUFFER: usize = 4 << 20;

/// Every shared string, by its index.
#[derive(Debug, Default)]
pub(super) struct Texts {
    buffers: Vec<String>,
    places: Vec<Place>,
    bytes: usize,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    buffer: u32,
    start: u32,
    length: u32,
}

impl Texts {
    pub fn read(container: &Container<'_>, entry: usize) -> Result<Self, Refusal> {
        let size = container.size(entry);
        container
            .stream(entry, |from| Self::stream(from))?
            .map_err(|cause| match cause {
                Cause::TooMuch => Refusal::TooLarge {
                    part: container.name(entry),
                    size,
                },
                Cause::Encoding(encoding) => Refusal::Encoding {
                    part: container.name(entry),
                    encoding,
                },
                Cause::Doctype => Refusal::Doctype {
                    part: container.name(entry),
                },
                Cause::Damage(detail) => container.part_damage(entry, &detail),
            })
    }

    pub fn get(&self, index: usize) -> Option<&str> {
        let place = self.places.get(index)?;
        let start = place.start as usize;
        let buffer = self.buffers.get(place.buffer as usize)?;
        buffer.get(start..start + place.length as usize)
    }

    fn stream(from: impl Read) -> Result<Self, Cause> {
        let mut texts = Self::default();
        let mut part = Part::open(from)?;
        loop {
            if let Some((text, end)) = part.plain_item() {
                let raw = part.window.view().get(text).unwrap_or_default();
                texts.push(raw.len(), |out| text::push_characters(out, raw))?;
                part.window.advance(end);
                continue;
            }
            let Some(token) = part.next_item()? else {
                break;
            };
            let end = part.element_end(token)?;
            let inside = part.window.view().get(token.end..end).unwrap_or_default();
            let prefix = &part.prefix;
            texts.push(inside.len(), |out| {
                strings::push_rich_text(out, inside, prefix)
            })?;
            part.window.advance(end);
        }
        part.finish()?;
        Ok(texts)
    }

    /// Takes the next text, of so many bytes at most.
    fn push(
        &mut self,
        at_most: usize,
        text: impl FnOnce(&mut String) -> Result<(), &'static str>,
    ) -> Result<(), Cause> {
        let full = |buffer: &String| buffer.len() + at_most > BUFFER;
        if self.buffers.last().is_none_or(full) {
            self.bytes += self.buffers.last().map_or(0, String::len);
            if self.bytes > MAX_BYTES {
                return Err(Cause::TooMuch);
            }
            // A first buffer grows as it needs to: most workbooks are small.
            self.buffers.push(String::new());
        }
        let number = self.buffers.len() - 1;
        let Some(buffer) = self.buffers.last_mut() else {
            return Ok(());
        };
        let start = buffer.len();
        text(buffer).map_err(|detail| Cause::Damage(detail.to_owned()))?;
        let place = |at: usize| u32::try_from(at).map_err(|_| Cause::TooMuch);
        self.places.push(Place {
            buffer: place(number)?,
            start: place(start)?,
            length: place(buffer.len() - start)?,
        });
        Ok(())
    }
}

/// Why the shared strings can't be read.
enum Cause {
    TooMuch,
    Encoding(String),
    Doctype,
    Damage(String),
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

/// The part on its way through the window.
struct Part<R> {
    window: Window<R>,
    /// That of its root, colon included.
    prefix: Vec<u8>,
    /// What stands before and after the text of nearly every item.
    plain: (Vec<u8>, Vec<u8>),
    empty: bool,
}

impl<R: Read> Part<R> {
    fn open(from: R) -> Result<Self, Cause> {
        let mut part = Self {
            window: Window::new(from),
            prefix: Vec::new(),
            plain: Default::default(),
            empty: false,
        };
        while part.window.view().len() < 256 && part.window.more()? {}
        if let Some(encoding) = xml::foreign_encoding(part.window.view()) {
            return Err(Cause::Encoding(encoding));
        }
        let root = part.next_tag()?;
        let tag = root.bytes(part.window.view());
        let (prefix, local) = xml::split_name(xml::name(tag));
        if local != b"sst" || root.kind == Kind::End {
            return Err(Cause::Damage("it holds no shared strings".to_owned()));
        }
        part.plain = (
            [b"<", prefix, b"si><", prefix, b"t>"].concat(),
            [b"</", prefix, b"t></", prefix, b"si>"].concat(),
        );
        part.prefix = prefix.to_vec();
        part.empty = root.kind == Kind::Empty;
        part.window.advance(root.end);
        Ok(part)
    }

    /// The next tag, whole and in the view.
    fn next_tag(&mut self) -> Result<Token, Cause> {
        loop {
            match xml::next_token(self.window.view(), 0)? {
                Some(token) if token.kind == Kind::Doctype => return Err(Cause::Doctype),
                Some(token) if token.kind == Kind::Aside => self.window.advance(token.end),
                Some(token) => return Ok(token),
                None if self.window.more()? => {}
                None => return Err(Cause::Damage("it ends too early".to_owned())),
            }
        }
    }

    /// The next item where it is all there and holds a plain text: the text, and the item's end.
    /// Nothing but speed depends on this.
    fn plain_item(&self) -> Option<(Range<usize>, usize)> {
        let view = self.window.view();
        let (before, after) = &self.plain;
        if self.empty || !begins(view, before) {
            return None;
        }
        let from = before.len();
        let to = from + memchr::memchr(b'<', view.get(from..)?)?;
        begins(view.get(to..)?, after).then_some((from..to, to + after.len()))
    }

    /// The start tag of the next item; `None` at the root's end.
    fn next_item(&mut self) -> Result<Option<Token>, Cause> {
        loop {
            if self.empty {
                return Ok(None);
            }
            let token = self.next_tag()?;
            let name = xml::name(token.bytes(self.window.view()));
            let local = name.strip_prefix(self.prefix.as_slice());
            match (token.kind, local) {
                (Kind::End, Some(b"sst")) => {
                    self.window.advance(token.end);
                    self.empty = true;
                }
                (Kind::End, _) => {
                    return Err(Cause::Damage("an end tag without its start".to_owned()));
                }
                (_, Some(b"si")) => return Ok(Some(token)),
                _ => {
                    let end = self.element_end(token)?;
                    self.window.advance(end);
                }
            }
        }
    }

    fn element_end(&mut self, token: Token) -> Result<usize, Cause> {
        loop {
            if let Some(end) = whole_element(self.window.view(), token)? {
                return Ok(end);
            }
            if !self.window.more()? {
                return Err(Cause::Damage("it ends too early".to_owned()));
            }
        }
    }

    /// Reads to the end of the part, which checks its checksum.
    fn finish(mut self) -> Result<(), Cause> {
        loop {
            let held = self.window.view();
            if xml::next_token(held, 0)?.is_some_and(|token| token.kind != Kind::Aside) {
                return Err(Cause::Damage("something follows its end".to_owned()));
            }
            let bytes = held.len();
            self.window.advance(bytes);
            if !self.window.more()? {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;

    fn texts(part: &str) -> Option<Vec<String>> {
        let texts = Texts::stream(part.as_bytes()).ok()?;
        let all = (0..).map_while(|index| texts.get(index).map(str::to_owned));
        Some(all.collect())
    }

    #[test]
    fn plain_and_rich_strings_in_order() {
        let found = texts(
            "<?xml version=\"1.0\"?><x:sst xmlns:x='m' uniqueCount='9'><x:si><x:t>a &amp; b</x:t></x:si><x:si/><x:si><x:t/></x:si><x:si><x:r><x:t>c</x:t></x:r><x:r><x:t xml:space='preserve'> d</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:si><x:extLst><x:ext><x:si/></x:ext></x:extLst></x:sst>\n<!-- end -->",
        );
        assert_eq!(found.unwrap(), ["a & b", "", "", "c d"]);
        assert_eq!(texts("<sst/>").unwrap(), [""; 0]);
    }

    #[test]
    fn damage_is_seen() {
        for part in [
            "",
            "<sst>",
            "<sst><si><t>a</t></si>",
            "<sst><si><t>a</si></sst>",
            "<sst></si></sst>",
            "<sst/><sst/>",
            "<!DOCTYPE a><sst/>",
            "<worksheet/>",
            "<sst><si><t>&nope;</t></si></sst>",
            "<sst/><si><t>a</t></si>",
        ] {
            assert_eq!(texts(part), None, "{part}");
        }
    }

    #[test]
    fn strings_of_every_length_come_back() {
        let long = "é".repeat(3 << 20);
        let part = format!("<sst><si><t>a</t></si><si><t>{long}</t></si><si><t>b</t></si></sst>");
        assert_eq!(texts(&part).unwrap(), ["a", &long, "b"]);
    }
}
