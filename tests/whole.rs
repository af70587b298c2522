//! A night that nothing disturbs, and what every disturbed one must come to in the end.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use calamine::Data;
use peer_culture::mails::{Kind, State};
use peer_culture::outbox::Pending;

use crate::book::Book;
use crate::crash::{Plug, Point};
use crate::folder::Folder;
use crate::mail_script::Script;
use crate::mail_server::{MailServer, by_message_id};
use crate::scene::{self, AFTER, MAILS, NEWS, Scene, Way};

/// What has left, by Message-ID: how many times.
pub type Taken = BTreeMap<String, usize>;

/// The night, undisturbed.
pub struct Whole {
    pub scene: Scene,
    /// Message-IDs of the night's e-mails.
    pub mails: Vec<String>,
    /// The file with the flags, after the night.
    pub new: Vec<u8>,
    /// What that file says.
    said: Book,
    /// After the same night once more: who has been told of a seat since is no news (INS07).
    newer: Book,
    /// After the next night.
    after: Book,
    /// The calls that can be disturbed.
    pub points: Vec<Point>,
}

impl Whole {
    /// `within`: only calls on these count, or on anything where it is empty.
    pub fn of(way: Way, plug: &Plug, script: &Script, within: &[&str]) -> Self {
        let scene = Scene::before_the_news(way);
        let server = MailServer::start(script.clone());
        let folder = scene.copy(server.address.port());
        let mut within = within.to_vec();
        if !within.is_empty() {
            within.push(folder.path().to_str().unwrap());
        }
        let points = plug.points(&scene::night(&folder, NEWS), &within);
        let taken = scene.taken(&folder, &server);
        assert_eq!(taken.len(), MAILS, "{taken:?}");
        let flags = folder.path().join(scene.flagged());
        let new = fs::read(&flags).unwrap();
        assert!(new != scene.old());
        let said = Book::open(&flags);
        folder.night(NEWS);
        let newer = Book::open(&flags);
        folder.night(AFTER);
        Self {
            mails: taken.into_keys().collect(),
            new,
            said,
            newer,
            after: Book::open(&flags),
            points,
            scene,
        }
    }

    /// The workbook or its copy is the new one; else it is the old one, byte for byte.
    pub fn is_new(&self, folder: &Folder, at: &str) -> bool {
        let left = fs::read(self.flags(folder)).unwrap();
        let is_new = left == self.new;
        assert!(is_new || left == self.scene.old(), "{at}: half written");
        is_new
    }

    /// It is the old one, byte for byte, or a new one that is whole, whatever became of the e-mails:
    /// whether it is a new one.
    pub fn is_rewritten(&self, folder: &Folder, at: &str) -> bool {
        let path = self.flags(folder);
        if fs::read(&path).unwrap() == self.scene.old() {
            return false;
        }
        let (left, new) = (Book::open(&path), &self.newer);
        assert!(
            apart_from_mails(&left) == apart_from_mails(new),
            "{at}: half written"
        );
        true
    }

    /// The workbook or its copy says what it must, whenever it was written.
    pub fn is_made_up_for(&self, folder: &Folder, is_after: bool) -> bool {
        let path = self.flags(folder);
        let book = Book::open(&path);
        if is_after {
            // What left a day later says so.
            return apart_from_mails(&book) == apart_from_mails(&self.after);
        }
        // Written in two goes its bytes may be others; what left in the second was news then, too.
        book == self.said || book == self.newer
    }

    /// Nothing is lost and nothing comes twice: each e-mail of the night is accepted and has left
    /// once, or is in doubt and has left at most once; after the next night a change or a
    /// cancellation that was in doubt may have left twice. Those in doubt.
    pub fn agree<'m>(
        &self,
        messages: &'m BTreeMap<String, Pending>,
        taken: &Taken,
        is_after: bool,
        at: &str,
    ) -> Vec<&'m Pending> {
        let mut doubts = Vec::new();
        let mut known = Vec::new();
        for id in &self.mails {
            let message = messages.get(id).unwrap_or_else(|| panic!("{at}: lost"));
            let message = if is_after && message.state == State::Obsolete {
                assert!(!taken.contains_key(id), "{at}: it had left");
                written_anew(message, messages).unwrap_or_else(|| panic!("{at}: not anew"))
            } else {
                message
            };
            let id = &message.message_id;
            known.push(id);
            let times = taken.get(id).copied().unwrap_or(0);
            match message.state {
                State::Accepted => {
                    let at_most = if is_after && message.kind.takes_back() {
                        2
                    } else {
                        1
                    };
                    assert!((1..=at_most).contains(&times), "{at}: {times} times");
                }
                State::Unknown => {
                    assert!(times <= 1, "{at}: twice");
                    doubts.push(message);
                }
                other => panic!("{at}: {other:?}"),
            }
        }
        assert!(taken.keys().all(|id| known.contains(&id)), "{at}");
        doubts
    }

    fn flags(&self, folder: &Folder) -> std::path::PathBuf {
        folder.path().join(self.scene.flagged())
    }
}

/// A reminder that could not leave says a day later that fewer days are left.
fn written_anew<'m>(
    first: &Pending,
    messages: &'m BTreeMap<String, Pending>,
) -> Option<&'m Pending> {
    let key = format!("{}|#2", first.key);
    let is_reminder = first.kind == Kind::WorkshopReminder;
    let mut all = messages.values().filter(|_| is_reminder);
    all.find(|one| one.kind == first.kind && one.key == key && one.to.address == first.to.address)
}

impl Scene {
    /// What has left since: what the server took, or the files in `controles/courriels`.
    pub fn taken(&self, folder: &Folder, server: &MailServer) -> Taken {
        if self.way.smtp {
            return server.noted(|noted| by_message_id(&noted.taken));
        }
        let mails = Path::new("controles/courriels");
        let is_new = |name: &String| {
            let path = mails.join(name);
            !self.files.iter().any(|(known, _)| *known == path)
        };
        let names = folder.mails().into_iter();
        let files = names
            .filter(|name| !name.starts_with('.'))
            .filter(is_new)
            .map(|name| fs::read(folder.path().join(mails).join(name)).unwrap());
        by_message_id(&files.collect::<Vec<_>>())
    }
}

/// Every value of a workbook but what e-mails have a say in.
fn apart_from_mails(book: &Book) -> Vec<(&str, usize, usize, &Data)> {
    let mut values = Vec::new();
    for name in book.names() {
        let sheet = book.sheet(name);
        let mut left_out = Vec::new();
        if name == "Inscriptions" {
            let headers = [
                "Dernier courriel (auto)",
                "Contrôle (auto)",
                "Alertes (auto)",
            ];
            left_out.extend(headers.map(|header| sheet.column(header)));
        }
        for (row, column, value) in sheet.values() {
            if !left_out.contains(&column) && *value != Data::Empty {
                values.push((name, row, column, value));
            }
        }
    }
    values
}
