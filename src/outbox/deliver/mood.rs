//! What the fate of some messages tells of those that follow: whether the server is to be left alone.

use std::collections::BTreeSet;

use super::Stop;
use super::verdict::Onward;
use crate::outbox::Pending;

/// So many connections lost without a message taken: the server is left alone for a while.
const SHAKEN_MAX: u32 = 3;

/// So many messages refused without one taken in between, of which nobody knows whether it was for
/// their own sake: the server is left alone for the night. Not fewer, where all of them go to one
/// or two places: those may have something against us that the others have not.
const UNWELCOME_MAX: usize = 10;

/// Where they go to as many places, the reason is none of those.
const UNWELCOME_PLACES: usize = 3;

/// How the server has treated us since it last took a message.
#[derive(Debug, Default)]
pub(super) struct Mood {
    shaken: u32,
    /// Where the messages went that it refused.
    unwelcome: Vec<String>,
}

impl Mood {
    /// What came of that message; whether the sending ends with it.
    pub fn heed(&mut self, onward: Onward, message: &Pending) -> Option<Stop> {
        match onward {
            Onward::Go => {
                *self = Self::default();
                None
            }
            Onward::Same => None,
            Onward::Shaken(error) => {
                self.shaken += 1;
                (self.shaken >= SHAKEN_MAX).then_some(Stop::Rest(error))
            }
            Onward::Unwelcome(error) => {
                let place = message.to.address.rsplit('@').next();
                self.unwelcome.push(place.unwrap_or_default().to_owned());
                self.is_unwelcome().then_some(Stop::Unwelcome(error))
            }
            Onward::Rest(error) => Some(Stop::Rest(error)),
            Onward::Stop(error) => Some(Stop::Transport(error)),
        }
    }

    fn is_unwelcome(&self) -> bool {
        let places: BTreeSet<&String> = self.unwelcome.iter().collect();
        places.len() >= UNWELCOME_PLACES || self.unwelcome.len() >= UNWELCOME_MAX
    }
}
