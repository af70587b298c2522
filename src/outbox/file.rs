//! E-mails as files: `controles/courriels/*.eml` (programme.md §2), which any mail program opens.

use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::{Failure, Handed, Outgoing, Transport};
use crate::files::{self, Access, CommitError, Staged};
use crate::mails::Kind;
use crate::platform;

/// What people read lies in `controles/`.
const OUTPUT: &str = "controles";
const MAILS: &str = "courriels";

/// Writes each message into a file of its own.
#[derive(Debug)]
pub struct FileTransport {
    output: PathBuf,
    mails: PathBuf,
    ready: bool,
    prepared: Option<Prepared>,
}

#[derive(Debug)]
enum Prepared {
    Beside(Staged),
    /// An earlier try has put it there: putting it there once more would change nothing.
    There,
}

impl FileTransport {
    /// Into `controles/courriels/` of the programme folder, which is made with the first message.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let output = folder.join(OUTPUT);
        Self {
            mails: output.join(MAILS),
            output,
            ready: false,
            prepared: None,
        }
    }

    /// What became of a message whose run was cut off between "handing over" and the next commit.
    /// Its place is taken by one rename, so there are three cases. The file is there: it was
    /// accepted. It still lies beside its place: it was not put there, and is planned again.
    /// Neither: somebody has taken it away since, or a power cut took both; that is a doubt, since
    /// a program that sends the files of this folder and removes them must not get it twice.
    #[must_use]
    pub fn settle(&self, message: &Outgoing) -> Handed {
        match self.find(message) {
            Ok(Found::There) => Handed::Accepted,
            Ok(Found::Beside) => Handed::Failed(Failure::Stop {
                error: "l’exécution s’est interrompue avant que le fichier soit à sa place".to_owned(),
            }),
            Ok(Found::Nowhere) => Handed::Unclear {
                error: "l’exécution s’est interrompue pendant la mise en place du fichier, et il n’y est pas"
                    .to_owned(),
            },
            Err(error) => Handed::Unclear {
                error: format!("le dossier {MAILS} ne peut pas être lu : {error}"),
            },
        }
    }

    /// Removes the half-written files of a run that was cut off. What cannot be removed is no
    /// reason not to run.
    pub fn sweep(&self) {
        let _ = files::remove_leftovers(&self.mails);
    }

    /// Removes the file of a message of somebody who is to be forgotten; none is no error.
    ///
    /// # Errors
    /// It is there and can't be removed.
    pub fn remove(&self, run_day: NaiveDate, kind: Kind, message_id: &str) -> io::Result<()> {
        for name in names_of(run_day, kind, message_id) {
            match std::fs::remove_file(self.mails.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn find(&self, message: &Outgoing) -> io::Result<Found> {
        for name in names(message) {
            if holds(&self.mails.join(&name), &message.eml)? == Some(true) {
                return Ok(Found::There);
            }
        }
        for name in names(message) {
            for path in files::leftovers_of(&self.mails, &name)? {
                if files::holds(&path, &message.eml)? {
                    return Ok(Found::Beside);
                }
            }
        }
        Ok(Found::Nowhere)
    }

    fn stage(&mut self, message: &Outgoing) -> io::Result<Prepared> {
        if !self.ready {
            platform::make_private_folder(&self.output)?;
            platform::make_private_folder(&self.mails)?;
            self.ready = true;
        }
        for name in names(message) {
            let path = self.mails.join(name);
            match holds(&path, &message.eml)? {
                Some(true) => return Ok(Prepared::There),
                // Another message's, or one that somebody has changed: never overwritten.
                Some(false) => {}
                None => {
                    let staged = files::stage(&path, &message.eml, Access::Private)?;
                    return Ok(Prepared::Beside(staged));
                }
            }
        }
        Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            "another file has its name",
        ))
    }
}

enum Found {
    There,
    Beside,
    Nowhere,
}

impl Transport for FileTransport {
    fn name(&self) -> &'static str {
        "file"
    }

    fn prepare(&mut self, message: &Outgoing) -> Result<(), Failure> {
        let staged = self.stage(message).map_err(|error| later(&error))?;
        self.prepared = Some(staged);
        Ok(())
    }

    fn hand_over(&mut self, message: &Outgoing) -> Handed {
        match self.prepared.take() {
            Some(Prepared::There) => Handed::Accepted,
            Some(Prepared::Beside(staged)) => match staged.commit() {
                Ok(()) => Handed::Accepted,
                Err(CommitError::Rename(error) | CommitError::Held(error)) => {
                    Handed::Failed(later(&error))
                }
                Err(error @ CommitError::Flush(_)) => Handed::Unclear {
                    error: format!("le fichier d’un courriel : {error}"),
                },
            },
            None => Handed::Failed(Failure::Stop {
                error: format!("le courriel n° {} n’a pas été préparé", message.message.id),
            }),
        }
    }

    fn abandon(&mut self) {
        self.prepared = None;
    }

    fn leave(&mut self) {
        if let Some(Prepared::Beside(staged)) = self.prepared.take() {
            staged.leave();
        }
    }
}

/// Whatever was in its way, the coordinator clears it away.
fn later(error: &io::Error) -> Failure {
    Failure::Later {
        error: format!("le fichier d’un courriel ne peut pas être écrit : {error}"),
    }
}

/// Whether the file holds these bytes; none where there is no such file.
fn holds(path: &Path, bytes: &[u8]) -> io::Result<Option<bool>> {
    match files::holds(path, bytes) {
        Ok(same) => Ok(Some(same)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The day of the run that queued it, its kind, and a hash of its Message-ID: nothing from a cell,
/// and the same at every try. The long name is for the day when another message has the short one.
fn names(message: &Outgoing) -> [String; 2] {
    let queued = &message.message;
    names_of(queued.run_day, queued.kind, &queued.message_id)
}

fn names_of(run_day: NaiveDate, kind: Kind, message_id: &str) -> [String; 2] {
    let hash = hexadecimal(&Sha256::digest(message_id.as_bytes()));
    let short = hash.get(..8).unwrap_or(&hash);
    let name = |hash: &str| format!("{run_day}_{}_{hash}.eml", kind.name());
    [name(short), name(&hash)]
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
