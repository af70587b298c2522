//! `[reminders]`, `[output]` and `[schedule]`: what happens by itself, and when.

use super::kinds::{Choice, CronLine, List, WEB_ADDRESS, Whole};
use super::reader::{Reader, Section};

/// `[reminders]`: when reminders fall due (`programme.md` §6). In days; the lists hold 0 to 366
/// each, no day twice, and an empty one leaves the reminder out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminders {
    /// Before a meeting (`rdv-rappel`). Default: 2.
    pub meeting_days: Vec<u32>,
    /// Before a workshop (`atelier-rappel`). Default: 7 and 1.
    pub workshop_days: Vec<u32>,
    /// After a seat was confirmed (`paiement-rappel`). Default: 3 and 7.
    pub payment_days: Vec<u32>,
    /// After the first invitation to the evaluation (`evaluation-invitation`). Default: 0, 7, 14.
    pub evaluation_days: Vec<u32>,
    /// Before a membership ends (`adhesion-echeance`), 0 to 366. Default: 30.
    pub membership_days: u32,
    /// Least days between two `rdv-relance` about one support, 1 to 366. Default: 7.
    pub gap_repeat_days: u32,
}

impl Default for Reminders {
    fn default() -> Self {
        Self {
            meeting_days: vec![2],
            workshop_days: vec![7, 1],
            payment_days: vec![3, 7],
            evaluation_days: vec![0, 7, 14],
            membership_days: 30,
            gap_repeat_days: 7,
        }
    }
}

impl Section for Reminders {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        const DAYS: List<Whole<u32>> = List::of(Whole(0..=366));
        table.read("meeting_days", &DAYS, &mut self.meeting_days);
        table.read("workshop_days", &DAYS, &mut self.workshop_days);
        table.read("payment_days", &DAYS, &mut self.payment_days);
        table.read("evaluation_days", &DAYS, &mut self.evaluation_days);
        table.read(
            "membership_days",
            &Whole(0..=366),
            &mut self.membership_days,
        );
        table.read(
            "gap_repeat_days",
            &Whole(1..=366),
            &mut self.gap_repeat_days,
        );
    }
}

/// `[output]`: where flags are written (`programme.md` §2, §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// Into a copy or in place. Default: `copy`.
    pub write: Write,
    /// Nights of backups kept when writing in place, 1 to 366. Default: 14 (`hazards.md`, Files).
    pub backups: u32,
}

/// Which file the flags are written into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Write {
    /// `copy`: `controles/` and the workbook's own name.
    Copy,
    /// `in-place`: the workbook itself.
    InPlace,
}

impl Default for Output {
    fn default() -> Self {
        Self {
            write: Write::Copy,
            backups: 14,
        }
    }
}

impl Section for Output {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        const WRITE: Choice<Write> = Choice(&[("copy", Write::Copy), ("in-place", Write::InPlace)]);
        table.read("write", &WRITE, &mut self.write);
        table.read("backups", &Whole(1..=366), &mut self.backups);
    }
}

/// `[schedule]`: when the nightly run comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// A cron line in the programme's time zone: seconds, minutes, hours, days of the month,
    /// months, days of the week and, if need be, years. Days of the week are best named (`MON-FRI`):
    /// as numbers, 1 is Sunday. Default: `0 30 4 * * *`, every night at 4:30.
    pub cron: String,
    /// An address that is told when a run begins (`…/start`), is done, and fails (`…/fail`), as
    /// healthchecks.io and its kin understand it: `https`, or `http` to this machine. No message
    /// repeats it: who knows it can tell in our name. Default: empty, nobody is told.
    pub ping: String,
    /// Hours after its time from which a run that was not done is overdue, 0 to 168. Default: 3. A
    /// computer that is off at night needs more.
    pub grace_hours: u32,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            cron: "0 30 4 * * *".to_owned(),
            ping: String::new(),
            grace_hours: 3,
        }
    }
}

impl Section for Schedule {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        table.read("cron", &CronLine, &mut self.cron);
        table.read("ping", &WEB_ADDRESS, &mut self.ping);
        table.read("grace_hours", &Whole(0..=168), &mut self.grace_hours);
    }
}
