//! The e-mails: when each kind is due, its key, its context; rendering; the message as it leaves.
//!
//! Pure: no clock, no file but a programme's own templates, no database. [`due`] says what a night
//! sends from what was read, what was decided and what was sent before; [`Templates`] makes it
//! words; [`message()`] makes it the bytes that are frozen in the ledger.
//!
//! A new kind is a file in `kinds/`, a template in `templates/fr/`, and a line in
//! `kinds::in_order`.

mod anew;
mod belief;
pub mod calendar;
mod desk;
pub mod digest;
mod doubts;
pub mod draft;
mod due;
mod guard;
pub mod history;
pub mod kind;
mod kinds;
mod lapse;
mod meetings;
pub mod message;
mod moves;
mod past;
mod registrations;
mod reminders;
pub mod render;
mod standing;
mod thread;
mod told;
mod untold;
mod vague;
mod wording;
mod words;

#[cfg(test)]
mod scenario;
#[cfg(test)]
mod tests;

pub use anew::Anew;
pub use digest::{ComingWords, DigestWords, LineWords, digest};
pub use draft::{Detail, Draft, Due, Recipient, SettledKey};
pub use due::due;
pub use guard::{Hold, hold_everything};
pub use history::{Entry, FORGOTTEN, History, State, forgotten_key};
pub use kind::Kind;
pub use message::{Attachment, MessageError, message, message_id};
pub use render::{Overrides, RenderProblem, Rendered, TemplateProblem, Templates};
pub use standing::{Fate, Standing};
pub use untold::{Untold, untold};
