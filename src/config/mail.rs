//! `[mail]`: how e-mails leave, how many, and which kinds (`programme.md` §6).

use std::collections::BTreeMap;

use super::Mailbox;
use super::kinds::{Choice, HOST, Keys, LINE, List, MailboxText, MapOf, Whole, is_loopback};
use super::reader::{Reader, Section};

/// Every kind of e-mail, in the order of `programme.md` §6.
pub const MAIL_KINDS: &[&str] = &[
    "candidature-recue",
    "candidature-incomplete",
    "candidature-decision",
    "entretien-confirmation",
    "rdv-confirmation",
    "rdv-modification",
    "rdv-annulation",
    "rdv-rappel",
    "rdv-relance",
    "inscription-confirmee",
    "inscription-attente",
    "inscription-promue",
    "inscription-annulee",
    "atelier-modification",
    "atelier-annulation",
    "atelier-rappel",
    "paiement-rappel",
    "adhesion-echeance",
    "evaluation-invitation",
    "synthese",
];

/// `[mail]`. It never holds a password (`hazards.md`, Files).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Files or SMTP. Default: `file`.
    pub transport: Transport,
    /// Who e-mails are from; `None` (empty, the default): the coordinator. See
    /// [`super::Settings::sender`].
    pub from: Option<Mailbox>,
    /// Where answers go; `None` (empty, the default): the coordinator. See
    /// [`super::Settings::reply_to`].
    pub reply_to: Option<Mailbox>,
    /// E-mails of one run above which all await approval, 0 to 100,000. Default: 200 (§6).
    pub max_per_run: u32,
    /// E-mails a minute at most, 0 to 100,000; 0, the default: no limit.
    pub per_minute: u32,
    /// E-mails after which an SMTP connection is ended and another one begun, 0 to 100,000; 0, the
    /// default: no limit.
    pub per_session: u32,
    /// SMTP connections at a time, 1 to 16. Default: 2.
    pub connections: u32,
    /// Minutes between the tries of one run, 1 to 720 each: a server that asks to come back later
    /// gets as many tries more. Default: 1, 5, 15, 30 (issue 4); empty: the next run tries again.
    pub retry_minutes: Vec<u32>,
    /// Minutes after which a run begins no e-mail any more, 0 to 1,440; what is left is deferred to
    /// the next run. Default: 120.
    pub patience_minutes: u32,
    /// The server, for transport `smtp`.
    pub smtp: Smtp,
    /// When the coordinator gets her `synthese`. Default: `always` (§6: every run).
    pub digest: DigestWhen,
    /// What becomes of a kind of e-mail, for those that differ from their own default. Keys are
    /// among [`MAIL_KINDS`]. Default: none.
    pub kinds: BTreeMap<String, Mode>,
}

/// How e-mails leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// `file`: `controles/courriels/*.eml`.
    File,
    /// `smtp`: to the server of `mail.smtp`.
    Smtp,
}

/// When the coordinator gets her `synthese`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestWhen {
    /// `always`: every day of run.
    Always,
    /// `news`: when something is new, was solved, was sent or asks for a decision.
    News,
}

impl DigestWhen {
    /// Whether it is due on a day with or without news.
    pub fn is_due(self, has_news: bool) -> bool {
        self == Self::Always || has_news
    }
}

/// What becomes of a kind of e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `auto`: sent.
    Auto,
    /// `review`: shown, and sent only once approved.
    Review,
    /// `off`: neither.
    Off,
}

/// `mail.smtp`: the server that takes e-mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    /// Its name or IP address; required with transport `smtp`. Default: empty.
    pub host: String,
    /// Its port, 1 to 65535. Default: 465.
    pub port: u16,
    /// How the connection is protected. Default: `implicit`.
    pub tls: Tls,
    /// The account; empty, the default: no authentication. Its password is given elsewhere.
    pub user: String,
    /// A file of authorities (PEM) that the server's certificate may come from, besides those that
    /// the machine trusts; from the programme folder where it is relative. Empty, the default: no
    /// other.
    pub ca_file: String,
    /// How the account proves itself. Default: `auto`.
    pub auth: Auth,
    /// The file that holds the password, for its owner alone; from the programme folder where it is
    /// relative. Empty, the default: `.peer-culture/smtp-password`.
    pub password_file: String,
}

