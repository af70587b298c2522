//! A slow reader of workbook parts that shares nothing with the program's: it builds the whole tree of
//! every part and follows the standard to the letter. What it says of a cell is what must be read.

use std::collections::BTreeMap;

use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

use super::parts::Parts;

/// What each cell holds, by sheet, row and column, the latter two from 0.
pub type Cells = BTreeMap<(String, u32, u32), String>;

/// What the oracle makes of a workbook.
pub enum Answer {
    /// These are its cells.
    Cells(Cells),
    /// It is no well-formed XML somewhere, or breaks a rule: nobody can say.
    Unsure,
}

const MAIN: [&str; 2] = [
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
];
const REL: [&str; 2] = [
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
];
const RELS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

#[derive(Default)]
struct Node {
    space: String,
    local: String,
    /// By namespace and local name.
    attributes: Vec<(String, String, String)>,
    children: Vec<Child>,
}

enum Child {
    Node(Node),
    Text(String),
}

/// What a name ends with, after its last dot.
pub fn extension(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, extension)| extension)
}

/// The first part with cells or their texts that is not well-formed.
pub fn malformed(parts: &Parts) -> Option<&str> {
    let holds = |name: &str| name.contains("worksheets/sheet") || name.contains("sharedStrings");
    let mut parts = parts
        .iter()
        .filter(|(name, _)| extension(name) == Some("xml") && holds(name));
    let found = parts.find(|(_, data)| tree(data).is_none());
    found.map(|(name, _)| name.as_str())
}

/// Reads the cells of all sheets.
pub fn read(parts: &Parts) -> Answer {
    cells(parts).map_or(Answer::Unsure, Answer::Cells)
}

fn cells(parts: &Parts) -> Option<Cells> {
    let root = links(parts, "")?;
    let book_name = &root
        .iter()
        .find(|link| link.kind == "officeDocument")?
        .target;
    let book = tree(part(parts, book_name)?)?;
    let links = links(parts, book_name)?;
    let of_kind = |kind: &str| links.iter().find(|link| link.kind == kind);
    let strings = match of_kind("sharedStrings") {
        Some(link) => strings(&tree(part(parts, &link.target)?)?)?,
        None => Vec::new(),
    };
    let mut found = Cells::new();
    for sheet in book.child("sheets")?.nodes("sheet") {
        let id = sheet
            .attributes
            .iter()
            .find(|(space, local, _)| local == "id" && REL.contains(&space.as_str()));
        let link = links
            .iter()
            .find(|link| Some(&link.id) == id.map(|(_, _, id)| id))?;
        if link.kind != "worksheet" {
            continue;
        }
        let name = sheet.get("name")?;
        let tree = tree(part(parts, &link.target)?)?;
        if tree.local != "worksheet" || !tree.is_main() {
            continue;
        }
        sheet_cells(name, &tree, &strings, &mut found)?;
    }
    Some(found)
}

struct Link {
    id: String,
    kind: String,
    target: String,
}

fn links(parts: &Parts, source: &str) -> Option<Vec<Link>> {
    let (folder, file) = source.rsplit_once('/').unwrap_or(("", source));
    let name = resolve("", &format!("{folder}/_rels/{file}.rels"));
    let Some(data) = part(parts, &name) else {
        return Some(Vec::new());
    };
    let tree = tree(data)?;
    let mut found = Vec::new();
    for child in &tree.children {
        let Child::Node(link) = child else { continue };
        if link.space != RELS
            || link.local != "Relationship"
            || link.get("TargetMode") == Some("External")
        {
            continue;
        }
        let (Some(id), Some(kind), Some(target)) =
            (link.get("Id"), link.get("Type"), link.get("Target"))
        else {
            continue;
        };
        if target.contains(['%', '\\', '#', '?']) {
            return None;
        }
        found.push(Link {
            id: id.to_owned(),
            kind: kind.rsplit('/').next()?.to_owned(),
            target: resolve(folder, target),
        });
    }
    Some(found)
}

