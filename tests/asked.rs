//! What only an absence suggests, night after night with the program itself: nobody hears of it
//! before the coordinator has said yes in « Courriels ».

use serde_json::Value;

use crate::answers::{ANSWER, DASHBOARD, address, answer, awaiting};
use crate::folder::{Folder, Sheet};
use crate::scene::rows;

const FIRST: &str = "2021-01-12";
const SECOND: &str = "2021-01-13";
const THIRD: &str = "2021-01-14";

/// A support with a meeting, a workshop with one place, and somebody who waits for it.
pub fn programme() -> Folder {
    let folder = Folder::new();
    folder.file(
        "programme.toml",
        b"[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n",
    );
    let sheets: [Sheet; 6] = [
        (
            "Adhérents",
            rows(&[
                "Structure;Forme juridique;Immatriculation;Code postal;Commune;Domaine;Statut;Cotisation;Payée le;Référent;Email",
                "Atelier Nord;association;W313001234;31000;Toulouse;spectacle vivant;membre actif;300;02/11/2020;Lou Garcia;lou@example.org",
            ]),
        ),
        (
            "Personnes ressources",
            rows(&[
                "Nom;Structure;Email;Spécialités;Type",
                "Anne Roux;Aract;anne@example.org;stratégie des activités;partenaire",
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
                "ACC-01;Anne Roux;25/01/2021;matin;MA Sphère;",
            ]),
        ),
        (
            "Ateliers",
            rows(&[
                "Référence;Titre;Axe;Date;Demi-journée;Lieu;Animateurs;Places;État",
                "AT-1;Budget;stratégie des activités;22/02/2021;matin;MA Sphère;Anne Roux;1;",
            ]),
        ),
        (
            "Inscriptions",
            rows(&[
                "Inscrit le;Atelier;Nom;Email;Structure;État",
                "10/01/2021 09:00;AT-1;Zoé Blanc;zoe@example.org;Atelier Nord;",
                "10/01/2021 09:10;AT-1;Yan Noir;yan@example.org;Atelier Nord;",
            ]),
        ),
    ];
    folder.workbook("programme.xlsx", &sheets);
    folder
}

/// Types into the first row with that text.
pub fn set(folder: &Folder, sheet: &str, wanted: (&str, &str), header: &str, text: &str) {
    folder.edit("programme.xlsx", |book| {
        let sheet = book.sheet_mut(sheet);
        let row = sheet.row(&[wanted]);
        sheet.set(row, header, text);
    });
}

/// `rdv-confirmation anne@example.org` of each e-mail of a night in a state.
pub fn of(printed: &Value, state: &str) -> Vec<String> {
    let mails = printed["mails"].as_array().unwrap().iter();
    let mut all: Vec<String> = mails
        .filter(|mail| mail["state"] == state && mail["kind"] != "synthese")
        .map(|mail| {
            let [kind, to] = ["kind", "to"].map(|name| mail[name].as_str().unwrap());
            format!("{kind} {to}")
        })
        .collect();
    all.sort();
    all
}

pub const ACCEPTED: &str = "accepted";
pub const AWAITING: &str = "awaiting_approval";

/// Writes « oui » beside what awaits approval for these addresses.
fn say_yes(folder: &Folder, to: &[&str]) {
    answer(folder, DASHBOARD, |sheet| {
        for row in awaiting(sheet) {
            if to.contains(&address(sheet, row).as_str()) {
                sheet.set(row, ANSWER, "oui");
            }
        }
    });
}

#[test]
fn a_move_and_a_corrected_address_in_one_night_wait_for_one_yes() {
    let folder = programme();
    folder.night(FIRST);
    let (row, email) = (("Référence", "ACC-01"), "lou.garcia@example.org");
    set(
        &folder,
        "Rendez-vous",
        ("Accompagnement", "ACC-01"),
        "Date",
        "28/01/2021",
    );
    set(&folder, "Accompagnements", row, "Email", email);
    let second = folder.night(SECOND);
    assert_eq!(of(&second, ACCEPTED), [""; 0]);
    let waiting = [
        "rdv-confirmation lou.garcia@example.org",
        "rdv-modification anne@example.org",
        "rdv-modification lou@example.org",
    ];
    assert_eq!(of(&second, AWAITING), waiting);
    let before = folder.mails();
    // She answers nothing, then for two of the three; the stranger's address never hears of it.
    folder.night(THIRD);
    assert_eq!(folder.mails(), before);
    say_yes(&folder, &["anne@example.org", email]);
    let fourth = folder.night("2021-01-15");
    assert_eq!(fourth["resumed"], 2, "{fourth}");
    assert_eq!(folder.mails().len(), before.len() + 2);
    let last = folder.night("2021-01-16");
    assert_eq!(last["mails"].as_array().unwrap().len(), 0, "{last}");
    // The next change goes to those who are of the meeting.
    set(
        &folder,
        "Rendez-vous",
        ("Accompagnement", "ACC-01"),
        "État",
        "annulé",
    );
    let cancelled = folder.night("2021-01-17");
    assert_eq!(
        of(&cancelled, ACCEPTED),
        [
            "rdv-annulation anne@example.org",
            "rdv-annulation lou.garcia@example.org",
        ]
    );
}

#[test]
fn a_seat_whose_row_was_spoilt_for_a_night_is_still_hers() {
    let folder = programme();
    folder.night(FIRST);
    let zoe = ("Nom", "Zoé Blanc");
    set(
        &folder,
        "Inscriptions",
        zoe,
        "Email",
        "zoe@example.org / z@example.org",
    );
    let second = folder.night(SECOND);
    assert_eq!(of(&second, ACCEPTED), [""; 0]);
    assert_eq!(
        of(&second, AWAITING),
        ["inscription-promue yan@example.org"]
    );
    set(&folder, "Inscriptions", zoe, "Email", "zoe@example.org");
    let before = folder.mails();
    folder.night(THIRD);
    assert_eq!(folder.mails(), before);
    let (_, checked) = folder.json("check", &["--today", THIRD]);
    let findings = checked["findings"].as_array().unwrap().iter();
    assert!(
        findings.clone().all(|finding| finding["code"] != "ATE04"),
        "{checked}"
    );
}
