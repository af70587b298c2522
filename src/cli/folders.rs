//! Several folders in one command: side by side, each with its own fate, printed in the order in
//! which they were named.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use chrono::NaiveDate;
use clap::Args;

use super::output::{Page, Printer, Stdout, stdout};
use super::{Exit, Format};
use crate::programme::Programme;
use crate::progress::Progress;

/// How many folders are worked on at a time: a night waits for servers more than it works, and a
/// season takes little memory.
const AT_A_TIME: usize = 8;

/// What every command on programme folders takes.
#[derive(Debug, Args)]
pub(super) struct Folders {
    /// Programme folders.
    #[arg(required = true, value_name = "DIR")]
    pub(super) dirs: Vec<PathBuf>,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

/// Whether several folders end with a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Summary {
    Shown,
    Hidden,
}

impl Folders {
    /// Reads each folder and acts on it. Folders share nothing: one that stops does not stop the
    /// others, and the worst exit counts.
    pub(super) fn each(
        &self,
        today: Option<NaiveDate>,
        act: impl Fn(&Programme, &mut Printer<Stdout>, &Progress) -> anyhow::Result<Exit> + Sync,
    ) -> anyhow::Result<Exit> {
        self.each_unread(Summary::Shown, |folder, printer, progress| {
            match Programme::load(folder, today, progress) {
                Ok(programme) => {
                    let exit = act(&programme, printer, progress)?;
                    // See `check`: the process ends soon.
                    std::mem::forget(programme);
                    Ok(exit)
                }
                Err(problems) => {
                    progress.end();
                    printer.print_problems(folder, &problems)?;
                    Ok(Exit::BadInput)
                }
            }
        })
    }

    /// Acts on each folder, which is read by who acts.
    pub(super) fn each_unread(
        &self,
        summary: Summary,
        act: impl Fn(&Path, &mut Printer<Stdout>, &Progress) -> anyhow::Result<Exit> + Sync,
    ) -> anyhow::Result<Exit> {
        let folders = distinct(&self.dirs);
        if let [folder] = folders.as_slice() {
            let mut printer = Printer::new(stdout(), self.format, 1);
            let exit = act(folder, &mut printer, &Progress::on_terminal())?;
            printer.end()?;
            return Ok(exit);
        }
        let kept = |folder: &Path| keep(folder, self.format, &act);
        let mut printer = Printer::new(stdout(), self.format, folders.len());
        let mut ends: Vec<(&Path, Exit, Option<String>)> = Vec::with_capacity(folders.len());
        side_by_side(&folders, kept, |folder, (page, exit)| {
            printer.page(&page)?;
            ends.push((folder, exit, page.sum));
            Ok(())
        })?;
        if summary == Summary::Shown && self.format == Format::Text {
            sum_up(printer.text(), &ends)?;
        }
        printer.end()?;
        Ok(ends
            .iter()
            .map(|(_, exit, _)| *exit)
            .max()
            .unwrap_or(Exit::Done))
    }
}

/// The folders, each once: two threads in one folder would stand in each other's way.
pub(super) fn distinct(folders: &[PathBuf]) -> Vec<&Path> {
    let mut seen: Vec<PathBuf> = Vec::with_capacity(folders.len());
    let mut distinct = Vec::with_capacity(folders.len());
    for folder in folders {
        let real = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        if !seen.contains(&real) {
            seen.push(real);
            distinct.push(folder.as_path());
        }
    }
    distinct
}

/// Acts on one folder, and keeps what it prints. Whatever goes wrong, even in the program itself,
/// goes wrong in this folder only.
fn keep(
    folder: &Path,
    format: Format,
    act: &impl Fn(&Path, &mut Printer<Stdout>, &Progress) -> anyhow::Result<Exit>,
) -> (Page, Exit) {
    let acted = catch_unwind(AssertUnwindSafe(|| {
        let mut printer = Printer::kept(format);
        let exit = act(folder, &mut printer, &Progress::none());
        (printer.into_page(), exit)
    }));
    let (mut page, problem) = match acted {
        Ok((page, Ok(exit))) => return (page, exit),
        Ok((page, Err(error))) => (page, format!("{error:#}")),
        Err(_) => (Page::default(), "an internal error".to_owned()),
    };
    // Writing to memory doesn't fail.
    let _ = writeln!(page.errors, "error: {}: {problem}", folder.display());
    (page, Exit::Partial)
}

/// Works on several folders at a time, and takes what came of them in their order.
fn side_by_side<'f, T: Send>(
    folders: &[&'f Path],
    work: impl Fn(&Path) -> T + Sync,
    mut take: impl FnMut(&'f Path, T) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let next = AtomicUsize::new(0);
    let (done, results) = mpsc::channel();
    let (next, work) = (&next, &work);
    std::thread::scope(|scope| {
        for _ in 0..folders.len().min(AT_A_TIME) {
            let done = done.clone();
            scope.spawn(move || {
                while let Some((index, folder)) = claim(next, folders) {
                    if done.send((index, work(folder))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        let progress = Progress::on_terminal();
        let mut waiting: Vec<Option<T>> = folders.iter().map(|_| None).collect();
        let mut taken = 0;
        let mut failure = None;
        for (count, (index, result)) in (1..).zip(results) {
            progress.say(format!("{count} of {} folders are done", folders.len()));
            if let Some(slot) = waiting.get_mut(index) {
                *slot = Some(result);
            }
            while let (Some(slot), Some(folder)) = (waiting.get_mut(taken), folders.get(taken)) {
                let Some(result) = slot.take() else { break };
                progress.end();
                // Nobody may be there to read it: the other folders have their night all the same.
                failure = take(folder, result).err().or(failure);
                taken += 1;
            }
        }
        progress.end();
        failure.map_or(Ok(()), Err)
    })
}

fn claim<'f>(next: &AtomicUsize, folders: &[&'f Path]) -> Option<(usize, &'f Path)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    folders.get(index).map(|folder| (index, *folder))
}

fn sum_up(out: &mut impl Write, ends: &[(&Path, Exit, Option<String>)]) -> std::io::Result<()> {
    writeln!(out, "\nEn résumé, {} dossiers :", ends.len())?;
    for (folder, exit, sum) in ends {
        let detail = sum
            .as_ref()
            .map_or_else(String::new, |sum| format!(" : {sum}"));
        writeln!(out, "  {} : {}{detail}", folder.display(), in_words(*exit))?;
    }
    Ok(())
}

fn in_words(exit: Exit) -> &'static str {
    match exit {
        Exit::Done => "fait",
        Exit::Blocking => "fait, avec de quoi s’arrêter",
        Exit::Partial => "fait en partie",
        Exit::Held => "laissé, une autre exécution le tient",
        Exit::BadInput => "non fait, à corriger d’abord",
    }
}
