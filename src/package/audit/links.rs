//! Relationships (ECMA-376 part 2, 6.5): of every part, ids used once and targets that are there.

use std::collections::{BTreeMap, BTreeSet};

use super::super::opc::{self, part_key};
use super::super::xml::Namespace;
use super::Audit;

/// One relationship.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub id: String,
    /// The last step of its type.
    pub kind: String,
    /// The key of its target; none outside the package.
    pub target: Option<String>,
}

/// By the key of the part that has them; the package's own under the empty key.
#[derive(Debug, Clone, Default)]
pub(super) struct Links(BTreeMap<String, Vec<Link>>);

impl Links {
    pub fn of(&self, key: &str) -> &[Link] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// Every link within the package with the key of its owner.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Link)> {
        self.0
            .iter()
            .flat_map(|(owner, links)| links.iter().map(move |link| (owner.as_str(), link)))
    }
}

/// Reads every `.rels` part.
pub(super) fn read(audit: &mut Audit<'_, '_>) -> Links {
    let mut links = Links::default();
    for entry in 0..audit.container.entries.len() {
        let key = part_key(&audit.container.name(entry));
        let Some(owner) = owner(&key) else {
            continue;
        };
        if !owner.is_empty() && audit.container.find(&owner).is_none() {
            // Left behind by a part that was taken out; nobody reads it.
            continue;
        }
        let found = of_part(audit, entry, &owner);
        links.0.insert(owner, found);
    }
    links
}

/// The part whose relationships a part holds: `xl/_rels/workbook.xml.rels` those of `xl/workbook.xml`.
fn owner(key: &str) -> Option<String> {
    let (folder, file) = key.rsplit_once('/')?;
    let file = file.strip_suffix(".rels")?;
    let above = folder.strip_suffix("_rels")?;
    Some(format!("{above}{file}"))
}

fn of_part(audit: &mut Audit<'_, '_>, entry: usize, owner: &str) -> Vec<Link> {
    let Some(data) = audit.read(entry) else {
        return Vec::new();
    };
    let Some(outline) = audit.outline(entry, &data) else {
        return Vec::new();
    };
    let (mut found, mut ids) = (Vec::new(), BTreeSet::new());
    let elements = outline.root().children();
    for element in elements.filter(|child| child.is(Namespace::Package, "Relationship")) {
        let attribute = |name| element.attribute(name).unwrap_or_default();
        let (id, kind, target) = (attribute("Id"), attribute("Type"), attribute("Target"));
        if !ids.insert(id.clone()) {
            audit.note(entry, &id, "the id of two relationships");
        }
        let outside = element.raw("TargetMode") == Some(b"External") || target.starts_with('#');
        let target = (!outside).then(|| opc::target_key(owner, &target));
        if let Some(key) = &target
            && audit.container.find(key).is_none()
        {
            audit.note(entry, &id, "the target of this relationship is not there");
        }
        found.push(Link {
            id,
            kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
            target,
        });
    }
    found
}
