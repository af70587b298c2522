//! What the program says of itself while it works, on standard error: for people, for programs, or
//! in journald's taste (a level in front, which the journal keeps, and no time, which it adds).
//!
//! References only: folders, workbooks, numbers of rows, counts. No name, no address, no body (hazards.md,
//! Files). Libraries have no voice here: their events may hold what the server or a cell said.
//! Texts from outside are logged with `?`, which escapes line breaks.

use std::fmt;
use std::io;
use std::str::FromStr;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::{LookupSpan, Scope};
use tracing_subscriber::util::SubscriberInitExt;

use crate::platform;

/// The environment variable that stands in for `--log-level`.
pub const LEVEL_VARIABLE: &str = "PEER_CULTURE_LOG";

/// The forms of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// A line for people, with its time; in journald's taste where the journal reads it.
    Human,
    /// A JSON object a line.
    Json,
}

/// How much is said: `off`, `error`, `warn`, `info`, `debug` or `trace`, from the option, else from
/// the environment, else as the command has it.
#[must_use]
pub fn level(option: Option<LevelFilter>, usual: LevelFilter) -> LevelFilter {
    let from_environment = || {
        let text = std::env::var(LEVEL_VARIABLE).ok()?;
        LevelFilter::from_str(text.trim()).ok()
    };
    option.or_else(from_environment).unwrap_or(usual)
}

/// Begins the log of this process. A second call does nothing.
pub fn begin(format: LogFormat, level: LevelFilter) {
    let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    let log = tracing_subscriber::registry().with(ours);
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    // It fails only where a log has begun already, as it has in tests.
    let _ = match format {
        LogFormat::Json => log
            .with(lines.json().flatten_event(true).with_target(false))
            .try_init(),
        LogFormat::Human if platform::stderr_is_the_journal() => {
            log.with(lines.event_format(Journal)).try_init()
        }
        LogFormat::Human => log
            .with(lines.with_target(false).with_ansi(false))
            .try_init(),
    };
}

/// `<4>night{folder="/srv/a"}: message field=value`: sd-daemon(3) reads the number, which is that
/// of syslog.
struct Journal;

impl<S, N> FormatEvent<S, N> for Journal
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut out: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        write!(out, "<{}>", priority(*event.metadata().level()))?;
        for span in context.event_scope().into_iter().flat_map(Scope::from_root) {
            write!(out, "{}", span.name())?;
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>() {
                write!(out, "{{{fields}}}")?;
            }
            write!(out, ": ")?;
        }
        context.format_fields(out.by_ref(), event)?;
        writeln!(out)
    }
}

/// The level as syslog counts it.
fn priority(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        Level::DEBUG | Level::TRACE => 7,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::MakeWriter;
    use tracing_subscriber::layer::SubscriberExt;

    use super::{Journal, LevelFilter, level};

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("a page").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Page {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn the_journal_gets_a_level_and_one_line_whatever_a_name_holds() {
        let page = Page::default();
        let lines = tracing_subscriber::fmt::layer()
            .with_writer(page.clone())
            .event_format(Journal);
        let log = tracing_subscriber::registry().with(lines);
        tracing::subscriber::with_default(log, || {
            let _night = tracing::info_span!("night", folder = ?"a\n<0>b").entered();
            tracing::warn!(problems = 2, "done in part");
        });
        let written = String::from_utf8(page.0.lock().expect("a page").clone()).expect("a text");
        assert_eq!(
            written,
            "<4>night{folder=\"a\\n<0>b\"}: done in part problems=2\n"
        );
    }

    #[test]
    fn an_option_comes_before_what_is_usual() {
        let usual = LevelFilter::WARN;
        assert_eq!(level(Some(LevelFilter::DEBUG), usual), LevelFilter::DEBUG);
    }
}
