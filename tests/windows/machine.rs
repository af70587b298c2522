//! A Windows of Wine's, with nothing in it but what the tests need.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

/// What names the program.
const VARIABLE: &str = "PEER_CULTURE_WINDOWS_EXE";

/// Whom `CreateFile` lets in beside the one that holds a file: nobody, or readers.
pub const NOBODY: u8 = 0;
/// As Excel does.
pub const READERS: u8 = 1;

/// Where programs of Windows run.
pub struct Machine {
    /// The program for Windows.
    program: PathBuf,
    /// Wine's prefix: the drive `C:` and the registry.
    prefix: PathBuf,
    /// What holds files open.
    hold: PathBuf,
}

/// The one machine; none, with a message, where no program for it is named.
pub fn machine() -> Option<&'static Machine> {
    static MACHINE: OnceLock<Option<Machine>> = OnceLock::new();
    let machine = MACHINE.get_or_init(|| {
        let program = std::env::var_os(VARIABLE)?;
        Some(Machine::start(fs::canonicalize(program).unwrap()))
    });
    if machine.is_none() {
        eprintln!("skipped: {VARIABLE} names no program for Windows");
    }
    machine.as_ref()
}

impl Machine {
    fn start(program: PathBuf) -> Self {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("windows");
        fs::create_dir_all(&place).unwrap();
        let machine = Self {
            program,
            prefix: place.join("wine"),
            hold: place.join("hold.exe"),
        };
        compile("hold.c", &machine.hold, &[]);
        for (what, arguments) in [("wineboot", &["-i"][..]), ("winecfg", &["-v", "win10"])] {
            let status = machine.wine(&place, what).args(arguments).output().unwrap();
            assert!(status.status.success(), "{what}");
        }
        let library = machine
            .prefix
            .join("drive_c/windows/system32/bcryptprimitives.dll");
        if !library.exists() {
            compile("bcryptprimitives.c", &library, &["-shared", "-ladvapi32"]);
        }
        machine
    }

    /// A program of Windows, started in a folder.
    pub fn wine(&self, folder: &Path, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("wine");
        command
            .arg(program)
            .current_dir(folder)
            .env("WINEPREFIX", &self.prefix)
            .env("WINEDEBUG", "-all")
            // Nothing is asked for on a screen.
            .env("WINEDLLOVERRIDES", "mscoree=;mshtml=")
            .env_remove("DISPLAY")
            // Names of files are UTF-8.
            .env("LC_ALL", "C.UTF-8");
        command
    }

    /// Our program, started in a folder.
    pub fn program(&self, folder: &Path) -> Command {
        self.wine(folder, &self.program)
    }

    /// A path as Windows has it: the drive `Z:` is what is there.
    pub fn path(&self, path: &Path) -> String {
        assert!(self.prefix.join("dosdevices/z:").exists());
        format!("Z:{}", path.to_str().unwrap().replace('/', "\\"))
    }

    /// Holds a file open.
    pub fn hold(&self, path: &Path, sharing: u8) -> Held {
        let name = path.file_name().unwrap();
        let mut child = self
            .wine(path.parent().unwrap(), &self.hold)
            .arg(sharing.to_string())
            .arg(name)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut said).unwrap();
        assert_eq!(said.trim(), "held");
        let input = child.stdin.take();
        Held { child, input }
    }
}

/// A file that is held open.
pub struct Held {
    child: Child,
    input: Option<ChildStdin>,
}

impl Held {
    /// Closes it.
    pub fn release(mut self) {
        drop(self.input.take());
        assert!(self.child.wait().unwrap().success());
    }
}

/// Compiles a source of this folder for Windows.
fn compile(source: &str, to: &Path, arguments: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/windows");
    let compiled = Command::new("x86_64-w64-mingw32-gcc")
        .arg("-o")
        .arg(to)
        .arg(folder.join(source))
        .args(arguments)
        .status()
        .unwrap();
    assert!(compiled.success(), "{source}");
}
