//! Her no is about what she was shown. Once that is undone, the same thing may really happen, and she
//! is asked again; as long as it isn't, or can't be known, her no holds. Nothing that she refused
//! ever leaves by itself.

use serde_json::Value;

use crate::answers::{ANSWER, DASHBOARD, answer, awaiting};
use crate::asked::{ACCEPTED, AWAITING, of, programme, set};
use crate::folder::Folder;

const MEETING: (&str, &str) = ("Accompagnement", "ACC-01");
const ZOE: (&str, &str) = ("Nom", "Zoé Blanc");
const WORKSHOP: (&str, &str) = ("Référence", "AT-1");

fn day(number: u32) -> String {
    format!("2021-01-{number}")
}

/// Writes this beside all that awaits her approval.
fn say(folder: &Folder, word: &str) {
    answer(folder, DASHBOARD, |sheet| {
        for row in awaiting(sheet) {
            sheet.set(row, ANSWER, word);
        }
    });
}

fn say_no(folder: &Folder) {
    say(folder, "non");
}

/// Takes a row out and says how to put it back.
fn take_out(folder: &Folder, sheet: &str, wanted: (&str, &str)) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    folder.edit("programme.xlsx", |book| {
        let sheet = book.sheet_mut(sheet);
        let row = sheet.row(&[wanted]);
        cells = sheet.texts(row);
        sheet.remove(row);
    });
    cells
}

fn put_back(folder: &Folder, sheet: &str, cells: &[(String, String)]) {
    folder.edit("programme.xlsx", |book| {
        let cells: Vec<(&str, &str)> = cells
            .iter()
            .map(|(header, text)| (&**header, &**text))
            .collect();
        book.sheet_mut(sheet).push(&cells);
    });
}

/// Nothing leaves or waits.
fn is_quiet(night: &Value) {
    assert_eq!(of(night, ACCEPTED), [""; 0], "{night}");
    assert_eq!(of(night, AWAITING), [""; 0], "{night}");
}

const BOTH_CANCELLED: [&str; 2] = [
    "rdv-annulation anne@example.org",
    "rdv-annulation lou@example.org",
];

/// The row of a told meeting is taken out, and she says no to telling its cancellation.
fn a_meeting_gone_by_accident() -> (Folder, Vec<(String, String)>) {
    let folder = programme();
    folder.night(&day(12));
    let row = take_out(&folder, "Rendez-vous", MEETING);
    assert_eq!(of(&folder.night(&day(13)), AWAITING), BOTH_CANCELLED);
    say_no(&folder);
    is_quiet(&folder.night(&day(14)));
    (folder, row)
}

#[test]
fn a_meeting_that_was_gone_by_accident_can_be_cancelled_later() {
    let (folder, row) = a_meeting_gone_by_accident();
    put_back(&folder, "Rendez-vous", &row);
    is_quiet(&folder.night(&day(15)));
    set(&folder, "Rendez-vous", MEETING, "État", "annulé");
    // She said no once: she is asked, though the row says so itself.
    assert_eq!(of(&folder.night(&day(16)), AWAITING), BOTH_CANCELLED);
    say(&folder, "oui");
    assert_eq!(folder.night(&day(17))["resumed"], 2);
    is_quiet(&folder.night(&day(18)));
}

#[test]
fn and_also_where_its_row_comes_back_as_cancelled() {
    let (folder, mut row) = a_meeting_gone_by_accident();
    let state = row.iter_mut().find(|(header, _)| header == "État").unwrap();
    "annulé".clone_into(&mut state.1);
    put_back(&folder, "Rendez-vous", &row);
    assert_eq!(of(&folder.night(&day(15)), AWAITING), BOTH_CANCELLED);
    say(&folder, "non");
    // Now she knows that the row says so.
    is_quiet(&folder.night(&day(16)));
    is_quiet(&folder.night(&day(17)));
}

#[test]
fn a_row_that_goes_again_is_asked_about_again() {
    let (folder, row) = a_meeting_gone_by_accident();
    // As long as it stays away her no holds.
    is_quiet(&folder.night(&day(15)));
    put_back(&folder, "Rendez-vous", &row);
    folder.night(&day(16));
    take_out(&folder, "Rendez-vous", MEETING);
    assert_eq!(of(&folder.night(&day(17)), AWAITING), BOTH_CANCELLED);
}

#[test]
fn a_registration_likewise() {
    let folder = programme();
    folder.night(&day(12));
    let row = take_out(&folder, "Inscriptions", ZOE);
    let asked = folder.night(&day(13));
    assert!(of(&asked, AWAITING).contains(&"inscription-annulee zoe@example.org".to_owned()));
    say_no(&folder);
    folder.night(&day(14));
    put_back(&folder, "Inscriptions", &row);
    is_quiet(&folder.night(&day(15)));
    set(&folder, "Inscriptions", ZOE, "État", "annulée");
    let told = of(&folder.night(&day(16)), AWAITING);
    assert!(
        told.contains(&"inscription-annulee zoe@example.org".to_owned()),
        "{told:?}"
    );
}

