//! How the workbooks look that are made anew for the coordinator, the dashboard and the report: pages,
//! tables, charts, figures.

pub mod chart;
pub mod look;
pub mod table;
pub mod tiles;

pub use table::Table;