fn resolve(folder: &str, target: &str) -> String {
    let whole = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in whole.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/").to_ascii_lowercase()
}

fn part<'p>(parts: &'p Parts, name: &str) -> Option<&'p [u8]> {
    let found = parts.iter().find(|(known, _)| resolve("", known) == name);
    found.map(|(_, data)| data.as_slice())
}

fn strings(tree: &Node) -> Option<Vec<String>> {
    (tree.local == "sst").then(|| tree.nodes("si").map(rich_text).collect())
}

/// Every `t` but those of reading aids.
fn rich_text(node: &Node) -> String {
    let mut out = String::new();
    for child in &node.children {
        match child {
            Child::Node(child) if child.local == "rPh" && child.is_main() => {}
            Child::Node(child) if child.local == "t" && child.is_main() => {
                out.push_str(&decoded(&child.text()));
            }
            Child::Node(child) => out.push_str(&rich_text(child)),
            Child::Text(_) => {}
        }
    }
    out
}

fn sheet_cells(name: &str, tree: &Node, strings: &[String], found: &mut Cells) -> Option<()> {
    let mut next_row = 0;
    for row in tree.child("sheetData")?.nodes("row") {
        let row_number = match row.get("r") {
            Some(number) => number.parse::<u32>().ok()?.checked_sub(1)?,
            None => next_row,
        };
        next_row = row_number + 1;
        let mut next_column = 0;
        for cell in row.nodes("c") {
            let column = match cell.get("r") {
                Some(place) => {
                    let (row, column) = place_of(place)?;
                    if row != row_number {
                        return None;
                    }
                    column
                }
                None => next_column,
            };
            next_column = column + 1;
            if let Some(value) = value(cell, strings)? {
                let before = found.insert((name.to_owned(), row_number, column), value);
                if before.is_some() {
                    return None;
                }
            }
        }
    }
    Some(())
}

fn place_of(text: &str) -> Option<(u32, u32)> {
    let digits = text.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, digits) = text.split_at(digits);
    if letters.is_empty() || letters.len() > 3 || digits.starts_with('+') {
        return None;
    }
    let mut column = 0;
    for letter in letters.chars() {
        let letter = letter.to_ascii_uppercase();
        column = column * 26
            + u32::from(letter)
                .checked_sub(64)
                .filter(|number| (1..=26).contains(number))?;
    }
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column - 1))
}

/// The outer `None`: nobody can say.
#[expect(clippy::option_option, reason = "a cell may well hold nothing")]
fn value(cell: &Node, strings: &[String]) -> Option<Option<String>> {
    let content = cell.child("v").map(Node::text);
    let formula = cell.child("f").is_some();
    let trimmed = content.as_deref().map(str::trim);
    let found = match cell.get("t") {
        Some("inlineStr") => cell
            .child("is")
            .map(|inside| format!("t:{}", rich_text(inside))),
        Some("s") => match trimmed {
            None | Some("") => None,
            Some(index) => Some(format!("t:{}", strings.get(index.parse::<usize>().ok()?)?)),
        },
        Some("str") => content.map(|text| format!("t:{}", decoded(&text))),
        Some("b") => match trimmed {
            None | Some("") => None,
            Some("1" | "true") => Some("b:true".to_owned()),
            Some("0" | "false") => Some("b:false".to_owned()),
            Some(_) => return None,
        },
        Some("e") => content.map(|text| format!("e:{text}")),
        Some("d") => content.map(|text| format!("d:{text}")),
        Some("n") | None => match trimmed {
            None | Some("") => None,
            Some(text) => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Some(format!("n:{number}")),
                _ => Some(format!("t:{}", decoded(content.as_deref()?))),
            },
        },
        Some(_) => return None,
    };
    Some(match found {
        None if formula => Some("u".to_owned()),
        found => found,
    })
}

