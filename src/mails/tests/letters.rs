//! Every kind in words, as a participant reads it: one snapshot each, and one of the HTML part.

use std::collections::BTreeMap;

use chrono::DateTime;

use crate::config::Settings;
use crate::mails::scenario::{Ledger, Made, TEMPLATES};
use crate::mails::{Draft, Kind, State, message, message_id};
use crate::model::Role;
use crate::rules::scene::Scene;

const SETTINGS: &str = r#"
[coordinator]
name = "Inès Faure"
email = "ines@peer.example.org"
signature = """
Chargée de développement
05 00 00 00 00
"""
"#;

fn scene(day: &str) -> Scene {
    Scene::new().on(day).with(SETTINGS)
}

/// The drafts of a few nights, by kind and in their order, with their season.
#[derive(Default)]
struct Letters(BTreeMap<Kind, Vec<(Draft, crate::mails::Rendered)>>);

impl Letters {
    fn add(&mut self, made: &Made) {
        for draft in &made.due.drafts {
            let rendered = TEMPLATES.render(draft, &made.season).unwrap();
            let list = self.0.entry(draft.kind).or_default();
            list.push((draft.clone(), rendered));
        }
    }

    /// Looks at a night, keeps it, and goes on.
    fn night(&mut self, ledger: &mut Ledger, make: impl Fn() -> Scene) {
        self.add(&ledger.look(make()));
        ledger.night(make());
        ledger.turn(State::AwaitingApproval, State::Accepted);
    }

    fn kind(&self, kind: Kind) -> String {
        let shown: Vec<String> = self.0[&kind]
            .iter()
            .map(|(draft, rendered)| {
                format!(
                    "À : {} <{}>\nClé : {}\nPourquoi : {}\nObjet : {}\n\n{}",
                    draft.to.name,
                    draft.to.address,
                    draft.key,
                    draft.why,
                    rendered.subject,
                    rendered.text
                )
            })
            .collect();
        shown.join("\n==========\n\n")
    }
}

fn applications() -> Letters {
    let mut letters = Letters::default();
    letters.add(&Ledger::default().look(scene("2020-12-02").member(&[]).application(&[])));
    let late = [("Horodateur", "18/12/2020 21:00")];
    letters.add(&Ledger::default().look(scene("2020-12-19").member(&[]).application(&late)));
    let lacking = scene("2020-12-02")
        .member(&[("Commune", "")])
        .application(&[("Besoins", ""), ("Motivations", "")]);
    letters.add(&Ledger::default().look(lacking));
    for decision in ["retenue", "liste d'attente", "refusée"] {
        let decided = scene("2021-01-05")
            .member(&[])
            .application(&[("Décision", decision)]);
        letters.add(&Ledger::default().look(decided));
    }
    let decided = scene("2021-01-05").member(&[]);
    let decided = decided.application(&[("Décision", "retenue")]);
    letters.add(&Ledger::default().look(decided.support(&[])));
    letters
}

