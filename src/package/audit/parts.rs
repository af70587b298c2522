//! Parts as such: their content types (ECMA-376 part 2, 6.2.3), their text, and every `r:id` in them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::opc::{has_ending, part_key};
use super::super::xml::{self, Kind, Namespace, Scopes};
use super::Audit;
use super::wellformed;

/// What ends the content type of a part that is linked by a relationship of that kind.
const TYPES: [(&str, &str); 10] = [
    ("worksheet", "spreadsheetml.worksheet+xml"),
    ("chartsheet", "spreadsheetml.chartsheet+xml"),
    ("styles", "spreadsheetml.styles+xml"),
    ("sharedStrings", "spreadsheetml.sharedStrings+xml"),
    ("table", "spreadsheetml.table+xml"),
    ("calcChain", "spreadsheetml.calcChain+xml"),
    ("comments", "spreadsheetml.comments+xml"),
    ("pivotTable", "spreadsheetml.pivotTable+xml"),
    ("drawing", "drawing+xml"),
    ("chart", "chart+xml"),
];

/// Larger parts are sheets, whose rows are looked at elsewhere.
const READ: u64 = 256 << 20;

pub(super) fn look(audit: &mut Audit<'_, '_>) {
    let types = Types::read(audit);
    for entry in 0..audit.container.entries.len() {
        let name = audit.container.name(entry);
        let key = part_key(&name);
        if name.ends_with('/') || key == "[content_types].xml" {
            continue;
        }
        if types.of(&key).is_none() {
            audit.note(entry, "", "it has no content type");
        }
        let is_xml = has_ending(&key, "xml") || has_ending(&key, "rels");
        if !is_xml || audit.container.size(entry) > READ {
            continue;
        }
        let data = match audit.container.read_whole(entry) {
            Ok(data) => data,
            Err(cause) => {
                audit.refused(entry, &cause);
                continue;
            }
        };
        if let Some((at, kind)) = wellformed::fault(&data) {
            audit.note(entry, format_args!("byte {at}"), kind);
        }
        dangling(audit, entry, &key, &data);
    }
    let linked: Vec<(String, String)> = audit
        .links
        .all()
        .filter_map(|(_, link)| Some((link.kind.clone(), link.target.clone()?)))
        .collect();
    for (kind, target) in linked {
        wrong_type(audit, &types, &kind, &target);
    }
}

/// A part that is linked as something that its content type says it is not.
fn wrong_type(audit: &mut Audit<'_, '_>, types: &Types, kind: &str, target: &str) {
    let Some((_, end)) = TYPES.iter().find(|(known, _)| *known == kind) else {
        return;
    };
    let (Some(entry), Some(found)) = (audit.container.find(target), types.of(target)) else {
        return;
    };
    if !found.ends_with(end) {
        audit.note(entry, found, "its content type is not what it is linked as");
    }
}

/// Every `r:id`, `r:embed`… must name a relationship of the part.
fn dangling(audit: &mut Audit<'_, '_>, entry: usize, key: &str, data: &[u8]) {
    let ids: BTreeSet<String> = audit.links.of(key).iter().map(|l| l.id.clone()).collect();
    let mut scopes = Scopes::default();
    let mut at = 0;
    while let Ok(Some(token)) = xml::next_token(data, at) {
        at = token.end;
        match token.kind {
            Kind::End => {
                scopes.close();
                continue;
            }
            Kind::Start | Kind::Empty => {}
            Kind::Aside | Kind::Doctype => continue,
        }
        let tag = token.bytes(data);
        if scopes.open(tag).is_err() {
            return;
        }
        // Most tags have no attribute with a prefix at all.
        if memchr::memchr(b':', tag).is_some() {
            for attribute in xml::attributes(tag).flatten() {
                let (prefix, local) = xml::split_name(attribute.name);
                let is_id = !prefix.is_empty()
                    && prefix != b"xmlns:"
                    && scopes.of(attribute.name) == Namespace::Relationship;
                let id = super::super::text::unescape(attribute.value);
                // An empty one stands for none.
                if is_id && !id.is_empty() && !ids.contains(&id) {
                    let name = String::from_utf8_lossy(local).into_owned();
                    let place = format!("{name} {id}");
                    audit.note(entry, place, "no relationship has this id");
                }
            }
        }
        if token.kind == Kind::Empty {
            scopes.close();
        }
    }
}

/// The content types of a package.
#[derive(Debug, Default)]
struct Types {
    by_extension: BTreeMap<String, String>,
    by_part: BTreeMap<String, String>,
}

impl Types {
    fn read(audit: &mut Audit<'_, '_>) -> Self {
        let mut types = Self::default();
        let Some(entry) = audit.container.find("[content_types].xml") else {
            return types;
        };
        let Some(data) = audit.read(entry) else {
            return types;
        };
        let Some(outline) = audit.outline(entry, &data) else {
            return types;
        };
        for element in outline.root().children() {
            let kind = element.attribute("ContentType").unwrap_or_default();
            let (_, local) = xml::split_name(element.name());
            let (list, name) = match local {
                b"Default" => (&mut types.by_extension, "Extension"),
                b"Override" => (&mut types.by_part, "PartName"),
                _ => continue,
            };
            let name = element.attribute(name).unwrap_or_default();
            let known = list.insert(part_key(&name), kind);
            if known.is_some() {
                audit.note(entry, &name, "its content type is given twice");
            }
        }
        types
    }

    fn of(&self, key: &str) -> Option<&str> {
        let extension = key.rsplit_once('.').map_or("", |(_, end)| end);
        let found = self.by_part.get(key);
        let found = found.or_else(|| self.by_extension.get(extension))?;
        Some(found)
    }
}
