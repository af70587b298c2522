//! The one test binary: the program as it is used, on real workbooks.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod answers;
mod asked;
mod authority;
mod bad_input;
mod book;
mod calendar;
mod calls;
#[cfg(target_os = "linux")]
mod canaries;
mod cases;
mod clock;
mod commands;
mod contradictions;
#[cfg(target_os = "linux")]
mod crash;
#[cfg(target_os = "linux")]
mod crash_anew;
#[cfg(target_os = "linux")]
mod crash_digest;
#[cfg(target_os = "linux")]
mod crash_many;
#[cfg(target_os = "linux")]
mod crash_sending;
#[cfg(target_os = "linux")]
mod crash_sink;
mod dashboard;
mod deploy;
mod digest;
mod digest_again;
mod doctor;
mod findings_sheet;
mod folder;
mod foresight;
mod forget;
mod gap;
mod guards;
mod histories;
mod hostile;
mod image;
mod inplace;
#[cfg(target_os = "linux")]
mod io_errors;
mod json_fields;
mod keeping;
mod kept;
mod lapsed;
mod lost;
mod mail_script;
mod mail_server;
mod mails;
mod office;
mod other_formats;
mod outbox;
mod package;
mod ping;
mod ports;
mod post_office;
#[cfg(unix)]
mod postfix;
#[cfg(unix)]
mod postfix_instance;
mod preview;
mod readme;
mod real_books;
mod refusals;
mod report;
mod scene;
mod service;
mod smtp;
mod smtp_cases;
#[cfg(target_os = "linux")]
mod sweep;
mod templates;
#[cfg(target_os = "linux")]
mod together;
mod totals;
mod unchanged;
mod verify;
mod waiting;
#[cfg(target_os = "linux")]
mod whole;
mod why;
#[cfg(unix)]
mod windows;
mod workbooks;
#[cfg(unix)]
mod year;
