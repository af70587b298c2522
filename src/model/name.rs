//! Names as typed, with a small number that stands for their folded form.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::fold::fold_name;

/// The folded form of a name, a reference or an e-mail address: equal keys, equal names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(u32);

/// A name as it was typed, and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The cleaned text, for messages.
    pub text: Arc<str>,
    /// What it is compared by.
    pub key: Key,
}

/// Gives equal texts the same key.
#[derive(Debug, Default)]
pub struct Interner {
    keys: FxHashMap<Box<str>, Key>,
    /// The names as they were typed before: most stand in many rows.
    typed: FxHashMap<Arc<str>, Key>,
}

impl Interner {
    /// A name as it was typed, and its key.
    pub fn name(&mut self, typed: &str) -> Name {
        if let Some((text, key)) = self.typed.get_key_value(typed) {
            return Name {
                text: Arc::clone(text),
                key: *key,
            };
        }
        let key = self.intern(&fold_name(typed));
        let text: Arc<str> = typed.into();
        self.typed.insert(Arc::clone(&text), key);
        Name { text, key }
    }

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

    #[test]
    fn a_name_keeps_its_text_and_shares_its_key() {
        let mut interner = Interner::default();
        let typed = interner.name("Dubois, Zoé");
        let again = interner.name("Dubois, Zoé");
        let other = interner.name("DUBOIS Zoe");
        assert_eq!((&*typed.text, &*other.text), ("Dubois, Zoé", "DUBOIS Zoe"));
        assert_eq!(typed, again);
        assert_eq!(typed.key, other.key);
    }
}
