//! What a run shows: findings as a table, plans in words, what is known of
//! a person, the preview of a night, JSON for other programs.

pub mod closing;
pub mod dashboard;
mod decisions;
pub mod digest;
pub mod forget;
mod form;
pub mod json;
pub mod morning;
pub mod night;
pub mod outbox;
pub mod preview;
mod sheet;
pub mod table;
pub mod why;

pub use form::Form;
