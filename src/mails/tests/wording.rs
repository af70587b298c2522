//! What a letter says depends on what holds: the sentences that would be untrue are left out.

use crate::mails::Kind;
use crate::mails::scenario::{Cells, Ledger, TEMPLATES, of};
use crate::model::Role;
use crate::rules::scene::Scene;

/// The first letter of a kind as its reader sees it, with plain spaces.
fn letter(ledger: &Ledger, scene: Scene, kind: Kind, address: &str) -> String {
    let made = ledger.look(scene);
    let drafts = of(&made.due, kind);
    let mut to_her = drafts.iter().filter(|draft| draft.to.address == address);
    let draft = to_her
        .next()
        .unwrap_or_else(|| panic!("no {}", kind.name()));
    let rendered = TEMPLATES.render(draft, &made.season).unwrap();
    let text = format!("{}\n{}", rendered.subject, rendered.text);
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
fn nobody_is_asked_for_a_box_that_the_form_fills_in() {
    let scene = Scene::new().on("2020-12-10").member(&[]);
    let scene = scene.application(&[("Horodateur", ""), ("Besoins", "")]);
    let text = letter(&Ledger::default(), scene, Kind::ApplicationIncomplete, LOU);
    assert!(!text.contains("Horodateur"), "{text}");
    assert!(
        text.contains("la date à laquelle vous nous avez adressé"),
        "{text}"
    );
    assert!(text.contains("la rubrique « Besoins »"), "{text}");
}

#[test]
fn a_workshop_that_grows_says_what_there_is_to_pay_now() {
    let seat = |day: &str, slot: &str, paid: &str| {
        Scene::new()
            .on(day)
            .workshop(&[("Demi-journée", slot)])
            .registration(&[("Paiement", paid)])
    };
    let change = |slot: &str, paid: &str| {
        let mut ledger = Ledger::default();
        ledger.night(seat("2021-01-06", "matin", paid));
        let scene = seat("2021-01-07", slot, paid);
        letter(&ledger, scene, Kind::WorkshopChange, "camille@example.org")
    };
    let grown = change("journée", "18");
    assert!(grown.contains("il reste 18 € à régler"), "{grown}");
    assert!(!grown.contains("vous n’avez rien à faire"), "{grown}");
    assert!(change("journée", "").contains("Votre participation est de 36 €"));
    let same = change("après-midi", "18");
    assert!(
        same.contains("vous n’avez rien à faire") && !same.contains('€'),
        "{same}"
    );
}

const LOU: &str = "lou@nord.example.org";

#[test]
fn who_is_selected_is_asked_for_an_interview_unless_it_is_fixed_or_over() {
    let selected = || {
        let scene = Scene::new().on("2021-01-05").member(&[]);
        scene.application(&[("Décision", "retenue")])
    };
    let asks = |scene| {
        let text = letter(&Ledger::default(), scene, Kind::ApplicationDecision, LOU);
        assert!(text.contains("Bonne nouvelle"), "{text}");
        text.contains("La prochaine étape")
    };
    let with = |cells: Cells| asks(selected().support(cells));
    assert!(asks(selected()));
    let beginning = [("Statut", "diagnostic"), ("Diagnostic validé le", "")];
    assert!(with(&beginning));
    let fixed = [
        ("Statut", "diagnostic"),
        ("Entretien le", "12/01/2021 10:00"),
    ];
    assert!(!with(&fixed));
    let over = [("Statut", "diagnostic"), ("Entretien le", "04/01/2021")];
    assert!(!with(&over));
    assert!(!with(&[("Statut", "en cours")]));
    assert!(!with(&[("Statut", "terminé")]));
    let others = selected().member(&[("Structure", "Atelier Sud")]);
    assert!(asks(others.support(&[("Structure", "Atelier Sud")])));
}

#[test]
fn what_was_typed_breaks_before_no_sign() {
    let title = [
        ("Titre", "Créer : oui ! « ou pas » ?"),
        ("Lieu", "Salle 2 ; cour"),
    ];
    let scene = Scene::new().on("2021-01-06").workshop(&title);
    let made = Ledger::default().look(scene.registration(&[]));
    let draft = of(&made.due, Kind::RegistrationConfirmed)[0];
    let rendered = TEMPLATES.render(draft, &made.season).unwrap();
    for text in [&rendered.subject, &rendered.text] {
        for wrong in [" :", " ;", " !", " ?", "« ", " »"] {
            assert!(!text.contains(wrong), "{wrong}: {text}");
        }
    }
    assert!(rendered.text.contains("Créer\u{a0}: oui\u{202f}!"));
}

#[test]
fn the_call_is_open_up_to_its_last_day_and_over_after_it() {
    let received = |day: &str| {
        let scene = Scene::new().on(day).member(&[]);
        let scene = scene.application(&[("Horodateur", "17/12/2020 21:00")]);
        letter(&Ledger::default(), scene, Kind::ApplicationReceived, LOU)
    };
    let open = "est ouvert jusqu’au 18 décembre 2020 inclus";
    assert!(received("2020-12-18").contains(open));
    let late = received("2020-12-19");
    assert!(late.contains("a pris fin le 18 décembre 2020."), "{late}");
    assert!(!late.contains("ouvert"), "{late}");
}

#[test]
fn a_place_that_was_to_be_told_is_known_and_has_not_changed() {
    let at = |day: &str, place: &str| {
        let scene = Scene::new().on(day).member(&[]).person(&[]).support(&[]);
        let cells = [("Date", "15/02/2021"), ("Lieu", place)];
        let scene = scene.meeting(&cells).workshop(&[("Lieu", place)]);
        scene.registration(&[])
    };
    for (before, is_known) in [("", true), ("MJC Roguet", false)] {
        let mut ledger = Ledger::default();
        ledger.night(at("2021-01-06", before));
        for (kind, address) in [
            (Kind::MeetingChange, LOU),
            (Kind::WorkshopChange, "camille@example.org"),
        ] {
            let scene = at("2021-01-07", "Salle Nord");
            let text = letter(&ledger, scene, kind, address);
            assert_eq!(text.contains("est maintenant connu"), is_known, "{text}");
            let changed = ["a changé", "change de lieu", "Changement", "Nouveau lieu"];
            let is_changed = changed.iter().any(|words| text.contains(words));
            assert_eq!(is_changed, !is_known, "{text}");
        }
    }
}

#[test]
fn only_who_had_a_seat_is_asked_to_take_the_workshop_out_of_her_calendar() {
    let scene = |day: &str, state: &str| {
        let workshop = [("Places", "1"), ("État", state)];
        let scene = Scene::new().on(day).workshop(&workshop).registration(&[]);
        scene.empty(Role::Members).registration(&[
            ("Inscrit le", "05/01/2021 10:00"),
            ("Nom", "Paul Vidal"),
            ("Email", "paul@example.org"),
        ])
    };
    let mut ledger = Ledger::default();
    ledger.night(scene("2021-01-06", ""));
    let cancelled = |address| {
        let scene = scene("2021-01-07", "annulé");
        letter(&ledger, scene, Kind::WorkshopCancellation, address)
    };
    let seated = cancelled("camille@example.org");
    assert!(
        seated.contains("Merci de le retirer de votre agenda. Vous n’avez rien d’autre à faire."),
        "{seated}"
    );
    let waiting = cancelled("paul@example.org");
    assert!(!waiting.contains("agenda"), "{waiting}");
    assert!(waiting.contains("Vous n’avez rien à faire."), "{waiting}");
}
