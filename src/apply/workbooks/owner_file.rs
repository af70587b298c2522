//! Who has a workbook open: the files that Excel and LibreOffice leave beside it.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use crate::sheets::cells::clean_line;

/// A workbook is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// In which program; `LibreOffice` may leave Excel's kind of file, too.
    pub editor: Editor,
    /// Who has it open, where the file says so.
    pub by: Option<String>,
    /// The name of the file that says so.
    pub file: String,
}

/// The programs that leave such a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Editor {
    /// `~$NAME`.
    Excel,
    /// `.~lock.NAME#`.
    LibreOffice,
}

/// Both files are of a few hundred bytes.
const LONGEST: u64 = 4096;

/// The file that says that a workbook of the folder is open, if there is one. It may have stayed
/// after a crash: nothing tells.
pub fn find(folder: &Path, name: &str) -> Option<Owner> {
    let wanted = [
        (Editor::Excel, folded(&format!("~${name}"))),
        (Editor::LibreOffice, folded(&format!(".~lock.{name}#"))),
    ];
    let mut found: Vec<Owner> = Vec::new();
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let Ok(file) = entry.file_name().into_string() else {
            continue;
        };
        let this = folded(&file);
        if let Some((editor, _)) = wanted.iter().find(|(_, name)| *name == this) {
            let content = read(&entry.path());
            found.push(Owner {
                editor: *editor,
                by: content.and_then(|content| owner(*editor, &content)),
                file,
            });
        }
    }
    found.sort_by(|one, other| one.file.cmp(&other.file));
    found.into_iter().next()
}

/// Windows and its shares don't tell "A" from "a"; a Mac writes "ô" as two characters.
fn folded(name: &str) -> String {
    name.nfc().collect::<String>().to_lowercase()
}

/// Excel holds its file open and may forbid reading it: then nobody is named.
fn read(path: &Path) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    let file = File::open(path).ok()?;
    file.take(LONGEST).read_to_end(&mut content).ok()?;
    Some(content)
}

fn owner(editor: Editor, content: &[u8]) -> Option<String> {
    let owner = match editor {
        Editor::Excel => excel_user(content),
        Editor::LibreOffice => libreoffice_user(content),
    }?;
    let owner = clean_line(&owner).into_owned();
    (!owner.is_empty()).then_some(owner)
}

/// 165 bytes: the name's length, the name in the computer's code page, padded with spaces up to byte
/// 55; there its length once more, in two bytes, and the name in UTF-16. (Word's files have that
/// part one byte earlier; LibreOffice's `msodocumentlockfile.cxx` knows both.)
fn excel_user(content: &[u8]) -> Option<String> {
    const LENGTH_AT: usize = 55;
    const LONGEST_NAME: usize = 52;
    let length = usize::from(*content.get(LENGTH_AT)?);
    if length == 0 || length > LONGEST_NAME {
        return None;
    }
    let name = content.get(LENGTH_AT + 2..LENGTH_AT + 2 + 2 * length)?;
    let (units, _) = name.as_chunks::<2>();
    let units: Vec<u16> = units.iter().copied().map(u16::from_le_bytes).collect();
    String::from_utf16(&units).ok()
}

/// `name,system user,host,DD.MM.YYYY HH:MM,profile;`, with `\` before a comma, a semicolon or a
/// backslash of the text itself (LibreOffice's `lockfilecommon.cxx`).
fn libreoffice_user(content: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(content);
    let mut fields = vec![String::new()];
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let literal = match letter {
            ';' => break,
            ',' => {
                fields.push(String::new());
                continue;
            }
            '\\' => letters.next()?,
            _ => letter,
        };
        fields.last_mut()?.push(literal);
    }
    let field = |at: usize| fields.get(at).map(|field| field.trim()).unwrap_or_default();
    let name = match field(0) {
        "" => field(1),
        name => name,
    };
    match (name, field(2)) {
        ("", "") => None,
        ("", host) => Some(format!("quelqu’un (ordinateur {host})")),
        (name, "") => Some(name.to_owned()),
        (name, host) => Some(format!("{name} (ordinateur {host})")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Editor, excel_user, find, libreoffice_user, owner};

    /// As Excel writes it.
    fn excel_file(name: &str) -> Vec<u8> {
        let units: Vec<u16> = name.encode_utf16().collect();
        let length = u8::try_from(units.len()).expect("a short name");
        let mut file = vec![length];
        file.extend(
            name.chars()
                .map(|letter| u8::try_from(letter).unwrap_or(b'?')),
        );
        file.resize(55, b' ');
        file.extend([length, 0]);
        file.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
        while file.len() < 165 {
            file.extend([b' ', 0]);
        }
        file.truncate(165);
        file
    }

    #[test]
    fn excel_names_its_user() {
        for name in ["Maria", "Héloïse Œuvrard", "王芳", &"n".repeat(52)] {
            assert_eq!(excel_user(&excel_file(name)).as_deref(), Some(name));
        }
        // A space is 0x20, and so is the length of such a name.
        let name = "n".repeat(32);
        assert_eq!(excel_user(&excel_file(&name)), Some(name));
    }

    #[test]
    fn a_file_of_another_form_names_nobody() {
        for content in [
            &b""[..],
            b"Claire",
            &[0; 165],
            &[0xFF; 165],
            &excel_file("Maria")[..60],
        ] {
            assert_eq!(owner(Editor::Excel, content), None);
        }
        for content in ["", ",,,;", ";", "\\"] {
            assert_eq!(libreoffice_user(content.as_bytes()), None, "{content}");
        }
    }

    #[test]
    fn libreoffice_names_its_user_and_host() {
        for (content, by) in [
            (
                "Maria Lopez,mlopez,PC-ACCUEIL,12.01.2021 09:12,file:///home/m/profile;",
                "Maria Lopez (ordinateur PC-ACCUEIL)",
            ),
            (",mlopez,PC,12.01.2021 09:12,;", "mlopez (ordinateur PC)"),
            ("Lopez\\, Maria,m,,12.01.2021 09:12,;", "Lopez, Maria"),
            (",,PC,,;", "quelqu’un (ordinateur PC)"),
        ] {
            assert_eq!(libreoffice_user(content.as_bytes()).as_deref(), Some(by));
        }
    }

    #[test]
    fn only_the_file_of_that_workbook_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, content: &[u8]| {
            std::fs::write(folder.path().join(name), content).expect("written");
        };
        file("~$adherents.xlsx", &excel_file("Maria"));
        file(".~lock.candidatures.xlsx#", b"Paul,p,,,;");
        assert_eq!(find(folder.path(), "ateliers.xlsx"), None);
        file("~$ATELIERS.xlsx", &excel_file("Maria\r\nLopez"));
        let owner = find(folder.path(), "Ateliers.xlsx").expect("open");
        assert_eq!(owner.editor, Editor::Excel);
        assert_eq!(owner.by.as_deref(), Some("Maria Lopez"));
        assert_eq!(owner.file, "~$ATELIERS.xlsx");
        file(".~lock.Ateliers.xlsx#", b"Paul,p,,,;");
        let owner = find(folder.path(), "Ateliers.xlsx").expect("open");
        assert_eq!(owner.by.as_deref(), Some("Paul"));
    }
}