fn decoded(text: &str) -> String {
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let code = rest
            .strip_prefix("_x")
            .and_then(|after| after.get(..4))
            .filter(|_| rest.as_bytes().get(6) == Some(&b'_'));
        let code = code.filter(|code| code.bytes().all(|digit| digit.is_ascii_hexdigit()));
        if let Some(code) = code {
            units.push(u16::from_str_radix(code, 16).unwrap());
            rest = &rest[7..];
        } else {
            units.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
            rest = &rest[letter.len_utf8()..];
        }
    }
    String::from_utf16_lossy(&units)
}

impl Node {
    fn is_main(&self) -> bool {
        MAIN.contains(&self.space.as_str())
    }

    fn get(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|(space, local, _)| space.is_empty() && local == name);
        found.map(|(_, _, value)| value.as_str())
    }

    fn nodes<'n>(&'n self, local: &'n str) -> impl Iterator<Item = &'n Self> {
        self.children.iter().filter_map(move |child| match child {
            Child::Node(node) if node.local == local && node.is_main() => Some(node),
            _ => None,
        })
    }

    /// The first child of that name; the last `v` of a cell counts as the first.
    fn child<'n>(&'n self, local: &'n str) -> Option<&'n Self> {
        self.nodes(local).next()
    }

    fn text(&self) -> String {
        let texts = self.children.iter().filter_map(|child| match child {
            Child::Text(text) => Some(text.as_str()),
            Child::Node(_) => None,
        });
        texts.collect()
    }
}

/// The root of a part; `None` unless it is well-formed.
fn tree(data: &[u8]) -> Option<Node> {
    let data = data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data);
    let mut reader = NsReader::from_str(std::str::from_utf8(data).ok()?);
    reader.config_mut().check_end_names = true;
    let mut open: Vec<Node> = vec![Node::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => open.push(node(&reader, &start)?),
            Event::Empty(start) => {
                let node = node(&reader, &start)?;
                open.last_mut()?.children.push(Child::Node(node));
            }
            Event::End(_) => {
                let done = open.pop()?;
                open.last_mut()?.children.push(Child::Node(done));
            }
            Event::Text(text) => {
                let text = text.xml10_content().into_owned();
                open.last_mut()?.children.push(Child::Text(text));
            }
            Event::CData(data) => {
                let text = data.xml10_content().into_owned();
                open.last_mut()?.children.push(Child::Text(text));
            }
            Event::GeneralRef(reference) => {
                let escaped = format!("&{};", &*reference);
                let text = quick_xml::escape::unescape(&escaped).ok()?.into_owned();
                open.last_mut()?.children.push(Child::Text(text));
            }
            Event::DocType(_) => return None,
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    let mut document = open.pop()?;
    if !open.is_empty()
        || document
            .children
            .iter()
            .any(|child| matches!(child, Child::Text(text) if !text.trim().is_empty()))
    {
        return None;
    }
    document
        .children
        .retain(|child| matches!(child, Child::Node(_)));
    match (document.children.pop(), document.children.pop()) {
        (Some(Child::Node(root)), None) => Some(root),
        _ => None,
    }
}

fn node(reader: &NsReader<&[u8]>, start: &quick_xml::events::BytesStart<'_>) -> Option<Node> {
    let (space, local) = reader.resolver().resolve_element(start.name());
    let mut node = Node {
        space: space_of(&space)?,
        local: local.as_ref().to_owned(),
        ..Node::default()
    };
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let (space, local) = reader.resolver().resolve_attribute(attribute.key);
        let value = quick_xml::escape::unescape(&attribute.value)
            .ok()?
            .into_owned();
        node.attributes
            .push((space_of(&space)?, local.as_ref().to_owned(), value));
    }
    Some(node)
}

fn space_of(space: &ResolveResult<'_>) -> Option<String> {
    match space {
        ResolveResult::Bound(space) => Some(space.as_ref().to_owned()),
        ResolveResult::Unbound => Some(String::new()),
        ResolveResult::Unknown(_) => None,
    }
}
