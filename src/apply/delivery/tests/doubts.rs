//! A server after which it is not known whether messages arrived.

use super::{Cancel, Handed, Scene, State};

fn unclear() -> Handed {
    Handed::Unclear {
        error: "it may have arrived".to_owned(),
    }
}

#[test]
fn a_server_that_only_leaves_doubts_gets_a_few_messages_more_and_then_rests() {
    let mut scene = Scene::new(9);
    let (sent, waited) = scene.send(|_| Ok(unclear()), &|| (), &Cancel::new());
    // One connection, and three doubts more.
    assert_eq!(waited, [60, 300, 900]);
    assert_eq!(scene.count(State::Unknown), 4);
    assert_eq!(scene.attempts(State::Deferred), [0; 5]);
    // Their turn didn't come: nothing says of them that they may have arrived.
    let left = scene.ledger.in_state(State::Deferred).expect("read");
    for one in left {
        let error = one.last_error.expect("why");
        assert!(error.starts_with("son tour n’est pas venu : le serveur a été laissé tranquille"));
    }
    assert_eq!(
        sent.problems,
        [
            "5 courriels attendent la prochaine exécution : le serveur a été laissé tranquille après plusieurs connexions perdues."
        ]
    );
}

#[test]
fn a_night_goes_on_after_a_doubt() {
    let mut scene = Scene::new(9);
    let one_lost = |tries| {
        Ok(if tries == 1 {
            unclear()
        } else {
            Handed::Accepted
        })
    };
    let (_, waited) = scene.send(one_lost, &|| (), &Cancel::new());
    assert_eq!(waited, [60]);
    assert_eq!(scene.count(State::Unknown), 1);
    assert_eq!(scene.count(State::Accepted), 8);
}

#[test]
fn a_server_that_takes_one_and_loses_the_next_leaves_few_doubts() {
    let mut scene = Scene::new(30);
    let every_other = |tries: usize| {
        Ok(if tries.is_multiple_of(2) {
            unclear()
        } else {
            Handed::Accepted
        })
    };
    let (_, waited) = scene.send(every_other, &|| (), &Cancel::new());
    assert_eq!(waited, [60, 300, 900]);
    assert_eq!(scene.count(State::Unknown), 4);
    assert_eq!(scene.count(State::Deferred), 22);
}
