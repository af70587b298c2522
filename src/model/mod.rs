//! What the programme is made of: entities, values, and where they stand.
//!
//! | French | here |
//! |---|---|
//! | adhérent | member |
//! | candidature | application |
//! | note du comité | committee mark |
//! | personne ressource | resource person |
//! | proximité | proximity |
//! | accompagnement, bénéficiaire | support, beneficiary |
//! | rendez-vous | meeting |
//! | atelier, animateur·rice | workshop, leader |
//! | inscription, liste d'attente | registration, waiting list |
//! | évaluation | evaluation |
//! | demi-journée | half-day |
//! | constat | finding |
//! | courriel | e-mail |

pub mod application;
pub mod axis;
pub mod cell;
pub mod column;
pub mod committee_mark;
pub mod email;
pub mod evaluation;
pub mod event_state;
pub mod fault;
pub mod fold;
pub mod index;
pub mod meeting;
pub mod member;
pub mod name;
pub mod owned;
pub mod place;
pub mod proximity;
pub mod registration;
pub mod registration_number;
pub mod resource_person;
pub mod role;
pub mod season;
pub mod support;
pub mod table;
pub mod time;
pub mod workshop;

pub use cell::{Cell, List};
pub use name::{Key, Name};
pub use place::{Place, RowRef, SheetId};
pub use role::Role;
pub use season::Season;
pub use table::{Row, Table};