/// How the account proves itself (RFC 4954).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// `auto`: PLAIN where the server offers it, else LOGIN.
    Auto,
    /// `plain`: PLAIN (RFC 4616).
    Plain,
    /// `login`: LOGIN, which some old servers offer alone.
    Login,
    /// `xoauth2`: an access token in place of the password.
    XOAuth2,
}

/// How the connection to the server is protected (`hazards.md`, Sending).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// `implicit`: TLS from the first byte (usually port 465).
    Implicit,
    /// `required`: STARTTLS, and nothing is sent where it isn't offered (usually port 587).
    Required,
    /// `none`: plain text, to this machine only.
    None,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            transport: Transport::File,
            from: None,
            reply_to: None,
            max_per_run: 200,
            per_minute: 0,
            per_session: 0,
            connections: 2,
            retry_minutes: vec![1, 5, 15, 30],
            patience_minutes: 120,
            smtp: Smtp::default(),
            digest: DigestWhen::Always,
            kinds: BTreeMap::new(),
        }
    }
}

impl Default for Smtp {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 465,
            tls: Tls::Implicit,
            user: String::new(),
            ca_file: String::new(),
            auth: Auth::Auto,
            password_file: String::new(),
        }
    }
}

impl Section for Mail {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        const TRANSPORT: Choice<Transport> =
            Choice(&[("file", Transport::File), ("smtp", Transport::Smtp)]);
        const RETRIES: List<Whole<u32>> = List::sequence(Whole(1..=720));
        const DIGEST: Choice<DigestWhen> =
            Choice(&[("always", DigestWhen::Always), ("news", DigestWhen::News)]);
        const KINDS: MapOf<Choice<Mode>> = MapOf {
            keys: Keys::Known {
                keys: MAIL_KINDS,
                what: "a kind of e-mail",
            },
            of: Choice(&[
                ("auto", Mode::Auto),
                ("review", Mode::Review),
                ("off", Mode::Off),
            ]),
        };
        table.read("transport", &TRANSPORT, &mut self.transport);
        table.read("from", &MailboxText, &mut self.from);
        table.read("reply_to", &MailboxText, &mut self.reply_to);
        table.read("max_per_run", &Whole(0..=100_000), &mut self.max_per_run);
        table.read("per_minute", &Whole(0..=100_000), &mut self.per_minute);
        table.read("per_session", &Whole(0..=100_000), &mut self.per_session);
        table.read("connections", &Whole(1..=16), &mut self.connections);
        table.read("retry_minutes", &RETRIES, &mut self.retry_minutes);
        table.read(
            "patience_minutes",
            &Whole(0..=1440),
            &mut self.patience_minutes,
        );
        table.section("smtp", &mut self.smtp);
        table.read("digest", &DIGEST, &mut self.digest);
        table.read("kinds", &KINDS, &mut self.kinds);
        table.check(
            self.transport == Transport::File || !self.smtp.host.is_empty(),
            &["transport", "smtp.host"],
            "mail.smtp.host must be given, since mail.transport is \"smtp\"",
        );
    }
}

impl Section for Smtp {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        const TLS: Choice<Tls> = Choice(&[
            ("implicit", Tls::Implicit),
            ("required", Tls::Required),
            ("none", Tls::None),
        ]);
        const AUTH: Choice<Auth> = Choice(&[
            ("auto", Auth::Auto),
            ("plain", Auth::Plain),
            ("login", Auth::Login),
            ("xoauth2", Auth::XOAuth2),
        ]);
        table.read("host", &HOST, &mut self.host);
        table.read("port", &Whole(1..=u16::MAX), &mut self.port);
        table.read("tls", &TLS, &mut self.tls);
        table.read("user", &LINE, &mut self.user);
        table.read("ca_file", &LINE, &mut self.ca_file);
        table.read("auth", &AUTH, &mut self.auth);
        table.read("password_file", &LINE, &mut self.password_file);
        table.check(
            self.tls != Tls::None || self.host.is_empty() || is_loopback(&self.host),
            &["tls", "host"],
            "mail.smtp.tls must be \"implicit\" or \"required\", since mail.smtp.host is not this \
             machine (localhost, 127.0.0.1 or ::1)",
        );
    }
}
