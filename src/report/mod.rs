//! What a run shows: findings as a table, plans in words, JSON for other programs.

pub mod json;
pub mod night;
pub mod table;
