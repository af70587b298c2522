//! A mail server on this machine that keeps what it takes, and treats each address in the manner
//! that it was told.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

/// What becomes of a message to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// It is taken.
    #[default]
    Takes,
    /// Not now: 451.
    Later,
    /// No such address: 550.
    Never,
    /// This is said to RCPT.
    Says(&'static str),
    /// It is taken, and the line goes dead before the answer.
    TakesAndHangsUp,
}

#[derive(Default)]
struct Desk {
    manners: BTreeMap<String, Manner>,
    is_closed: bool,
    /// It wants an account that we haven't: 530; and how often it said so.
    knows_nobody: bool,
    /// What is said to every RCPT.
    refusal: Option<&'static str>,
    /// So many connections at a time, and how many there are.
    room: Option<usize>,
    connections: usize,
    turned_away: usize,
    /// Recipient and message, in the order in which they came.
    taken: Vec<(String, Vec<u8>)>,
    /// Those of them that the sender knows of.
    told: usize,
    /// The process to kill once it has handed over a message for somebody else than this address.
    fuse: Option<(u32, String)>,
}

/// The server; it ends with the test's process.
pub struct PostOffice {
    address: SocketAddr,
    desk: Arc<Mutex<Desk>>,
}

impl PostOffice {
    /// It takes everything.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let desk = Arc::new(Mutex::new(Desk::default()));
        let shared = Arc::clone(&desk);
        thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let desk = Arc::clone(&shared);
                thread::spawn(move || welcome(socket, &desk));
            }
        });
        Self { address, desk }
    }

    /// The lines of `[mail]` that lead here; the next run tries again what fails.
    pub fn settings(&self) -> String {
        format!(
            "transport = \"smtp\"\nsmtp = {{ host = \"127.0.0.1\", port = {}, tls = \"none\" }}\n\
             retry_minutes = []\nconnections = 1",
            self.address.port()
        )
    }

    /// From now on, messages to that address are treated so.
    pub fn meet(&self, address: &str, manner: Manner) {
        self.desk().manners.insert(address.to_lowercase(), manner);
    }

    /// From now on, nobody answers, or somebody does again.
    pub fn close(&self, is_closed: bool) {
        self.desk().is_closed = is_closed;
    }

    /// From now on that is said to every RCPT, or what is usual again.
    pub fn refuse_all(&self, refusal: Option<&'static str>) {
        self.desk().refusal = refusal;
    }

    /// From now on it takes so many connections at a time, and 421 is said to the others.
    pub fn has_room_for(&self, room: usize) {
        self.desk().room = Some(room);
    }

    /// From now on it takes nothing from us without an account, or it does again.
    pub fn knows_us(&self, knows_us: bool) {
        self.desk().knows_nobody = !knows_us;
    }

    /// How often it said that it doesn't know us.
    pub fn turned_away(&self) -> usize {
        self.desk().turned_away
    }

    /// Kills a process once it has handed over a message for somebody else than this address, before
    /// it is answered.
    pub fn arm(&self, process: u32, but_for: &str) {
        self.desk().fuse = Some((process, but_for.to_owned()));
    }

    /// Kills nobody any more.
    pub fn disarm(&self) {
        self.desk().fuse = None;
    }

    /// How many messages it took.
    pub fn taken(&self) -> usize {
        self.desk().taken.len()
    }

    /// How many of them the sender knows of.
    pub fn told(&self) -> usize {
        self.desk().told
    }

    /// Recipient and Message-ID of each message that it took, in that order.
    pub fn ids(&self) -> Vec<(String, String)> {
        let desk = self.desk();
        let taken = desk.taken.iter();
        taken
            .map(|(to, message)| (to.clone(), id_of(message)))
            .collect()
    }

    /// The messages that it took for an address.
    pub fn taken_by(&self, address: &str) -> Vec<Vec<u8>> {
        let desk = self.desk();
        let taken = desk.taken.iter();
        let theirs = taken.filter(|(to, _)| to == address);
        theirs.map(|(_, message)| message.clone()).collect()
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap()
    }
}

fn id_of(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("Message-ID: "));
    line.unwrap().trim().to_owned()
}

/// Serves it where there is room.
fn welcome(mut socket: TcpStream, desk: &Mutex<Desk>) -> io::Result<()> {
    let has_room = {
        let mut desk = desk.lock().unwrap();
        desk.connections += 1;
        desk.room.is_none_or(|room| desk.connections <= room)
    };
    let served = if has_room {
        serve(socket, desk)
    } else {
        socket.write_all(b"421 4.7.0 too many connections\r\n")
    };
    desk.lock().unwrap().connections -= 1;
    served
}

/// One session. Whoever hangs up ends it.
fn serve(socket: TcpStream, desk: &Mutex<Desk>) -> io::Result<()> {
    if desk.lock().unwrap().is_closed {
        return Ok(());
    }
    socket.set_nodelay(true)?;
    let mut answer = socket.try_clone()?;
    let mut lines = BufReader::new(socket);
    let mut to = String::new();
    answer.write_all(b"220 ready\r\n")?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        let command = line.get(..4).unwrap_or_default().to_uppercase();
        let reply = match command.as_str() {
            "MAIL" if desk.lock().unwrap().knows_nobody => {
                desk.lock().unwrap().turned_away += 1;
                "530 5.7.0 Authentication required"
            }
            "RCPT" => {
                let inside = line.split(['<', '>']).nth(1).unwrap_or_default();
                to = inside.to_lowercase();
                let desk = desk.lock().unwrap();
                let manner = desk.manners.get(&to).copied().unwrap_or_default();
                match (desk.refusal, manner) {
                    (Some(refusal), _) | (None, Manner::Says(refusal)) => refusal,
                    (None, Manner::Later) => "451 4.2.1 later",
                    (None, Manner::Never) => "550 5.1.1 no such user",
                    _ => "250 2.1.5 ok",
                }
            }
            "DATA" => {
                answer.write_all(b"354 go on\r\n")?;
                let message = body(&mut lines)?;
                let mut desk = desk.lock().unwrap();
                let manner = desk.manners.get(&to).copied().unwrap_or_default();
                desk.taken.push((to.clone(), message));
                if let Some((process, _)) = desk.fuse.take_if(|(_, but_for)| *but_for != to) {
                    Command::new("kill")
                        .args(["-9", &process.to_string()])
                        .status()?;
                    return Ok(());
                }
                if manner == Manner::TakesAndHangsUp {
                    return Ok(());
                }
                desk.told += 1;
                "250 2.0.0 queued"
            }
            "QUIT" => {
                answer.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => "250 ok",
        };
        answer.write_all(reply.as_bytes())?;
        answer.write_all(b"\r\n")?;
    }
}

fn body(lines: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(message);
        }
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
