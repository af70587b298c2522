//! What a mail server says of one person, of us all, or of a connection: nobody is silenced or kept
//! back for what is not hers.

use std::fs;

use peer_culture::mails::State;
use peer_culture::outbox::Ledger;
use serde_json::Value;

use crate::answers::{FIRST, SECOND, THIRD};
use crate::folder::Folder;
use crate::post_office::{Manner, PostOffice};

/// So many e-mails go to participants on the sample's first night.
const SENT: usize = 54;

fn by_post(office: &PostOffice, connections: usize) -> Folder {
    let folder = Folder::sample();
    let path = folder.path().join("programme.toml");
    let settings = fs::read_to_string(&path).unwrap();
    let office = office
        .settings()
        .replace("connections = 1", &format!("connections = {connections}"));
    fs::write(path, settings.replace("transport = \"file\"", &office)).unwrap();
    folder
}

fn ledger(folder: &Folder) -> Ledger {
    Ledger::read_only(folder.path()).unwrap().unwrap()
}

fn total(night: &Value, state: &str) -> u64 {
    night["mail_totals"][state].as_u64().unwrap()
}

/// As Postfix does with `smtpd_delay_reject`: what it has against us is said at RCPT.
#[test]
fn a_night_on_which_the_server_refuses_us_flags_nobody_and_loses_nothing() {
    for refusal in [
        "554 5.7.1 Service unavailable; Client host [203.0.113.9] blocked using zen.spamhaus.org",
        "554 5.7.1 <claire@example.org>: Sender address rejected: not owned by user",
        "550 5.7.1 Authentication required",
        "550 5.4.5 Daily user sending quota exceeded",
    ] {
        let office = PostOffice::open();
        let folder = by_post(&office, 2);
        office.refuse_all(Some(refusal));
        let (code, first) = folder.json("run", &["--today", FIRST]);
        assert_eq!(code, Some(3), "{refusal}");
        assert_eq!(total(&first, "refused"), 0, "{refusal}");
        assert_eq!(total(&first, "deferred"), SENT as u64 + 1, "{refusal}");
        let problems = first["problems"].to_string();
        let what_to_do = ["vérifiez", "demandez"];
        assert!(
            what_to_do.iter().any(|word| problems.contains(word)),
            "{problems}"
        );
        assert!(problems.contains("pour cette nuit"), "{problems}");
        assert_eq!(ledger(&folder).refused_addresses().unwrap(), [""; 0]);
        office.refuse_all(None);
        let second = folder.night(SECOND);
        assert_eq!(second["digest"], "accepted");
        let gone = total(&second, "accepted") + total(&second, "obsolete");
        assert!(gone > SENT as u64, "{second}");
        assert_eq!(total(&second, "deferred"), 0);
    }
}

/// « relay » in the name of Postfix's table says nothing of relaying.
#[test]
fn one_address_that_is_unknown_keeps_nobody_back() {
    let office = PostOffice::open();
    let folder = by_post(&office, 1);
    let unknown =
        "550 5.1.1 <x>: Recipient address rejected: User unknown in relay recipient table";
    // Hers are among the first to leave.
    let address = "ines@lespassantes.example.org";
    office.meet(address, Manner::Says(unknown));
    let (code, night) = folder.json("run", &["--today", FIRST]);
    assert_eq!(code, Some(3));
    let refused = total(&night, "refused");
    assert!(refused > 0);
    assert_eq!(total(&night, "accepted"), SENT as u64 + 1 - refused);
    assert_eq!(ledger(&folder).refused_addresses().unwrap(), [address]);
}

/// Her own domain may have something against us that the others have not.
#[test]
fn what_one_recipients_policy_refuses_is_tried_again_the_next_night_after_the_others() {
    let office = PostOffice::open();
    let folder = by_post(&office, 1);
    let address = "ines@lespassantes.example.org";
    office.meet(
        address,
        Manner::Says("554 5.7.1 rejected by the recipient's policy"),
    );
    for day in [FIRST, SECOND] {
        let (code, night) = folder.json("run", &["--today", day]);
        assert_eq!((code, total(&night, "refused")), (Some(3), 0), "{day}");
        assert_eq!(night["digest"], "accepted");
        let left = ledger(&folder).in_state(State::Deferred).unwrap();
        assert!(!left.is_empty() && left.iter().all(|one| one.to.address == address));
    }
    office.meet(address, Manner::Takes);
    folder.night(THIRD);
    assert_eq!(ledger(&folder).in_state(State::Deferred).unwrap(), []);
    assert!(!office.taken_by(address).is_empty());
}

/// 421 to the second connection while the first one works.
#[test]
fn a_server_with_room_for_one_connection_takes_all_on_that_one() {
    let office = PostOffice::open();
    office.has_room_for(1);
    let folder = by_post(&office, 2);
    let night = folder.night(FIRST);
    assert_eq!(total(&night, "accepted"), SENT as u64 + 1);
    assert_eq!(night["problems"].as_array().unwrap().len(), 0);
}
