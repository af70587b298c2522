//! A programme folder for a test: real workbooks in a temporary folder, and the program run on it.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use serde_json::Value;

use crate::book::Book;

/// A folder that goes when the test ends.
pub struct Folder {
    dir: tempfile::TempDir,
    /// What a test laid into it by itself.
    put: RefCell<HashSet<Vec<u8>>>,
}

/// A sheet: its name, then rows of texts, the header first.
pub type Sheet<'a> = (&'a str, Vec<Vec<String>>);

/// Whatever a test does, each workbook that the program wrote is one that Excel opens in peace.
impl Drop for Folder {
    fn drop(&mut self) {
        if std::thread::panicking() || !self.path().exists() {
            return;
        }
        for (path, bytes) in self.snapshot() {
            let inside = path.strip_prefix(self.path()).unwrap();
            let name = inside.to_str().unwrap_or_default();
            let written = name.starts_with("controles/") || name.contains("(contrôles)");
            let is_package = ["xlsx", "xlsm"].iter().any(|extension| {
                let found = inside.extension();
                found.is_some_and(|found| found.eq_ignore_ascii_case(extension))
            });
            // One that could not be read was kept under that name.
            let spoilt = name.contains("(illisible)") || self.put.borrow().contains(&bytes);
            if written && is_package && !spoilt {
                let flaws = peer_culture::package::flaws(&bytes);
                assert_eq!(flaws, Ok(Vec::new()), "{name}");
            }
        }
    }
}

impl Folder {
    /// An empty folder.
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            put: RefCell::default(),
        }
    }

    /// An empty folder in memory, where there is such a place: for what is done hundreds of times.
    pub fn in_memory() -> Self {
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        Self {
            dir: dir.unwrap(),
            put: RefCell::default(),
        }
    }

    /// A copy of the sample programme.
    pub fn sample() -> Self {
        let folder = Self::new();
        for entry in fs::read_dir(sample()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
            }
        }
        folder
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A file with this content.
    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        self.put.borrow_mut().insert(content.to_vec());
        path
    }

    /// A workbook with these sheets.
    pub fn workbook(&self, name: &str, sheets: &[Sheet]) -> PathBuf {
        let mut book = Workbook::new();
        for (sheet, rows) in sheets {
            let worksheet = book.add_worksheet().set_name(*sheet).unwrap();
            for (row, cells) in (0..).zip(rows) {
                for (column, text) in (0..).zip(cells) {
                    write(worksheet, row, column, text);
                }
            }
        }
        let path = self.path().join(name);
        book.save(&path).unwrap();
        path
    }

    /// Runs a command on the folder, on 12 January 2021 unless the arguments say otherwise.
    pub fn run(&self, command: &str, arguments: &[&str]) -> Output {
        let mut program = program();
        program.arg(command).arg(self.path()).args(arguments);
        if !arguments.contains(&"--today") {
            program.args(["--today", "2021-01-12"]);
        }
        program.output().unwrap()
    }

    /// The same with `--format json`, and what it printed.
    pub fn json(&self, command: &str, arguments: &[&str]) -> (Option<i32>, Value) {
        let output = self.run(command, &[arguments, &["--format", "json"]].concat());
        let value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{error}: {} {}", text(&output.stdout), text(&output.stderr))
        });
        (output.status.code(), value)
    }

    /// What a night printed as JSON; the night went well.
    pub fn night(&self, today: &str) -> Value {
        let (code, printed) = self.json("run", &["--today", today]);
        assert_eq!(code, Some(0), "{printed}");
        printed
    }

    /// Runs a command on the folder by a short name, so that what it prints does not hold the
    /// folder's own path.
    pub fn run_here(&self, command: &str, arguments: &[&str]) -> Output {
        let mut program = program();
        program.current_dir(self.path());
        program.args([command, ".", "--today", "2021-01-12"]);
        program.args(arguments).output().unwrap()
    }

    /// The participants' e-mails that lie in `controles/courriels`, by file name.
    pub fn mails(&self) -> Vec<String> {
        let mut names = self.names("controles/courriels");
        names.retain(|name| !name.contains("_synthese_"));
        names
    }

    /// The coordinator's digests that lie there, by file name.
    pub fn digests(&self) -> Vec<String> {
        let mut names = self.names("controles/courriels");
        names.retain(|name| name.contains("_synthese_"));
        names
    }

    /// Changes one of the folder's workbooks, as the coordinator would.
    pub fn edit(&self, name: &str, change: impl FnOnce(&mut Book)) {
        let path = self.path().join(name);
        let mut book = Book::open(&path);
        change(&mut book);
        book.save(&path);
    }

    /// The files directly in the folder with their bytes, by name.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let files = self.snapshot().into_iter().filter_map(|(path, bytes)| {
            let inside = path.strip_prefix(self.path()).unwrap().to_owned();
            (inside.components().count() == 1)
                .then(|| (inside.into_os_string().into_string().unwrap(), bytes))
        });
        files.collect()
    }

    /// Every file below the folder with its bytes, by path.
    pub fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(self.path(), &mut files);
        files.sort();
        files
    }

    /// The names of the files in a subfolder, sorted; none where it is not there.
    pub fn names(&self, subfolder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path().join(subfolder)) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// A text as a text, `#N/A` as the error value of a formula, and between `<` and `>` what Excel
/// keeps otherwise: `<44208>` a number, `<44208 dd/mm/yyyy>` one with a number format, `<VRAI>` and
/// `<FAUX>` booleans, `<"">` a formula that gives no text.
fn write(worksheet: &mut Worksheet, row: u32, column: u16, text: &str) {
    match text {
        "" => {}
        "#N/A" => {
            let formula = Formula::new("=NA()").set_result("#N/A");
            worksheet.write_formula(row, column, formula).unwrap();
        }
        "<\"\">" => {
            // An empty result would be written as the default one, 0.
            worksheet.set_formula_result_default("");
            worksheet
                .write_formula(row, column, Formula::new("=\"\""))
                .unwrap();
        }
        "<VRAI>" | "<FAUX>" => {
            let value = text == "<VRAI>";
            worksheet.write_boolean(row, column, value).unwrap();
        }
        _ if text.starts_with('<') => write_number(worksheet, row, column, text),
        _ => {
            worksheet.write_string(row, column, text).unwrap();
        }
    }
}

fn write_number(worksheet: &mut Worksheet, row: u32, column: u16, text: &str) {
    let inside = text.trim_start_matches('<').trim_end_matches('>');
    let (number, format) = inside.split_once(' ').unwrap_or((inside, "General"));
    let number: f64 = number.parse().unwrap();
    let format = Format::new().set_num_format(format);
    worksheet
        .write_number_with_format(row, column, number, &format)
        .unwrap();
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.exists() {
            let bytes = fs::read(&path).unwrap();
            files.push((path, bytes));
        }
    }
}

/// The program.
pub fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_peer-culture"))
}

/// The sample programme of the project.
pub fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("workbooks")
}

/// What a program printed.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
