//! The coordinator's workbook as a value, and what she does to it.

use chrono::{Days, NaiveDate};
use proptest::sample::Index;

use super::diary::{self, Diary, SUPPORTS};
use crate::folder::{Folder, Sheet};
use crate::scene::rows;

/// What she does.
#[derive(Debug, Clone)]
pub enum Op {
    /// The registrations by address, forwards or backwards.
    Sort(bool),
    /// Somebody new registers: for which workshop, in which row.
    Insert(Index, Index),
    Copy(Index),
    /// Another address in the row.
    Correct(Index),
    Move(Index, u32),
    MovePlace(Index),
    CancelWorkshop(Index),
    Cancel(Index),
    /// A cancelled row counts again.
    RegisterAgain(Index),
    Delete(Index),
    /// Something with a meeting.
    Meet(diary::Op),
    /// Yes to all that awaits approval.
    Approve,
}

#[derive(Debug, Clone)]
pub struct Workshop {
    pub reference: &'static str,
    pub title: &'static str,
    pub date: NaiveDate,
    pub place: String,
    pub places: usize,
    pub is_cancelled: bool,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub workshop: usize,
    pub name: String,
    pub address: String,
    /// In the order of registration.
    pub number: usize,
    pub is_cancelled: bool,
}

#[derive(Debug, Clone)]
pub struct Season {
    pub workshops: Vec<Workshop>,
    pub rows: Vec<Row>,
    pub diary: Diary,
    /// Addresses and names so far.
    count: usize,
    moves: usize,
}

impl Season {
    pub fn new() -> Self {
        let workshop = |reference, title, day, places| Workshop {
            reference,
            title,
            date: day_of(day),
            place: format!("Salle {reference}-0"),
            places,
            is_cancelled: false,
        };
        let mut season = Self {
            workshops: vec![
                workshop("AT-1", "Budget", 21, 3),
                workshop("AT-2", "Diffusion", 26, 2),
                workshop("AT-3", "Contrats", 31, 12),
            ],
            rows: Vec::new(),
            diary: Diary::new(),
            count: 0,
            moves: 0,
        };
        for workshop in [0, 0, 0, 0, 1, 1, 1, 2] {
            season.register(workshop, usize::MAX);
        }
        season
    }

    fn register(&mut self, workshop: usize, at: usize) {
        let code = code(self.count);
        let row = Row {
            workshop,
            name: format!("Zoé Q{code}"),
            address: format!("q{code}@example.org"),
            number: self.count,
            is_cancelled: false,
        };
        self.count += 1;
        self.rows.insert(at.min(self.rows.len()), row);
    }

    pub fn change(&mut self, op: &Op) {
        let workshops = self.workshops.len();
        match op {
            Op::Approve => {}
            Op::Meet(op) => self.diary.change(op),
            Op::Sort(forwards) => {
                self.rows.sort_by(|a, b| a.address.cmp(&b.address));
                if !forwards {
                    self.rows.reverse();
                }
            }
            Op::Insert(workshop, at) => {
                let at = at.index(self.rows.len() + 1);
                self.register(workshop.index(workshops), at);
            }
            Op::Move(workshop, days) => {
                let workshop = &mut self.workshops[workshop.index(workshops)];
                workshop.date = workshop.date + Days::new(u64::from(*days));
            }
            Op::MovePlace(workshop) => {
                self.moves += 1;
                let workshop = &mut self.workshops[workshop.index(workshops)];
                workshop.place = format!("Salle {}-{}", workshop.reference, self.moves);
            }
            Op::CancelWorkshop(workshop) => {
                self.workshops[workshop.index(workshops)].is_cancelled = true;
            }
            Op::Copy(row)
            | Op::Correct(row)
            | Op::Cancel(row)
            | Op::RegisterAgain(row)
            | Op::Delete(row) => {
                if !self.rows.is_empty() {
                    self.change_row(op, row.index(self.rows.len()));
                }
            }
        }
    }

    fn change_row(&mut self, op: &Op, at: usize) {
        match op {
            Op::Copy(_) => {
                let copy = self.rows[at].clone();
                self.rows.insert(at, copy);
            }
            Op::Correct(_) => {
                self.rows[at].address = format!("r{}@example.org", code(self.count));
                self.count += 1;
            }
            Op::Cancel(_) => self.rows[at].is_cancelled = true,
            Op::RegisterAgain(_) => self.rows[at].is_cancelled = false,
            _ => drop(self.rows.remove(at)),
        }
    }

