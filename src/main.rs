//! The command line of the nightly assistant.

use std::process::ExitCode;

fn main() -> ExitCode {
    match peer_culture::cli::main() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(3)
        }
    }
}
