//! The copies that a sync client leaves beside a workbook when two people changed it at once. Such a
//! copy holds the same rows a second time: it is never read as one more workbook (writeback.md,
//! "Conflict copies").

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rustc_hash::{FxHashMap, FxHasher};
use unicode_normalization::UnicodeNormalization;

use super::cells::Raw;
use super::folder::format_by_name;
use super::{check, read_file, source};
use crate::model::season::Conflict;

/// What the names of conflict copies hold, without accents and in lower case: Dropbox, Nextcloud,
/// Synology, pCloud in English, French, German and Spanish; Syncthing; Seafile; the Linux client of
/// `OneDrive`.
const WORDS: [&str; 6] = [
    "conflict",
    "conflit",
    "konflikt",
    "conflicto",
    "safebackup",
    "sfconflict",
];
/// The longest name that Windows gives a computer.
const LONGEST_DEVICE: usize = 15;

/// The conflict copies among the names of a folder's workbooks, each with the workbook that it is a
/// copy of.
pub fn find(folder: &Path, names: &[String]) -> Vec<Conflict> {
    let copies = names.iter().filter_map(|name| {
        let is_copy_of = |other: &&String| {
            tells_conflict(other, name)
                || tells_device(other, name)
                    && hold_the_same(&folder.join(other), &folder.join(name))
        };
        // A copy of a copy is a copy of the workbook.
        let of = names
            .iter()
            .filter(is_copy_of)
            .min_by_key(|other| other.len())?;
        Some(Conflict {
            name: name.as_str().into(),
            of: of.as_str().into(),
        })
    });
    copies.collect()
}

/// Whether the name says by itself that it is a conflict copy of the other file.
pub fn tells_conflict(other: &str, name: &str) -> bool {
    let Some(suffix) = suffix(other, name) else {
        return false;
    };
    let plain: String = suffix
        .nfd()
        .filter(char::is_ascii)
        .collect::<String>()
        .to_ascii_lowercase();
    suffix.starts_with([' ', '-', '_', '.', '(', '['])
        && WORDS.iter().any(|word| plain.contains(word))
}

/// Whether the name is that of the other file and the name of a computer, as `OneDrive` writes it.
/// A workbook of hers may have such a name: only what is in it tells.
fn tells_device(other: &str, name: &str) -> bool {
    let Some(device) =
        suffix(other, name).and_then(|suffix| suffix.strip_prefix('-').map(str::to_owned))
    else {
        return false;
    };
    let of_a_name =
        |letter: char| letter == '-' || letter.is_ascii_uppercase() || letter.is_ascii_digit();
    device.len() <= LONGEST_DEVICE
        && device.chars().all(of_a_name)
        && device.chars().any(|letter| letter.is_ascii_uppercase())
}

/// What stands between the other file's stem and the extension that both have.
fn suffix(other: &str, name: &str) -> Option<String> {
    let composed = |text: &str| text.nfc().collect::<String>();
    let (other, name) = (composed(other), composed(name));
    let ((other, as_other), (name, extension)) = (other.rsplit_once('.')?, name.rsplit_once('.')?);
    if !extension.eq_ignore_ascii_case(as_other) {
        return None;
    }
    let suffix = name.strip_prefix(other)?;
    (!suffix.is_empty()).then(|| suffix.to_owned())
}

/// Whether two workbooks have the same tabs and, on every tab, share at least half of their rows
/// below the first one. What can't be read is told when it is read for good.
fn hold_the_same(one: &Path, other: &Path) -> bool {
    let read = |path: &Path| catch_unwind(AssertUnwindSafe(|| rows(path))).ok().flatten();
    let (Some(one), Some(other)) = (read(one), read(other)) else {
        return false;
    };
    let mut shared = 0;
    let same = one.len() == other.len()
        && one
            .iter()
            .zip(&other)
            .all(|((tab, rows), (as_tab, as_rows))| {
                let common = common(rows, as_rows);
                shared += common;
                tab == as_tab && 2 * common >= count(rows).min(count(as_rows))
            });
    same && shared > 0
}