fn supports() -> Letters {
    let mut letters = Letters::default();
    let plain = |day: &str| scene(day).member(&[]).person(&[]).support(&[]);
    let interview = |at: &'static str| {
        move || {
            scene("2020-12-28").member(&[]).support(&[
                ("Entretien le", at),
                ("Statut", "diagnostic"),
                ("Conditions de travail", "oui"),
            ])
        }
    };
    let mut ledger = Ledger::default();
    letters.night(&mut ledger, interview("05/01/2021 14:30"));
    letters.night(&mut ledger, interview("06/01/2021"));
    letters.night(&mut ledger, interview("06/01/2021 10:00"));
    letters.night(&mut ledger, interview("06/01/2021 11:00"));
    let mut ledger = Ledger::default();
    letters.night(&mut ledger, interview("06/01/2021 11:00"));
    letters.night(&mut ledger, interview("06/01/2021"));

    let meeting = |day: &'static str, cells: &'static [(&'static str, &'static str)]| {
        move || plain(day).meeting(cells)
    };
    let mut ledger = Ledger::default();
    letters.night(
        &mut ledger,
        meeting("2021-01-08", &[("Lieu", "MJC Roguet")]),
    );
    letters.night(
        &mut ledger,
        meeting("2021-01-09", &[("Lieu", "Salle Nord")]),
    );
    let moved = &[("Date", "19/01/2021"), ("Demi-journée", "après-midi")];
    letters.night(&mut ledger, meeting("2021-01-10", moved));
    letters.night(&mut ledger, meeting("2021-01-17", moved));
    let cancelled = &[
        ("Date", "19/01/2021"),
        ("Demi-journée", "après-midi"),
        ("État", "annulé"),
    ];
    letters.night(&mut ledger, meeting("2021-01-18", cancelled));

    let mut ledger = Ledger::default();
    letters.night(&mut ledger, meeting("2021-01-08", &[("Lieu", "")]));
    letters.night(
        &mut ledger,
        meeting("2021-01-09", &[("Lieu", "MJC Roguet")]),
    );

    let led_by = |day: &'static str, name: &'static str| {
        move || {
            plain(day)
                .person(&[("Nom", "Paul Vidal"), ("Email", "paul@example.org")])
                .meeting(&[("Personne ressource", name)])
        }
    };
    let mut ledger = Ledger::default();
    letters.night(&mut ledger, led_by("2021-01-08", "Anna Roux"));
    letters.night(&mut ledger, led_by("2021-01-09", "Paul Vidal"));

    let gap = Ledger::default().with_finding("RDV02", Role::Supports, 0);
    let held = &[("État", "réalisé")];
    letters.add(&gap.look(meeting("2021-02-01", held)()));
    letters.add(&gap.look(plain("2021-02-01").empty(Role::Meetings)));

    let over = |day: &str| {
        scene(day)
            .member(&[])
            .support(&[("Statut", "terminé")])
            .meeting(held)
            .empty(Role::Evaluations)
    };
    let mut ledger = Ledger::default();
    letters.night(&mut ledger, || over("2021-02-01"));
    letters.night(&mut ledger, || over("2021-02-08"));
    letters.add(&Ledger::default().look(scene("2021-10-20").member(&[]).support(&[])));
    letters
}

fn workshops() -> Letters {
    let mut letters = Letters::default();
    let night = |day: &str, workshop: &[(&str, &str)], camille: &[(&str, &str)]| {
        let mut cells = vec![("Places", "2"), ("Lieu", "MJC Roguet")];
        cells.extend_from_slice(workshop);
        scene(day)
            .member(&[])
            .workshop(&cells)
            .registration(camille)
            .registration(&[
                ("Inscrit le", "04/01/2021 10:00"),
                ("Nom", "Lou Garcia"),
                ("Email", "lou@nord.example.org"),
                ("Structure", "Atelier Nord"),
            ])
            .registration(&[
                ("Inscrit le", "05/01/2021 10:00"),
                ("Nom", "Paul Vidal"),
                ("Email", "paul@example.org"),
            ])
    };
    let mut ledger = Ledger::default();
    letters.night(&mut ledger, || night("2021-01-06", &[], &[]));
    letters.night(&mut ledger, || {
        night("2021-01-07", &[("Lieu", "Salle Nord")], &[])
    });
    let moved = [
        ("Date", "29/01/2021"),
        ("Demi-journée", "journée"),
        ("Lieu", ""),
    ];
    letters.night(&mut ledger, || night("2021-01-08", &moved, &[]));
    let mut ledger = ledger.with_finding("INS03", Role::Registrations, 0);
    letters.night(&mut ledger, || {
        night("2021-01-10", &moved, &[("Paiement", "10")])
    });
    let mut ledger = ledger.without_findings();
    letters.night(&mut ledger, || {
        night(
            "2021-01-11",
            &moved,
            &[("État", "annulée"), ("Paiement", "10")],
        )
    });
    letters.night(&mut ledger, || {
        night("2021-01-22", &moved, &[("État", "annulée")])
    });
    letters.night(&mut ledger, || {
        let mut cancelled = moved.to_vec();
        cancelled.push(("État", "annulé"));
        night("2021-01-23", &cancelled, &[("État", "annulée")])
    });
    let mut ledger = Ledger::default();
    let later = [("Lieu", "MJC Roguet"), ("Date", "29/01/2021")];
    letters.night(&mut ledger, || night("2021-01-06", &[("Lieu", "")], &[]));
    letters.add(&ledger.look(night("2021-01-07", &[], &[])));
    letters.add(&ledger.look(night("2021-01-07", &later, &[])));
    letters
}

