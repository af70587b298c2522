//! What the programme is made of: entities, values, places.

pub mod fold;
pub mod role;
