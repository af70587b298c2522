//! A year's programme as its coordinator keeps it: what stands in her workbook on each morning.
//!
//! A workshop a month with six people for four places, of whom one cancels; some workshops move, one
//! doesn't take place. Three supports with a meeting every other week; one changes its place, one is
//! called off.

use chrono::{Datelike, Days, NaiveDate};

use crate::folder::{Folder, Sheet};

pub const COORDINATOR: &str = "ines@peer.example.org";
/// Whose address the server refuses.
pub const REFUSED: &str = "at-03-p1@example.org";
const PERSON: &str = "anna@example.org";
/// Who leads the workshops.
pub const LEADER: &str = "paul@example.org";
const WORKSHOPS: u32 = 11;
const SUPPORTS: u32 = 3;
const PLACES: usize = 4;
/// Days before the workshop on which its six people register.
const REGISTER: [u64; 6] = [28, 25, 20, 16, 13, 4];
/// Days before the workshop on which the first one cancels.
const CANCELS: u64 = 9;
/// Days before the workshop on which it is moved, or called off.
const CHANGES: u64 = 11;

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day - Days::new(days)
}

/// The first day of the programme.
pub fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 11, 1).unwrap()
}

/// A workshop of the year.
pub struct Workshop {
    pub reference: String,
    /// Where it was meant to be, and where it was moved to.
    planned: NaiveDate,
    moved: Option<NaiveDate>,
    pub called_off: bool,
}

/// One of the people who register.
pub struct Person {
    pub address: String,
    pub registers: NaiveDate,
    pub cancels: Option<NaiveDate>,
    /// In the order in which they register.
    pub number: usize,
}

impl Workshop {
    pub fn all() -> Vec<Self> {
        let each = |number: u32| {
            // From December on.
            let (year, month) = (2020 + i32::from(number > 0), (number + 11) % 12 + 1);
            let planned = NaiveDate::from_ymd_opt(year, month, 8 + number % 5).unwrap();
            Self {
                reference: format!("AT-{:02}", number + 1),
                planned,
                moved: (number % 4 == 2).then(|| planned + Days::new(2)),
                called_off: number == 5,
            }
        };
        (0..WORKSHOPS).map(each).collect()
    }

    /// The day on which it takes place, as is known on a day.
    pub fn date(&self, today: NaiveDate) -> NaiveDate {
        self.moved
            .filter(|_| today >= self.changes())
            .unwrap_or(self.planned)
    }

    /// The day on which it took place in the end.
    pub fn last(&self) -> NaiveDate {
        self.moved.unwrap_or(self.planned)
    }

    pub fn is_moved(&self) -> bool {
        self.moved.is_some()
    }

    /// The day on which it is moved or called off, if it is.
    pub fn changes(&self) -> NaiveDate {
        before(self.planned, CHANGES)
    }

    /// The day on which the first to register cancels.
    pub fn cancels(&self) -> NaiveDate {
        before(self.planned, CANCELS)
    }

    pub fn people(&self) -> Vec<Person> {
        let each = |(number, days): (usize, &u64)| Person {
            address: format!(
                "{}-p{}@example.org",
                self.reference.to_lowercase(),
                number + 1
            ),
            registers: before(self.planned, *days),
            cancels: (number == 0).then(|| self.cancels()),
            number,
        };
        REGISTER.iter().enumerate().map(each).collect()
    }

    /// Who has a seat in the end: the first four of those who didn't cancel.
    pub fn seated(&self) -> Vec<Person> {
        let mut people = self.people();
        people.retain(|person| person.cancels.is_none());
        people.truncate(PLACES);
        people
    }
}

/// A meeting of the year.
pub struct Meeting {
    pub support: u32,
    pub date: NaiveDate,
    pub called_off: bool,
    pub moves_room: bool,
}

impl Meeting {
    pub fn all() -> Vec<Self> {
        let mut meetings = Vec::new();
        for support in 0..SUPPORTS {
            for number in 0..8 {
                let days = 60 + 14 * number + u64::from(support) * 80;
                let mut date = first() + Days::new(days);
                // Not at the weekend.
                while date.weekday().number_from_monday() > 5 {
                    date = date + Days::new(1);
                }
                meetings.push(Self {
                    support,
                    date,
                    called_off: number == 3,
                    moves_room: number == 5,
                });
            }
        }
        meetings
    }

    /// The day on which it is written down.
    pub fn known(&self) -> NaiveDate {
        before(self.date, 12)
    }

