//! A message as it goes through DATA (RFC 5321 §4.5.2).

use memchr::memchr2;

/// The message with its dots doubled and every line ended by CRLF, then the final dot: one buffer,
/// so that it leaves in one write. Nothing within it can end the message: a lone CR or LF, which
/// some servers take for a line end, becomes CRLF before dots are looked at.
pub(super) fn encode(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + message.len() / 64 + 8);
    let mut rest = message;
    while !rest.is_empty() {
        let end = memchr2(b'\r', b'\n', rest);
        let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
        rest = after
            .strip_prefix(b"\r\n")
            .or_else(|| after.get(1..))
            .unwrap_or_default();
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::encode;

    fn encoded(message: &str) -> String {
        String::from_utf8(encode(message.as_bytes())).expect("text")
    }

    #[test]
    fn dots_are_doubled_and_line_ends_made_one() {
        for (message, on_the_wire) in [
            ("a\r\n", "a\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            ("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n"),
            (".a\r\n..b", "..a\r\n...b\r\n.\r\n"),
            ("a\n.\nb\n", "a\r\n..\r\nb\r\n.\r\n"),
            ("a\r.\rb", "a\r\n..\r\nb\r\n.\r\n"),
            ("a\n\r.\r\n", "a\r\n\r\n..\r\n.\r\n"),
            ("\r\n\r\n", "\r\n\r\n.\r\n"),
            ("", ".\r\n"),
        ] {
            assert_eq!(encoded(message), on_the_wire, "{message:?}");
        }
    }

    proptest! {
        /// What a server that follows the standard makes of it is the message, and it sees one end.
        #[test]
        fn a_server_reads_what_was_written(lines in proptest::collection::vec("[.a\\t ]{0,5}", 1..8)) {
            let message = lines.join("\r\n") + "\r\n";
            let wire = encoded(&message);
            prop_assert!(wire.ends_with("\r\n.\r\n"));
            let inside = wire.strip_suffix(".\r\n").expect("the final dot");
            prop_assert!(!inside.starts_with(".\r\n") && !inside.contains("\r\n.\r\n"));
            let read: String = inside
                .split_inclusive("\r\n")
                .map(|line| line.strip_prefix('.').unwrap_or(line))
                .collect();
            prop_assert_eq!(read, message);
        }

        #[test]
        fn nothing_inside_ends_the_message(bytes in proptest::collection::vec(prop_oneof![Just(b'.'), Just(b'\r'), Just(b'\n'), any::<u8>()], 0..40)) {
            let wire = encode(&bytes);
            let end = wire.len() - 3;
            prop_assert_eq!(&wire[end..], b".\r\n");
            // Each CR is followed by an LF, each LF preceded by a CR, and no line before the last is a dot.
            for (at, byte) in wire.iter().enumerate() {
                prop_assert!(*byte != b'\n' || (at > 0 && wire[at - 1] == b'\r'));
                prop_assert!(*byte != b'\r' || wire.get(at + 1) == Some(&b'\n'));
            }
            for line in wire[..end].split(|byte| *byte == b'\n') {
                prop_assert_ne!(line, b".\r".as_slice());
            }
        }
    }
}
