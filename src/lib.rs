//! The nightly assistant of a programme's coordinator.

pub mod config;
pub mod decide;
pub mod facts;
pub mod findings;
pub mod french;
pub mod mails;
pub mod model;
pub mod outbox;
pub mod package;
pub mod rules;
pub mod sheets;
pub mod starter;
