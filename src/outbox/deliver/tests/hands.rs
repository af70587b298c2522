//! The hands at the desk.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::{
    Cancel, Failure, Handed, Outgoing, State, Transport, deliver_by, night, scene, states,
};

const COUNT: usize = 60;

/// Answers at once, but for one message of which the answer comes when the others have left, all but
/// the one that is announced behind it.
struct OneHangs {
    left: Arc<(Mutex<usize>, Condvar)>,
    log: String,
}

impl Transport for OneHangs {
    fn name(&self) -> &'static str {
        "one hangs"
    }

    fn prepare(&mut self, _message: &Outgoing) -> Result<(), Failure> {
        self.log.push('p');
        Ok(())
    }

    fn begin(&mut self, _message: &Outgoing) {
        self.log.push('b');
    }

    fn hand_over(&mut self, message: &Outgoing) -> Handed {
        self.log.push('h');
        let (left, changed) = &*self.left;
        let mut left = left.lock().expect("a count");
        if message.message.key.ends_with("| 20") {
            let patience = Duration::from_secs(30);
            let others = changed.wait_timeout_while(left, patience, |left| *left < COUNT - 2);
            assert!(!others.expect("a count").1.timed_out(), "the others wait");
        } else {
            *left += 1;
            changed.notify_all();
        }
        Handed::Accepted
    }

    fn abandon(&mut self) {
        panic!("nothing is given up");
    }
}

#[test]
fn a_connection_that_waits_long_keeps_none_of_the_others_back() {
    let (_folder, mut ledger, _) = scene(COUNT);
    let left = Arc::default();
    let mut transports = [0, 1, 2].map(|_| OneHangs {
        left: Arc::clone(&left),
        log: String::new(),
    });
    let time = || night(0);
    let delivered = deliver_by(&mut ledger, &mut transports, &time, &Cancel::new());
    assert!(delivered.stopped.is_none());
    assert_eq!(states(&delivered), [State::Accepted; COUNT]);
    assert!(ledger.audit().expect("audited").agree());
    for transport in transports {
        assert_eq!(transport.log.replace("pbh", ""), "", "step by step");
    }
}
