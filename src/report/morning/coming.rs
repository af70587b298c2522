//! The coming fourteen days: workshops, meetings, interviews, and the days by which something ends.

use chrono::{Days, NaiveDate, NaiveTime};

use super::figures::text_of;
use crate::facts::membership;
use crate::facts::references::support_of;
use crate::french::typographic;
use crate::french::words::count;
use crate::model::support::Support;
use crate::model::time::{HalfDay, Slot, hour};
use crate::model::workshop::Workshop;
use crate::model::{Name, Season, Table};
use crate::plan::Verdict;
use crate::programme::Programme;

/// programme.md §6, `synthese`: "the coming 14 days".
const DAYS: u64 = 14;

/// What comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    /// The day.
    pub date: NaiveDate,
    /// When on that day, in French; empty: all day.
    pub when: String,
    /// What kind of thing, in French.
    pub kind: &'static str,
    /// What it is.
    pub what: String,
    /// With whom.
    pub who: String,
    /// Where; empty where that makes no sense.
    pub place: String,
}

impl Coming {
    /// The kind of a day by which something ends.
    pub const DEADLINE: &str = "Échéance";
}

/// What comes, by day and time of day.
pub(super) fn coming(programme: &Programme, verdict: &Verdict) -> Vec<Coming> {
    let window = Window::of(programme.now.today);
    let mut all: Vec<(NaiveTime, Coming)> = Vec::new();
    workshops(programme, verdict, window, &mut all);
    meetings(programme, window, &mut all);
    interviews(&programme.season, window, &mut all);
    deadlines(programme, window, &mut all);
    // Equals stay in the order of the sheets.
    all.sort_by_key(|(time, coming)| (coming.date, *time));
    all.into_iter().map(|(_, coming)| coming).collect()
}

#[derive(Clone, Copy)]
struct Window {
    first: NaiveDate,
    last: NaiveDate,
}

impl Window {
    fn of(today: NaiveDate) -> Self {
        Self {
            first: today,
            last: today.checked_add_days(Days::new(DAYS)).unwrap_or(today),
        }
    }

    fn has(self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

fn workshops(
    programme: &Programme,
    verdict: &Verdict,
    window: Window,
    all: &mut Vec<(NaiveTime, Coming)>,
) {
    let season = &programme.season;
    for (index, row) in season.tables.workshops.iter().flat_map(Table::live) {
        let Some(date) = row.date.get().filter(|date| window.has(*date)) else {
            continue;
        };
        let seats = verdict.decisions.seats.workshop(index);
        let mut what = format!(
            "{}, {} : {} sur {}",
            row.head.key,
            text_of(row.title.value().map(|title| &**title)),
            count(seats.taken as usize, "place prise", "places prises"),
            seats.places
        );
        if seats.waiting > 0 {
            what = format!("{what}, {} en attente", seats.waiting);
        }
        all.push((
            starts(row, programme),
            Coming {
                date,
                when: typographic(&workshop_time(row)),
                kind: "Atelier",
                what: typographic(&what),
                who: names(row.leaders()),
                place: text_of(row.place.value().map(|place| &**place)),
            },
        ));
    }
}

/// When a workshop starts, for its place in the day.
fn starts(row: &Workshop, programme: &Programme) -> NaiveTime {
    let usual = &programme.settings.workshops;
    row.starts.get().unwrap_or(match row.slot.get() {
        Some(Slot::Afternoon) => usual.afternoon.start,
        _ => usual.morning.start,
    })
}

/// `matin`, or the hours where they are typed: `9 h 30 – 13 h`.
fn workshop_time(row: &Workshop) -> String {
    let slot = row.slot.get().map_or("", Slot::french);
    match (row.starts.get(), row.ends.get()) {
        (Some(starts), Some(ends)) => format!("{} – {}", hour(starts), hour(ends)),
        (Some(starts), None) => format!("{slot}, dès {}", hour(starts)),
        _ => slot.to_owned(),
    }
}

fn meetings(programme: &Programme, window: Window, all: &mut Vec<(NaiveTime, Coming)>) {
    let season = &programme.season;
    let usual = &programme.settings.workshops;
    for (_, row) in season.tables.meetings.iter().flat_map(Table::live) {
        let Some((date, half_day)) = row.when().filter(|(date, _)| window.has(*date)) else {
            continue;
        };
        let support = support_of(season, row).map(|(_, support)| support);
        let reference = row.support.value().map(|name| &*name.text);
        let time = match half_day {
            HalfDay::Morning => usual.morning.start,
            HalfDay::Afternoon => usual.afternoon.start,
        };
        all.push((
            time,
            Coming {
                date,
                when: half_day.french().to_owned(),
                kind: "Rendez-vous",
                what: of_support(&text_of(reference), support),
                who: names(row.persons()),
                place: text_of(row.place.value().map(|place| &**place)),
            },
        ));
    }
}

fn interviews(season: &Season, window: Window, all: &mut Vec<(NaiveTime, Coming)>) {
    for (_, row) in season.tables.supports.iter().flat_map(Table::standing) {
        let Some(at) = row.interview.get().filter(|at| window.has(at.date())) else {
            continue;
        };
        all.push((
            at.time(),
            Coming {
                date: at.date(),
                when: hour(at.time()),
                kind: "Entretien",
                what: of_support(&row.head.key, Some(row)),
                who: String::new(),
                place: String::new(),
            },
        ));
    }
}

/// « ACC-02, Compagnie Les Passantes (Inès Delmas) »
fn of_support(reference: &str, support: Option<&Support>) -> String {
    let structure = support.and_then(|support| support.structure.value());
    let beneficiary = support.and_then(|support| support.beneficiary.value());
    match (structure, beneficiary) {
        (Some(structure), Some(person)) => {
            format!("{reference}, {} ({})", structure.text, person.text)
        }
        (Some(one), None) | (None, Some(one)) => format!("{reference}, {}", one.text),
        (None, None) => reference.to_owned(),
    }
}

/// The end of the call for applications, of memberships and of the programme.
fn deadlines(programme: &Programme, window: Window, all: &mut Vec<(NaiveTime, Coming)>) {
    let settings = &programme.settings;
    let mut ends = vec![(
        settings.applications.deadline,
        "Clôture de l’appel à candidatures".to_owned(),
    )];
    if let Some(last) = settings.programme.end().pred_opt() {
        ends.push((last, "Dernier jour du programme".to_owned()));
    }
    let season = &programme.season;
    for (index, row) in season.tables.members.iter().flat_map(Table::standing) {
        let latest = row.structure.value();
        let latest = latest.and_then(|name| membership::latest(season, name.key));
        let end = row.ends_on().get();
        if let (Some(end), Some(name), true) = (end, row.structure.value(), latest == Some(index)) {
            ends.push((end, format!("Fin de l’adhésion de « {} »", name.text)));
        }
    }
    for (date, what) in ends {
        if window.has(date) {
            all.push((
                NaiveTime::MIN,
                Coming {
                    date,
                    when: String::new(),
                    kind: Coming::DEADLINE,
                    what: typographic(&what),
                    who: String::new(),
                    place: String::new(),
                },
            ));
        }
    }
}

fn names(names: &[Name]) -> String {
    let texts: Vec<&str> = names.iter().map(|name| &*name.text).collect();
    texts.join(", ")
}
