//! A year of nights: the service's own timetable under a clock that is played, the program itself for
//! each night, a mail server that keeps what it takes. Machines sleep, clocks are set, the server is
//! down, a run is killed, the disk is full; and every night the report says what the ledger has and
//! what the server took.

mod season;
mod told;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::{Europe::Paris, Tz};
use peer_culture::night::last_completed_day;
use peer_culture::schedule::{Attempt, Nights, Timetable, World, watch};
use serde_json::Value;

use crate::folder::{Folder, program, text};
use crate::post_office::{Manner, PostOffice};
use season::{COORDINATOR, REFUSED};
use told::Ledger;

/// An hour that the spring night skips and that the autumn night has twice.
const CRON: &str = "0 30 2 * * *";
const DAYS: u64 = 365;
/// The nights that are played where nobody asks for the whole year: its first months.
const USUAL: u64 = 135;
/// The program as it is released, in whose hands the whole year goes quickly (`.ci/run`).
const RELEASED: &str = "PEER_CULTURE_RELEASED";

/// Days from the first: the machine sleeps from noon, for so many days.
const SLEEPS: [(u64, u64); 4] = [(40, 3), (90, 1), (200, 5), (318, 2)];
/// The clock is wrong from an hour of a day, for so many hours, by so many hours.
const CLOCKS: [(u64, i64, i64, i64); 4] = [
    // Back over midnight, just after the run: the same 2:30 comes again.
    (60, 3, 6, -3),
    (120, 12, 5, 26),
    (170, 12, 5, -26),
    // A run of five days ahead: the nights after it trust nothing.
    (230, 12, 6, 5 * 24),
];
/// The mail server is down.
const DOWN: [u64; 4] = [20, 75, 76, 250];
/// The run is killed with a message on its way.
const KILLED: [u64; 3] = [33, 111, 260];
/// The disk is full.
const FULL: u64 = 180;
/// On these days somebody's messages wait, or are taken without an answer.
const LATER: [u64; 2] = [101, 102];
const UNANSWERED: u64 = 150;

fn day(number: u64) -> NaiveDate {
    season::first() + Days::new(number)
}

/// Midnight of a day.
fn midnight(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_hms_opt(0, 0, 0).unwrap();
    Paris.from_local_datetime(&midnight).unwrap().to_utc()
}

fn local(moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&Paris).date_naive()
}

/// The world: time as it really passes, and the clock on the wall.
struct Clock {
    now: Cell<DateTime<Utc>>,
    end: DateTime<Utc>,
}

impl Clock {
    fn today(&self) -> NaiveDate {
        local(self.now.get())
    }

    /// How wrong the wall clock is.
    fn offset(&self) -> TimeDelta {
        let now = self.now.get();
        let wrong = CLOCKS.iter().find(|(number, hour, hours, _)| {
            let from = midnight(day(*number)) + TimeDelta::hours(*hour);
            (from..from + TimeDelta::hours(*hours)).contains(&now)
        });
        wrong.map_or(TimeDelta::zero(), |(.., by)| TimeDelta::hours(*by))
    }

    fn is_night_of_change(&self) -> bool {
        let changes = [(2021, 3, 28), (2021, 10, 31)];
        changes.into_iter().any(|(year, month, day)| {
            NaiveDate::from_ymd_opt(year, month, day) == Some(self.today())
        })
    }
}

impl World for Clock {
    fn now(&self) -> DateTime<Utc> {
        self.now.get() + self.offset()
    }

    fn wait(&self, at_most: Duration) -> bool {
        // A sleepy machine looks less often, but for the two nights on which clocks change.
        let least = TimeDelta::minutes(if self.is_night_of_change() { 0 } else { 20 });
        let mut now = self.now.get() + TimeDelta::from_std(at_most).unwrap().max(least);
        for (number, days) in SLEEPS {
            let asleep = midnight(day(number)) + TimeDelta::hours(12);
            let awake = midnight(day(number + days)) + TimeDelta::hours(9);
            if (asleep..awake).contains(&now) {
                now = awake;
            }
        }
        self.now.set(now);
        now >= self.end
    }
}

