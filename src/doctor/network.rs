//! What is asked over the network: the mail server, the dead man's switch.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::Check;
use crate::clock::Now;
use crate::config::{Mode, Settings, Transport};
use crate::mails::{self, Draft, Kind, Recipient, Rendered};
use crate::outbox::{Failure, Handed, Patience, Server, SmtpTransport, Trial};
use crate::ping::Ping;

const MAIL: &str = "mail";

/// Whoever looks waits less than a night does.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn look(
    folder: &Path,
    settings: &Settings,
    now: &Now,
    send_test: Option<&str>,
) -> Vec<Check> {
    let mut checks = Vec::new();
    if settings.mail.transport == Transport::Smtp {
        checks.push(mail(folder, settings, now, send_test));
    } else if send_test.is_some() {
        checks.push(Check::repair(
            MAIL,
            "no test message can be sent: mail.transport is \"file\"",
            "set it to \"smtp\", and describe the server in mail.smtp",
        ));
    }
    checks.extend(Ping::of(settings).iter().map(ping));
    checks
}

fn mail(folder: &Path, settings: &Settings, now: &Now, send_test: Option<&str>) -> Check {
    let server = match Server::of(settings, folder, &|name| std::env::var_os(name)) {
        Ok(server) => server,
        Err(problem) => {
            let remedy = "correct [mail] in programme.toml, or give the password as it says";
            return Check::repair(MAIL, problem.to_string(), remedy);
        }
    };
    let Some(address) = send_test else {
        let server = server.with_patience(Patience::of(PATIENCE));
        return match SmtpTransport::new(Arc::new(server)).try_out() {
            Ok(()) => Check::ok(MAIL, "the mail server takes our messages (up to AUTH)"),
            Err(failure) => failed(&failure),
        };
    };
    let mut transport = SmtpTransport::new(Arc::new(server));
    let eml = match test_message(settings, now, address) {
        Ok(eml) => eml,
        Err(error) => {
            let message = format!("the test message can't be written: {error}");
            return Check::repair(
                MAIL,
                message,
                "see the address, mail.from and [coordinator]",
            );
        }
    };
    let trial = Trial {
        address,
        eml,
        day: now.today,
    };
    match transport.send_trial(trial) {
        Handed::Accepted => Check::ok(
            MAIL,
            "the server accepted the test message: see whether it arrives, and not among the unwanted",
        ),
        Handed::Failed(failure) => failed(&failure),
        Handed::Unclear { error } => Check::repair(
            MAIL,
            format!("the server may have taken the test message or not: {error}"),
            "see whether it arrives; if this comes again, ask who runs the server",
        ),
    }
}

/// What the server or the transport says, in French as the ledger has it.
fn failed(failure: &Failure) -> Check {
    let (Failure::Later { error }
    | Failure::Broken { error }
    | Failure::Rest { error }
    | Failure::Crowded { error }
    | Failure::Unwelcome { error }
    | Failure::Never { error, .. }
    | Failure::Stop { error, .. }) = failure;
    Check::repair(
        MAIL,
        error.clone(),
        "see mail.smtp in programme.toml (host, port, tls, user), the password, the network and the \
         firewall",
    )
}

fn test_message(
    settings: &Settings,
    now: &Now,
    address: &str,
) -> Result<Vec<u8>, mails::MessageError> {
    let programme = &settings.programme.name;
    let text = format!(
        "Bonjour,\n\nCeci est un essai de {programme} : le serveur de courriel est bien réglé.\n"
    );
    let rendered = Rendered {
        subject: format!("Essai de {programme}"),
        html: format!(
            "<!doctype html><html lang=\"fr\"><body><p>{}</p></body></html>",
            handlebars::html_escape(&text)
        ),
        text,
    };
    let draft = Draft {
        kind: Kind::Digest,
        // Each test is a message of its own.
        key: now.instant.to_rfc3339(),
        to: Recipient {
            name: String::new(),
            address: address.to_owned(),
        },
        mode: Mode::Auto,
        agreed: false,
        about: None,
        why: String::new(),
        told: Value::Null,
        references: Vec::new(),
        calendar: None,
        context: Value::Null,
    };
    let id = mails::message_id(draft.kind, &draft.key, address, settings)?;
    mails::message(
        &rendered,
        &draft,
        settings,
        now.instant.fixed_offset(),
        &id,
        None,
    )
}

fn ping(ping: &Ping) -> Check {
    const TOPIC: &str = "ping";
    match ping.reach() {
        Ok(()) => Check::ok(TOPIC, "the server of schedule.ping answers"),
        Err(error) => Check::repair(
            TOPIC,
            format!("the server of schedule.ping can't be asked: {error}"),
            "see the address in programme.toml, the network and the firewall",
        ),
    }
}
