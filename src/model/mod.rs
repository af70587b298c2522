//! What the programme is made of: entities, values, places.

pub mod email;
pub mod fold;
pub mod registration_number;
pub mod time;
