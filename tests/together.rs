//! Two schedulers for one job (hazards.md): of two runs at once one does the night, the other says who
//! holds the folder, and nobody gets a thing twice.

use std::process::{Output, Stdio};

use peer_culture::mails::State;

use crate::folder::{program, text};
use crate::scene::{self, MAILS, NEWS, Scene, Way};

/// How many times, for each way, and how many more at most until they meet.
const TIMES: usize = 6;
const AT_MOST: usize = 100;

fn two_at_once(in_place: bool) {
    let way = Way {
        in_place,
        smtp: true,
        connections: 2,
        digest: false,
    };
    let scene = Scene::before_the_news(way);
    let mut held = 0;
    for time in 0..AT_MOST {
        if time >= TIMES && held > 0 {
            return;
        }
        let server = scene::well_behaved();
        let folder = scene.copy(server.address.port());
        let run = || {
            let mut program = program();
            program.args(scene::night(&folder, NEWS));
            program.stdout(Stdio::piped()).stderr(Stdio::piped());
            program.spawn().unwrap()
        };
        let both = [run(), run()];
        let ended = both.map(|one| one.wait_with_output().unwrap());
        let codes = ended.each_ref().map(|one| one.status.code());
        assert!(codes.contains(&Some(0)), "{codes:?}");
        held += ended.iter().filter(|one| is_held(one, in_place)).count();
        let taken = scene.taken(&folder, &server);
        assert_eq!(taken.len(), MAILS, "{codes:?}");
        assert!(taken.values().all(|times| *times == 1), "{taken:?}");
        let messages = scene::ledger(&folder);
        assert!(taken.keys().all(|id| messages[id].state == State::Accepted));
    }
    panic!("they never met");
}

/// It stopped before the folder that another holds, and says whose it is; else it did its night. One
/// that read the workbook, and got the folder only once the other had written it, leaves it alone.
fn is_held(ended: &Output, in_place: bool) -> bool {
    let said = text(&ended.stderr);
    match ended.status.code() {
        Some(0) => false,
        Some(3) if in_place && said.contains("workbooks_not_written=1 ") => false,
        Some(4) => {
            assert!(said.contains("holds this folder"), "{said}");
            true
        }
        code => panic!("{code:?}: {said}"),
    }
}

#[test]
fn one_of_two_makes_the_copy() {
    two_at_once(false);
}

#[test]
fn one_of_two_writes_in_place() {
    two_at_once(true);
}
