//! The nightly assistant of a programme's coordinator: the map of the house.
//!
//! ```text
//!  config ─┐
//!  clock ──┤          pure: no file, no network, no database, no clock
//!          ▼    ┌──────────────────────────────────────────────────────────────┐
//!  sheets::read → Season → rules → Findings → decide → Decisions → mails → Plan
//!               │                                        ▲                │    │
//!               │                    outbox: History ────┘                │    │
//!               └─────────────────────────────────────────────────────────┼────┘
//!                                                                         ▼
//!                        apply:  outbox.enqueue → deliver → writeback
//! ```
//!
//! Each arrow is one type. [`model::Season`] is everything that was read, with the place of every
//! cell; [`findings::Findings`] what is wrong, in order; [`decide::Decisions`] seats, ranks and
//! suggestions with their reasons; [`mails::Due`] the e-mails of the night; [`plan::Plan`] all of it
//! together with the cells that would be written. `check`, `plan` and `run` build the same values;
//! only [`apply`] changes anything outside.
//!
//! | room | what is done there |
//! |---|---|
//! | [`cli`] | the commands, one a file, thin |
//! | [`config`] | `programme.toml` to validated settings: every number of the programme |
//! | [`clock`] | the only reading of the clock |
//! | [`programme`] | a folder: its settings and its season |
//! | [`model`] | entities, values, places; the glossary |
//! | [`sheets`] | reading: files to rows, headers to fields, rows to entities; `sheets::cells` is the only tolerance for odd input |
//! | [`french`] | the typography and the small words of messages |
//! | [`facts`] | what several rules and decisions need to know |
//! | [`rules`] | the checks, one a file |
//! | [`decide`] | seats, fees, ranking, suggestions |
//! | [`mails`] | when each kind of e-mail is due, its key, its words |
//! | [`plan`] | what a night comes to |
//! | [`outbox`] | the ledger (the only SQL), the lock, delivery |
//! | [`package`] | a workbook as a zip of XML parts: patching cells and leaving every other byte; knows nothing of programmes |
//! | [`writeback`] | from planned cells to a workbook's bytes |
//! | [`apply`] | the only module that changes anything outside |
//! | [`report`] | what a run shows: tables, JSON; what the programme comes to at its end |
//! | [`person`] | who is meant by an address, a name or a structure |
//! | [`why`] | all that is known of one person, and the nights to come played on paper |
//! | [`starter`] | the workbooks of a new programme, and the sample |
//! | [`night`], [`schedule`] | one night in one folder; when the next falls due |
//! | [`cancel`] | asking work to stop between two messages |
//! | [`doctor`] | all that a night needs, looked at one by one |
//! | [`ping`], [`logging`] | telling whoever watches over the nights; the log |
//! | [`progress`] | what is being done, for who watches |
//! | [`files`], [`platform`] | replacing files whole; what differs between Linux and Windows |
//!
//! # A registration, from cell to e-mail
//!
//! The coordinator types a row in Inscriptions. `sheets::source` streams its cells,
//! `sheets::reading` recognises the sheet and its header, `sheets::registration` makes a
//! [`model::registration::Registration`] of it; a cell that can't be read becomes a
//! [`model::fault::Fault`] with its place. The rules of `rules::data` make findings of the faults.
//! `decide::seats` gives the registration a seat or a place in the waiting list, with its reason and its fee,
//! keeping what people were told before. `rules::registrations` says what she should look at.
//! `mails` finds that a confirmation is due, under a key made of the workshop and the address, which
//! the ledger does not know yet. `plan::cells` fills « Contrôle (auto) », « Place (auto) » and the
//! others. Then `apply` puts the e-mail into words, freezes it in the ledger, hands it over, and writes her
//! workbook or its copy, patched by `package`.

use mimalloc::MiMalloc;

pub mod apply;
pub mod cancel;
pub mod cli;
pub mod clock;
pub mod config;
pub mod decide;
pub mod doctor;
pub mod facts;
pub mod files;
pub mod findings;
pub mod french;
pub mod logging;
pub mod mails;
pub mod model;
pub mod night;
pub mod outbox;
pub mod package;
pub mod person;
pub mod ping;
pub mod plan;
pub mod platform;
pub mod programme;
pub mod progress;
pub mod report;
pub mod rules;
pub mod schedule;
pub mod sheets;
pub mod starter;
pub mod why;
pub mod writeback;

/// A night's words are many small texts: from template to ledger they take a tenth less time than
/// with glibc's allocator (`benches/mail.rs`).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;
