//! Nights: what is due, what is not, and what the next night makes of it.

mod admission;
mod doubts;
mod hostile;
mod leaders;
mod letters;
mod meetings;
mod moves;
mod persons;
mod random;
mod random_meetings;
mod registrations;
mod reminders;
mod seats;
mod standing;
mod threads;
mod untold;
mod waiting;
mod wording;
mod workshops;
