//! What is told of an exchange, in French: to the operator, in the ledger, to the coordinator.
//! Servers repeat addresses and more: none of it is kept.

use std::io::ErrorKind;

use super::refusal::Said;
use super::reply::{Reply, Silence};
use super::server::Server;
use super::verdict::{Phase, Trouble};

/// Servers tell stories; the ledger keeps the beginning.
const TEXT_MAX: usize = 160;

/// What happened. `address` is the recipient's, which is not to be told.
pub(super) fn trouble(phase: Phase, trouble: &Trouble, server: &Server, address: &str) -> String {
    let place = server.place();
    match trouble {
        Trouble::Unreachable(error) => {
            format!("le serveur de courriels {place} n’est pas joignable ({error})")
        }
        Trouble::PlainToElsewhere => format!(
            "le serveur de courriels {place} n’est pas cette machine : rien n’y est envoyé en clair (mail.smtp.tls)"
        ),
        Trouble::NoStartTls => format!(
            "le serveur de courriels {place} ne propose pas de connexion chiffrée (STARTTLS) : rien n’y est envoyé en clair"
        ),
        Trouble::Injected => format!(
            "le serveur de courriels {place} en dit plus que demandé avant la connexion chiffrée : quelqu’un se tient peut-être entre lui et nous"
        ),
        Trouble::Tls(error) => {
            format!(
                "la connexion chiffrée (TLS) avec le serveur de courriels {place} échoue : {error}"
            )
        }
        Trouble::NoMechanism => format!(
            "le serveur de courriels {place} n’offre aucun des modes d’authentification que les réglages permettent"
        ),
        Trouble::TooLarge => "le courriel est plus gros que ce que le serveur accepte".to_owned(),
        Trouble::EightBit => "le courriel n’est pas encodé comme le serveur le demande".to_owned(),
        Trouble::Address(fault) => {
            format!("l’adresse ne peut pas être écrite au serveur : {fault}")
        }
        Trouble::Silence(silence) => format!(
            "le serveur de courriels {place} {} ({})",
            said(*silence),
            phase.name()
        ),
        Trouble::Reply(reply) => {
            let verb = match reply.code {
                ..400 => "répond hors de propos",
                400..500 => "demande d’attendre",
                _ => "refuse",
            };
            // What is answered to a password may hold it.
            let with_text = phase != Phase::Auth;
            let quote = quote(reply, with_text, address);
            format!("le serveur {verb} ({}) : {quote}", phase.name())
        }
    }
}

/// What happened, and what to do where nothing leaves as things are: the operator reads it in the
/// morning, and the server alone can't tell her.
pub(super) fn with_remedy(error: String, phase: Phase, trouble: &Trouble) -> String {
    match remedy(phase, trouble) {
        Some(remedy) => format!("{error} ; {remedy}"),
        None => error,
    }
}

const ACCOUNT: &str = "vérifiez mail.smtp.user et le mot de passe";
const PLACE: &str = "vérifiez mail.smtp.host, mail.smtp.port et mail.smtp.tls";

fn remedy(phase: Phase, trouble: &Trouble) -> Option<&'static str> {
    match trouble {
        Trouble::Tls(_) => Some(
            "vérifiez mail.smtp.host, mail.smtp.port et mail.smtp.tls, et le certificat du serveur (mail.smtp.ca_file)",
        ),
        Trouble::NoStartTls => Some("vérifiez mail.smtp.port et mail.smtp.tls"),
        Trouble::NoMechanism => Some(
            "vérifiez mail.smtp.auth (« xoauth2 » se demande), et mail.smtp.port : certains serveurs n’ouvrent les comptes que sur un autre",
        ),
        Trouble::Injected => Some("voyez avec qui tient le serveur ou le réseau"),
        Trouble::Reply(reply) => Some(remedy_of(phase, reply)),
        Trouble::Silence(Silence::TimedOut) if phase == Phase::Greeting => Some(
            "si ce port veut TLS dès la connexion (le 465, d’ordinaire), mettez mail.smtp.tls = \"implicit\"",
        ),
        _ => None,
    }
}

fn remedy_of(phase: Phase, reply: &Reply) -> &'static str {
    let said = Said::of(reply);
    match (phase, reply.code) {
        (Phase::Auth, _) | (_, 530 | 534 | 535 | 538) | (Phase::Rcpt, 503) => ACCOUNT,
        (Phase::Connect | Phase::Greeting | Phase::Hello, _) => {
            "vérifiez mail.smtp.host et mail.smtp.port, ou demandez à qui tient le serveur pourquoi il nous refuse"
        }
        (Phase::StartTls | Phase::Handshake, _) => PLACE,
        _ if said.names_relaying() => {
            "ce serveur ne transmet pas nos courriels : vérifiez mail.smtp.host, mail.smtp.user et le mot de passe"
        }
        _ if said.names_quota() => {
            "le quota d’envoi est peut-être atteint : demandez-le à qui tient le serveur"
        }
        _ if said.names_account() => ACCOUNT,
        (Phase::Mail, _) => {
            "vérifiez l’adresse de l’expéditeur (mail.from, sinon coordinator.email) et mail.smtp.user"
        }
        _ if said.names_sender() => {
            "vérifiez l’adresse de l’expéditeur (mail.from, sinon coordinator.email)"
        }
        _ => "demandez à qui tient le serveur pourquoi il refuse",
    }
}