    /// The day on which it is called off or gets another room, if it does.
    pub fn changes(&self) -> NaiveDate {
        before(self.date, 6)
    }

    pub fn beneficiary(&self) -> String {
        format!("acc-{}@example.org", self.support + 1)
    }

    pub const fn person() -> &'static str {
        PERSON
    }
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|text| (*text).to_owned()).collect()
}

fn header(text: &str) -> Vec<String> {
    text.split(';').map(str::to_owned).collect()
}

fn french(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// Writes her workbook as it stands on the morning of a day.
pub fn write(folder: &Folder, today: NaiveDate) {
    let mut members = vec![header(
        "Structure;Forme juridique;Immatriculation;Commune;Code postal;Domaine;Référent;Email;Statut;Cotisation;Payée le;Valable jusqu'au",
    )];
    let mut supports = vec![header(
        "Référence;Structure;Bénéficiaire;Email;Diagnostic validé le;Axes;Heures prévues;Statut",
    )];
    for number in 1..=SUPPORTS {
        let structure = format!("Structure {number}");
        members.push(row(&[
            &structure,
            "association",
            "W313000000",
            "Toulouse",
            "31000",
            "presse",
            "Lou Garcia",
            &format!("ref-{number}@example.org"),
            "membre actif",
            "300",
            "01/10/2020",
            "31/12/2021",
        ]));
        supports.push(row(&[
            &format!("ACC-{number}"),
            &structure,
            "Lou Garcia",
            &format!("acc-{number}@example.org"),
            "10/12/2020",
            "conditions de travail",
            "28",
            "en cours",
        ]));
    }
    let persons = vec![
        header("Nom;Structure;Email;Spécialités;Type"),
        row(&[
            "Anna Roux",
            "Conseil",
            PERSON,
            "conditions de travail",
            "partenaire",
        ]),
        row(&[
            "Paul Roux",
            "Conseil",
            LEADER,
            "conditions de travail",
            "partenaire",
        ]),
    ];
    let sheets: [Sheet; 6] = [
        ("Adhérents", members),
        ("Personnes ressources", persons),
        ("Accompagnements", supports),
        ("Rendez-vous", meetings(today)),
        ("Ateliers", workshops(today)),
        ("Inscriptions", registrations(today)),
    ];
    folder.workbook("programme.xlsx", &sheets);
}

fn meetings(today: NaiveDate) -> Vec<Vec<String>> {
    let mut rows = vec![header(
        "Accompagnement;Personne ressource;Date;Demi-journée;Lieu;État",
    )];
    for meeting in Meeting::all()
        .iter()
        .filter(|meeting| meeting.known() <= today)
    {
        let has_changed = meeting.changes() <= today;
        let room = if meeting.moves_room && has_changed {
            "Salle B"
        } else {
            "Salle A"
        };
        let state = match () {
            () if meeting.called_off && has_changed => "annulé",
            () if meeting.date < today => "réalisé",
            () => "prévu",
        };
        let half_day = ["matin", "après-midi", "matin"][meeting.support as usize];
        rows.push(row(&[
            &format!("ACC-{}", meeting.support + 1),
            "Anna Roux",
            &french(meeting.date),
            half_day,
            room,
            state,
        ]));
    }
    rows
}

fn workshops(today: NaiveDate) -> Vec<Vec<String>> {
    let mut rows = vec![header(
        "Référence;Titre;Axe;Date;Demi-journée;Animateurs;Lieu;Places;État",
    )];
    for workshop in Workshop::all() {
        let is_off = workshop.called_off && workshop.changes() <= today;
        let places = PLACES.to_string();
        rows.push(row(&[
            &workshop.reference,
            "Se situer",
            "conditions de travail",
            &french(workshop.date(today)),
            "matin",
            "Paul Roux",
            "Toulouse",
            &places,
            if is_off { "annulé" } else { "" },
        ]));
    }
    rows
}

fn registrations(today: NaiveDate) -> Vec<Vec<String>> {
    let mut rows = vec![header("Inscrit le;Atelier;Nom;Email;Paiement;État")];
    for workshop in Workshop::all() {
        for person in workshop.people() {
            if person.registers > today {
                continue;
            }
            let has_cancelled = person.cancels.is_some_and(|day| day <= today);
            rows.push(row(&[
                // The night before.
                &format!("{} 20:00", french(before(person.registers, 1))),
                &workshop.reference,
                &format!("Zoé {}", person.number + 1),
                &person.address,
                "18",
                if has_cancelled { "annulée" } else { "" },
            ]));
        }
    }
    rows
}
