//! Where commands print: results on standard output, problems on standard error.

use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::Path;

use serde::Serialize;

use super::Format;
use crate::outbox::Tally;
use crate::report::json::Stopped;
use crate::sheets::InputProblem;

/// Standard output: at once and buffered, or kept until its turn comes.
pub(super) enum Stdout {
    Direct(BufWriter<StdoutLock<'static>>),
    Kept(Vec<u8>),
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Direct(out) => out.write(bytes),
            Self::Kept(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Direct(out) => out.flush(),
            Self::Kept(_) => Ok(()),
        }
    }
}

/// Standard output, at once.
pub(super) fn stdout() -> Stdout {
    Stdout::Direct(BufWriter::with_capacity(1 << 16, io::stdout().lock()))
}

/// What each folder prints: text as it is, or one JSON object, an array of them for several folders.
pub(super) struct Printer<W: Write> {
    out: W,
    /// Standard error, where it is kept.
    errors: Option<Vec<u8>>,
    format: Format,
    several: bool,
    printed: bool,
    sum: Option<String>,
}

/// What a folder printed, kept until its turn comes.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) out: Vec<u8>,
    pub(super) errors: Vec<u8>,
    /// What it came to, for the summary.
    pub(super) sum: Option<String>,
}

impl Printer<Stdout> {
    /// For one of several folders that are worked on side by side.
    pub(super) fn kept(format: Format) -> Self {
        Self {
            errors: Some(Vec::new()),
            ..Self::new(Stdout::Kept(Vec::new()), format, 1)
        }
    }

    /// What was printed.
    pub(super) fn into_page(self) -> Page {
        Page {
            out: match self.out {
                Stdout::Kept(out) => out,
                Stdout::Direct(_) => Vec::new(),
            },
            errors: self.errors.unwrap_or_default(),
            sum: self.sum,
        }
    }
}

impl<W: Write> Printer<W> {
    /// For so many folders.
    pub(super) fn new(out: W, format: Format, folders: usize) -> Self {
        Self {
            out,
            errors: None,
            format,
            several: folders > 1,
            printed: false,
            sum: None,
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

    /// Prints one folder's result, whatever its form.
    pub(super) fn told(
        &mut self,
        tell: impl FnOnce(&mut W) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        if self.format == Format::Json {
            self.begin_object()?;
        }
        Ok(tell(&mut self.out)?)
    }

    /// Says in short what a folder's work came to, for the summary of several.
    pub(super) fn sum_up(&mut self, sum: String) {
        self.sum = Some(sum);
    }

    /// Where text goes.
    pub(super) fn text(&mut self) -> &mut W {
        &mut self.out
    }

    /// Prints one folder's object.
    pub(super) fn json(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        self.begin_object()?;
        serde_json::to_writer(&mut self.out, value)?;
        Ok(())
    }

    fn begin_object(&mut self) -> io::Result<()> {
        if self.several {
            self.out
                .write_all(if self.printed { b",\n" } else { b"[" })?;
        }
        self.printed = true;
        Ok(())
    }

    /// Tells why a folder's run stopped: every problem is a line on standard error, and with JSON
    /// also on standard output (programme.md §7).
    pub(super) fn print_problems(
        &mut self,
        folder: &Path,
        problems: &[InputProblem],
    ) -> anyhow::Result<()> {
        self.name_problems(folder, problems)?;
        if self.format == Format::Json {
            self.json(&Stopped::new(problems))?;
        }
        Ok(())
    }

    fn name_problems(&mut self, folder: &Path, problems: &[InputProblem]) -> io::Result<()> {
        for problem in problems {
            let line = format!("error: {}: {problem}", folder.display());
            match &mut self.errors {
                Some(errors) => writeln!(errors, "{line}")?,
                None => eprintln!("{line}"),
            }
        }
        Ok(())
    }

    /// As [`Printer::print_problems`], where some e-mails had left before: with what became of them.
    pub(super) fn print_cut_short(
        &mut self,
        folder: &Path,
        problems: &[InputProblem],
        tally: Option<&Tally>,
        text: impl FnOnce(&mut W, &Tally) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        self.name_problems(folder, problems)?;
        match (self.format, tally) {
            (Format::Json, _) => self.json(&Stopped::cut_short(problems, tally)),
            (Format::Text, Some(tally)) => Ok(text(&mut self.out, tally)?),
            (Format::Text, None) => Ok(()),
        }
    }

    /// Prints what a folder had kept: what went wrong first.
    pub(super) fn page(&mut self, page: &Page) -> io::Result<()> {
        io::stderr().write_all(&page.errors)?;
        if self.format == Format::Json && !page.out.is_empty() {
            self.begin_object()?;
        }
        self.out.write_all(&page.out)?;
        self.out.flush()
    }

    /// Closes the array.
    pub(super) fn end(mut self) -> io::Result<()> {
        if self.format == Format::Json && self.printed {
            self.out
                .write_all(if self.several { b"]\n" } else { b"\n" })?;
        }
        self.out.flush()
    }
}
