//! Telling a dead man's switch that a night begins, is done, or failed: a GET to the address of the
//! settings, in the manner of healthchecks.io (`…/start`, `…`, `…/fail`), which many services
//! understand. Whoever stops hearing of us warns the operator.
//!
//! Nothing of the programme goes with it, and its failure never is the night's.

use std::io;
use std::thread::JoinHandle;
use std::time::Duration;

use thiserror::Error;
use tracing::warn;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use crate::config::Settings;

/// How long one try may take in all: name, connection, answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A network that has just come up often fails the first time.
const TRIES: usize = 2;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// A night begins.
    Start,
    /// It is done.
    Success,
    /// It is not, or in part only.
    Failure,
}

/// Why nobody heard. It never names the address, which is as good as a password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PingError {
    /// The server answered something else than yes.
    #[error("the server answered {0}")]
    Status(u16),
    /// It did not answer in time.
    #[error("no answer within 5 seconds")]
    Timeout,
    /// There is no such server.
    #[error("the name of the server is not known")]
    UnknownHost,
    /// The server isn't the one that it says it is.
    #[error("the connection can't be protected (TLS)")]
    Tls,
    /// The connection failed.
    #[error("the connection failed: {0}")]
    Connection(io::ErrorKind),
    /// Something else.
    #[error("it could not be asked")]
    Other,
}

/// The address that hears of a folder's nights.
#[derive(Clone)]
pub struct Ping {
    address: String,
    agent: Agent,
}

impl std::fmt::Debug for Ping {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Ping")
    }
}

impl Ping {
    /// The one of `schedule.ping`, where it is set.
    #[must_use]
    pub fn of(settings: &Settings) -> Option<Self> {
        let address = settings.schedule.ping.as_str();
        if address.is_empty() {
            return None;
        }
        let agent = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            // The settings allow plain text to this machine only.
            .https_only(address.starts_with("https:"))
            .max_redirects(3)
            // As for e-mails: whom this machine trusts, an association's own authority too.
            .tls_config(
                TlsConfig::builder()
                    .root_certs(RootCerts::PlatformVerifier)
                    .build(),
            )
            .user_agent(concat!("peer-culture/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Some(Self {
            address: address.to_owned(),
            agent,
        })
    }

    /// Asks the server something else, which tells it nothing of a night: whether it can be reached.
    ///
    /// # Errors
    /// It can't.
    pub fn reach(&self) -> Result<(), PingError> {
        match self.agent.get(root_of(&self.address)).call() {
            // Whatever it answers, it answers.
            Ok(_) | Err(ureq::Error::StatusCode(_)) => Ok(()),
            Err(error) => Err(cause(error)),
        }
    }

    /// Tells it, and waits until it is heard.
    ///
    /// # Errors
    /// Nobody heard, twice.
    pub fn send(&self, signal: Signal) -> Result<(), PingError> {
        let address = address_of(&self.address, signal);
        let mut outcome = Ok(());
        for _ in 0..TRIES {
            outcome = self.agent.get(&address).call().map(drop).map_err(cause);
            match outcome {
                Err(PingError::Connection(_) | PingError::UnknownHost | PingError::Timeout) => {}
                _ => return outcome,
            }
        }
        outcome
    }
}

/// The pings of one night. They are sent beside the work, so that a server that is slow to answer
/// holds up nothing.
#[derive(Debug)]
pub struct Pings {
    ping: Option<Ping>,
    started: Option<JoinHandle<()>>,
}

impl Pings {
    /// Tells that a night begins, where there is somebody to tell.
    #[must_use]
    pub fn begin(ping: Option<Ping>) -> Self {
        let started = ping.clone().map(|ping| {
            let folder = tracing::Span::current();
            std::thread::spawn(move || folder.in_scope(|| tell(&ping, Signal::Start)))
        });
        Self { ping, started }
    }

    /// Tells how it ended.
    pub fn end(self, signal: Signal) {
        // In order: the end must not be heard before the beginning.
        if let Some(started) = self.started {
            let _ = started.join();
        }
        if let Some(ping) = &self.ping {
            tell(ping, signal);
        }
    }
}

fn tell(ping: &Ping, signal: Signal) {
    if let Err(error) = ping.send(signal) {
        warn!(%error, ?signal, "schedule.ping could not be told");
    }
}

/// `https://host:port/`.
fn root_of(address: &str) -> String {
    let start = address.find("://").map_or(0, |scheme| scheme + 3);
    let rest = address.get(start..).unwrap_or_default();
    let end = rest
        .find(['/', '?'])
        .map_or(address.len(), |end| start + end);
    format!("{}/", address.get(..end).unwrap_or(address))
}

/// The suffix goes to the path, before what follows a question mark.
fn address_of(address: &str, signal: Signal) -> String {
    let suffix = match signal {
        Signal::Start => "/start",
        Signal::Success => return address.to_owned(),
        Signal::Failure => "/fail",
    };
    let (path, query) = match address.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (address, String::new()),
    };
    format!("{}{suffix}{query}", path.trim_end_matches('/'))
}

fn cause(error: ureq::Error) -> PingError {
    match error {
        ureq::Error::StatusCode(code) => PingError::Status(code),
        ureq::Error::Timeout(_) => PingError::Timeout,
        ureq::Error::HostNotFound => PingError::UnknownHost,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => PingError::Tls,
        ureq::Error::ConnectionFailed => PingError::Connection(io::ErrorKind::NotConnected),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => PingError::Tls,
        ureq::Error::Io(error) => PingError::Connection(error.kind()),
        _ => PingError::Other,
    }
}

#[cfg(test)]
mod tests;
