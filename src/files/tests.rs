use std::fs;
use std::path::Path;

use super::{
    Access, CommitError, holds, is_beside_name, leftovers_of, remove_leftovers, replace, stage,
};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_is_made_then_replaced_and_nothing_stays_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tableau.xlsx");
    replace(&path, b"first", Access::Private).expect("made");
    replace(&path, b"second, longer", Access::Private).expect("replaced");
    assert_eq!(fs::read(&path).expect("read"), b"second, longer");
    assert_eq!(names(folder.path()), ["tableau.xlsx"]);
}

#[test]
fn a_staged_file_that_is_dropped_leaves_the_old_one_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tableau.xlsx");
    fs::write(&path, "old").expect("written");
    let staged = stage(&path, b"new", Access::Kept).expect("staged");
    assert_eq!(fs::read(&path).expect("read"), b"old");
    assert_eq!(
        leftovers_of(folder.path(), "tableau.xlsx")
            .expect("listed")
            .len(),
        1
    );
    assert!(
        leftovers_of(folder.path(), "autre.xlsx")
            .expect("listed")
            .is_empty()
    );
    drop(staged);
    assert_eq!(names(folder.path()), ["tableau.xlsx"]);
}

#[test]
fn a_rename_that_fails_cleans_up_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("taken");
    fs::create_dir(&path).expect("a folder in the way");
    let failure = stage(&path, b"new", Access::Private)
        .expect("staged")
        .commit();
    assert!(matches!(failure, Err(CommitError::Rename(_))));
    assert_eq!(names(folder.path()), ["taken"]);
}

#[test]
fn a_name_at_the_limit_of_the_file_system_still_has_room_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("é".repeat(127));
    replace(&path, b"new", Access::Private).expect("made");
    assert_eq!(fs::read(&path).expect("read"), b"new");
}

#[test]
fn contents_are_compared_to_the_last_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file");
    let bytes: Vec<u8> = (0..50_000_u32).flat_map(u32::to_le_bytes).collect();
    fs::write(&path, &bytes).expect("written");
    assert!(holds(&path, &bytes).expect("read"));
    assert!(!holds(&path, bytes.get(..199_999).expect("bytes")).expect("read"));
    assert!(!holds(&path, &[bytes.as_slice(), b"x"].concat()).expect("read"));
    let mut other = bytes.clone();
    other[150_000] ^= 1;
    assert!(!holds(&path, &other).expect("read"));
}

#[test]
fn only_our_own_leftovers_are_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in [
        ".a.eml.tmp-12-0",
        ".a.eml.tmp-12",
        "a.tmp-12-0",
        ".tmp-x-1",
        "b.eml",
    ] {
        fs::write(folder.path().join(name), "x").expect("written");
    }
    remove_leftovers(folder.path()).expect("removed");
    assert_eq!(
        names(folder.path()),
        [".a.eml.tmp-12", ".tmp-x-1", "a.tmp-12-0", "b.eml"]
    );
    assert!(is_beside_name(".x.tmp-1-2"));
}

#[cfg(unix)]
#[test]
fn a_file_is_for_whom_the_other_one_is() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().expect("a folder");
    let (other, path) = (folder.path().join("hers"), folder.path().join("ours"));
    fs::write(&other, "hers").expect("written");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o7777;
    for (hers, ours) in [
        (0o640, 0o640),
        (0o775, 0o664),
        (0o400, 0o600),
        (0o4755, 0o644),
    ] {
        fs::set_permissions(&other, fs::Permissions::from_mode(hers)).expect("a mode");
        replace(&path, b"ours", Access::Like(&other)).expect("made");
        assert_eq!(mode(&path), ours, "{hers:o}");
    }
}

#[cfg(unix)]
#[test]
fn a_replaced_workbook_keeps_its_attributes_and_its_access_list() {
    // Version 2; the owner rw, user 1234 r, the group r, the mask rw, others nothing.
    const LIST: [u8; 44] = [
        2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 0xD2, 4, 0, 0, 4, 0, 4, 0, 255,
        255, 255, 255, 0x10, 0, 6, 0, 255, 255, 255, 255, 0x20, 0, 0, 0, 255, 255, 255, 255,
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("adherents.xlsx");
    fs::write(&path, "old").expect("written");
    let attributes = [
        ("user.origine", &b"Dropbox"[..]),
        ("system.posix_acl_access", &LIST[..]),
    ];
    // Not every file system has them.
    let set: Vec<_> = attributes
        .into_iter()
        .filter(|(name, value)| xattr::set(&path, name, value).is_ok())
        .collect();
    replace(&path, b"new", Access::Kept).expect("replaced");
    assert_eq!(fs::read(&path).expect("read"), b"new");
    for (name, value) in &set {
        let kept = xattr::get(&path, name).expect("read");
        assert_eq!(kept.as_deref(), Some(*value), "{name}");
    }
    if set.len() < attributes.len() {
        eprintln!("this file system keeps only {set:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_replaced_workbook_keeps_its_mode_and_a_link_stays_a_link() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("adherents.xlsx");
    let link = folder.path().join("lien.xlsx");
    fs::write(&path, "old").expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).expect("a mode");
    std::os::unix::fs::symlink(&path, &link).expect("a link");
    replace(&link, b"new", Access::Kept).expect("replaced");
    assert!(link.is_symlink());
    assert_eq!(fs::read(&path).expect("read"), b"new");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o7777;
    assert_eq!(mode(&path), 0o664);
    replace(&path, b"newer", Access::Private).expect("replaced");
    assert_eq!(mode(&path), 0o600);
}
