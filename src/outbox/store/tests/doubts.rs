//! What may have arrived, whatever became of it since.

use super::{claim, ledger, night, queue};
use crate::outbox::Step;

#[test]
fn what_was_in_doubt_may_have_arrived_until_the_server_takes_it() {
    let reason = String::new;
    let doubt = || Step::Doubt { error: reason() };
    let resend = || Step::Resend { reason: reason() };
    let retire = || Step::Retire { reason: reason() };
    for (steps, may_have_arrived) in [
        (vec![], false),
        (vec![claim()], true),
        (vec![claim(), Step::Accept], false),
        (vec![retire()], false),
        (vec![claim(), doubt()], true),
        (vec![claim(), doubt(), resend(), retire()], true),
        (
            vec![claim(), doubt(), resend(), claim(), Step::Accept],
            false,
        ),
        (
            vec![claim(), doubt(), Step::Received { reason: reason() }],
            false,
        ),
    ] {
        let (_folder, mut ledger) = ledger();
        let id = queue(&mut ledger, "a");
        for step in &steps {
            let done = ledger.step(id, step.clone(), night(0));
            assert!(done.expect("written"), "{steps:?}");
        }
        let history = ledger.history().expect("read");
        let found = history.entries()[0].may_have_arrived;
        assert_eq!(found, may_have_arrived, "{steps:?}");
    }
}
