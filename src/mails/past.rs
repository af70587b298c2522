//! What earlier nights told, in the forms in which tonight compares it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::facts::SeatTold;

use super::belief::Belief;
use super::history::{Aside, Entry, History, State};
use super::kind::Kind;
use super::told::{MeetingTold, SeatLetterTold, WorkshopTold, read};

/// Between the base of a key and the number of the occasion.
const OCCASION: &str = "|#";

/// A key for the `ended`-th time: the first has no number.
pub(super) fn key_for(base: &str, ended: usize) -> String {
    if ended == 0 {
        return base.to_owned();
    }
    format!("{base}{OCCASION}{}", ended + 1)
}

/// The key without the number of the occasion.
pub(super) fn base_of(key: &str) -> &str {
    match key.rsplit_once(OCCASION) {
        Some((base, number)) if number.bytes().all(|b| b.is_ascii_digit()) => base,
        _ => key,
    }
}

/// What a seat e-mail says of the seat; one about a meeting says that it takes place or doesn't.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Seat,
    Waits,
    Cancelled,
}

impl Outcome {
    /// What e-mails of a kind say; none for the other kinds.
    pub fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::RegistrationConfirmed | Kind::RegistrationPromoted => Some(Self::Seat),
            Kind::RegistrationWaiting => Some(Self::Waits),
            // A workshop that was announced as cancelled and takes place after all is news.
            Kind::RegistrationCancelled | Kind::WorkshopCancellation => Some(Self::Cancelled),
            _ => None,
        }
    }
}

/// What a registrant was told.
#[derive(Debug, Default)]
pub(super) struct SeatPast {
    /// What the latest seat e-mail said.
    pub last: Option<Outcome>,
    /// That e-mail may have arrived, and will not leave any more.
    is_moot: bool,
    /// The latest e-mail, about the seat or about the workshop, has not left yet.
    pub is_on_its_way: bool,
    /// What she may believe of her seat.
    pub belief: Belief,
    /// How often she was newly told each outcome: seat, waits, cancelled.
    runs: [usize; 3],
    /// The workshop as it was last told.
    pub workshop: Option<WorkshopTold>,
    /// Her name as last told.
    pub name: String,
    /// Her address.
    pub address: String,
    /// The day on which the server took the latest confirmation or promotion.
    pub accepted_on: Option<NaiveDate>,
}

impl SeatPast {
    fn note(&mut self, entry: &Entry, told: SeatLetterTold) {
        self.is_on_its_way = entry.is_on_its_way();
        if let Some(outcome) = Outcome::of(entry.kind) {
            self.is_moot = entry.is_moot();
            self.belief.note(entry, outcome);
            if self.last != Some(outcome) {
                if let Some(runs) = self.runs.get_mut(outcome as usize) {
                    *runs += 1;
                }
                self.last = Some(outcome);
            }
            if outcome == Outcome::Seat {
                self.accepted_on = entry.accepted_on;
            }
        }
        self.workshop = Some(told.workshop);
        self.name = told.name;
        self.address.clone_from(&entry.address);
    }

    /// Told of a seat or of a place in the list, and not for sure that it was cancelled since.
    pub fn takes_part(&self) -> bool {
        let may_believe = self.belief.may_be(Outcome::Seat) || self.belief.may_be(Outcome::Waits);
        matches!(self.last, Some(Outcome::Seat | Outcome::Waits)) || (self.is_moot && may_believe)
    }

    /// It is what she was told last, or is being told: there is no need to tell it again.
    pub fn was_told(&self, outcome: Outcome) -> bool {
        self.last == Some(outcome) && !self.is_moot
    }

    /// How often the outcome was told before, each time followed by another one.
    pub fn ended(&self, outcome: Outcome) -> usize {
        let runs = self.runs.get(outcome as usize).copied().unwrap_or(0);
        runs - usize::from(self.last == Some(outcome))
    }
}

/// What somebody was told about a meeting.
#[derive(Debug, Default)]
pub(super) struct MeetingPast {
    /// As last told; none once a cancellation or a move away was told.
    pub told: Option<MeetingTold>,
    /// How often the meeting was told and taken back.
    pub ended: usize,
    /// How often a meeting of this identity was moved away: the next one is another meeting.
    moved_away: usize,
    /// What the meeting was first told as, also once its cancellation was told: planned again, it
    /// is the same meeting.
    origin: Option<String>,
    /// The latest e-mail has not left yet.
    pub is_on_its_way: bool,
    /// Whether she may believe that it takes place (a seat) or doesn't (cancelled).
    pub belief: Belief,
}

