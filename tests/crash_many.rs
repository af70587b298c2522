//! Pulling the plug while hundreds of e-mails are queued at once, which the ledger does with another
//! journal than what it does else: all of them are queued or none is, and each reaches its person once.

use peer_culture::mails::State;
use peer_culture::outbox::Ledger;

use crate::crash::{Plug, WRITING, rested, tiny};
use crate::folder::{Folder, Sheet, text};
use crate::scene;
use crate::sweep::Sweep;

/// Enough for the other journal.
const MANY: usize = 520;

const DAY: &str = "2021-01-12";

/// Runs that were cut off before anything had left, and after.
#[derive(Debug, Default)]
struct Tally {
    before: usize,
    after: usize,
}

/// A workshop for which hundreds have registered.
fn crowded() -> Folder {
    let folder = tiny();
    folder.file("programme.toml", b"[mail]\nmax_per_run = 1000\n");
    folder.edit("programme.xlsx", |book| {
        let sheet = book.sheet_mut("Ateliers");
        let row = sheet.row(&[("Référence", "AT-1")]);
        sheet.set(row, "Places", "600");
    });
    let header = "Inscrit le;Atelier;Nom;Email".to_owned();
    let row = |number| format!("10/01/2021 09:00;AT-1;Anne Petit;anne{number}@example.org");
    let rows: Vec<String> = [header].into_iter().chain((1..MANY).map(row)).collect();
    let cells = rows
        .iter()
        .map(|row| row.split(';').map(str::to_owned).collect());
    let sheet: [Sheet; 1] = [("Inscriptions", cells.collect())];
    folder.workbook("autres.xlsx", &sheet);
    folder
}

#[test]
fn hundreds_are_queued_whole_or_not_at_all_wherever_the_plug_is_pulled() {
    let Some(plug) = Plug::at(WRITING) else {
        return;
    };
    let files = crowded().files();
    let whole = rested(&files);
    let points = plug.points(&scene::night(&whole, DAY), &["ledger.sqlite3-journal"]);
    assert_eq!(whole.mails().len(), MANY);

    let sweep = Sweep {
        plug: &plug,
        points: &points,
        usual: 24,
        day: DAY,
    };
    let look = |tally: &mut Tally, (folder, ()): &(Folder, ()), at: &str| {
        // Who looks can't tell where only a run may repair it.
        if let Ok(Some(ledger)) = Ledger::read_only(folder.path()) {
            let queued = ledger.history().unwrap().entries().len();
            assert!(queued == 0 || queued == MANY, "{at}: {queued}");
        }
        assert!(folder.mails().len() <= MANY);
        if folder.mails().is_empty() {
            tally.before += 1;
        } else {
            tally.after += 1;
        }
        let again = folder.run("run", &["--today", DAY]);
        assert!(again.status.success(), "{at}: {}", text(&again.stderr));
        assert_eq!(folder.mails().len(), MANY, "{at}");
        let ledger = Ledger::read_only(folder.path()).unwrap().unwrap();
        assert_eq!(ledger.in_state(State::Accepted).unwrap().len(), MANY);
        assert!(ledger.audit().unwrap().agree());
    };
    sweep.pull(
        || (rested(&files), ()),
        look,
        |tally| tally.before > 2 && tally.after > 0,
    );
}
