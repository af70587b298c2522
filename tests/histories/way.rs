//! The way to the mail server, in memory, and what goes wrong on it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use peer_culture::outbox::{Failure, Handed, Outgoing, Refused, Transport};

use super::belief::Letter;

/// What goes wrong on the way of one e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The program is killed before the e-mail is announced, before its body leaves, after it did.
    KilledBefore,
    KilledClaimed,
    KilledTaken,
    /// The address is refused for good.
    Refused,
    /// The server is silent after the final dot, and has taken it or not.
    SilentTaken,
    SilentLost,
    /// Greylisting, then 421 before and after the body.
    Later,
    Rest,
    RestAfter,
    /// The settings are wrong.
    Stop,
    /// The disk is full where copies and the dashboard go.
    NoOutput,
    /// Somebody has put `.peer-culture` back as it was some nights ago.
    PutBack,
}

impl Fault {
    pub const ALL: [Self; 12] = [
        Self::KilledBefore,
        Self::KilledClaimed,
        Self::KilledTaken,
        Self::Refused,
        Self::SilentTaken,
        Self::SilentLost,
        Self::Later,
        Self::Rest,
        Self::RestAfter,
        Self::Stop,
        Self::NoOutput,
        Self::PutBack,
    ];

    /// Whether an e-mail may be in doubt after it. A kill before an e-mail is announced may come
    /// before what became of the one before it is noted.
    pub fn leaves_doubt(self) -> bool {
        matches!(
            self,
            Self::KilledBefore
                | Self::KilledClaimed
                | Self::KilledTaken
                | Self::SilentTaken
                | Self::SilentLost
        )
    }
}

/// What the server has.
#[derive(Debug, Default)]
pub struct Sink {
    pub letters: Vec<Letter>,
    pub tries: usize,
    pub fault: Option<(Fault, usize)>,
    pub killed: bool,
    pub refused: BTreeSet<String>,
}

/// A way to the server, in memory.
pub struct Way {
    pub sink: Arc<Mutex<Sink>>,
    pub folder: std::path::PathBuf,
    pub image: std::path::PathBuf,
}

impl Way {
    /// What goes wrong with the message of now.
    fn fault(sink: &Sink) -> Option<Fault> {
        let (fault, at) = sink.fault?;
        (sink.tries == at + 1).then_some(fault)
    }

    /// As a kill leaves it: the folder as it is now is what the next run finds.
    fn kill(&self, sink: &mut Sink) {
        sink.killed = true;
        super::files::copy(&self.folder, &self.image);
    }
}

fn dead() -> Failure {
    Failure::Stop {
        error: "dead".to_owned(),
    }
}

impl Transport for Way {
    fn name(&self) -> &'static str {
        "smtp"
    }

    fn prepare(&mut self, message: &Outgoing) -> Result<(), Failure> {
        let mut sink = self.sink.lock().unwrap();
        if sink.killed {
            return Err(dead());
        }
        sink.tries += 1;
        let error = "some words".to_owned();
        match Self::fault(&sink) {
            Some(Fault::KilledBefore) => {
                self.kill(&mut sink);
                Err(dead())
            }
            Some(Fault::Refused) => {
                sink.refused.insert(message.address.to_lowercase());
                let refused = Refused::Address;
                Err(Failure::Never { error, refused })
            }
            Some(Fault::Later) => Err(Failure::Later { error }),
            Some(Fault::Rest) => Err(Failure::Rest { error }),
            Some(Fault::Stop) => Err(Failure::Stop { error }),
            _ => Ok(()),
        }
    }

    fn hand_over(&mut self, message: &Outgoing) -> Handed {
        let mut sink = self.sink.lock().unwrap();
        let letter = Letter::read(message.message.kind, &message.eml);
        let fault = Self::fault(&sink);
        if !matches!(
            fault,
            Some(Fault::KilledClaimed | Fault::SilentLost | Fault::RestAfter)
        ) {
            sink.letters.push(letter);
        }
        let error = "some words".to_owned();
        match fault {
            Some(Fault::KilledClaimed | Fault::KilledTaken) => {
                self.kill(&mut sink);
                Handed::Failed(dead())
            }
            Some(Fault::SilentLost | Fault::SilentTaken) => Handed::Unclear { error },
            Some(Fault::RestAfter) => Handed::Failed(Failure::Rest { error }),
            _ => Handed::Accepted,
        }
    }

    fn abandon(&mut self) {}
}
