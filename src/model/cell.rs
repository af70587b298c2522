//! What a rule may know of one cell.

/// One cell as the rules see it.
///
/// A required cell that is empty is `Bad` like one that cannot be read: both already have a finding
/// of the DON family, and a check that would need the value is not made (programme.md §4, "One
/// fault, one finding").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cell<T> {
    /// Nothing was typed, and nothing had to be.
    #[default]
    Empty,
    /// A finding already says what is wrong with this cell.
    Bad,
    /// The value.
    Is(T),
}

impl<T> Cell<T> {
    /// The value, when there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Empty | Self::Bad => None,
        }
    }

    /// Nothing was typed.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// A finding of the DON family stands on this cell.
    pub fn is_bad(&self) -> bool {
        matches!(self, Self::Bad)
    }

    /// The value made from this one, empty and bad cells staying what they are.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Cell<U> {
        match self {
            Self::Is(value) => Cell::Is(make(value)),
            Self::Empty => Cell::Empty,
            Self::Bad => Cell::Bad,
        }
    }
}

impl<T: Copy> Cell<T> {
    /// The value, or `default` where nothing was typed; nothing for a cell that can't be read.
    pub fn or_default(&self, default: T) -> Option<T> {
        match self {
            Self::Is(value) => Some(*value),
            Self::Empty => Some(default),
            Self::Bad => None,
        }
    }

    /// The value by copy, when there is one.
    pub fn get(&self) -> Option<T> {
        self.value().copied()
    }
}

/// A cell that lists several things.
///
/// A good element counts even beside a bad one; a check that says "none of" is not made on a list
/// with a bad element (programme.md §4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T> {
    /// The elements that could be read, as typed and in their order.
    pub items: Vec<T>,
    /// At least one element could not be read, or the cell as a whole.
    pub bad: bool,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            bad: false,
        }
    }
}
