//! The elements of a small part with the bytes that each one takes, for splicing into it.

use std::ops::Range;

use super::xml::{self, Fault, Kind, Namespace, Scopes};

/// Styles with all the formats that Excel allows have a quarter of that.
const MAX_NODES: usize = 2_000_000;

/// One element.
#[derive(Debug)]
struct Node {
    namespace: Namespace,
    /// From `<` to the end of the start tag.
    tag: Range<usize>,
    /// Between the tags; where a child would go when self-closed.
    inner: Range<usize>,
    self_closed: bool,
    /// The end of the end tag.
    end: usize,
    /// The first node after this one's descendants.
    next: usize,
}

/// A parsed part. Nodes stand in document order, so an element's descendants follow it.
#[derive(Debug)]
pub(super) struct Outline<'a> {
    data: &'a [u8],
    nodes: Vec<Node>,
}

/// An element of an [`Outline`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'o, 'a> {
    outline: &'o Outline<'a>,
    index: usize,
}

/// Why a part can't be outlined.
#[derive(Debug)]
pub(super) enum Unreadable {
    Doctype,
    Malformed(Fault),
}

impl From<Fault> for Unreadable {
    fn from(fault: Fault) -> Self {
        Self::Malformed(fault)
    }
}

impl<'a> Outline<'a> {
    pub fn parse(data: &'a [u8]) -> Result<Self, Unreadable> {
        let mut nodes: Vec<Node> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut scopes = Scopes::default();
        let mut at = 0;
        while let Some(token) = xml::next_token(data, at)? {
            at = token.end;
            match token.kind {
                Kind::Doctype => return Err(Unreadable::Doctype),
                Kind::Aside => {}
                Kind::Start | Kind::Empty => {
                    if open.is_empty() && !nodes.is_empty() {
                        return Err(Fault("two root elements").into());
                    }
                    if nodes.len() == MAX_NODES {
                        return Err(Fault("too many elements").into());
                    }
                    let tag = token.bytes(data);
                    scopes.open(tag)?;
                    nodes.push(Node {
                        namespace: scopes.of(xml::name(tag)),
                        tag: token.start..token.end,
                        inner: token.end..token.end,
                        self_closed: token.kind == Kind::Empty,
                        end: token.end,
                        next: nodes.len() + 1,
                    });
                    if token.kind == Kind::Start {
                        open.push(nodes.len() - 1);
                    } else {
                        scopes.close();
                    }
                }
                Kind::End => {
                    let next = nodes.len();
                    let node = open.pop().and_then(|index| nodes.get_mut(index));
                    let node = node.ok_or(Fault("an end tag without its start"))?;
                    let started = data.get(node.tag.clone()).unwrap_or_default();
                    if xml::name(started) != xml::name(token.bytes(data)) {
                        return Err(Fault("an end tag of another element").into());
                    }
                    node.inner.end = token.start;
                    node.end = token.end;
                    node.next = next;
                    scopes.close();
                }
            }
        }
        if !open.is_empty() || nodes.is_empty() {
            return Err(Fault("the part ends too early").into());
        }
        Ok(Self { data, nodes })
    }

    pub fn root(&self) -> Element<'_, 'a> {
        Element {
            outline: self,
            index: 0,
        }
    }

    /// Every `SpreadsheetML` element of that name, at any depth.
    pub fn all<'o>(&'o self, local: &'o str) -> impl Iterator<Item = Element<'o, 'a>> {
        (0..self.nodes.len())
            .map(|index| Element {
                outline: self,
                index,
            })
            .filter(move |element| element.is(Namespace::Sheet, local))
    }
}

