//! Reading the coordinator's sheets: headers to fields, rows to entities.

pub mod cells;
