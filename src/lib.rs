//! The nightly assistant of a programme's coordinator.

pub mod apply;
pub mod cli;
pub mod clock;
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
pub mod plan;
pub mod platform;
pub mod programme;
pub mod report;
pub mod rules;
pub mod sheets;
pub mod starter;
pub mod writeback;
