//! Whole workbooks through the patcher.

mod books;
mod by_hand;
mod by_tools;
mod entries;
mod met;
mod property;
mod refusals;
pub(super) mod scene;
mod stale;
