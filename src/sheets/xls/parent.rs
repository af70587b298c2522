//! Starting the reading process, and taking what it gives; it may end in any way and at any time.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::{CLOCK_SECONDS, MEMORY, SERVE, XlsBook, wire};
use crate::sheets::unreadable::Unreadable;

const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Reads a workbook with the help of a program.
pub(super) fn read(program: &Path, bytes: &[u8]) -> Result<XlsBook, Unreadable> {
    let mut child = Command::new(program)
        .arg(SERVE)
        // Nothing of ours is its business, the password least of all. Windows needs its own folder.
        .env_clear()
        .envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| Unreadable::File(format!("its reader can't be started: {error}")))?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let (answer, status) = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A process that ended before it read all says why in its answer.
            let _ = input.map(|mut input| input.write_all(bytes));
        });
        let ended = scope.spawn(move || wait(child));
        let mut answer = Vec::new();
        // A little more than what it may hold: it can't send more than it has.
        let taken = output.map(|output| output.take(MEMORY).read_to_end(&mut answer));
        let status = ended.join().ok().flatten();
        (taken.and_then(Result::ok).map(|_| answer), status)
    });
    if !status.is_some_and(|status| status.success()) {
        return Err(Unreadable::Stopped);
    }
    let read = answer.as_deref().and_then(wire::read);
    read.ok_or(Unreadable::Stopped)?.map_err(super::in_words)
}

/// Waits for the process to end, and ends it when its time is up.
fn wait(mut child: Child) -> Option<ExitStatus> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(CLOCK_SECONDS) {
        match child.try_wait() {
            Ok(None) => std::thread::sleep(LOOK_EVERY),
            Ok(status) => return status,
            Err(_) => break,
        }
    }
    // It may have ended just now; then there is nothing to end.
    let _ = child.kill();
    let _ = child.wait();
    None
}
