//! A night with news of every sort, ready to be run, cut off and run again: a first night has been,
//! and the coordinator has worked on since.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use peer_culture::mails::State;
use peer_culture::outbox::{Ledger, Pending};

use crate::folder::{Folder, Sheet};
use crate::mail_script::{Behaviour, Mode, Script, Stage};
use crate::mail_server::MailServer;

/// The night of the news, and the one after it.
pub const NEWS: &str = "2021-01-13";
pub const AFTER: &str = "2021-01-14";
/// The first night.
const BEFORE: &str = "2021-01-12";

/// How many e-mails the night of the news comes to: four reminders, a cancellation, a promotion, two
/// confirmations, a change of place to two.
pub const MAILS: usize = 10;

/// How workbooks are written and e-mails leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    pub in_place: bool,
    /// Else as files.
    pub smtp: bool,
    /// As `mail.connections` has it.
    pub connections: usize,
    /// The coordinator gets her digest.
    pub digest: bool,
}

/// Every file below a folder, by its path within.
pub struct Scene {
    pub way: Way,
    pub files: Vec<(PathBuf, Vec<u8>)>,
}

impl Scene {
    /// The folder as it is before the night of the news.
    pub fn before_the_news(way: Way) -> Self {
        let folder = Folder::new();
        let server = well_behaved();
        write_settings(&folder, way, server.address.port());
        season(&folder);
        rest(&folder);
        folder.night(BEFORE);
        the_news(&folder);
        Self::of(way, &folder)
    }

    /// The folder as it is after a night of that day.
    pub fn after(&self, day: &str) -> Self {
        let server = well_behaved();
        let folder = self.copy(server.address.port());
        folder.night(day);
        Self::of(self.way, &folder)
    }

    fn of(way: Way, folder: &Folder) -> Self {
        let inside = |path: PathBuf| path.strip_prefix(folder.path()).unwrap().to_owned();
        let files = folder.snapshot().into_iter();
        Self {
            way,
            files: files.map(|(path, bytes)| (inside(path), bytes)).collect(),
        }
    }

    /// A copy of it, whose e-mails go to this port.
    pub fn copy(&self, port: u16) -> Folder {
        let folder = Folder::in_memory();
        for (path, bytes) in &self.files {
            folder.file(path.to_str().unwrap(), bytes);
        }
        write_settings(&folder, self.way, port);
        rest(&folder);
        folder
    }

    /// The file that carries the flags.
    pub fn flagged(&self) -> &'static str {
        if self.way.in_place {
            "programme.xlsx"
        } else {
            "controles/programme.xlsx"
        }
    }

    /// What that file holds before the night.
    pub fn old(&self) -> &[u8] {
        let found = self
            .files
            .iter()
            .find(|(path, _)| path.to_str() == Some(self.flagged()));
        &found.unwrap().1
    }
}

/// A mail server takes everything.
pub fn kindly() -> Script {
    Script::new(Mode::Plain, Stage::Never, Behaviour::Late)
}

/// One that does.
pub fn well_behaved() -> MailServer {
    MailServer::start(kindly())
}

/// The arguments of a night.
pub fn night<'a>(folder: &'a Folder, day: &'a str) -> [&'a str; 4] {
    ["run", folder.path().to_str().unwrap(), "--today", day]
}

/// Every message of the ledger, by its Message-ID; the counts add up to them.
pub fn ledger(folder: &Folder) -> BTreeMap<String, Pending> {
    let ledger = Ledger::read_only(folder.path()).unwrap().unwrap();
    assert!(
        ledger.audit().unwrap().agree(),
        "the ledger contradicts itself"
    );
    let all = State::ALL.iter();
    let messages: Vec<Pending> = all
        .flat_map(|state| ledger.in_state(*state).unwrap())
        .collect();
    let counts = ledger.counts().unwrap();
    let settled = counts.get(&State::Settled).copied().unwrap_or(0);
    let counted: u32 = counts.values().sum();
    assert_eq!(messages.len(), (counted - settled) as usize, "{counts:?}");
    let by_id = messages.into_iter();
    by_id
        .map(|message| (message.message_id.clone(), message))
        .collect()
}

