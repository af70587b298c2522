//! Who is to be called since something changed that no e-mail tells.

use crate::mails::scenario::Ledger;
use crate::mails::untold;
use crate::model::Role;
use crate::rules::scene::Scene;

/// Address and reason of each.
fn calls(ledger: &Ledger, scene: &Scene) -> Vec<(String, String)> {
    let season = scene.clone().outcome().season;
    let all = scene.with_night(&season, |night| untold(night, &ledger.history()));
    all.into_iter().map(|one| (one.address, one.why)).collect()
}

/// The workshop of 28 January with its leader, reminded on the 21st.
fn led(day: &str, workshop: &[(&'static str, &'static str)]) -> Scene {
    let person = [("Nom", "Anna Roux"), ("Email", "Anna@example.org")];
    let mut cells = vec![("Animateurs", "Anna Roux")];
    cells.retain(|(header, _)| !workshop.iter().any(|(other, _)| other == header));
    cells.extend(workshop);
    let scene = Scene::new().on(day).person(&person).workshop(&cells);
    scene.empty(Role::Registrations)
}

#[test]
fn a_leader_who_was_reminded_of_what_has_changed_since_is_called() {
    let mut ledger = Ledger::default();
    ledger.night(led("2021-01-21", &[]));
    for (changed, said) in [
        (("État", "annulé"), Some("l’atelier est annulé")),
        (("Date", "10/02/2021"), Some("il a lieu le 10/02/2021")),
        (("Lieu", "Salle Nord"), Some("Salle Nord")),
        (("Animateurs", ""), None),
        (("Titre", "Autre chose"), None),
        (("Date", "un jeudi"), None),
        (("État", "peut-être"), None),
    ] {
        let found = calls(&ledger, &led("2021-01-22", &[changed]));
        let said = said.map(str::to_owned);
        assert_eq!(
            found.len(),
            usize::from(said.is_some()),
            "{changed:?}: {found:?}"
        );
        for (address, why) in found {
            assert_eq!(address, "anna@example.org");
            assert!(
                said.as_ref().is_some_and(|said| why.contains(said)),
                "{why}"
            );
        }
    }
    assert_eq!(calls(&ledger, &led("2021-01-22", &[])), []);
    // Its day has come and gone.
    let later = led("2021-01-29", &[("État", "annulé")]);
    assert_eq!(calls(&ledger, &later), []);
    // A later reminder told her.
    let moved = |day| led(day, &[("Date", "29/01/2021")]);
    assert_eq!(calls(&ledger, &moved("2021-01-22")).len(), 1);
    ledger.night(moved("2021-01-28"));
    assert_eq!(calls(&ledger, &moved("2021-01-28")), []);
}

#[test]
fn whoever_leads_no_more_is_called() {
    let mut ledger = Ledger::default();
    ledger.night(led("2021-01-21", &[]));
    let other = [("Nom", "Paul Vidal"), ("Email", "paul@example.org")];
    let scene = led("2021-01-22", &[("Animateurs", "Paul Vidal")]).person(&other);
    let found = calls(&ledger, &scene);
    assert_eq!(found.len(), 1);
    assert!(found[0].1.contains("son nom n’y figure plus"), "{found:?}");
    // Her address was corrected.
    let corrected = Scene::new()
        .on("2021-01-22")
        .person(&[("Nom", "Anna Roux"), ("Email", "roux@example.org")])
        .workshop(&[("Animateurs", "Anna Roux")])
        .empty(Role::Registrations);
    assert_eq!(calls(&ledger, &corrected), []);
    let gone = Scene::new()
        .on("2021-01-22")
        .person(&[("Nom", "Anna Roux"), ("Email", "anna@example.org")])
        .empty(Role::Workshops);
    assert_eq!(calls(&ledger, &gone).len(), 1);
}

#[test]
fn whose_interview_is_no_longer_fixed_is_called() {
    let scene = |day: &str, cells: &[(&'static str, &'static str)]| {
        Scene::new().on(day).member(&[]).support(cells)
    };
    let at = ("Entretien le", "28/01/2021 10:00");
    let mut ledger = Ledger::default();
    ledger.night(scene("2021-01-12", &[at]));
    assert_eq!(ledger.entries.len(), 1);
    for (cells, count) in [
        (vec![at], 0),
        (vec![("Entretien le", "29/01/2021 10:00")], 0),
        (vec![("Entretien le", "bientôt")], 0),
        (vec![], 1),
        (vec![at, ("Statut", "abandonné")], 1),
    ] {
        let found = calls(&ledger, &scene("2021-01-13", &cells));
        assert_eq!(found.len(), count, "{cells:?}: {found:?}");
    }
    let gone = Scene::new()
        .on("2021-01-13")
        .member(&[])
        .empty(Role::Supports);
    assert_eq!(calls(&ledger, &gone).len(), 1);
    let nothing_known = Scene::new().on("2021-01-13").member(&[]);
    assert_eq!(calls(&ledger, &nothing_known), []);
    assert_eq!(calls(&ledger, &scene("2021-01-29", &[])), []);
}

#[test]
fn whoever_was_the_beneficiary_of_a_meeting_to_come_is_called() {
    let scene = |name: &'static str, email: &'static str| {
        Scene::new()
            .on("2021-01-12")
            .member(&[])
            .person(&[])
            .support(&[("Bénéficiaire", name), ("Email", email)])
            .meeting(&[("Date", "20/01/2021")])
    };
    let mut ledger = Ledger::default();
    ledger.night(scene("Lou Garcia", "lou@example.org"));
    assert_eq!(calls(&ledger, &scene("Lou Garcia", "lou@example.org")), []);
    let corrected = scene("Lou GARCIA", "lou.garcia@example.org");
    assert_eq!(calls(&ledger, &corrected), []);
    let found = calls(&ledger, &scene("Max Blanc", "max@example.org"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains("celui de Max Blanc"), "{found:?}");
}