/// What earlier nights told.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// By registration.
    pub seats: BTreeMap<String, SeatPast>,
    /// By meeting and address.
    pub meetings: BTreeMap<(String, String), MeetingPast>,
    /// Moves that were drafted and not told: awaiting approval, or rejected. From, to.
    undecided_moves: BTreeSet<(String, String)>,
    /// Moves that somebody was told of, likewise.
    told_moves: BTreeSet<(String, String)>,
    /// How many messages of a key, whatever its occasion, became obsolete: they never left, so that
    /// the next one is another occasion.
    obsolete: BTreeMap<(Kind, String, String), usize>,
    /// How many messages of a key, whatever its occasion, were told.
    told: BTreeMap<(Kind, String, String), usize>,
}

impl Past {
    /// What the messages of earlier nights come to, looking away from some of them: of those only
    /// what was taken for a move is known, so that it is taken for the same one again.
    pub fn without(history: &History, aside: Aside) -> Self {
        let mut past = Self::default();
        for entry in history.entries() {
            let is_aside = aside.takes(entry);
            past.note_move(entry, entry.was_told() && !is_aside);
            if is_aside {
                continue;
            }
            past.count(entry);
            match entry.kind {
                Kind::MeetingConfirmation | Kind::MeetingChange | Kind::MeetingCancellation
                    if entry.was_told() =>
                {
                    past.note_meeting(entry);
                }
                _ if entry.was_told() => past.note_seat(entry),
                _ => {}
            }
        }
        past
    }

    fn count(&mut self, entry: &Entry) {
        let counts = match entry.state {
            State::Obsolete => &mut self.obsolete,
            state if state.was_told() => &mut self.told,
            _ => return,
        };
        let base = base_of(&entry.key).to_owned();
        *counts
            .entry((entry.kind, base, entry.address.clone()))
            .or_default() += 1;
    }

    fn note_seat(&mut self, entry: &Entry) {
        if Outcome::of(entry.kind).is_none() && entry.kind != Kind::WorkshopChange {
            return;
        }
        if let Some(told) = read::<SeatLetterTold>(&entry.told) {
            let seat = self.seats.entry(told.registration.clone()).or_default();
            seat.note(entry, told);
        }
    }

    fn note_meeting(&mut self, entry: &Entry) {
        let Some(told) = read::<MeetingTold>(&entry.told) else {
            return;
        };
        let identity = told.identity();
        let address = &entry.address;
        for left in self.left(entry, &told) {
            let meeting = self.meetings.entry((left, address.clone())).or_default();
            meeting.told = None;
            meeting.ended += 1;
            meeting.belief.note(entry, Outcome::Cancelled);
            if entry.kind != Kind::MeetingCancellation {
                meeting.moved_away += 1;
                meeting.origin = None;
            }
        }
        if entry.kind != Kind::MeetingCancellation {
            // Wherever one of that identity went before, this is another.
            for to in self.told_from(&identity).cloned().collect::<Vec<_>>() {
                self.told_moves.remove(&(identity.clone(), to));
            }
            let meeting = self.meetings.entry((identity, address.clone()));
            let meeting = meeting.or_default();
            meeting.origin = Some(told.thing());
            meeting.is_on_its_way = entry.is_on_its_way();
            meeting.belief.note(entry, Outcome::Seat);
            meeting.told = Some(told);
        }
    }

    /// The meetings that she doesn't expect any more once she was told: the one that is off, the one
    /// that was moved, and any other of the support on that half-day, which had other persons.
    fn left(&self, entry: &Entry, told: &MeetingTold) -> BTreeSet<String> {
        let identity = told.identity();
        if entry.kind == Kind::MeetingCancellation {
            return [identity].into();
        }
        let prefix = format!("{}|", told.support);
        let all = self.meetings.range((prefix.clone(), String::new())..);
        let of_support = all.take_while(|((of, _), _)| of.starts_with(&prefix));
        let hers = of_support.filter(|((_, address), _)| *address == entry.address);
        let same_time = hers.filter(|(_, meeting)| {
            let known = meeting.told.as_ref();
            known.is_some_and(|known| known.is_at_time_of(told))
        });
        let mut left: BTreeSet<String> = same_time.map(|((of, _), _)| of.clone()).collect();
        left.extend(told.from.clone());
        left.remove(&identity);
        left
    }

