//! Folders that are synchronised with other computers: no lock travels there (writeback.md, "Cloud
//! folders").

use std::path::Path;

/// What the folders of sync clients are called, in lower case: the whole name, or its beginning
/// before a space, a hyphen or a parenthesis (`OneDrive - Association`).
const FOLDERS: [(&str, &str); 14] = [
    ("onedrive", "OneDrive"),
    ("sharepoint", "SharePoint"),
    ("dropbox", "Dropbox"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("my drive", "Google Drive"),
    ("mon drive", "Google Drive"),
    ("icloud drive", "iCloud"),
    ("com~apple~clouddocs", "iCloud"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
    ("kdrive", "kDrive"),
    ("pcloud drive", "pCloud"),
    ("synologydrive", "Synology Drive"),
];
/// What sync clients leave in the topmost folder that they synchronise.
const MARKS: [(&str, &str); 3] = [
    (".stfolder", "Syncthing"),
    (".dropbox.cache", "Dropbox"),
    (".seafile-data", "Seafile"),
];

/// The service that synchronises the file's folder, where one shows.
pub fn service_of(file: &Path) -> Option<&'static str> {
    file.ancestors().skip(1).find_map(|folder| {
        let name = folder
            .file_name()
            .map(|name| name.to_string_lossy().to_lowercase());
        let by_name = name.and_then(|name| {
            let is_it = |(start, _): &&(&str, &str)| {
                let rest = name.strip_prefix(start);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '-', '(']))
            };
            FOLDERS.iter().find(is_it)
        });
        let mut marks = MARKS.iter();
        let found = by_name.or_else(|| marks.find(|(mark, _)| folder.join(mark).exists()));
        found.map(|(_, service)| *service)
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::service_of;

    #[test]
    fn synchronised_folders_are_known_by_their_name_or_their_mark() {
        for (path, service) in [
            (
                "/home/claire/OneDrive - Association/programme/a.xlsx",
                Some("OneDrive"),
            ),
            ("/home/claire/Dropbox/a.xlsx", Some("Dropbox")),
            ("/home/claire/Dropbox (Équipe)/a.xlsx", Some("Dropbox")),
            ("/home/claire/dropboxes/a.xlsx", None),
            ("/home/claire/programme/Dropbox", None),
            ("a.xlsx", None),
        ] {
            assert_eq!(service_of(Path::new(path)), service, "{path}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("programme/a.xlsx");
        assert_eq!(service_of(&file), None);
        std::fs::create_dir(folder.path().join(".stfolder")).expect("made");
        assert_eq!(service_of(&file), Some("Syncthing"));
    }
}
