//! `verify`: a workbook looked over as Excel does when it opens one.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Exit;
use super::output::stdout;
use crate::package;

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Workbooks: .xlsx or .xlsm files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(super) fn run(args: &VerifyArgs) -> anyhow::Result<Exit> {
    let mut out = stdout();
    let mut worst = Exit::Done;
    for file in &args.files {
        worst = worst.max(look(file, &mut out)?);
    }
    Ok(worst)
}

fn look(file: &Path, out: &mut impl Write) -> anyhow::Result<Exit> {
    let name = file.display();
    let found = match fs::read(file) {
        Ok(bytes) => package::flaws(&bytes).map_err(|refusal| refusal.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let flaws = match found {
        Ok(flaws) => flaws,
        Err(cause) => {
            // What was found in the files before comes first.
            out.flush()?;
            eprintln!("error: {name}: {cause}");
            return Ok(Exit::BadInput);
        }
    };
    if flaws.is_empty() {
        writeln!(out, "{name}: no flaw")?;
        return Ok(Exit::Done);
    }
    for flaw in &flaws {
        writeln!(out, "{name}: {flaw}")?;
    }
    Ok(Exit::Blocking)
}
