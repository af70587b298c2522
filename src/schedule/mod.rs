//! The nights of a service: when a folder's next run falls due, and the loop that waits for it.
//!
//! A run belongs to a local date of the programme's time zone: one a date, whatever the clock does,
//! and caught up when it was missed (hazards.md: the `cron` crate alone skips `30 2 * * *` on the
//! spring night and fires it twice on the autumn one). [`Timetable`] is pure; [`watch`] waits in
//! short pieces and compares the wall clock each time, so that a machine that slept or a clock that
//! was set is noticed within half a minute.

mod timetable;
mod watch;

pub use timetable::{LineError, Timetable};
pub use watch::{Attempt, Nights, World, watch};
