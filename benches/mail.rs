//! The speed of sending, against Postfix's own tools in the same run (speed.md, goal 5): `smtp-sink`
//! takes, `smtp-source` sets the pace.
//!
//! `cargo bench --bench mail` sends 4,000 messages a time; another number can be named:
//! `cargo bench --bench mail -- 20000`. Without Postfix it says so and measures nothing.

use std::error::Error;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use peer_culture::apply;
use peer_culture::cancel::Cancel;
use peer_culture::config::Settings;
use peer_culture::mails::{self, Due};
use peer_culture::outbox::{
    Ledger, Moment, Outgoing, Pace, Queued, Server, SmtpTransport, Terms, Transport, deliver,
};
use peer_culture::plan::Plan;
use peer_culture::programme::Programme;
use peer_culture::progress::Progress;

const SINK: &str = "/usr/sbin/smtp-sink";
const SOURCE: &str = "/usr/sbin/smtp-source";
const RUNS: usize = 5;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let named = std::env::args().skip(1).find_map(|one| one.parse().ok());
    let count: usize = named.unwrap_or(4000);
    if !Path::new(SINK).exists() {
        println!("Postfix is not installed: nothing to measure against.");
        return Ok(());
    }
    let sink = Sink::start()?;
    let scene = Scene::new(sink.port, count)?;
    println!("| messages a second, {count} messages | 1 session | 4 sessions |");
    println!("|---|---|---|");
    let source = [source(&sink, &scene, 1)?, source(&sink, &scene, 4)?];
    println!("| smtp-source | {:.0} | {:.0} |", source[0], source[1]);
    let ready = [scene.ready_made(1)?, scene.ready_made(4)?];
    row("ready-made messages", ready, source);
    let (one, one_parts) = scene.end_to_end(1)?;
    let (four, four_parts) = scene.end_to_end(4)?;
    row("rendered, built, in the ledger", [one, four], source);
    println!("\n| of that, microseconds a message | 1 session | 4 sessions |");
    println!("|---|---|---|");
    for (name, one, four) in [
        ("rendering and building", one_parts.words, four_parts.words),
        ("queueing", one_parts.queue, four_parts.queue),
        ("sending", one_parts.send, four_parts.send),
    ] {
        println!("| {name} | {one:.0} | {four:.0} |");
    }
    let hundred = Scene::new(sink.port, 100)?;
    let seconds = 100.0 / hundred.ready_made(1)?;
    println!("\n100 messages on one connection: {seconds:.3} s");
    Ok(())
}

fn row(what: &str, ours: [f64; 2], floor: [f64; 2]) {
    let cell = |at: usize| format!("{:.0} ({:.2})", ours[at], ours[at] / floor[at]);
    println!("| {what} | {} | {} |", cell(0), cell(1));
}