impl<'o, 'a> Element<'o, 'a> {
    fn node(&self) -> Option<&'o Node> {
        self.outline.nodes.get(self.index)
    }

    pub fn is(&self, namespace: Namespace, local: &str) -> bool {
        self.node().is_some_and(|node| node.namespace == namespace)
            && xml::split_name(self.name()).1 == local.as_bytes()
    }

    pub fn tag(&self) -> &'a [u8] {
        self.slice(self.tag_range())
    }

    pub fn tag_range(&self) -> Range<usize> {
        self.node().map_or(0..0, |node| node.tag.clone())
    }

    pub fn range(&self) -> Range<usize> {
        self.node().map_or(0..0, |node| node.tag.start..node.end)
    }

    pub fn inner(&self) -> Range<usize> {
        self.node().map_or(0..0, |node| node.inner.clone())
    }

    pub fn self_closed(&self) -> bool {
        self.node().is_some_and(|node| node.self_closed)
    }

    fn slice(&self, range: Range<usize>) -> &'a [u8] {
        self.outline.data.get(range).unwrap_or_default()
    }

    pub fn name(&self) -> &'a [u8] {
        xml::name(self.tag())
    }

    /// The prefix with its colon, or nothing.
    pub fn prefix(&self) -> &'a [u8] {
        xml::split_name(self.name()).0
    }

    /// The element with all that is in it, as it stands.
    pub fn bytes(&self) -> &'a [u8] {
        self.slice(self.range())
    }

    pub fn children(self) -> impl Iterator<Item = Element<'o, 'a>> {
        let end = self.node().map_or(0, |node| node.next);
        let mut index = self.index + 1;
        std::iter::from_fn(move || {
            let node = self.outline.nodes.get(index).filter(|_| index < end)?;
            let child = Element {
                outline: self.outline,
                index,
            };
            index = node.next;
            Some(child)
        })
    }

    /// The first `SpreadsheetML` child of that name.
    pub fn child(self, local: &str) -> Option<Element<'o, 'a>> {
        self.children()
            .find(|child| child.is(Namespace::Sheet, local))
    }

    /// The raw value of an attribute without prefix.
    pub fn raw(&self, name: &str) -> Option<&'a [u8]> {
        xml::attributes(self.tag())
            .flatten()
            .find(|attribute| attribute.name == name.as_bytes())
            .map(|attribute| attribute.value)
    }

    /// The value of an attribute without prefix.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.raw(name).map(super::text::unescape)
    }

    pub fn number(&self, name: &str) -> Option<u32> {
        super::refs::parse_number(self.raw(name)?)
    }

    /// A boolean attribute that is on.
    pub fn on(&self, name: &str) -> bool {
        matches!(self.raw(name), Some(b"1" | b"true"))
    }

    /// Where the raw value of an attribute stands in the part.
    pub fn value_range(&self, name: &str) -> Option<Range<usize>> {
        let start = self.tag_range().start;
        xml::attributes(self.tag())
            .flatten()
            .find(|attribute| attribute.name == name.as_bytes())
            .map(|attribute| start + attribute.range.start..start + attribute.range.end)
    }

    /// The children, each with the value of its `r:id`, whatever the prefix.
    pub fn children_with_relationship(
        self,
    ) -> impl Iterator<Item = (Element<'o, 'a>, Option<String>)> {
        let mut scopes = self.scopes();
        self.children().map(move |child| {
            // It was parsed once already, so it can't fail here.
            let _ = scopes.open(child.tag());
            let id = relationship_id(child.tag(), &scopes);
            scopes.close();
            (child, id)
        })
    }

    /// The namespaces in force within this element.
    fn scopes(&self) -> Scopes {
        let mut scopes = Scopes::default();
        for node in self.outline.nodes.iter().take(self.index + 1) {
            let holds = node.end >= self.range().end;
            if holds {
                let _ = scopes.open(self.slice(node.tag.clone()));
            }
        }
        scopes
    }
}

fn relationship_id(tag: &[u8], scopes: &Scopes) -> Option<String> {
    let is_id = |name: &[u8]| {
        let (prefix, local) = xml::split_name(name);
        local == b"id" && !prefix.is_empty() && scopes.of(name) == Namespace::Relationship
    };
    let mut attributes = xml::attributes(tag).flatten();
    let found = attributes.find(|attribute| is_id(attribute.name))?;
    Some(super::text::unescape(found.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    #[test]
    fn children_attributes_and_ranges() {
        let text = format!(
            "<?xml version='1.0'?><x:a xmlns:x='{MAIN}'><x:b n='1&amp;2'><x:c/></x:b><b/></x:a>\n"
        );
        let outline = Outline::parse(text.as_bytes()).unwrap();
        let root = outline.root();
        assert_eq!(root.children().count(), 2);
        let child = root.child("b").unwrap();
        assert_eq!(child.attribute("n").as_deref(), Some("1&2"));
        assert_eq!(child.bytes(), b"<x:b n='1&amp;2'><x:c/></x:b>");
        assert_eq!(child.prefix(), b"x:");
        assert!(child.child("c").unwrap().self_closed());
    }

    #[test]
    fn relationship_ids_by_namespace() {
        let rel = "http://purl.oclc.org/ooxml/officeDocument/relationships";
        let text = format!("<a xmlns:q='{rel}'><b/><c id='no' q:id='yes'/></a>");
        let outline = Outline::parse(text.as_bytes()).unwrap();
        let ids = outline.root().children_with_relationship();
        let ids: Vec<Option<String>> = ids.map(|(_, id)| id).collect();
        assert_eq!(ids, [None, Some("yes".to_owned())]);
    }

    #[test]
    fn damage_is_seen() {
        for text in ["", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a", "<a><b></a>"] {
            assert!(Outline::parse(text.as_bytes()).is_err(), "{text}");
        }
        let found = Outline::parse(b"<!DOCTYPE a><a/>");
        assert!(matches!(found, Err(Unreadable::Doctype)));
    }
}
