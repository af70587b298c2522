//! The same nights over real SMTP: a server that follows a script takes the e-mails, and its own list
//! of them is the truth.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use mail_parser::MessageParser;
use peer_culture::config::Settings;
use peer_culture::mails::{Kind, State};
use peer_culture::outbox::{Ledger, Patience, Server, SmtpTransport, Transport};

use super::belief::Letter;
use super::people::id_of;
use super::way::{Fault, Sink};
use crate::folder::Folder;
use crate::mail_script::{Behaviour, Mode, Script, Stage};
use crate::mail_server::MailServer;

/// What can go wrong there, once.
pub const FAULTS: [Fault; 5] = [
    Fault::Refused,
    Fault::Later,
    Fault::Rest,
    Fault::RestAfter,
    Fault::SilentTaken,
];

/// So long a silence after the final dot is too long.
const SHORT: Duration = Duration::from_millis(300);
/// So long nothing else takes, on the slowest machine.
const LONG: Duration = Duration::from_mins(1);

/// One night's server.
pub struct Post {
    server: MailServer,
    /// Which recipient it refuses.
    refuses: Option<usize>,
}

impl Post {
    /// A server that behaves well but for one moment: at the message of that number.
    pub fn open(fault: Option<(Fault, usize)>) -> Self {
        let (stage, behaviour) = match fault.map(|(fault, _)| fault) {
            None => (Stage::Never, Behaviour::Late),
            Some(Fault::Refused) => (Stage::Rcpt, Behaviour::Code(550)),
            Some(Fault::Later) => (Stage::Rcpt, Behaviour::Code(451)),
            Some(Fault::Rest) => (Stage::Mail, Behaviour::Code(421)),
            Some(Fault::RestAfter) => (Stage::End, Behaviour::Code(421)),
            Some(Fault::SilentTaken) => (Stage::End, Behaviour::Silence),
            Some(fault) => panic!("{fault:?} is nothing that a server does"),
        };
        let mut script = Script::new(Mode::Plain, stage, behaviour);
        script.after = fault.map_or(0, |(_, message)| message);
        let is_refusal = behaviour == Behaviour::Code(550);
        Self {
            refuses: is_refusal.then_some(script.after),
            server: MailServer::start(script),
        }
    }

    /// The way there.
    pub fn way(&self, folder: &Folder) -> Box<dyn Transport> {
        let port = self.server.address.port();
        let settings = Settings::parse(&format!(
            "[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n\
             [mail]\ntransport = \"smtp\"\n\
             smtp = {{ host = \"127.0.0.1\", port = {port}, tls = \"none\" }}\n"
        ));
        let server = Server::of(&settings.unwrap(), folder.path(), &|_| None).unwrap();
        let mut patience = Patience::of(LONG);
        patience.end = SHORT;
        let server = server.with_patience(patience);
        Box::new(SmtpTransport::new(Arc::new(server)))
    }

    /// What the server took, and whom it refused. Of what kind an e-mail is only the ledger says.
    pub fn empty_into(&self, sink: &Mutex<Sink>, folder: &Folder) {
        let ledger = Ledger::read_only(folder.path()).unwrap().unwrap();
        let mut sink = sink.lock().unwrap();
        self.server.noted(|noted| {
            for eml in &noted.taken {
                sink.letters.push(Letter::read(kind_of(&ledger, eml), eml));
            }
            let mut recipients = noted.lines.iter().filter(|line| line.starts_with("RCPT"));
            let refused = self.refuses.and_then(|number| recipients.nth(number));
            sink.refused.extend(refused.map(|line| address_in(line)));
        });
    }
}

/// The address in `RCPT TO:<zoe@example.org>`.
fn address_in(line: &str) -> String {
    let inside = line.split(['<', '>']).nth(1);
    inside.unwrap().to_lowercase()
}

fn kind_of(ledger: &Ledger, eml: &[u8]) -> Kind {
    let message = MessageParser::default().parse(eml).unwrap();
    let id = message.message_id().unwrap();
    let messages = State::ALL
        .iter()
        .flat_map(|state| ledger.in_state(*state).unwrap());
    let found = messages
        .into_iter()
        .find(|one| id_of(&one.message_id) == id);
    found
        .unwrap_or_else(|| panic!("the ledger doesn't know {id}"))
        .kind
}
