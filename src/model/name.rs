//! Names as typed, with a small number that stands for their folded form.

use rustc_hash::FxHashMap;

/// The folded form of a name, a reference or an e-mail address: equal keys, equal names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(u32);

/// A name as it was typed, and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The cleaned text, for messages.
    pub text: Box<str>,
    /// What it is compared by.
    pub key: Key,
}

/// Gives equal texts the same key.
#[derive(Debug, Default)]
pub struct Interner {
    keys: FxHashMap<Box<str>, Key>,
}

impl Interner {
    /// The key of a text that is already folded.
    pub fn intern(&mut self, folded: &str) -> Key {
        if let Some(key) = self.keys.get(folded) {
            return *key;
        }
        // A season has far fewer than 2^32 names: a sheet has 2^20 rows.
        let key = Key(u32::try_from(self.keys.len()).unwrap_or(u32::MAX));
        self.keys.insert(folded.into(), key);
        key
    }

    /// The key of a folded text that was seen before.
    pub fn get(&self, folded: &str) -> Option<Key> {
        self.keys.get(folded).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_key() {
        let mut interner = Interner::default();
        let dubois = interner.intern("dubois");
        assert_eq!(interner.intern("dubois"), dubois);
        assert_ne!(interner.intern("duboi"), dubois);
        assert_eq!(interner.get("dubois"), Some(dubois));
        assert_eq!(interner.get("durand"), None);
    }
}
