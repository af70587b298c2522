//! What a run shows: findings as a table, plans in words, JSON for other programs.

mod decisions;
pub mod json;
pub mod night;
pub mod table;