/// The rate of the median run.
fn rate(count: usize, mut run: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut seconds = Vec::new();
    for _ in 0..RUNS {
        let started = Instant::now();
        run()?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    let count = u32::try_from(count)?;
    Ok(f64::from(count) / seconds[RUNS / 2])
}

struct Sink {
    port: u16,
    process: Child,
}

impl Sink {
    fn start() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(SINK);
        // It refuses to take mail as root.
        if std::fs::metadata("/proc/self")?.uid() == 0 {
            command.args(["-u", "postfix"]);
        }
        let process = command
            .arg(format!("127.0.0.1:{port}"))
            .arg("1000")
            .stdout(Stdio::null())
            .spawn()?;
        let mut sink = Self { port, process };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(ended) = sink.process.try_wait()? {
                return Err(format!("smtp-sink does not start: {ended}").into());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(sink)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn source(sink: &Sink, scene: &Scene, sessions: usize) -> Result<f64> {
    let size = scene
        .messages
        .first()
        .map_or(0, |message| message.eml.len());
    rate(scene.messages.len(), || {
        let status = Command::new(SOURCE)
            .args(["-d", "-s", &sessions.to_string()])
            .args(["-m", &scene.messages.len().to_string()])
            .args(["-l", &size.to_string()])
            .args(["-f", "a@example.org", "-t", "b@example.org"])
            .arg(format!("127.0.0.1:{}", sink.port))
            .status()?;
        if status.success() {
            Ok(())
        } else {
            Err("smtp-source failed".into())
        }
    })
}

/// Seconds between one point and the next.
struct Laps {
    since: Instant,
    done: Vec<f64>,
}

impl Laps {
    fn start() -> Self {
        Self {
            since: Instant::now(),
            done: Vec::new(),
        }
    }

    fn lap(&mut self) {
        self.done.push(self.since.elapsed().as_secs_f64());
        self.since = Instant::now();
    }
}

/// Where the time of a run goes, in microseconds a message.
struct Parts {
    words: f64,
    queue: f64,
    send: f64,
}

struct Scene {
    server: Arc<Server>,
    programme: Programme,
    due: Due,
    messages: Vec<Queued>,
}

impl Scene {
    fn new(port: u16, count: usize) -> Result<Self> {
        let sample = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("workbooks");
        let today = "2021-01-12".parse()?;
        let mut programme = Programme::load(&sample, Some(today), &Progress::none())
            .map_err(|problems| format!("{problems:?}"))?;
        programme.settings = Settings::parse(&format!(
            "[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n[mail]\ntransport = \"smtp\"\n\
             smtp = {{ host = \"127.0.0.1\", port = {port}, tls = \"none\" }}\n"
        ))
        .map_err(|problems| format!("{problems:?}"))?;
        let plan = Plan::of(&programme, &mails::History::default());
        let draft = plan.due.drafts.into_iter().next_back().ok_or("no draft")?;
        let server = Server::of(&programme.settings, &sample, &|_| None)?;
        let numbered = |number| {
            let mut draft = draft.clone();
            draft.key = format!("{}|{number}", draft.key);
            draft
        };
        let mut scene = Self {
            server: Arc::new(server),
            programme,
            due: Due {
                drafts: (0..count).map(numbered).collect(),
                ..Due::default()
            },
            messages: Vec::new(),
        };
        scene.messages = scene.words()?;
        Ok(scene)
    }

    /// Puts the e-mails into words.
    fn words(&self) -> Result<Vec<Queued>> {
        let prepared = apply::put_into_words(&self.programme, &self.due);
        if prepared.queued.len() != self.due.drafts.len() {
            return Err(format!("{:?}", prepared.problems).into());
        }
        Ok(prepared.queued)
    }

    fn transports(&self, sessions: usize) -> Vec<SmtpTransport> {
        let transport = |_| SmtpTransport::new(Arc::clone(&self.server));
        (0..sessions).map(transport).collect()
    }

    fn outgoing(&self) -> Result<Vec<Outgoing>> {
        let folder = tempfile::tempdir()?;
        let mut ledger = Ledger::open(folder.path())?;
        let moment = Moment::from(&self.programme.now);
        let queued = ledger.enqueue(&self.messages, &[], moment)?;
        let ids = queued.ids.into_iter().flatten();
        Ok(ids
            .map(|id| ledger.outgoing(id))
            .collect::<std::result::Result<_, _>>()?)
    }

    fn ready_made(&self, sessions: usize) -> Result<f64> {
        let all = self.outgoing()?;
        let share = all.len().div_ceil(sessions);
        rate(all.len(), || {
            thread::scope(|scope| {
                for (mut transport, messages) in
                    self.transports(sessions).into_iter().zip(all.chunks(share))
                {
                    scope.spawn(move || {
                        for (at, message) in messages.iter().enumerate() {
                            if transport.prepare(message).is_err() {
                                continue;
                            }
                            if let Some(next) = messages.get(at + 1) {
                                transport.expect(next);
                            }
                            transport.hand_over(message);
                        }
                        transport.finish();
                    });
                }
            });
            Ok(())
        })
    }

    fn end_to_end(&self, sessions: usize) -> Result<(f64, Parts)> {
        let count = self.messages.len();
        let mut all = Vec::new();
        // To remove them is no part of the work.
        let mut folders = Vec::new();
        let rate = rate(count, || {
            let folder = tempfile::tempdir()?;
            let mut ledger = Ledger::open(folder.path())?;
            let moment = Moment::from(&self.programme.now);
            let mut laps = Laps::start();
            let messages = self.words()?;
            laps.lap();
            ledger.enqueue(&messages, &[], moment)?;
            laps.lap();
            let delivered = deliver(
                &mut ledger,
                &mut self.transports(sessions),
                &Terms::default(),
                &mut Pace::per_minute(0),
                &move || moment,
                &Cancel::new(),
            );
            laps.lap();
            if delivered.messages.len() != count || delivered.stopped.is_some() {
                return Err("not all was sent".into());
            }
            all.push(laps.done);
            folders.push(folder);
            Ok(())
        })?;
        let number = f64::from(u32::try_from(count)?);
        let median = |part: usize| {
            let mut times: Vec<f64> = all.iter().map(|parts| parts[part]).collect();
            times.sort_by(f64::total_cmp);
            times[RUNS / 2] * 1e6 / number
        };
        let parts = Parts {
            words: median(0),
            queue: median(1),
            send: median(2),
        };
        Ok((rate, parts))
    }
}
