//! Which told meetings whose row is gone go on in another row: "one meeting, moved" (programme.md
//! §6).
//!
//! A move is only suggested by an absence, so that it is decided once and for all by whoever awaits
//! it: until then it stays the move that it was drafted as, whoever else is told of the new row.

use std::collections::BTreeMap;

use super::meetings::{Seen, ToldTo, order};
use super::past::Past;
use super::told::MeetingTold;

/// A told meeting whose row is gone.
struct Gone<'m> {
    identity: &'m str,
    pair: String,
    told: &'m MeetingTold,
    told_to: &'m [ToldTo],
}

/// What is paired.
struct Pairing<'m, 'a> {
    past: &'m Past,
    told: &'m BTreeMap<String, Vec<ToldTo>>,
    gone: Vec<Gone<'m>>,
    /// Planned rows that nobody was told of, by support and persons.
    free: BTreeMap<String, Vec<&'m Seen<'a>>>,
    /// Planned rows that somebody was told of, by identity.
    known: BTreeMap<&'m str, &'m Seen<'a>>,
    moves: BTreeMap<String, String>,
}

/// Each told meeting of `gone` that goes on in one of the planned rows, with that row: those that
/// were drafted as a move on an earlier night first, then in date order.
pub(super) fn find<'m, 'a: 'm>(
    gone: impl Iterator<Item = &'m String>,
    planned: impl Iterator<Item = &'m Seen<'a>>,
    told: &'m BTreeMap<String, Vec<ToldTo>>,
    past: &'m Past,
) -> BTreeMap<String, String> {
    let gone = gone.filter_map(|identity| {
        let told_to = told.get(identity)?;
        let told = &told_to.first()?.told;
        Some(Gone {
            identity,
            pair: told.pair(),
            told,
            told_to,
        })
    });
    let mut pairing = Pairing {
        past,
        told,
        gone: gone.collect(),
        free: BTreeMap::new(),
        known: BTreeMap::new(),
        moves: BTreeMap::new(),
    };
    if pairing.gone.is_empty() {
        return pairing.moves;
    }
    for seen in planned {
        if told.contains_key(&seen.identity) {
            pairing.known.insert(&seen.identity, seen);
        } else {
            let free = pairing.free.entry(seen.told.pair()).or_default();
            free.push(seen);
        }
    }
    pairing.take_drafted();
    pairing.take_begun();
    let followers = pairing.followers();
    pairing.pair_in_order(&followers);
    pairing.follow(&followers);
    pairing.moves
}

impl Pairing<'_, '_> {
    /// Those that were drafted as a move to a row that nobody was told of since.
    fn take_drafted(&mut self) {
        for gone in &self.gone {
            let free = self.free.get(&gone.pair).map_or(&[][..], Vec::as_slice);
            let mut drafted = self.past.undecided_from(gone.identity);
            let to = drafted.find(|to| {
                let is_free = free.iter().any(|seen| seen.identity == **to);
                is_free && !self.is_taken_by_the_same(gone, to)
            });
            if let Some(to) = to.cloned() {
                self.moves.insert(gone.identity.to_owned(), to);
            }
        }
        for free in self.free.values_mut() {
            let is_taken = |seen: &Seen| self.moves.values().any(|to| *to == seen.identity);
            free.retain(|seen| !is_taken(seen));
        }
    }

    /// Two told meetings become one only for different people: part of them know of the first move
    /// alone.
    fn is_taken_by_the_same(&self, gone: &Gone, to: &str) -> bool {
        let taken = self.moves.iter().filter(|(_, taken)| *taken == to);
        let mut told = taken.filter_map(|(from, _)| self.told.get(from));
        told.any(|told_to| have_in_common(gone.told_to, told_to))
    }

    /// Those that were drafted as a move to a row that some were told of since.
    fn take_begun(&mut self) {
        let begun = self.gone.iter().filter_map(|gone| {
            let rows = self.led_to(gone).filter_map(|to| self.known.get(&**to));
            let mut rows = rows.filter(|seen| seen.told.pair() == gone.pair);
            Some((gone.identity.to_owned(), rows.next()?.identity.clone()))
        });
        let begun: Vec<(String, String)> = begun.collect();
        for (from, to) in begun {
            self.moves.entry(from).or_insert(to);
        }
    }

    /// The meetings that it was moved to, as far as those who were told of it know: some were told
    /// of the move, or somebody new of the row, and others still wait for the coordinator's word.
    /// Whoever was told of both knows two meetings.
    fn led_to<'p>(&'p self, gone: &'p Gone) -> impl Iterator<Item = &'p String> {
        let drafted = self.past.undecided_from(gone.identity);
        let all = drafted.chain(self.past.told_from(gone.identity));
        all.filter(|to| {
            let told = self.told.get(*to);
            !told.is_some_and(|told_to| have_in_common(gone.told_to, told_to))
        })
    }

    /// Those that were moved to a meeting whose row is gone too, each with that one: somebody still
    /// waits for word of the first move when the second comes.
    fn followers(&self) -> BTreeMap<String, String> {
        let mut followers = BTreeMap::new();
        let unsettled = self.gone.iter();
        for gone in unsettled.filter(|gone| !self.moves.contains_key(gone.identity)) {
            let is_gone = |to: &&String| {
                let mut others = self.gone.iter();
                others.any(|other| other.identity == **to && other.pair == gone.pair)
            };
            let led = self.led_to(gone).filter(is_gone);
            // Never in a circle.
            let mut led = led.filter(|to| last(&followers, to) != gone.identity);
            if let Some(to) = led.next().cloned() {
                followers.insert(gone.identity.to_owned(), to);
            }
        }
        followers
    }

    fn pair_in_order(&mut self, followers: &BTreeMap<String, String>) {
        let mut left: BTreeMap<&str, Vec<&MeetingTold>> = BTreeMap::new();
        for gone in &self.gone {
            let is_settled = self.moves.contains_key(gone.identity);
            if !is_settled && !followers.contains_key(gone.identity) {
                left.entry(&gone.pair).or_default().push(gone.told);
            }
        }
        for (pair, mut gone) in left {
            gone.sort_by_key(|told| order(told));
            let mut free = self.free.remove(pair).unwrap_or_default();
            free.sort_by_key(|seen| order(&seen.told));
            let pairs = gone.iter().zip(free);
            let moves = pairs.map(|(told, seen)| (told.identity(), seen.identity.clone()));
            self.moves.extend(moves);
        }
    }

    fn follow(&mut self, followers: &BTreeMap<String, String>) {
        for from in followers.keys() {
            if let Some(to) = self.moves.get(last(followers, from)).cloned() {
                self.moves.insert(from.clone(), to);
            }
        }
    }
}

/// Somebody was told of both.
fn have_in_common(some: &[ToldTo], others: &[ToldTo]) -> bool {
    let is_told = |one: &ToldTo| others.iter().any(|other| other.address == one.address);
    some.iter().any(is_told)
}

/// Where a chain of moves ends.
fn last<'f>(followers: &'f BTreeMap<String, String>, from: &'f str) -> &'f str {
    let mut at = from;
    while let Some(to) = followers.get(at) {
        at = to;
    }
    at
}
