//! A mail server that follows a script: well-behaved but for one moment. It notes what it was told,
//! and what of that went in plain text.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::authority::Certified;
use crate::mail_script::{Behaviour, Envelopes, Mode, Script, Stage};

/// What the server was told.
#[derive(Debug, Default)]
pub struct Noted {
    pub connections: usize,
    /// Lines that came before TLS.
    pub plain: Vec<String>,
    /// Lines that came within TLS, or on a server without.
    pub lines: Vec<String>,
    /// Messages that came with their final dot, dots undone.
    pub whole: Vec<Vec<u8>>,
    /// Those of them that the server took.
    pub taken: Vec<Vec<u8>>,
}

/// A server under way; it ends with the test's process.
pub struct MailServer {
    pub address: SocketAddr,
    noted: Arc<Mutex<Noted>>,
    folder: tempfile::TempDir,
}

impl MailServer {
    pub fn start(script: Script) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tls = (script.mode != Mode::Plain).then(|| certify(&script, folder.path()));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let noted = Arc::new(Mutex::new(Noted::default()));
        let scene = Arc::new(Scene {
            script,
            tls,
            noted: Arc::clone(&noted),
            times: AtomicUsize::new(0),
            refused: AtomicBool::new(false),
        });
        thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let scene = Arc::clone(&scene);
                thread::spawn(move || {
                    scene.note(|noted| noted.connections += 1);
                    let _ = scene.serve(socket);
                });
            }
        });
        Self {
            address,
            noted,
            folder,
        }
    }

    /// The authority that its certificate comes from.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    pub fn noted<T>(&self, look: impl FnOnce(&Noted) -> T) -> T {
        look(&self.noted.lock().unwrap())
    }
}

fn certify(script: &Script, folder: &Path) -> Arc<ServerConfig> {
    let certified = Certified::new(script.certified);
    std::fs::write(folder.join("ca.pem"), &certified.authority).unwrap();
    certified.config()
}

struct Scene {
    script: Script,
    tls: Option<Arc<ServerConfig>>,
    noted: Arc<Mutex<Noted>>,
    /// How often it was at the stage of the script.
    times: AtomicUsize,
    refused: AtomicBool,
}

/// The session is over.
struct Over;

impl From<std::io::Error> for Over {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Read for Stream {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(bytes),
            Self::Tls(tls) => tls.read(bytes),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(bytes),
            Self::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            Self::Tls(tls) => tls.flush(),
        }
    }
}

type Peer = BufReader<Stream>;

impl Scene {
    fn note(&self, note: impl FnOnce(&mut Noted)) {
        note(&mut self.noted.lock().unwrap());
    }

