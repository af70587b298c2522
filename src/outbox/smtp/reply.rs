//! What a server answers (RFC 5321 §4.2), read within bounds: a hostile one can neither fill the
//! memory nor speak without an end.

use std::io::{self, ErrorKind};

/// RFC 5321 §4.5.3.1.5 says 512 octets a line; some say more.
const LINE_MAX: usize = 2048;
/// An EHLO reply has about twenty.
const LINES_MAX: usize = 100;

/// A whole reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    /// 200 to 599.
    pub code: u16,
    /// The text of each line, without code, control characters and line end.
    pub lines: Vec<String>,
}

/// Why there is no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silence {
    /// The server closed the connection.
    Closed,
    /// It said nothing, or not all, in time.
    TimedOut,
    /// The connection broke.
    Broken(ErrorKind),
    /// What it said is no SMTP.
    Garbage,
}

impl Silence {
    /// What an error of the connection means.
    pub fn of(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Self::TimedOut,
            // TLS ended without its goodbye is a connection that closed.
            ErrorKind::UnexpectedEof => Self::Closed,
            kind => Self::Broken(kind),
        }
    }
}

/// Bytes that arrived and were not read yet.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    bytes: Vec<u8>,
}

impl Inbox {
    /// Nothing arrived that was not asked for.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Reads one reply, asking for bytes as long as it isn't whole.
    pub fn reply(
        &mut self,
        mut read: impl FnMut(&mut [u8]) -> io::Result<usize>,
    ) -> Result<Reply, Silence> {
        let mut reply: Option<Reply> = None;
        for _ in 0..LINES_MAX {
            let line = self.line(&mut read)?;
            let (code, is_last, text) = parse(&line).ok_or(Silence::Garbage)?;
            let whole = reply.get_or_insert_with(|| Reply {
                code,
                lines: Vec::new(),
            });
            if whole.code != code {
                return Err(Silence::Garbage);
            }
            whole.lines.push(text);
            if is_last {
                return reply.ok_or(Silence::Garbage);
            }
        }
        Err(Silence::Garbage)
    }

    fn line(
        &mut self,
        read: &mut impl FnMut(&mut [u8]) -> io::Result<usize>,
    ) -> Result<Vec<u8>, Silence> {
        let mut looked_at = 0;
        loop {
            let new = self.bytes.get(looked_at..).unwrap_or_default();
            if let Some(end) = new.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.bytes.drain(..=looked_at + end).collect();
                line.pop();
                return Ok(line);
            }
            looked_at = self.bytes.len();
            if looked_at > LINE_MAX {
                return Err(Silence::Garbage);
            }
            let mut some = [0; 2048];
            match read(&mut some) {
                Ok(0) => return Err(Silence::Closed),
                Ok(count) => self
                    .bytes
                    .extend_from_slice(some.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Silence::of(&error)),
            }
        }
    }
}

/// Code, whether it is the last line, text.
fn parse(line: &[u8]) -> Option<(u16, bool, String)> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.len() > LINE_MAX {
        return None;
    }
    let (code, rest) = line.split_at_checked(3)?;
    let is_code = matches!(code.first(), Some(b'2'..=b'5')) && code.iter().all(u8::is_ascii_digit);
    let code = std::str::from_utf8(code).ok()?.parse().ok()?;
    // A code alone is tolerated (RFC 5321 §4.2.1).
    let (is_last, text) = match rest.split_first() {
        None => (true, rest),
        Some((b' ', text)) => (true, text),
        Some((b'-', text)) => (false, text),
        Some(_) => return None,
    };
    let text = String::from_utf8_lossy(text);
    let text = text.chars().filter(|c| !c.is_control()).collect();
    is_code.then_some((code, is_last, text))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use proptest::prelude::*;

    use super::{Inbox, Reply, Silence};

    fn read(text: &[u8]) -> (Result<Reply, Silence>, Inbox) {
        let mut inbox = Inbox::default();
        let mut bytes = Cursor::new(text);
        let reply = inbox.reply(|some| bytes.read(some));
        (reply, inbox)
    }

    fn reply(code: u16, lines: &[&str]) -> Reply {
        Reply {
            code,
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        }
    }

    #[test]
    fn replies_have_one_line_or_several() {
        for (text, expected) in [
            ("250 2.0.0 Ok\r\n", reply(250, &["2.0.0 Ok"])),
            ("250\r\n", reply(250, &[""])),
            ("354 go\n", reply(354, &["go"])),
            ("250-a\r\n250-b\r\n250 c\r\n", reply(250, &["a", "b", "c"])),
            ("550 \u{1b}[31mno\u{7}\r\n", reply(550, &["[31mno"])),
        ] {
            assert_eq!(read(text.as_bytes()).0, Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn what_comes_after_a_reply_is_kept_and_seen() {
        let (first, inbox) = read(b"220 go\r\n250 injected\r\n");
        assert_eq!(first, Ok(reply(220, &["go"])));
        assert!(!inbox.is_empty());
    }

    #[test]
    fn what_is_no_reply_is_told() {
        for text in [
            "hello\r\n",
            "25 a\r\n",
            "2500 a\r\n",
            "150 a\r\n",
            "650 a\r\n",
            "250_a\r\n",
            "250-a\r\n550 b\r\n",
            "\r\n",
            "\u{e9}50 a\r\n",
            "HTTP/1.1 400 Bad Request\r\n",
        ] {
            assert_eq!(read(text.as_bytes()).0, Err(Silence::Garbage), "{text:?}");
        }
        for text in ["", "250 a", "250-a\r\n", "2"] {
            assert_eq!(read(text.as_bytes()).0, Err(Silence::Closed), "{text:?}");
        }
    }

    #[test]
    fn neither_a_line_nor_a_reply_goes_on_without_an_end() {
        let mut asked = 0;
        let endless_line = Inbox::default().reply(|some| {
            asked += some.len();
            some.fill(b'2');
            Ok(some.len())
        });
        assert_eq!(endless_line, Err(Silence::Garbage));
        assert!(asked <= 8192, "{asked}");
        let long_line = [b"250 ".as_slice(), &[b'a'; 2100], b"\r\n"].concat();
        assert_eq!(read(&long_line).0, Err(Silence::Garbage));
        let endless_lines = b"250-a\r\n".repeat(10_000);
        assert_eq!(read(&endless_lines).0, Err(Silence::Garbage));
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..300), step in 1_usize..9) {
            let mut rest = bytes.as_slice();
            let _ = Inbox::default().reply(|some| {
                let count = step.min(rest.len()).min(some.len());
                let (now, later) = rest.split_at(count);
                some[..count].copy_from_slice(now);
                rest = later;
                Ok(count)
            });
        }
    }
}
