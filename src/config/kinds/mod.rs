//! The kinds of value that a setting can hold, each with its range and how it is asked for.

mod collections;
mod numbers;
mod texts;
mod times;

pub(super) use collections::{Keys, List, MapOf};
pub(super) use numbers::{Flag, Number, Whole};
pub(super) use texts::{
    Choice, EMAIL, HOST, LINE, MailboxText, NAME, PARAGRAPH, POSTCODE, WEB_ADDRESS, is_loopback,
};
pub(super) use times::{CronLine, Day, TimeSpan, Zone};
