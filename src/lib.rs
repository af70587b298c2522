//! The nightly assistant of a programme's coordinator.

pub mod config;
pub mod decide;
pub mod facts;
pub mod files;
pub mod findings;
pub mod french;
pub mod mails;
pub mod model;
pub mod outbox;
pub mod package;
pub mod platform;
pub mod rules;
pub mod sheets;