/// The folder's nights, done by the program itself.
struct Year<'w> {
    folder: Folder,
    office: PostOffice,
    clock: &'w Clock,
    table: Timetable,
    last: Option<(NaiveDate, Option<NaiveDate>)>,
    /// The days on which a run was done, and when it really took place.
    runs: RefCell<Vec<(NaiveDate, NaiveDate)>>,
    /// Attempts that did not come to their end.
    failed: usize,
    killed: usize,
    /// Whether the disk is still to be full.
    to_be_full: bool,
    /// Nights of which the coordinator had to make up her mind about the date.
    distrusted: usize,
}

impl Nights for Year<'_> {
    fn due(&mut self, now: DateTime<Utc>) -> Option<DateTime<Tz>> {
        let today = local(now);
        let known = self.last.filter(|(as_of, _)| *as_of == today);
        let last = known.map_or_else(
            || last_completed_day(self.folder.path(), today).unwrap(),
            |(_, last)| last,
        );
        self.last = Some((today, last));
        self.table.next_run(last, now)
    }

    fn run(&mut self) -> Attempt {
        self.last = None;
        let today = self.clock.today();
        season::write(&self.folder, today);
        self.office
            .close(DOWN.iter().any(|number| day(*number) == today));
        self.manners(today);
        let wall = local(self.clock.now());
        let told_before = self.office.told();
        let output = self.night(today, wall);
        if !matches!(output.status.code(), Some(0 | 3)) {
            self.failed += 1;
            return Attempt::Failed;
        }
        let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
        if printed.get("errors").is_some() {
            // It was cut short: the rest of the night is still to be done.
            self.failed += 1;
            return Attempt::Failed;
        }
        let told = self.office.told() - told_before;
        let runs = self.runs.borrow().len();
        told::agree(&self.folder, &self.office, &printed, wall, told, runs);
        self.runs.borrow_mut().push((wall, today));
        self.morning(wall);
        Attempt::Done
    }
}

