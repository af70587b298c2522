//! The known name that a mistyped one is nearest to.

/// The candidate nearest to `word`, case aside, when it is near enough to be what was meant.
///
/// Near enough: a third of the letters may differ, and one or two in short words. The first of
/// several equally near candidates is taken, so that the proposal never varies.
pub(super) fn nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let tolerated = (length / 3).max(if length > 4 { 2 } else { 1 });
    candidates
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&word, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= tolerated)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_hand_are_near() {
        let keys = ["min_hours", "max_hours", "half_day_hours"];
        assert_eq!(nearest("max_hour", keys), Some("max_hours"));
        assert_eq!(nearest("MAX_HOURS", keys), Some("max_hours"));
        assert_eq!(nearest("mxa_hours", keys), Some("max_hours"));
    }

    #[test]
    fn other_words_are_not() {
        assert_eq!(nearest("colour", ["min_hours", "max_hours"]), None);
        assert_eq!(nearest("port", ["host", "user"]), None);
    }

    #[test]
    fn the_first_of_equals_is_proposed() {
        assert_eq!(nearest("RDV99", ["RDV09", "RDV19"]), Some("RDV09"));
    }
}
