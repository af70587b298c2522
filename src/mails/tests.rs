//! Nights: what is due, what is not, and what the next night makes of it.

mod admission;
mod doubts;
mod hostile;
mod leaders;
mod letters;
mod meetings;
mod random;
mod registrations;
mod standing;
mod threads;
mod waiting;
