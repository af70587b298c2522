//! The programme's axes.

/// One of the axes of the settings: its position in `axes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Axis(pub u8);
