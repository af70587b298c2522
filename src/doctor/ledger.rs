//! The ledger of e-mails: whether every page of it can be read. A run finds out only where it looks.

use std::path::Path;

use super::Check;
use crate::outbox::Ledger;

const TOPIC: &str = "ledger";

/// None where no run has taken place, or it can't even be opened: that is told elsewhere.
pub(super) fn look(folder: &Path) -> Option<Check> {
    let ledger = Ledger::read_only(folder).ok()??;
    let damage = match ledger.damage() {
        Ok(damage) => damage,
        Err(error) => Some(error.to_string()),
    };
    Some(match damage {
        None => Check::ok(TOPIC, "the ledger of e-mails can be read as a whole"),
        Some(damage) => Check::repair(
            TOPIC,
            format!(
                "the ledger of e-mails is damaged: {}",
                damage.replace('\n', " ")
            ),
            "put the folder .peer-culture back from a backup; the next run sees what that one lacks, \
             and holds it",
        ),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::look;
    use crate::doctor::Verdict;
    use crate::outbox::{LEDGER_FILE, Ledger, state_folder};

    #[test]
    fn a_page_that_is_spoilt_is_told_though_the_ledger_opens() {
        let folder = tempfile::tempdir().unwrap();
        assert!(look(folder.path()).is_none());
        drop(Ledger::open(folder.path()).unwrap());
        assert_eq!(look(folder.path()).unwrap().verdict, Verdict::Ok);
        let path = state_folder(folder.path()).join(LEDGER_FILE);
        let mut bytes = fs::read(&path).unwrap();
        // Behind the first page, which says what kind of file it is.
        let end = bytes.len().min(3 * 4096);
        bytes[4096..end].fill(0x5a);
        fs::write(&path, bytes).unwrap();
        assert_eq!(look(folder.path()).unwrap().verdict, Verdict::Repair);
    }
}
