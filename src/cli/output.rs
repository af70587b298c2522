//! Where commands print: results on standard output, problems on standard error.

use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::Path;

use serde::Serialize;

use super::Format;
use crate::report::json::Stopped;
use crate::sheets::InputProblem;

/// Standard output, buffered.
pub(super) type Stdout = BufWriter<StdoutLock<'static>>;

/// Standard output, buffered.
pub(super) fn stdout() -> Stdout {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// What each folder prints: text as it is, or one JSON object, an array of them for several folders.
pub(super) struct Printer<W: Write> {
    out: W,
    format: Format,
    several: bool,
    printed: bool,
}

impl<W: Write> Printer<W> {
    /// For so many folders.
    pub(super) fn new(out: W, format: Format, folders: usize) -> Self {
        Self {
            out,
            format,
            several: folders > 1,
            printed: false,
        }
    }

    /// Prints one folder's result: the text, or the object.
    pub(super) fn print(
        &mut self,
        text: impl FnOnce(&mut W) -> io::Result<()>,
        value: &impl Serialize,
    ) -> anyhow::Result<()> {
        match self.format {
            Format::Text => Ok(text(&mut self.out)?),
            Format::Json => self.json(value),
        }
    }

    /// Where text goes.
    pub(super) fn text(&mut self) -> &mut W {
        &mut self.out
    }

    /// Prints one folder's object.
    pub(super) fn json(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        if self.several {
            self.out
                .write_all(if self.printed { b",\n" } else { b"[" })?;
        }
        self.printed = true;
        serde_json::to_writer(&mut self.out, value)?;
        Ok(())
    }

    /// Tells why a folder's run stopped: every problem is a line on standard error, and with JSON
    /// also on standard output (programme.md §7).
    pub(super) fn print_problems(
        &mut self,
        folder: &Path,
        problems: &[InputProblem],
    ) -> anyhow::Result<()> {
        for problem in problems {
            eprintln!("error: {}: {problem}", folder.display());
        }
        if self.format == Format::Json {
            self.json(&Stopped { errors: problems })?;
        }
        Ok(())
    }

    /// Closes the array.
    pub(super) fn end(mut self) -> io::Result<()> {
        if self.format == Format::Json {
            self.out
                .write_all(if self.several { b"]\n" } else { b"\n" })?;
        }
        self.out.flush()
    }
}
