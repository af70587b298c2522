//! A server that doesn't answer.

use super::{Arc, Cancel, Failure, Ordering, Scene, State};

/// Each silence is five minutes long, so that the folder is looked at again between two messages.
#[test]
fn a_server_that_is_silent_is_not_asked_more_often() {
    let mut scene = Scene::new(4);
    scene.patience_minutes = 600;
    let taken = Arc::clone(&scene.taken);
    let silent = move |_| {
        taken.fetch_add(300, Ordering::SeqCst);
        let error = "silence".to_owned();
        Err(Failure::Broken { error })
    };
    let (_, waited) = scene.send(silent, &|| (), &Cancel::new());
    assert_eq!(waited, [60, 300, 900, 1800]);
    assert!(
        scene
            .attempts(State::Deferred)
            .iter()
            .all(|tries| *tries <= 5)
    );
}
