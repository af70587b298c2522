//! `[supports]`, `[workshops]` and `[resource_persons]`: how much of what the programme gives.

use chrono::NaiveTime;

use super::FEE;
use super::kinds::{Flag, Number, TimeSpan, Whole};
use super::reader::{Reader, Section};

/// `[supports]`: individual supports, by half-days (`programme.md` §1, "support length",
/// "meetings", "spacing").
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Supports {
    /// Least length in hours, 0 to 1000 and not above `max_hours`. Default: 14.
    pub min_hours: f64,
    /// Greatest length in hours, extension included, 0 to 1000. Default: 28.
    pub max_hours: f64,
    /// Hours of a half-day where a meeting says none, above 0 and up to 24. Default: 3.5 (4 half-days make 14 h, 8 make 28 h).
    pub half_day_hours: f64,
    /// Most hours of one meeting, above 0 and up to 24 (RDV07). Default: 4.
    pub max_half_day_hours: f64,
    /// Recommended greatest number of days from one meeting to the next, 1 to 366 (RDV01, RDV02).
    /// Default: 14.
    pub max_gap_days: u32,
}

impl Default for Supports {
    fn default() -> Self {
        Self {
            min_hours: 14.0,
            max_hours: 28.0,
            half_day_hours: 3.5,
            max_half_day_hours: 4.0,
            max_gap_days: 14,
        }
    }
}

impl Section for Supports {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        const HOURS: Number = Number::between(0.0, 1000.0);
        const HOURS_OF_A_DAY: Number = Number::positive(24.0);
        table.read("min_hours", &HOURS, &mut self.min_hours);
        table.read("max_hours", &HOURS, &mut self.max_hours);
        table.read("half_day_hours", &HOURS_OF_A_DAY, &mut self.half_day_hours);
        table.read(
            "max_half_day_hours",
            &HOURS_OF_A_DAY,
            &mut self.max_half_day_hours,
        );
        table.read("max_gap_days", &Whole(1..=366), &mut self.max_gap_days);
        table.at_most(("min_hours", self.min_hours), ("max_hours", self.max_hours));
    }
}

/// `[workshops]`: collective workshops (`programme.md` §1, "workshops").
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Workshops {
    /// How many the programme announces, 0 to 1000 (ATE02). Default: 8.
    pub expected: u32,
    /// Most people in one, 1 to 10,000 (ATE01). Default: 12.
    pub capacity: u32,
    /// What a non-member pays, in € a half-day, 0 to 1,000,000 (§4, Fee). Default: 18.
    pub non_member_fee: f64,
    /// Whether who owes no fee is seated before who does, then by time. Default: false.
    pub members_first: bool,
    /// When a morning is, where a workshop or meeting gives no time. Default: 09:30 to 13:00.
    pub morning: TimeRange,
    /// When an afternoon is, likewise. Default: 14:00 to 17:30.
    pub afternoon: TimeRange,
}

/// From one time of day to a later one of the same day, in the programme's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    /// When it begins.
    pub start: NaiveTime,
    /// When it ends, after `start`.
    pub end: NaiveTime,
}

impl Default for Workshops {
    fn default() -> Self {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        let range = |start, end| TimeRange { start, end };
        Self {
            expected: 8,
            capacity: 12,
            non_member_fee: 18.0,
            members_first: false,
            morning: range(at(9, 30), at(13, 0)),
            afternoon: range(at(14, 0), at(17, 30)),
        }
    }
}

impl Section for Workshops {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        table.read("expected", &Whole(0..=1000), &mut self.expected);
        table.read("capacity", &Whole(1..=10_000), &mut self.capacity);
        table.read("non_member_fee", &FEE, &mut self.non_member_fee);
        table.read("members_first", &Flag, &mut self.members_first);
        table.read("morning", &TimeSpan, &mut self.morning);
        table.read("afternoon", &TimeSpan, &mut self.afternoon);
    }
}

/// `[resource_persons]` (`programme.md` §1, "resource persons").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourcePersons {
    /// How many the programme announces, 0 to 10,000 (PER01). Default: 10.
    pub expected: u32,
}

impl Default for ResourcePersons {
    fn default() -> Self {
        Self { expected: 10 }
    }
}

impl Section for ResourcePersons {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        table.read("expected", &Whole(0..=10_000), &mut self.expected);
    }
}
