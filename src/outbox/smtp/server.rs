//! The settings, as a connection needs them: read and checked before anything is sent.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;

use super::auth::Login;
use super::password::{self, PasswordProblem};
use super::tls;
use crate::config::{Settings, Tls};
use crate::model::email::{self, EmailFault};

/// The server that takes e-mails.
#[derive(Debug)]
pub struct Server {
    /// A name or an address, in ASCII.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) protection: Protection,
    /// What its certificate must say.
    pub(super) name: ServerName<'static>,
    /// None: no account.
    pub(super) login: Option<Login>,
    /// The envelope's sender, in ASCII: who is told of a message that doesn't arrive.
    pub(super) from: String,
    /// Messages a session; 0: no limit.
    pub(super) per_session: u32,
    pub(super) patience: Patience,
}

/// How the connection is protected.
#[derive(Debug)]
pub(super) enum Protection {
    /// TLS from the first byte.
    Implicit(Arc<ClientConfig>),
    /// STARTTLS before anything else.
    StartTls(Arc<ClientConfig>),
    /// Plain text, within this machine.
    None,
}

/// How long each phase may take (RFC 5321 §4.5.3.2), the whole reply included.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each field is the phase of its name")]
pub struct Patience {
    pub connect: Duration,
    pub greeting: Duration,
    pub hello: Duration,
    pub starttls: Duration,
    pub handshake: Duration,
    pub auth: Duration,
    pub mail: Duration,
    pub rcpt: Duration,
    pub data: Duration,
    /// For each 64 KiB of a body.
    pub block: Duration,
    /// After the final dot: who gives up early makes duplicates.
    pub end: Duration,
    pub quit: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let minutes = Duration::from_mins;
        Self {
            connect: minutes(1),
            greeting: minutes(5),
            hello: minutes(5),
            starttls: minutes(2),
            handshake: minutes(2),
            auth: minutes(2),
            mail: minutes(5),
            rcpt: minutes(5),
            data: minutes(2),
            block: minutes(3),
            end: minutes(10),
            quit: Duration::from_secs(5),
        }
    }
}

impl Patience {
    /// The same for every phase.
    #[must_use]
    pub fn of(duration: Duration) -> Self {
        Self {
            connect: duration,
            greeting: duration,
            hello: duration,
            starttls: duration,
            handshake: duration,
            auth: duration,
            mail: duration,
            rcpt: duration,
            data: duration,
            block: duration,
            end: duration,
            quit: duration,
        }
    }
}

/// What the settings lack. Nothing was sent. It holds no password.
#[derive(Debug, thiserror::Error)]
pub enum ServerProblem {
    /// Nobody to send as.
    #[error("neither mail.from nor coordinator.email is given")]
    NoSender,
    /// The sender's address.
    #[error("the address in mail.from can't be used: {0}")]
    Sender(EmailFault),
    /// `mail.smtp.host`.
    #[error("mail.smtp.host is not the name or the address of a server")]
    Host,
    /// `mail.smtp.ca_file`, or the machine's own authorities.
    #[error("{0}")]
    Tls(String),
    /// The password.
    #[error(transparent)]
    Password(#[from] PasswordProblem),
}

impl Server {
    /// The server of a programme's settings; what they name by a relative path lies in `folder`.
    ///
    /// # Errors
    /// Something is missing that sending needs.
    pub fn of(
        settings: &Settings,
        folder: &Path,
        environment: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Self, ServerProblem> {
        let smtp = &settings.mail.smtp;
        let sender = settings.sender().ok_or(ServerProblem::NoSender)?;
        let from = email::to_ascii(&sender.email).map_err(ServerProblem::Sender)?;
        let host = ascii_host(&smtp.host)?;
        let name = ServerName::try_from(host.clone()).map_err(|_| ServerProblem::Host)?;
        let ca_file = (!smtp.ca_file.is_empty()).then(|| folder.join(&smtp.ca_file));
        let config = || tls::config(ca_file.as_deref()).map_err(ServerProblem::Tls);
        let protection = match smtp.tls {
            Tls::Implicit => Protection::Implicit(config()?),
            Tls::Required => Protection::StartTls(config()?),
            Tls::None => Protection::None,
        };
        let login = if smtp.user.is_empty() {
            None
        } else {
            Some(Login {
                user: smtp.user.clone(),
                password: password::find(folder, &smtp.password_file, environment)?,
                auth: smtp.auth,
            })
        };
        Ok(Self {
            host,
            port: smtp.port,
            protection,
            name,
            login,
            from: from.into_owned(),
            per_session: settings.mail.per_session,
            patience: Patience::default(),
        })
    }

    /// The same server, with less or more patience.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// « smtp.example.org:465 »
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// An accented name as punycode; an address as it is.
fn ascii_host(host: &str) -> Result<String, ServerProblem> {
    if host.is_ascii() {
        return Ok(host.to_owned());
    }
    idna::domain_to_ascii_strict(host).map_err(|_| ServerProblem::Host)
}
