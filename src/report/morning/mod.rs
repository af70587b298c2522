//! What the coordinator should know in the morning: one value that the dashboard and the digest
//! both show.

pub mod mails;

pub use mails::{ClockQuestion, MailDesk};