    fn note_move(&mut self, entry: &Entry, is_told: bool) {
        let is_one = matches!(entry.kind, Kind::MeetingConfirmation | Kind::MeetingChange);
        if !is_one || (entry.state == State::Obsolete && !is_told) {
            return;
        }
        let Some(told) = read::<MeetingTold>(&entry.told) else {
            return;
        };
        let identity = told.identity();
        let moves = if is_told {
            &mut self.told_moves
        } else {
            &mut self.undecided_moves
        };
        if let Some(from) = told.from.or(told.joins).filter(|from| *from != identity) {
            moves.insert((from, identity));
        }
    }

    /// Where a meeting would go by the moves that were drafted and not told.
    pub fn undecided_from(&self, identity: &str) -> impl Iterator<Item = &String> {
        targets(&self.undecided_moves, identity)
    }

    /// Where a meeting went by the moves that somebody was told of.
    pub fn told_from(&self, identity: &str) -> impl Iterator<Item = &String> {
        targets(&self.told_moves, identity)
    }

    /// What announcements of earlier nights that leave tonight are about, with their addresses: by
    /// registration, by meeting.
    pub fn leaving(&self) -> BTreeSet<(String, String)> {
        let seats = self.seats.iter().filter(|(_, seat)| {
            // A seat, or another day or place of the workshop to who has one.
            seat.is_on_its_way && seat.last == Some(Outcome::Seat)
        });
        let seats = seats.map(|(registration, seat)| (registration.clone(), seat.address.clone()));
        let meetings = self.meetings.iter();
        let meetings = meetings.filter(|(_, meeting)| meeting.is_on_its_way);
        let meetings = meetings.filter(|(_, meeting)| meeting.told.is_some());
        seats.chain(meetings.map(|(key, _)| key.clone())).collect()
    }

    /// What a meeting is known by to an address, however often it was moved: the identity under
    /// which it was first told.
    pub fn origin(&self, identity: &str, address: &str) -> String {
        let key = (identity.to_owned(), address.to_lowercase());
        let Some(meeting) = self.meetings.get(&key) else {
            return identity.to_owned();
        };
        let first = || key_for(identity, meeting.moved_away);
        meeting.origin.clone().unwrap_or_else(first)
    }

    /// The key of an e-mail about something that was taken back `ended` times since it was told.
    pub fn key(&self, kind: Kind, base: &str, address: &str, ended: usize) -> String {
        key_for(
            base,
            ended + Self::times(&self.obsolete, kind, base, address),
        )
    }

    /// The key of an e-mail that tells values other than those last told: every earlier one with
    /// the same values is another occasion.
    pub fn key_of_news(&self, kind: Kind, base: &str, address: &str) -> String {
        let told = Self::times(&self.told, kind, base, address);
        self.key(kind, base, address, told)
    }

    fn times(
        counts: &BTreeMap<(Kind, String, String), usize>,
        kind: Kind,
        base: &str,
        address: &str,
    ) -> usize {
        let key = (kind, base.to_owned(), address.to_lowercase());
        counts.get(&key).copied().unwrap_or(0)
    }
}

fn targets<'m>(
    moves: &'m BTreeSet<(String, String)>,
    identity: &str,
) -> impl Iterator<Item = &'m String> {
    let first = (identity.to_owned(), String::new());
    let from = identity.to_owned();
    let all = moves.range(first..).take_while(move |(of, _)| *of == from);
    all.map(|(_, to)| to)
}

impl History {
    /// What registrants were told last about their seats, as the decisions need it: a seat that was
    /// told is kept (programme.md §4, Seats). What has not left yet told nobody anything.
    #[must_use]
    pub fn seats(&self) -> crate::facts::Told {
        let mut told = crate::facts::Told::default();
        for (registration, seat) in Past::without(self, Aside::Unsent).seats {
            match seat.last {
                Some(Outcome::Seat) => told.note_seat(registration, SeatTold::Confirmed),
                Some(Outcome::Waits) => told.note_seat(registration, SeatTold::Waiting),
                Some(Outcome::Cancelled) | None => {}
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_occasion_has_no_number() {
        assert_eq!(key_for("at01|a@example.org", 0), "at01|a@example.org");
        assert_eq!(key_for("at01|a@example.org", 1), "at01|a@example.org|#2");
        assert_eq!(base_of("at01|a@example.org|#2"), "at01|a@example.org");
        assert_eq!(base_of("at01|a@example.org"), "at01|a@example.org");
    }
}