/// Every workshop e-mail waits for her.
fn with_approval() -> Folder {
    let folder = programme();
    let settings = "[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n\
         [mail]\nkinds = { atelier-annulation = \"review\", atelier-modification = \"review\" }\n";
    folder.file("programme.toml", settings.as_bytes());
    folder.night(&day(12));
    folder
}

fn to_both(kind: &str) -> [String; 2] {
    ["yan", "zoe"].map(|name| format!("{kind} {name}@example.org"))
}

#[test]
fn a_workshop_that_was_cancelled_and_moved_by_mistake_can_be_so_later() {
    for (header, mistake, right, kind) in [
        ("État", "annulé", "", "atelier-annulation"),
        ("Date", "23/02/2021", "22/02/2021", "atelier-modification"),
    ] {
        let folder = with_approval();
        set(&folder, "Ateliers", WORKSHOP, header, mistake);
        assert_eq!(of(&folder.night(&day(13)), AWAITING), to_both(kind));
        say_no(&folder);
        is_quiet(&folder.night(&day(14)));
        is_quiet(&folder.night(&day(15)));
        set(&folder, "Ateliers", WORKSHOP, header, right);
        is_quiet(&folder.night(&day(16)));
        set(&folder, "Ateliers", WORKSHOP, header, mistake);
        assert_eq!(of(&folder.night(&day(17)), AWAITING), to_both(kind));
    }
}

/// What can't be read for a night, or must not be written about, is no end of her no.
#[test]
fn a_no_outlasts_what_says_nothing() {
    let folder = with_approval();
    set(&folder, "Ateliers", WORKSHOP, "État", "annulé");
    folder.night(&day(13));
    say_no(&folder);
    is_quiet(&folder.night(&day(14)));
    for (number, header, spoilt, right) in [
        (15, "État", "peut-être", "annulé"),
        (17, "Date", "un jeudi", "22/02/2021"),
        (19, "Référence", "", "AT-1"),
    ] {
        let title = ("Titre", "Budget");
        set(&folder, "Ateliers", title, header, spoilt);
        let _ = folder.json("run", &["--today", &day(number)]);
        set(&folder, "Ateliers", title, header, right);
        is_quiet(&folder.night(&day(number + 1)));
    }
    let rows: Vec<_> = ["Zoé Blanc", "Yan Noir"]
        .map(|name| take_out(&folder, "Inscriptions", ("Nom", name)))
        .into();
    is_quiet(&folder.night(&day(21)));
    for row in &rows {
        put_back(&folder, "Inscriptions", row);
    }
    is_quiet(&folder.night(&day(22)));
}

/// The question was about a row that was gone, which has come back as cancelled since.
#[test]
fn a_no_to_what_has_changed_since_it_was_asked_lets_nothing_leave() {
    let folder = programme();
    folder.night(&day(12));
    let mut row = take_out(&folder, "Rendez-vous", MEETING);
    folder.night(&day(13));
    let state = row.iter_mut().find(|(header, _)| header == "État").unwrap();
    "annulé".clone_into(&mut state.1);
    put_back(&folder, "Rendez-vous", &row);
    folder.night(&day(14));
    say_no(&folder);
    for number in 15..18 {
        let night = folder.night(&day(number));
        assert_eq!(of(&night, ACCEPTED), [""; 0], "{night}");
        assert_eq!(night["resumed"], 0, "{night}");
    }
}

/// Without the column every row looks well: nothing is undone by that.
#[test]
fn a_no_outlasts_a_column_that_is_missed() {
    let folder = with_approval();
    set(&folder, "Ateliers", WORKSHOP, "État", "annulé");
    folder.night(&day(13));
    say_no(&folder);
    is_quiet(&folder.night(&day(14)));
    let rename = |from: &str, to: &str| {
        folder.edit("programme.xlsx", |book| {
            book.sheet_mut("Ateliers").replace(from, to);
        });
    };
    rename("État", "Suivi");
    folder.night(&day(15));
    folder.night(&day(16));
    rename("Suivi", "État");
    is_quiet(&folder.night(&day(17)));
}

#[test]
fn a_decision_that_was_another_meanwhile_is_proposed_again() {
    let folder = Folder::sample();
    let decide = |decision: &str| {
        folder.edit("candidatures.xlsx", |book| {
            let sheet = book.sheet_mut("Candidatures");
            let row = sheet.row(&[("Email", "thimai@bleupastel.example.org")]);
            sheet.set(row, "Décision", decision);
        });
    };
    decide("retenue");
    let asked = |night: &Value| {
        let mails = of(night, AWAITING).into_iter();
        mails
            .filter(|mail| mail.contains("candidature-decision thimai"))
            .count()
    };
    assert_eq!(asked(&folder.night(&day(12))), 1);
    say_no(&folder);
    assert_eq!(asked(&folder.night(&day(13))), 0);
    decide("refusée");
    assert_eq!(asked(&folder.night(&day(14))), 1);
    say_no(&folder);
    folder.night(&day(15));
    decide("retenue");
    assert_eq!(asked(&folder.night(&day(16))), 1);
    say_no(&folder);
    folder.night(&day(17));
    decide("");
    assert_eq!(asked(&folder.night(&day(18))), 0);
    decide("retenue");
    assert_eq!(asked(&folder.night(&day(19))), 1);
}