#[test]
fn every_kind_reads_well() {
    for letters in [applications(), supports(), workshops()] {
        for kind in letters.0.keys() {
            insta::assert_snapshot!(kind.name(), letters.kind(*kind));
        }
    }
}

#[test]
fn every_kind_but_the_digest_is_among_these_letters() {
    let mut kinds: Vec<Kind> = [applications(), supports(), workshops()]
        .iter()
        .flat_map(|letters| letters.0.keys().copied())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let wanted: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| *kind != Kind::Digest)
        .collect();
    assert_eq!(kinds, wanted);
}

#[test]
fn a_waiting_list_never_reads_as_a_confirmation() {
    for (_, rendered) in &workshops().0[&Kind::RegistrationWaiting] {
        assert!(rendered.subject.starts_with("Liste d’attente"));
        assert!(!rendered.text.contains("confirmé"), "{}", rendered.text);
        assert!(rendered.text.contains("au rang 1"));
    }
}

#[test]
fn the_html_part_is_a_whole_document() {
    let letters = workshops();
    let (_, rendered) = &letters.0[&Kind::RegistrationConfirmed][0];
    insta::assert_snapshot!("html", rendered.html);
}

/// Mail programs cut a message off at about 102 kB, ask before they fetch anything, and turn colours
/// round in the dark where a message doesn't say its own.
#[test]
fn every_kind_is_small_fetches_nothing_and_knows_the_dark() {
    for letters in [applications(), supports(), workshops()] {
        for (draft, rendered) in letters.0.values().flatten() {
            let name = draft.kind.name();
            for remote in ["<img", "http:", "https:", "url(", "@import", "<script"] {
                assert!(!rendered.html.contains(remote), "{remote} in {name}");
            }
            for wanted in [
                "prefers-color-scheme: dark",
                "width=device-width",
                "lang=\"fr\"",
            ] {
                assert!(rendered.html.contains(wanted), "{wanted} in {name}");
            }
            let settings = Settings::parse(SETTINGS).unwrap();
            let id = message_id(draft.kind, &draft.key, &draft.to.address, &settings).unwrap();
            let date = DateTime::parse_from_rfc3339("2021-01-12T04:30:00+01:00").unwrap();
            let bytes = message(rendered, draft, &settings, date, &id, None).unwrap();
            assert!(bytes.len() < 100_000, "{name}: {} bytes", bytes.len());
        }
    }
}

#[test]
fn everything_is_spaced_as_french_wants_it() {
    for letters in [applications(), supports(), workshops()] {
        for (_, rendered) in letters.0.values().flatten() {
            for text in [&rendered.subject, &rendered.text] {
                for bad in [" :", " ;", " !", " ?", " €", "« ", " »", "'"] {
                    assert!(!text.contains(bad), "{bad:?} in {text}");
                }
            }
        }
    }
}

/// `doctor` tries templates out on what these letters were made of. To renew the file after a change
/// of a context: `UPDATE_SAMPLES=1 cargo test --lib the_samples_are`.
#[test]
fn the_samples_are_what_these_letters_were_made_of() {
    let mut contexts: BTreeMap<&str, Vec<&serde_json::Value>> = BTreeMap::new();
    let all = [applications(), supports(), workshops()];
    for (draft, _) in all.iter().flat_map(|letters| letters.0.values().flatten()) {
        let list = contexts.entry(draft.kind.name()).or_default();
        if !list.contains(&&draft.context) {
            list.push(&draft.context);
        }
    }
    let text = serde_json::to_string_pretty(&contexts).unwrap() + "\n";
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/mails/render/samples.json");
    if std::env::var_os("UPDATE_SAMPLES").is_some() {
        std::fs::write(file, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(file).unwrap() == text,
        "see above how to renew {file}"
    );
}
