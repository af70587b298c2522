//! A small season for the tests of rules: rows of text under the headers of programme.md, read by
//! the same code as the coordinator's workbooks.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::NaiveDate;

use super::{Night, run};
use crate::config::Settings;
use crate::decide::Decisions;
use crate::facts::Told;
use crate::findings::{Finding, Findings};
use crate::model::place::column_letters;
use crate::model::season::{Format, Workbook, columns_of};
use crate::model::{Role, Season};
use crate::sheets::Reading;
use crate::sheets::cells::Raw;
use crate::sheets::source::{Source, Visit};
use crate::sheets::unreadable::Unreadable;

type Cells = Vec<Raw<'static>>;

/// A season in the making: every row starts from one that no rule has anything to say about.
#[derive(Clone)]
pub(crate) struct Scene {
    rows: BTreeMap<Role, Vec<Cells>>,
    settings: Settings,
    today: NaiveDate,
    told: Told,
}

/// What the scene came to.
pub(crate) struct Outcome {
    pub(crate) season: Season,
    pub(crate) findings: Findings,
    pub(crate) decisions: Decisions,
}

impl Scene {
    /// Nothing yet, on 12 January 2021.
    pub(crate) fn new() -> Self {
        Self {
            rows: BTreeMap::new(),
            settings: Settings::default(),
            today: NaiveDate::from_ymd_opt(2021, 1, 12).unwrap(),
            told: Told::default(),
        }
    }

    /// Another day.
    pub(crate) fn on(mut self, day: &str) -> Self {
        self.today = day.parse().unwrap();
        self
    }

    /// Other settings.
    pub(crate) fn with(mut self, toml: &str) -> Self {
        self.settings = Settings::parse(toml).unwrap();
        self
    }

    /// What people were told before.
    pub(crate) fn told(mut self, told: Told) -> Self {
        self.told = told;
        self
    }

    /// A sheet with its headers and no row.
    pub(crate) fn empty(mut self, role: Role) -> Self {
        self.rows.entry(role).or_default();
        self
    }

    /// An active member in Toulouse whose fee is paid.
    pub(crate) fn member(self, cells: &[(&str, &str)]) -> Self {
        self.add(Role::Members, cells)
    }

