//! From nothing to a session: the connection, the greeting, EHLO, TLS, the account.

use std::net::{SocketAddr, ToSocketAddrs};

use super::auth;
use super::server::{Protection, Server};
use super::talk::Talk;
use super::verdict::{self, Phase, Trouble};
use super::wire::{HandshakeError, Wire};
use crate::outbox::Failure;

/// Opens a session: the next line may be MAIL.
///
/// # Errors
/// The server takes nothing for now, or never as the settings are.
pub(super) fn open(server: &Server) -> Result<Talk, Failure> {
    attempt(server).map_err(|(phase, trouble)| verdict::failure(phase, &trouble, server, ""))
}

fn attempt(server: &Server) -> Result<Talk, (Phase, Trouble)> {
    let wire = connect(server)?;
    let wire = match &server.protection {
        Protection::Implicit(_) => encrypt(server, wire)?,
        Protection::StartTls(_) | Protection::None => wire,
    };
    let mut talk = Talk::new(wire);
    expect(Phase::Greeting, 220, talk.listen(server.patience.greeting))?;
    expect(Phase::Hello, 250, talk.hello(server.patience.hello))?;
    if matches!(server.protection, Protection::StartTls(_)) {
        talk = start_tls(server, talk)?;
    }
    if let Some(login) = &server.login {
        auth::authenticate(&mut talk, login, server.patience.auth)
            .map_err(|trouble| (Phase::Auth, trouble))?;
    }
    Ok(talk)
}

fn connect(server: &Server) -> Result<Wire, (Phase, Trouble)> {
    let at = |trouble| (Phase::Connect, trouble);
    let addresses: Vec<SocketAddr> = (server.host.as_str(), server.port)
        .to_socket_addrs()
        .map_err(|error| at(Trouble::Unreachable(error)))?
        .collect();
    // What the name means now, not what it was thought to mean when the settings were read.
    let is_here = |address: &SocketAddr| address.ip().to_canonical().is_loopback();
    if matches!(server.protection, Protection::None) && !addresses.iter().all(is_here) {
        return Err(at(Trouble::PlainToElsewhere));
    }
    Wire::connect(&addresses, server.patience.connect)
        .map_err(|error| at(Trouble::Unreachable(error)))
}

/// STARTTLS (RFC 3207): what was said before it counts for nothing afterwards.
fn start_tls(server: &Server, mut talk: Talk) -> Result<Talk, (Phase, Trouble)> {
    if !talk.offers.starttls {
        return Err((Phase::StartTls, Trouble::NoStartTls));
    }
    let patience = &server.patience;
    let reply = talk.command("STARTTLS", patience.starttls);
    expect(Phase::StartTls, 220, reply)?;
    let wire = talk
        .into_wire()
        .ok_or((Phase::StartTls, Trouble::Injected))?;
    let mut talk = Talk::new(encrypt(server, wire)?);
    expect(Phase::Hello, 250, talk.hello(patience.hello))?;
    Ok(talk)
}

fn encrypt(server: &Server, wire: Wire) -> Result<Wire, (Phase, Trouble)> {
    let config = match &server.protection {
        Protection::Implicit(config) | Protection::StartTls(config) => config,
        Protection::None => return Ok(wire),
    };
    wire.encrypt(config, &server.name, server.patience.handshake)
        .map_err(|error| {
            let trouble = match error {
                HandshakeError::Io(error) => Trouble::Silence(super::reply::Silence::of(&error)),
                HandshakeError::Tls(error) => Trouble::Tls(error),
            };
            (Phase::Handshake, trouble)
        })
}

fn expect(
    phase: Phase,
    code: u16,
    heard: Result<super::reply::Reply, super::reply::Silence>,
) -> Result<(), (Phase, Trouble)> {
    match heard {
        Ok(reply) if reply.code == code => Ok(()),
        Ok(reply) => Err((phase, Trouble::Reply(reply))),
        Err(silence) => Err((phase, Trouble::Silence(silence))),
    }
}
