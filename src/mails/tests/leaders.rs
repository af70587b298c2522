//! The reminders of a workshop to those who lead it.

use crate::mails::Kind;
use crate::mails::scenario::{Ledger, lines, of};
use crate::model::Role;
use crate::rules::scene::Scene;

#[test]
fn leaders_who_share_an_address_are_reminded_once() {
    let scene = |day: &str, leaders: &str| {
        let scene = Scene::new().on(day);
        let person = |scene: Scene, name: &str, email: &str| {
            scene.person(&[("Nom", name), ("Email", email)])
        };
        let scene = person(scene, "Anna Roux", "contact@example.org");
        let scene = person(scene, "Paul Vidal", "Contact@example.org");
        let leaders = [("Animateurs", leaders)];
        scene.workshop(&leaders).empty(Role::Registrations)
    };
    let mut ledger = Ledger::default();
    let first = ledger.night(scene("2021-01-21", "Anna Roux; Paul Vidal"));
    assert_eq!(lines(&first), ["atelier-rappel contact@example.org"]);
    assert_eq!(first.drafts[0].key, "at01|annaroux|J-7");
    for leaders in ["Paul Vidal; Anna Roux", "Paul Vidal"] {
        let due = ledger.look(scene("2021-01-22", leaders)).due;
        assert_eq!(lines(&due), [""; 0], "{leaders}");
    }
    // The next one is another.
    let last = ledger.night(scene("2021-01-27", "Paul Vidal; Anna Roux"));
    assert_eq!(lines(&last), ["atelier-rappel Contact@example.org"]);
    assert_eq!(last.drafts[0].key, "at01|paulvidal|J-1");
    // Where the first of them is held (ELI05), the other is reminded.
    let scene = scene("2021-01-21", "Paul Vidal; Anna Roux");
    let held = [
        ("Nom", "Zoé Sol"),
        ("Type", "membre"),
        ("Email", "sol@example.org"),
    ];
    let shared = scene
        .person(&held)
        .person(&[("Nom", "Max Sol"), ("Email", "sol@example.org")])
        .member(&[("Structure", "Studio Sud"), ("Payée le", "")])
        .workshop(&[("Référence", "AT-02"), ("Animateurs", "Zoé Sol; Max Sol")]);
    let due = Ledger::default().look(shared).due;
    let keys: Vec<&str> = of(&due, Kind::WorkshopReminder)
        .iter()
        .map(|draft| draft.key.as_str())
        .collect();
    assert_eq!(keys, ["at01|paulvidal|J-7", "at02|maxsol|J-7"]);
}
