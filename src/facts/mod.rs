//! What several rules and decisions need to know, worked out in one place: memberships valid on a
//! day, hours of a support, conflicts of interest.

pub mod applications;
pub mod conflict;
pub mod diary;
pub mod eligibility;
pub mod hours;
pub mod membership;
pub mod memo;
pub mod night;
pub mod persons;
pub mod references;
pub mod told;

pub use night::Night;
pub use told::{SeatTold, Told};
