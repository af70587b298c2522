//! FAMILY.

use super::Rule;

/// The rules of this family, by code.
pub const RULES: &[Rule] = &[];
