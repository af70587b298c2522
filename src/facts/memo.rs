//! Answers that many rows ask for, each worked out once: a hundred rows of one structure must not
//! go through its memberships a hundred times.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Answers by what was asked. Only looked up, never iterated: the order of a hash map would reach
/// the output.
#[derive(Debug)]
pub struct Memo<K, T> {
    answers: FxHashMap<K, T>,
}

impl<K, T> Default for Memo<K, T> {
    fn default() -> Self {
        Self {
            answers: FxHashMap::default(),
        }
    }
}

impl<K: Eq + Hash, T: Clone> Memo<K, T> {
    /// The answer to a question, from before or worked out now.
    pub fn get(&mut self, question: K, answer: impl FnOnce() -> T) -> T {
        self.answers.entry(question).or_insert_with(answer).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::Memo;

    #[test]
    fn an_answer_is_worked_out_once() {
        let mut memo = Memo::default();
        assert_eq!(memo.get("a", || 1), 1);
        assert_eq!(memo.get("a", || 2), 1);
        assert_eq!(memo.get("b", || 2), 2);
    }
}