/// How often each row is there, by a hash of its cells.
type Rows = FxHashMap<u64, usize>;

fn count(rows: &Rows) -> usize {
    rows.values().sum()
}

fn common(one: &Rows, other: &Rows) -> usize {
    let both = one.iter().map(|(row, count)| {
        let there = other.get(row).copied().unwrap_or(0);
        there.min(*count)
    });
    both.sum()
}

/// The rows of every tab below its first one.
fn rows(path: &Path) -> Option<BTreeMap<String, Rows>> {
    let format = format_by_name(path.file_name()?.to_str()?)?;
    let bytes = read_file(path).ok()?;
    check(&bytes, format).ok()?;
    let mut book = source::open(&bytes, format).ok()?;
    let mut tabs = BTreeMap::new();
    for tab in book.sheet_names() {
        let mut rows = Rows::default();
        // Ours differ from one night to the other: they are no sign of another row.
        let mut ours: Vec<u32> = Vec::new();
        let mut is_first = true;
        book.visit(&tab, &mut |_, cells| {
            ours.extend(
                cells
                    .iter()
                    .filter(|(_, cell)| heads_ours(cell))
                    .map(|(column, _)| column),
            );
            let hers = cells.iter().filter(|(column, _)| !ours.contains(column));
            if !std::mem::take(&mut is_first) {
                *rows.entry(hash(hers.map(|(_, cell)| cell))).or_default() += 1;
            }
            ControlFlow::Continue(())
        })
        .ok()?;
        tabs.insert(tab, rows);
    }
    Some(tabs)
}

fn heads_ours(cell: &Raw<'_>) -> bool {
    matches!(cell, Raw::Text(text) if text.ends_with("(auto)"))
}

fn hash<'r>(cells: impl Iterator<Item = &'r Raw<'r>>) -> u64 {
    let mut hasher = FxHasher::default();
    for cell in cells {
        // A number as it is shown and kept: both files were saved by the same program.
        format!("{cell:?}").hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::{tells_conflict, tells_device};

    #[test]
    fn the_names_of_sync_clients_are_known() {
        for name in [
            "ateliers (Claire's conflicted copy 2021-01-10).xlsx",
            "ateliers (Copie en conflit de PC-CLAIRE 2021-01-10).xlsx",
            "ateliers (conflicted copy).XLSX",
            "ateliers.sync-conflict-20210110-120102-ABCDEFG.xlsx",
            "ateliers_PC_Jan-10-120102-2021_Conflict.xlsx",
            "ateliers (SFConflict claire@example.org 2021-01-10-12-01-02).xlsx",
            "ateliers-PC-safeBackup-0001.xlsx",
        ] {
            assert!(tells_conflict("ateliers.xlsx", name), "{name}");
            assert!(!tells_conflict("adherents.xlsx", name), "{name}");
        }
        // Composed here and decomposed there, as a Mac writes it.
        assert!(tells_conflict(
            "e\u{301}te\u{301}.xlsx",
            "été (conflicted copy).xlsx"
        ));
    }

    #[test]
    fn her_own_names_are_left_alone() {
        for name in [
            "ateliers.xlsx",
            "ateliers-2021.xlsx",
            "ateliers (2).xlsx",
            "ateliers conflicted copy.ods",
            "conflits.xlsx",
            "ateliersconflit.xlsx",
        ] {
            assert!(!tells_conflict("ateliers.xlsx", name), "{name}");
        }
    }

    #[test]
    fn the_name_of_a_computer_looks_like_one() {
        for (name, is_one) in [
            ("ateliers-DESKTOP-7AB2CD3.xlsx", true),
            ("ateliers-PC.xlsx", true),
            ("ateliers-2021.xlsx", false),
            ("ateliers-matin.xlsx", false),
            ("ateliers-PC CLAIRE.xlsx", false),
            ("ateliers-UN-TRES-LONG-NOM-DE-POSTE.xlsx", false),
            ("ateliers-.xlsx", false),
        ] {
            assert_eq!(tells_device("ateliers.xlsx", name), is_one, "{name}");
        }
    }
}