fn write_settings(folder: &Folder, way: Way, port: u16) {
    let write = if way.in_place { "in-place" } else { "copy" };
    let transport = if way.smtp { "smtp" } else { "file" };
    let connections = way.connections;
    let digest = if way.digest { "auto" } else { "off" };
    let settings = format!(
        "[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n\
         [output]\nwrite = \"{write}\"\n\
         [mail]\ntransport = \"{transport}\"\nconnections = {connections}\nretry_minutes = []\n\
         kinds = {{ synthese = \"{digest}\" }}\n\
         smtp = {{ host = \"127.0.0.1\", port = {port}, tls = \"none\" }}\n"
    );
    folder.file("programme.toml", settings.as_bytes());
}

/// Nobody has touched the workbook for a day.
pub fn rest(folder: &Folder) {
    let workbook = File::options()
        .write(true)
        .open(folder.path().join("programme.xlsx"))
        .unwrap();
    let yesterday = SystemTime::now() - Duration::from_hours(24);
    workbook.set_modified(yesterday).unwrap();
}

/// Rows of cells, from lines with semicolons.
pub fn rows(rows: &[&str]) -> Vec<Vec<String>> {
    let cells = |row: &&str| row.split(';').map(str::to_owned).collect();
    rows.iter().map(cells).collect()
}

/// A workshop with seats for all, one with a single seat, and a support with a meeting to come.
fn season(folder: &Folder) {
    let sheets: [Sheet; 6] = [
        (
            "Adhérents",
            rows(&[
                "Structure;Forme juridique;Immatriculation;Code postal;Commune;Domaine;Statut;Cotisation;Payée le;Valable jusqu'au;Référent;Email",
                "Atelier Nord;association;W313001234;31000;Toulouse;spectacle vivant;membre actif;300;02/11/2020;;Lou Garcia;lou@example.org",
            ]),
        ),
        (
            "Personnes ressources",
            rows(&[
                "Nom;Structure;Email;Spécialités;Type",
                "Paul Roux;Aract;paul@example.org;stratégie des activités;partenaire",
            ]),
        ),
        (
            "Ateliers",
            rows(&[
                "Référence;Titre;Axe;Date;Demi-journée;Lieu;Animateurs;Places;État",
                "AT-1;Budget;conditions de travail;20/01/2021;matin;MA Sphère;Paul Roux;12;",
                "AT-2;Diffusion;conditions de travail;25/01/2021;matin;MA Sphère;Paul Roux;1;",
            ]),
        ),
        (
            "Inscriptions",
            rows(&[
                "Inscrit le;Atelier;Nom;Email;État",
                "10/01/2021 09:00;AT-1;Anne Petit;anne@example.org;",
                "10/01/2021 09:10;AT-1;Bruno Faure;bruno@example.org;",
                "10/01/2021 09:20;AT-1;Chloé Blanc;chloe@example.org;",
                "10/01/2021 09:30;AT-2;Denis Noir;denis@example.org;",
                "10/01/2021 09:40;AT-2;Emma Vidal;emma@example.org;",
            ]),
        ),
        (
            "Accompagnements",
            rows(&[
                "Référence;Structure;Bénéficiaire;Email;Diagnostic validé le;Axes;Heures prévues;Statut",
                "ACC-01;Atelier Nord;Lou Garcia;lou@example.org;05/01/2021;stratégie des activités;14;en cours",
            ]),
        ),
        (
            "Rendez-vous",
            rows(&[
                "Accompagnement;Personne ressource;Date;Demi-journée;Lieu;État",
                "ACC-01;Paul Roux;21/01/2021;matin;MA Sphère;",
            ]),
        ),
    ];
    folder.workbook("programme.xlsx", &sheets);
}

/// What the coordinator does on the day after the first night.
fn the_news(folder: &Folder) {
    folder.edit("programme.xlsx", |book| {
        let sheet = book.sheet_mut("Inscriptions");
        let denis = sheet.row(&[("Email", "denis@example.org")]);
        sheet.set(denis, "État", "annulée");
        for (name, address) in [
            ("Fanny Roy", "fanny@example.org"),
            ("Gil Morel", "gil@example.org"),
        ] {
            sheet.push(&[
                ("Inscrit le", "12/01/2021 10:00"),
                ("Atelier", "AT-1"),
                ("Nom", name),
                ("Email", address),
            ]);
        }
        let meetings = book.sheet_mut("Rendez-vous");
        meetings.set(1, "Lieu", "Ailleurs");
    });
    assert!(fs::exists(folder.path().join("controles")).unwrap());
}