    /// The same with cells that no text can give.
    pub(crate) fn member_raw(self, cells: &[(&str, Raw<'static>)]) -> Self {
        self.add_raw(Role::Members, cells)
    }

    /// An application in time, without a decision.
    pub(crate) fn application(self, cells: &[(&str, &str)]) -> Self {
        self.add(Role::Applications, cells)
    }

    pub(crate) fn mark(self, cells: &[(&str, &str)]) -> Self {
        self.add(Role::CommitteeMarks, cells)
    }

    /// A resource person of type partenaire.
    pub(crate) fn person(self, cells: &[(&str, &str)]) -> Self {
        self.add(Role::ResourcePersons, cells)
    }

    pub(crate) fn proximity(self, cells: &[(&str, &str)]) -> Self {
        self.add(Role::Proximities, cells)
    }

    /// A running support of 14 hours.
    pub(crate) fn support(self, cells: &[(&str, &str)]) -> Self {
        self.add(Role::Supports, cells)
    }

    /// A meeting of ACC-01 with Anna Roux on Thursday 14 January 2021, in the morning.
    pub(crate) fn meeting(self, cells: &[(&str, &str)]) -> Self {
        self.add(Role::Meetings, cells)
    }

    /// AT-01, led by Anna Roux on Thursday 28 January 2021, in the morning.
    pub(crate) fn workshop(self, cells: &[(&str, &str)]) -> Self {
        self.add(Role::Workshops, cells)
    }

    /// A person without a structure who registered for AT-01.
    pub(crate) fn registration(self, cells: &[(&str, &str)]) -> Self {
        self.add(Role::Registrations, cells)
    }

    /// The same with cells that no text can give.
    pub(crate) fn registration_raw(self, cells: &[(&str, Raw<'static>)]) -> Self {
        self.add_raw(Role::Registrations, cells)
    }

    pub(crate) fn evaluation(self, cells: &[(&str, &str)]) -> Self {
        self.add(Role::Evaluations, cells)
    }

    /// Where the findings of a code stand: `Adhérents!E2`.
    pub(crate) fn places(&self, code: &str) -> Vec<String> {
        self.each(code, |season, finding| {
            let column = finding
                .column
                .and_then(|column| season.header(finding.place.sheet, column))
                .map(|header| column_letters(header.column))
                .unwrap_or_default();
            format!(
                "{}!{column}{}",
                sheet_name(season, finding),
                finding.place.row
            )
        })
    }

    /// The rows that have a finding of the code: `Adhérents!2`.
    pub(crate) fn rows(&self, code: &str) -> Vec<String> {
        self.each(code, |season, finding| {
            format!("{}!{}", sheet_name(season, finding), finding.place.row)
        })
    }

    /// The messages of the findings of a code.
    pub(crate) fn messages(&self, code: &str) -> Vec<String> {
        self.each(code, |_, finding| finding.message.to_string())
    }

    /// Reads the rows, runs every rule and decides.
    pub(crate) fn outcome(&self) -> Outcome {
        let season = self.season();
        let night = Night {
            season: &season,
            settings: &self.settings,
            today: self.today,
            told: &self.told,
        };
        let (findings, decisions) = run(&night);
        Outcome {
            season,
            findings,
            decisions,
        }
    }

    /// The day of the run.
    pub(crate) fn day(&self) -> NaiveDate {
        self.today
    }

    /// Something that a night does with the season that was read.
    pub(crate) fn with_night<T>(&self, season: &Season, make: impl FnOnce(&Night) -> T) -> T {
        make(&Night {
            season,
            settings: &self.settings,
            today: self.today,
            told: &self.told,
        })
    }

    fn each(&self, code: &str, show: impl Fn(&Season, &Finding) -> String) -> Vec<String> {
        assert!(super::find(code).is_some(), "no rule has the code {code}");
        let Outcome {
            season, findings, ..
        } = self.outcome();
        findings
            .iter()
            .filter(|finding| finding.code == code)
            .map(|finding| show(&season, finding))
            .collect()
    }

    /// The season of the scene. A sheet that a present one refers to has its plain row when the
    /// scene says nothing of it.
    pub(crate) fn season(&self) -> Season {
        let mut rows = self.rows.clone();
        for (role, needed) in [
            (Role::Registrations, Role::Workshops),
            (Role::Workshops, Role::ResourcePersons),
            (Role::Evaluations, Role::Supports),
            (Role::Meetings, Role::Supports),
            (Role::Meetings, Role::ResourcePersons),
            (Role::CommitteeMarks, Role::Applications),
            (Role::Supports, Role::Members),
            (Role::Applications, Role::Members),
        ] {
            if rows.contains_key(&role) && !self.rows.contains_key(&needed) {
                rows.insert(needed, vec![row_of(needed, &[])]);
            }
        }
        rows.entry(Role::Members).or_default();
        let mut reading = Reading::new(&self.settings);
        let workbook = Workbook {
            name: "scene.xlsx".into(),
            format: Format::Package,
            fingerprint: [0; 32],
            bytes: None,
        };
        reading.add(workbook, &mut Rows(rows)).unwrap();
        reading.finish().unwrap()
    }

    fn add(self, role: Role, cells: &[(&str, &str)]) -> Self {
        let raws: Vec<(&str, Raw)> = cells
            .iter()
            // The rows of a scene live as long as the test: a few bytes are leaked.
            .map(|(header, text)| (*header, Raw::Text(String::leak((*text).to_owned()))))
            .collect();
        self.add_raw(role, &raws)
    }

    fn add_raw(mut self, role: Role, cells: &[(&str, Raw<'static>)]) -> Self {
        self.rows.entry(role).or_default().push(row_of(role, cells));
        self
    }
}

fn row_of(role: Role, cells: &[(&str, Raw<'static>)]) -> Cells {
    let specs = columns_of(role);
    let position = |wanted: &str| {
        specs
            .iter()
            .position(|spec| spec.header == wanted)
            .unwrap_or_else(|| panic!("{role:?} has no column {wanted}"))
    };
    let mut row = vec![Raw::Empty; specs.len()];
    for (header, text) in plain(role) {
        row[position(header)] = Raw::Text(text);
    }
    for (header, raw) in cells {
        row[position(header)] = *raw;
    }
    row
}

fn sheet_name(season: &Season, finding: &Finding) -> String {
    season.sheet(finding.place.sheet).unwrap().name.to_string()
}

/// A row that has nothing wrong by itself.
fn plain(role: Role) -> &'static [(&'static str, &'static str)] {
    match role {
        Role::Members => &[
            ("Structure", "Atelier Nord"),
            ("Forme juridique", "association"),
            ("Immatriculation", "W313001234"),
            ("Commune", "Toulouse"),
            ("Code postal", "31000"),
            ("Domaine", "spectacle vivant"),
            ("Référent", "Lou Garcia"),
            ("Email", "lou@nord.example.org"),
            ("Statut", "membre actif"),
            ("Cotisation", "300"),
            ("Payée le", "10/11/2020"),
        ],
        Role::Applications => &[
            ("Horodateur", "01/12/2020 10:00:00"),
            ("Structure", "Atelier Nord"),
            ("Nom", "Lou Garcia"),
            ("Email", "lou@nord.example.org"),
            ("Axes", "stratégie des activités"),
            ("Besoins", "Clarifier le projet"),
            ("Motivations", "Échanger entre pairs"),
            ("Note adéquation", "4"),
            ("Note engagement", "4"),
            ("Note collaboration", "4"),
        ],
        Role::CommitteeMarks => &[
            ("Structure", "Atelier Nord"),
            ("Membre du comité", "Inès Faure"),
            ("Note adéquation", "4"),
            ("Note engagement", "4"),
            ("Note collaboration", "4"),
        ],
        Role::ResourcePersons => &[
            ("Nom", "Anna Roux"),
            ("Structure", "Studio Sud"),
            ("Email", "anna@sud.example.org"),
            ("Spécialités", "stratégie des activités"),
            ("Type", "partenaire"),
        ],
        Role::Proximities => &[
            ("Structure A", "Atelier Nord"),
            ("Structure B", "Studio Sud"),
            ("Degré", "1"),
        ],
        Role::Supports => &[
            ("Référence", "ACC-01"),
            ("Structure", "Atelier Nord"),
            ("Bénéficiaire", "Lou Garcia"),
            ("Email", "lou@nord.example.org"),
            ("Diagnostic validé le", "05/01/2021"),
            ("Axes", "stratégie des activités"),
            ("Heures prévues", "14"),
            ("Statut", "en cours"),
        ],
        Role::Meetings => &[
            ("Accompagnement", "ACC-01"),
            ("Personne ressource", "Anna Roux"),
            ("Date", "14/01/2021"),
            ("Demi-journée", "matin"),
        ],
        Role::Workshops => &[
            ("Référence", "AT-01"),
            ("Titre", "Diversifier ses ressources"),
            ("Axe", "stratégie économique et financière"),
            ("Date", "28/01/2021"),
            ("Demi-journée", "matin"),
            ("Animateurs", "Anna Roux"),
        ],
        Role::Registrations => &[
            ("Inscrit le", "04/01/2021 09:00:00"),
            ("Atelier", "AT-01"),
            ("Nom", "Camille Petit"),
            ("Email", "camille@example.org"),
        ],
        Role::Evaluations => &[
            ("Accompagnement", "ACC-01"),
            ("Rempli le", "10/01/2021"),
            ("Compétences acquises", "4"),
            ("Actions réalisées", "4"),
            ("Satisfaction", "5"),
        ],
    }
}

/// The rows as a workbook: a sheet a role, headers in row 1.
struct Rows(BTreeMap<Role, Vec<Cells>>);

impl Source for Rows {
    fn sheet_names(&self) -> Vec<String> {
        self.0.keys().map(|role| role.french().to_owned()).collect()
    }

    fn epoch_1904(&self) -> bool {
        false
    }

    fn visit(&mut self, sheet: &str, visit: &mut Visit) -> Result<(), Unreadable> {
        let (role, rows) = self
            .0
            .iter()
            .find(|(role, _)| role.french() == sheet)
            .unwrap();
        let headers: Cells = columns_of(*role)
            .iter()
            .map(|spec| Raw::Text(spec.header))
            .collect();
        for (number, row) in (0u32..).zip(std::iter::once(&headers).chain(rows)) {
            let cells: Vec<(u32, Raw)> = (0u32..).zip(row.iter().copied()).collect();
            if visit(number, &cells) == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }
}