impl Year<'_> {
    fn manners(&self, today: NaiveDate) {
        self.office.meet(REFUSED, Manner::Never);
        let is_later = LATER.iter().any(|number| day(*number) == today);
        let is_unanswered = day(UNANSWERED) <= today && today < day(UNANSWERED + 10);
        for (address, manner) in [
            (COORDINATOR, is_later.then_some(Manner::Later)),
            ("acc-1@example.org", is_later.then_some(Manner::Later)),
            (
                "acc-2@example.org",
                is_unanswered.then_some(Manner::TakesAndHangsUp),
            ),
        ] {
            self.office.meet(address, manner.unwrap_or_default());
        }
    }

    fn night(&mut self, today: NaiveDate, wall: NaiveDate) -> Output {
        let mut command = night_program();
        if self.to_be_full && day(FULL) <= today {
            self.to_be_full = false;
            command = Command::new("bash");
            // No file may grow beyond 40 KB: what is written to it fails, as on a full disk.
            command.args(["-c", "trap '' XFSZ; ulimit -f 40; exec \"$0\" \"$@\""]);
            command.arg(night_program().get_program());
        }
        command.arg("run").arg(self.folder.path());
        command.args(["--format", "json", "--today", &wall.to_string()]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        if KILLED
            .iter()
            .skip(self.killed)
            .any(|number| day(*number) <= today)
        {
            self.office.arm(child.id(), COORDINATOR);
        }
        let output = child.wait_with_output().unwrap();
        if output.status.code().is_none() {
            self.killed += 1;
        }
        self.office.disarm();
        output
    }

    /// What the coordinator does when she has read her digest.
    fn morning(&mut self, wall: NaiveDate) {
        let ledger = Ledger::read(&self.folder);
        let server = self.office.ids();
        for message in ledger.in_state("unknown") {
            // The digest is tried again by itself.
            if message.kind == "synthese" {
                continue;
            }
            let arrived = server.iter().any(|(_, id)| *id == message.header);
            let answer = if arrived { "reçu" } else { "renvoyer" };
            self.outbox(wall, &["resolve"], &[&message.id.to_string(), answer]);
        }
        if ledger.in_state("awaiting_approval").is_empty() {
            return;
        }
        self.distrusted += 1;
        self.outbox(wall, &["trust-date"], &[]);
        self.outbox(wall, &["approve"], &["--all"]);
    }

    fn outbox(&self, wall: NaiveDate, command: &[&str], arguments: &[&str]) {
        let output = program()
            .arg("outbox")
            .args(command)
            .arg(self.folder.path())
            .args(arguments)
            .args(["--today", &wall.to_string()])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
}

#[test]
fn a_year_of_nights_report_server_and_ledger_agree_and_nothing_is_lost() {
    let days = match std::env::var_os(RELEASED) {
        Some(_) => DAYS,
        None => USUAL,
    };
    let clock = Clock {
        now: Cell::new(midnight(season::first())),
        end: midnight(day(days)),
    };
    let office = PostOffice::open();
    let folder = Folder::new();
    let settings = format!(
        "[programme]\nstart = 2020-11-01\n[coordinator]\nname = \"Inès Faure\"\nemail = \"{COORDINATOR}\"\n\
         [mail]\n{}\n[schedule]\ncron = \"{CRON}\"\n",
        office.settings()
    );
    folder.file("programme.toml", settings.as_bytes());
    let mut year = Year {
        folder,
        office,
        clock: &clock,
        table: Timetable::new(CRON, Paris).unwrap(),
        last: None,
        runs: RefCell::default(),
        failed: 0,
        killed: 0,
        to_be_full: true,
        distrusted: 0,
    };
    watch(&mut year, &clock);

    let runs = year.runs.take();
    let mut by_day: BTreeMap<NaiveDate, Vec<NaiveDate>> = BTreeMap::new();
    for (wall, really) in &runs {
        by_day.entry(*wall).or_default().push(*really);
    }
    // What a clock that was days ahead did is not that day's night.
    let is_once = |(wall, really): &(&NaiveDate, &Vec<NaiveDate>)| match really.as_slice() {
        [_] => true,
        [early, later] => *early + Days::new(1) < **wall && later == *wall,
        _ => false,
    };
    let twice: Vec<_> = by_day.iter().filter(|one| !is_once(one)).collect();
    assert!(twice.is_empty(), "run twice: {twice:?}");
    let is_past = |number: &u64| *number < days;
    let asleep = SLEEPS.iter().filter(|(number, _)| is_past(number));
    let asleep: u64 = asleep.map(|(_, days)| days - 1).sum();
    assert_eq!(by_day.len() as u64, days - asleep, "days without a run");
    let killed = KILLED.into_iter().filter(is_past).count();
    assert_eq!(year.killed, killed);
    if days == DAYS {
        for change in ["2021-03-28", "2021-10-31"] {
            assert!(by_day.contains_key(&change.parse().unwrap()), "{change}");
        }
        assert!(year.failed > killed, "the full disk failed no run");
        assert_eq!(year.distrusted, 1, "nights under a doubtful date");
    }
    let troubled = |day: NaiveDate| {
        let is_plain = runs
            .iter()
            .any(|(wall, really)| *wall == day && *really == day);
        !is_plain || troubles().contains(&day)
    };
    eprintln!(
        "{} runs, {} e-mails, {} attempts cut off",
        runs.len(),
        year.office.taken(),
        year.failed
    );
    told::nothing_is_lost(&year.folder, &year.office, day(days - 1), troubled);
}

fn night_program() -> Command {
    std::env::var_os(RELEASED).map_or_else(program, Command::new)
}

/// The days on which a reminder may have come to nothing: the server took none, or the clock stood
/// on another date.
fn troubles() -> Vec<NaiveDate> {
    let clocks = CLOCKS.iter().map(|(number, ..)| number);
    let days = DOWN.iter().chain(clocks);
    days.flat_map(|number| (0..6).map(move |later| day(number + later)))
        .collect()
}