    /// Those who take part in a workshop, each address once.
    pub fn takes_part(&self, workshop: usize, address: &str) -> bool {
        self.rows
            .iter()
            .any(|row| row.workshop == workshop && row.address == address && !row.is_cancelled)
    }

    /// The workshop with which the key of an e-mail begins.
    pub fn workshop_of(&self, key: &str) -> Option<usize> {
        let folded = |reference: &str| reference.replace('-', "").to_lowercase();
        let mut all = self.workshops.iter();
        all.position(|workshop| key.split('|').next() == Some(folded(workshop.reference).as_str()))
    }

    pub fn write(&self, folder: &Folder) {
        let workshops = self.workshops.iter().map(|one| {
            let state = if one.is_cancelled { "annulé" } else { "" };
            format!(
                "{};{};conditions de travail;{};matin;{};Paul Roux;{};{state}",
                one.reference,
                one.title,
                one.date.format("%d/%m/%Y"),
                one.place,
                one.places
            )
        });
        let registrations = self.rows.iter().map(|row| {
            let state = if row.is_cancelled { "annulée" } else { "" };
            format!(
                "10/01/2021 {:02}:{:02};{};{};{};{state}",
                8 + row.number / 60,
                row.number % 60,
                self.workshops[row.workshop].reference,
                row.name,
                row.address
            )
        });
        let table = |header: &str, lines: &mut dyn Iterator<Item = String>| {
            let all: Vec<String> = std::iter::once(header.to_owned()).chain(lines).collect();
            rows(&all.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let members = SUPPORTS.iter().map(|one| {
            let [name, address] = one.beneficiary;
            format!(
                "{};association;W313001234;31000;Toulouse;spectacle vivant;membre actif;300;02/11/2020;;{name};{address}",
                one.structure
            )
        });
        let leaders = SUPPORTS.iter().map(|one| one.person);
        let persons = leaders.chain([["Paul Roux", "paul@example.org"]]);
        let persons = persons.map(|[name, address]| {
            format!("{name};Autre;{address};conditions de travail;partenaire")
        });
        let supports = SUPPORTS.iter().map(|one| {
            let [name, address] = one.beneficiary;
            let (reference, structure) = (one.reference, one.structure);
            format!(
                "{reference};{structure};{name};{address};05/01/2021;conditions de travail;14;en cours"
            )
        });
        let sheets: [Sheet; 6] = [
            (
                "Adhérents",
                table(
                    "Structure;Forme juridique;Immatriculation;Code postal;Commune;Domaine;Statut;Cotisation;Payée le;Valable jusqu'au;Référent;Email",
                    &mut members.into_iter(),
                ),
            ),
            (
                "Personnes ressources",
                table(
                    "Nom;Structure;Email;Spécialités;Type",
                    &mut persons.into_iter(),
                ),
            ),
            (
                "Ateliers",
                table(
                    "Référence;Titre;Axe;Date;Demi-journée;Lieu;Animateurs;Places;État",
                    &mut workshops.into_iter(),
                ),
            ),
            (
                "Inscriptions",
                table(
                    "Inscrit le;Atelier;Nom;Email;État",
                    &mut registrations.into_iter(),
                ),
            ),
            (
                "Accompagnements",
                table(
                    "Référence;Structure;Bénéficiaire;Email;Diagnostic validé le;Axes;Heures prévues;Statut",
                    &mut supports.into_iter(),
                ),
            ),
            (
                "Rendez-vous",
                table(
                    "Accompagnement;Personne ressource;Date;Demi-journée;Lieu;État",
                    &mut self.diary.lines(),
                ),
            ),
        ];
        folder.workbook("programme.xlsx", &sheets);
    }
}

/// A day of January 2021.
pub fn day_of(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 1, day).unwrap()
}

/// Two letters for a number.
fn code(number: usize) -> String {
    let letter = |value: usize| char::from(b'a' + u8::try_from(value % 26).unwrap());
    [letter(number / 26), letter(number)].iter().collect()
}
