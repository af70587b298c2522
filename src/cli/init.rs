//! `init`: the workbooks of a new programme.

use std::path::PathBuf;

use clap::Args;

use super::Exit;
use crate::config::Settings;
use crate::starter::{self, StarterError};

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The folder to make.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Fill the workbooks with the sample programme, an invented session.
    #[arg(long)]
    sample: bool,
}

pub(super) fn run(args: &InitArgs) -> anyhow::Result<Exit> {
    let files = starter::files(&Settings::default(), args.sample)?;
    match starter::write(&args.folder, &files) {
        Ok(()) => {}
        Err(taken @ StarterError::InTheWay { .. }) => {
            eprintln!("error: {taken}; choose another folder, or move them away");
            return Ok(Exit::BadInput);
        }
        Err(error @ StarterError::Write { .. }) => {
            eprintln!("error: {error}; choose another folder");
            return Ok(Exit::BadInput);
        }
        Err(error) => return Err(error.into()),
    }
    for (name, _) in &files {
        println!("{}", args.folder.join(name).display());
    }
    println!(
        "\nOuvrez la feuille « Mode d’emploi » d’un classeur, puis : peer-culture check {}",
        args.folder.display()
    );
    Ok(Exit::Done)
}
