//! What one run leaves, and what the next makes of it.

use super::{Cancel, Failure, Handed, Scene, State, Stop, TimeDelta, later};

fn fault() -> Failure {
    Failure::Stop {
        error: "535".to_owned(),
    }
}

#[test]
fn a_fault_of_the_settings_waits_for_nobody() {
    let mut scene = Scene::new(3);
    let (sent, waited) = scene.send(|_| Err(fault()), &|| (), &Cancel::new());
    assert_eq!(waited, [0_i64; 0]);
    assert!(matches!(sent.delivered.stopped, Some(Stop::Transport(_))));
    assert_eq!(scene.attempts(State::Deferred), [0, 0, 0]);
    assert_eq!(
        sent.problems,
        ["3 courriels attendent la prochaine exécution."]
    );
}

/// She mends the settings and runs the night again, at an instant that a test's clock gives twice.
#[test]
fn what_a_fault_of_the_settings_left_is_tried_at_once_by_the_next_run() {
    let mut scene = Scene::new(3);
    for _ in 0..2 {
        let (sent, waited) = scene.send(|_| Err(fault()), &|| (), &Cancel::new());
        assert!(waited.iter().sum::<i64>() <= 1, "{waited:?}");
        let all = ["3 courriels attendent la prochaine exécution."];
        assert_eq!(sent.problems, all);
    }
    let (_, waited) = scene.send(|_| Ok(Handed::Accepted), &|| (), &Cancel::new());
    assert!(waited.iter().sum::<i64>() <= 1, "{waited:?}");
    assert_eq!(scene.count(State::Accepted), 3);
}

/// The night was cut off while the server had asked to wait.
#[test]
fn a_run_waits_no_longer_than_until_the_first_is_due() {
    let mut scene = Scene::new(2);
    let cancel = Cancel::new();
    scene.send(|_| Err(later()), &|| cancel.ask(), &cancel);
    assert_eq!(scene.attempts(State::Deferred), [1, 1]);
    scene.programme.now.instant += TimeDelta::seconds(45);
    let (_, waited) = scene.send(|_| Ok(Handed::Accepted), &|| (), &Cancel::new());
    assert_eq!(waited, [16]);
    assert_eq!(scene.count(State::Accepted), 2);
}
