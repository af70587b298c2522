//! The e-mails: when each kind is due, its key, its context; rendering.

pub mod draft;
pub mod history;
pub mod kind;

pub use draft::{Draft, Due, Recipient, SettledKey};
pub use history::{Entry, History, State};
pub use kind::Kind;
