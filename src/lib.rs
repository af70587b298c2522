//! The nightly assistant of a programme's coordinator.

pub mod config;
pub mod model;
pub mod package;
pub mod sheets;