    fn serve(&self, socket: TcpStream) -> Result<(), Over> {
        socket.set_nodelay(true)?;
        let mut encrypted = false;
        let mut stream = Stream::Plain(socket);
        if self.script.mode == Mode::Implicit {
            stream = self.handshake(stream)?;
            encrypted = true;
        }
        let mut peer = BufReader::new(stream);
        self.answer(&mut peer, Stage::Greeting, "220 ready")?;
        let mut envelope = Envelope::default();
        loop {
            let line = line_of(&mut peer)?;
            let is_plain = self.script.mode != Mode::Plain && !encrypted;
            self.note(|noted| {
                let lines = if is_plain {
                    &mut noted.plain
                } else {
                    &mut noted.lines
                };
                lines.push(line.clone());
            });
            match line.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => {
                    let stage = if encrypted && self.script.mode == Mode::StartTls {
                        Stage::SecondHello
                    } else {
                        Stage::Hello
                    };
                    self.answer(&mut peer, stage, &self.offers(encrypted))?;
                }
                "STARTTLS" => {
                    self.answer(&mut peer, Stage::StartTls, "220 go ahead")?;
                    peer = BufReader::new(self.handshake(peer.into_inner())?);
                    encrypted = true;
                }
                "AUTH" => self.authenticate(&mut peer, &line)?,
                "MAIL" => {
                    envelope = Envelope::default();
                    envelope.sender = self.answer(&mut peer, Stage::Mail, "250 2.1.0 ok")?;
                }
                "RCPT" if !envelope.sender => write!(peer.get_mut(), "503 5.5.1 MAIL first\r\n")?,
                "RCPT" => {
                    let first =
                        self.script.refuses_first && !self.refused.swap(true, Ordering::SeqCst);
                    if first {
                        write!(peer.get_mut(), "550 5.1.1 no such user\r\n")?;
                    } else {
                        envelope.recipient = self.answer(&mut peer, Stage::Rcpt, "250 2.1.5 ok")?;
                    }
                }
                "DATA"
                    if !envelope.recipient
                        && self.script.envelopes != Envelopes::AtOnceToNobody =>
                {
                    write!(peer.get_mut(), "554 5.5.1 no valid recipients\r\n")?;
                }
                "DATA" => {
                    if self.answer(&mut peer, Stage::Data, "354 go on")? {
                        self.take_message(&mut peer)?;
                    }
                }
                "RSET" | "NOOP" => {
                    self.answer(&mut peer, Stage::Rset, "250 ok")?;
                }
                "QUIT" => {
                    self.answer(&mut peer, Stage::Quit, "221 bye")?;
                    return Ok(());
                }
                _ => write!(peer.get_mut(), "502 5.5.2 unknown\r\n")?,
            }
        }
    }

    fn offers(&self, encrypted: bool) -> String {
        let mut offers = vec!["localhost".to_owned(), "ENHANCEDSTATUSCODES".to_owned()];
        if self.script.offers_starttls && !encrypted {
            offers.push("STARTTLS".to_owned());
        }
        if !self.script.auth.is_empty() && (encrypted || self.script.mode != Mode::StartTls) {
            offers.push(format!("AUTH {}", self.script.auth));
        }
        if self.script.envelopes != Envelopes::OneByOne {
            offers.push("PIPELINING".to_owned());
        }
        if self.script.size > 0 {
            offers.push(format!("SIZE {}", self.script.size));
        }
        let last = offers.len() - 1;
        let line = |(at, offer): (usize, &String)| {
            format!("250{}{offer}", if at == last { ' ' } else { '-' })
        };
        offers
            .iter()
            .enumerate()
            .map(line)
            .collect::<Vec<_>>()
            .join("\r\n")
    }

    fn authenticate(&self, peer: &mut Peer, line: &str) -> Result<(), Over> {
        if line == "AUTH LOGIN" {
            for challenge in ["VXNlcm5hbWU6", "UGFzc3dvcmQ6"] {
                write!(peer.get_mut(), "334 {challenge}\r\n")?;
                let answer = line_of(peer)?;
                self.note(|noted| noted.lines.push(answer));
            }
        }
        if line.starts_with("AUTH XOAUTH2") && self.script.behaviour == Behaviour::Code(535) {
            write!(peer.get_mut(), "334 eyJzdGF0dXMiOiI0MDEifQ==\r\n")?;
            line_of(peer)?;
        }
        self.answer(peer, Stage::Auth, "235 2.7.0 welcome")?;
        Ok(())
    }

    fn take_message(&self, peer: &mut Peer) -> Result<(), Over> {
        if self.is_now(Stage::Body) {
            return self.misbehave_in_body(peer);
        }
        let mut message = Vec::new();
        loop {
            let mut line = Vec::new();
            if peer.read_until(b'\n', &mut line)? == 0 {
                return Err(Over);
            }
            if line == b".\r\n" {
                break;
            }
            message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        self.note(|noted| noted.whole.push(message.clone()));
        let is_refused = self.script.stage == Stage::End
            && self.is_next()
            && matches!(self.script.behaviour, Behaviour::Code(_));
        if !is_refused {
            self.note(|noted| noted.taken.push(message));
        }
        self.answer(peer, Stage::End, "250 2.0.0 queued")?;
        Ok(())
    }

    /// It stops reading in the midst of a body.
    fn misbehave_in_body(&self, peer: &mut Peer) -> Result<(), Over> {
        let mut some = [0; 1000];
        peer.read_exact(&mut some)?;
        match self.script.behaviour {
            Behaviour::Close => {}
            Behaviour::Code(code) => {
                write!(peer.get_mut(), "{code} 5.3.4 enough\r\n")?;
                thread::sleep(Duration::from_secs(30));
            }
            _ => thread::sleep(Duration::from_secs(30)),
        }
        Err(Over)
    }

    /// It misbehaves when it comes to that stage again.
    fn is_next(&self) -> bool {
        self.times.load(Ordering::SeqCst) == self.script.after
    }

    fn is_now(&self, stage: Stage) -> bool {
        self.script.stage == stage && self.times.fetch_add(1, Ordering::SeqCst) == self.script.after
    }

    fn handshake(&self, stream: Stream) -> Result<Stream, Over> {
        let Stream::Plain(mut socket) = stream else {
            return Err(Over);
        };
        if self.is_now(Stage::Handshake) && self.script.behaviour != Behaviour::Late {
            match self.script.behaviour {
                Behaviour::Garbage => socket.write_all(b"220 plain text only\r\n")?,
                // A fatal alert: handshake_failure.
                Behaviour::Code(_) => socket.write_all(&[21, 3, 3, 0, 2, 2, 40])?,
                Behaviour::Close => return Err(Over),
                _ => {}
            }
            drain(&mut socket);
            return Err(Over);
        }
        if self.script.stage == Stage::Handshake {
            thread::sleep(Duration::from_millis(150));
        }
        let config = Arc::clone(self.tls.as_ref().unwrap());
        let mut tls = ServerConnection::new(config).map_err(|_| Over)?;
        while tls.is_handshaking() {
            tls.complete_io(&mut socket)?;
        }
        Ok(Stream::Tls(Box::new(StreamOwned::new(tls, socket))))
    }

    /// Answers, well or as the script says; whether well.
    fn answer(&self, peer: &mut Peer, stage: Stage, well: &str) -> Result<bool, Over> {
        let stream = peer.get_mut();
        if !self.is_now(stage) {
            write!(stream, "{well}\r\n")?;
            stream.flush()?;
            return Ok(true);
        }
        let code = &well[..3];
        match self.script.behaviour {
            Behaviour::Late => {
                thread::sleep(Duration::from_millis(150));
                write!(stream, "{well}\r\n")?;
            }
            Behaviour::Code(code) => {
                // That nobody has the mailbox is said of the address, whenever it is said.
                let about = if matches!(stage, Stage::Data | Stage::End) {
                    "5.6.0"
                } else {
                    "5.1.1"
                };
                let text = "<zoe.martin@example.org> not now";
                write!(stream, "{code} {about} {text}\r\n")?;
                stream.flush()?;
                // 251 promises to try.
                let is_well = code / 10 == well[..2].parse::<u16>().unwrap();
                return if code == 421 { Err(Over) } else { Ok(is_well) };
            }
            Behaviour::Close => return Err(Over),
            Behaviour::Silence => return Err(drained(peer)),
            Behaviour::Garbage => {
                stream.write_all(b"\x00\xffHTTP/1.1 400 Bad Request\r\n\r\n")?;
                return Err(drained(peer));
            }
            Behaviour::EndlessLines => loop {
                write!(stream, "{code}-and more\r\n")?;
            },
            Behaviour::EndlessLine => loop {
                write!(stream, "{code} and so on and on")?;
            },
            Behaviour::TwoCodes => {
                write!(stream, "{code}-yes\r\n599 no\r\n")?;
                return Err(drained(peer));
            }
            Behaviour::Drip => {
                let text = format!("{code}-");
                for byte in text.bytes().chain(std::iter::repeat(b'a')) {
                    stream.write_all(&[byte])?;
                    stream.flush()?;
                    thread::sleep(Duration::from_millis(20));
                }
            }
            Behaviour::Chatter => write!(stream, "{well}\r\n250 did you ask?\r\n")?,
            Behaviour::Pieces => {
                let text = format!("{code}-one\r\n{code}-two\r\n{well}\r\n");
                for piece in text.as_bytes().chunks(3) {
                    stream.write_all(piece)?;
                    stream.flush()?;
                    thread::sleep(Duration::from_millis(1));
                }
            }
        }
        stream.flush()?;
        Ok(true)
    }
}

/// What the server took of an envelope.
#[derive(Default)]
struct Envelope {
    sender: bool,
    recipient: bool,
}

fn line_of(peer: &mut Peer) -> Result<String, Over> {
    let mut line = String::new();
    if peer.read_line(&mut line)? == 0 {
        return Err(Over);
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// The session is over once the other side has closed.
fn drained(peer: &mut Peer) -> Over {
    drain(peer);
    Over
}

fn drain(stream: &mut impl Read) {
    let mut some = [0; 4096];
    while stream.read(&mut some).is_ok_and(|count| count > 0) {}
}

/// How many times each Message-ID is among the messages, and to whom it went.
pub fn by_message_id(messages: &[Vec<u8>]) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for message in messages {
        *times.entry(header(message, "Message-ID")).or_default() += 1;
    }
    times
}

/// The value of a header that stands in one line.
pub fn header(message: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(message);
    let mut lines = text.lines().take_while(|line| !line.is_empty());
    let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    value.unwrap_or_default().to_owned()
}
