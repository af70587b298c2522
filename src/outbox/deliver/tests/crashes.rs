//! What a crash leaves of a message, and what the next night makes of it.

use super::{
    BTreeMap, FileTransport, Handed, Id, Ledger, Path, State, Step, Transport, deliver_files,
    files, fs, mails, message, night, recover, scene, state_of, tampered,
};

/// What a crash can leave of one message between two steps.
#[derive(Debug, Clone, Copy)]
enum Crash {
    Prepared,
    Claimed,
    PutInPlace,
}

fn crash(folder: &Path, ledger: &mut Ledger, id: Id, at: Crash) {
    let outgoing = ledger.outgoing(id).expect("its content");
    let mut transport = FileTransport::new(folder);
    transport.prepare(&outgoing).expect("prepared");
    let by = transport.name().to_owned();
    if !matches!(at, Crash::Prepared) {
        assert!(
            ledger
                .step(id, Step::Claim { by }, night(0))
                .expect("claimed")
        );
    }
    if matches!(at, Crash::PutInPlace) {
        assert_eq!(transport.hand_over(&outgoing), Handed::Accepted);
    }
    // A crash runs no destructor.
    std::mem::forget(transport);
}

#[test]
fn a_crash_between_any_two_steps_loses_nothing_and_doubles_nothing() {
    for (at, left, settled) in [
        (Crash::Prepared, State::Planned, State::Planned),
        (Crash::Claimed, State::HandingOver, State::Planned),
        (Crash::PutInPlace, State::HandingOver, State::Accepted),
    ] {
        let (folder, mut ledger, ids) = scene(2);
        crash(folder.path(), &mut ledger, ids[0], at);
        drop(ledger);
        let mut ledger = Ledger::open(folder.path()).expect("a ledger");
        assert_eq!(state_of(&ledger, ids[0]), left, "{at:?}");
        recover(&mut ledger, folder.path(), night(1)).expect("recovered");
        assert_eq!(state_of(&ledger, ids[0]), settled, "{at:?}");
        assert!(
            files(folder.path())
                .keys()
                .all(|name| !name.contains("tmp"))
        );
        assert!(
            deliver_files(&mut ledger, folder.path(), 1)
                .stopped
                .is_none()
        );
        let mut written: Vec<Vec<u8>> = files(folder.path()).into_values().collect();
        written.sort();
        assert_eq!(written, [message(0).eml, message(1).eml], "{at:?}");
        assert_eq!(
            ledger.counts().expect("counted"),
            BTreeMap::from([(State::Accepted, 2)])
        );
        assert!(ledger.audit().expect("audited").agree());
    }
}

#[test]
fn a_file_that_was_taken_away_after_a_crash_is_a_doubt_and_is_not_written_again() {
    let (folder, mut ledger, ids) = scene(1);
    crash(folder.path(), &mut ledger, ids[0], Crash::PutInPlace);
    fs::remove_dir_all(mails(folder.path())).expect("taken away");
    let recovered = recover(&mut ledger, folder.path(), night(1)).expect("recovered");
    assert_eq!(recovered[0].state, State::Unknown);
    assert!(
        deliver_files(&mut ledger, folder.path(), 1)
            .messages
            .is_empty()
    );
    assert!(files(folder.path()).is_empty());
    let reason = "renvoyer".to_owned();
    assert!(
        ledger
            .step(ids[0], Step::Resend { reason }, night(2))
            .expect("settled")
    );
    deliver_files(&mut ledger, folder.path(), 2);
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn what_was_handed_to_a_server_is_a_doubt_whatever_lies_in_the_folder() {
    let (folder, mut ledger, ids) = scene(1);
    crash(folder.path(), &mut ledger, ids[0], Crash::PutInPlace);
    let mut ledger = tampered(
        folder.path(),
        ledger,
        "UPDATE messages SET handed_to = 'smtp'",
    );
    let recovered = recover(&mut ledger, folder.path(), night(1)).expect("recovered");
    assert_eq!(recovered[0].state, State::Unknown);
    assert!(recovered[0].error.is_some());
}

#[test]
fn recovering_a_folder_where_nothing_happened_changes_nothing() {
    let (folder, mut ledger, ids) = scene(1);
    assert!(
        recover(&mut ledger, folder.path(), night(1))
            .expect("recovered")
            .is_empty()
    );
    assert_eq!(state_of(&ledger, ids[0]), State::Planned);
    assert!(!folder.path().join("controles").exists());
}