/// The server may have taken the message, or not.
pub(super) fn unclear(silence: Option<Silence>) -> String {
    let what = silence.map_or("a répondu hors de propos", said);
    format!("tout le courriel est parti, mais le serveur {what} : il est peut-être arrivé")
}

/// A reply's enhanced code (RFC 3463): `5.1.1`.
pub(super) fn enhanced(reply: &Reply) -> Option<&str> {
    let word = reply.lines.first()?.split(' ').next()?;
    let mut parts = word.split('.');
    let is_number = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_code = parts.clone().count() == 3 && parts.all(is_number);
    is_code.then_some(word)
}

fn said(silence: Silence) -> &'static str {
    match silence {
        Silence::Closed => "a coupé la connexion",
        Silence::TimedOut => "n’a pas répondu à temps",
        Silence::Broken(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => {
            "a rompu la connexion"
        }
        Silence::Broken(_) => "n’est plus joignable",
        Silence::Garbage => "ne parle pas SMTP",
    }
}

impl Phase {
    fn name(self) -> &'static str {
        match self {
            Self::Connect => "connexion",
            Self::Greeting => "accueil",
            Self::Hello => "EHLO",
            Self::StartTls => "STARTTLS",
            Self::Handshake => "TLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL",
            Self::Rcpt => "RCPT",
            Self::Data => "DATA",
            Self::Body => "corps du courriel",
            Self::End => "fin du courriel",
        }
    }
}

/// Code, enhanced code and the beginning of the text, without anybody's address.
fn quote(reply: &Reply, with_text: bool, address: &str) -> String {
    let code = reply.code;
    if !with_text {
        return match enhanced(reply) {
            Some(enhanced) => format!("{code} {enhanced}"),
            None => code.to_string(),
        };
    }
    // Each line of a long reply repeats the enhanced code.
    let text = reply.lines.first().map_or("", String::as_str);
    let mut quote = code.to_string();
    for word in text.split_whitespace() {
        quote.push(' ');
        quote.push_str(if is_personal(word, address) {
            "…"
        } else {
            word
        });
        if quote.len() > TEXT_MAX {
            let end = (0..=TEXT_MAX)
                .rev()
                .find(|end| quote.is_char_boundary(*end));
            quote.truncate(end.unwrap_or(0));
            quote.push('…');
            break;
        }
    }
    quote
}

/// An address, or the local part of the recipient's. Rather a word too many is left out.
fn is_personal(word: &str, address: &str) -> bool {
    let word = word.to_lowercase();
    let local = address.split('@').next().unwrap_or_default().to_lowercase();
    // A local part of one or two letters would take ordinary words away; alone, it names nobody.
    word.contains('@') || word.contains("%40") || (local.len() > 2 && word.contains(&local))
}

#[cfg(test)]
mod tests {
    use super::{Reply, enhanced, quote};

    fn quoted(text: &str, address: &str) -> String {
        let lines = vec![text.to_owned(), "zoe@example.org again".to_owned()];
        quote(&Reply { code: 550, lines }, true, address)
    }

    #[test]
    fn what_a_server_repeats_is_left_out() {
        for (said, kept) in [
            (
                "5.1.1 <zoe@example.org>: Recipient address rejected: User unknown",
                "550 5.1.1 … Recipient address rejected: User unknown",
            ),
            ("Unknown user: ZOE", "550 Unknown user: …"),
            ("no mailbox zoe here", "550 no mailbox … here"),
            ("see http://x.example/?r=zoe%40example.org", "550 see …"),
            ("mailto:other@example.org", "550 …"),
        ] {
            assert_eq!(quoted(said, "zoe@example.org"), kept);
        }
        assert_eq!(
            quoted("a user is unknown", "a@example.org"),
            "550 a user is unknown"
        );
        assert_eq!(quoted("", "zoe@example.org"), "550");
        let long = quoted(&"é".repeat(500), "zoe@example.org");
        assert!(long.len() < 170 && long.ends_with('…'), "{long}");
    }

    #[test]
    fn a_reply_to_a_password_keeps_its_codes_alone() {
        let reply = Reply {
            code: 535,
            lines: vec!["5.7.8 bad password canary-7f3a".to_owned()],
        };
        assert_eq!(quote(&reply, false, ""), "535 5.7.8");
    }

    #[test]
    fn enhanced_codes_have_three_numbers() {
        let of = |text: &str| {
            let lines = vec![text.to_owned()];
            enhanced(&Reply { code: 550, lines }).map(str::to_owned)
        };
        assert_eq!(of("5.1.1 unknown").as_deref(), Some("5.1.1"));
        assert_eq!(of("5.7.100").as_deref(), Some("5.7.100"));
        for text in ["unknown", "5.1 unknown", "1.2.3.4 said", "5.a.1", "5..1"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
