//! Numbers and yes or no.

use std::fmt::{self, Display};
use std::ops::RangeInclusive;

use toml::de::{DeInteger, DeValue};

use super::super::reader::Kind;
use super::super::report::{Given, Report};

/// A whole number within bounds, both included.
pub(in super::super) struct Whole<T>(pub RangeInclusive<T>);

impl<T: Display> Display for Whole<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (min, max) = (self.0.start(), self.0.end());
        write!(out, "a whole number from {min} to {max}")
    }
}

impl<T: TryFrom<i64> + PartialOrd + Display> Kind for Whole<T> {
    type Value = T;

    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<T> {
        let whole = given.value.get_ref().as_integer().and_then(integer);
        let number = whole.and_then(|whole| T::try_from(whole).ok());
        report.accept(given, self, number.filter(|number| self.0.contains(number)))
    }
}

/// A number within bounds, written with or without decimals.
pub(in super::super) struct Number {
    min: f64,
    min_included: bool,
    max: f64,
}

impl Number {
    /// From `min` to `max`, both included.
    pub(in super::super) const fn between(min: f64, max: f64) -> Self {
        Self {
            min,
            min_included: true,
            max,
        }
    }

    /// Above 0, up to `max` included.
    pub(in super::super) const fn positive(max: f64) -> Self {
        Self {
            min: 0.0,
            min_included: false,
            max,
        }
    }

    /// Neither infinities nor "not a number" are within any bounds.
    fn holds(&self, number: f64) -> bool {
        let above = number > self.min || (self.min_included && number >= self.min);
        above && number <= self.max
    }
}

impl Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (min, max) = (self.min, self.max);
        if self.min_included {
            write!(out, "a number from {min} to {max}")
        } else {
            write!(out, "a number above {min}, up to {max}")
        }
    }
}

impl Kind for Number {
    type Value = f64;

    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<f64> {
        let number = match given.value.get_ref() {
            // Every bound fits in 32 bits, so what doesn't is out of range.
            DeValue::Integer(whole) => integer(whole)
                .and_then(|whole| i32::try_from(whole).ok())
                .map(f64::from),
            DeValue::Float(float) => float.as_str().parse().ok(),
            _ => None,
        };
        report.accept(given, self, number.filter(|number| self.holds(*number)))
    }
}

fn integer(text: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(text.as_str(), text.radix()).ok()
}

/// `true` or `false`.
pub(in super::super) struct Flag;

impl Kind for Flag {
    type Value = bool;

    fn read(&self, given: &Given<'_>, report: &mut Report<'_>) -> Option<bool> {
        let flag = given.value.get_ref().as_bool();
        report.accept(given, &"true or false (without quotes)", flag)
    }
}
