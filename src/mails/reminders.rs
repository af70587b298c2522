//! Which reminder is due: only the nearest one, late rather than never, but not too late
//! (programme.md §6).

use chrono::NaiveDate;

/// Of reminders so many days before an event, the nearest that has fallen due, as long as the event
/// is still to come. A run at night and one after lunch are on the same day: on the event's own day
/// only a reminder set for that day goes.
pub(super) fn before(event: NaiveDate, today: NaiveDate, offsets: &[u32]) -> Option<u32> {
    let left = event.signed_duration_since(today).num_days();
    let nearest = offsets
        .iter()
        .copied()
        .filter(|offset| left <= i64::from(*offset))
        .min()?;
    (left > 0 || (left == 0 && nearest == 0)).then_some(nearest)
}

/// Of reminders so many days after something happened, the latest that has fallen due, up to
/// `grace` days after the last of them.
pub(super) fn after(
    event: NaiveDate,
    today: NaiveDate,
    offsets: &[u32],
    grace: u32,
) -> Option<u32> {
    let passed = today.signed_duration_since(event).num_days();
    let last = offsets.iter().copied().max()?;
    if passed > i64::from(last) + i64::from(grace) {
        return None;
    }
    offsets
        .iter()
        .copied()
        .filter(|offset| i64::from(*offset) <= passed)
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2021, 1, day).unwrap()
    }

    #[test]
    fn the_nearest_reminder_is_due_until_the_next_one() {
        let due = |today| before(day(28), day(today), &[7, 1]);
        assert_eq!(due(20), None);
        assert_eq!(due(21), Some(7));
        assert_eq!(due(26), Some(7));
        assert_eq!(due(27), Some(1));
        assert_eq!(due(28), None, "the event's own day is too late");
        assert_eq!(due(29), None);
        assert_eq!(before(day(28), day(28), &[7, 0]), Some(0));
        assert_eq!(before(day(28), day(29), &[7, 0]), None);
        assert_eq!(before(day(28), day(27), &[]), None);
    }

    #[test]
    fn after_an_event_the_latest_is_due_for_a_while() {
        let due = |today| after(day(1), day(today), &[3, 7], 3);
        assert_eq!(due(3), None);
        assert_eq!(due(4), Some(3));
        assert_eq!(due(7), Some(3));
        assert_eq!(due(8), Some(7));
        assert_eq!(due(11), Some(7));
        assert_eq!(due(12), None);
        assert_eq!(after(day(8), day(1), &[0, 7], 3), None, "before the event");
    }
}
