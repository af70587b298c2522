//! Text on its way into and out of a part: XML escapes, Excel's `_xHHHH_`, limits.

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization as _;

/// UTF-16 units that a cell holds (MS-OI29500 2.1.678).
const MAX_UNITS: usize = 32_767;

/// Cuts to what a cell holds, on a character boundary, an ellipsis at the end.
pub(super) fn fit(text: &str) -> std::borrow::Cow<'_, str> {
    // A text of so few bytes can't have more units: the usual case costs no count.
    if text.len() <= MAX_UNITS || text.encode_utf16().count() <= MAX_UNITS {
        return text.into();
    }
    let mut units = 0;
    let kept: String = text
        .chars()
        .take_while(|letter| {
            units += letter.len_utf16();
            units < MAX_UNITS
        })
        .collect();
    (kept + "…").into()
}

/// Excel trims a `<t>` without `xml:space` whose blanks stand at an end or break lines.
pub(super) fn needs_preserve(text: &str) -> bool {
    text.starts_with(char::is_whitespace)
        || text.ends_with(char::is_whitespace)
        || text.bytes().any(|byte| matches!(byte, b'\n' | b'\t'))
}

/// Appends element text: XML's own escapes, `_xHHHH_` for what XML can't hold (MS-OI29500 2.1.1747).
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    push_encoded(out, text, false);
}

/// Appends an attribute's value, for `"`; line breaks as `_x000a_` (a table column's name).
pub(super) fn push_attribute(out: &mut Vec<u8>, text: &str) {
    push_encoded(out, text, true);
}

fn push_encoded(out: &mut Vec<u8>, text: &str, attribute: bool) {
    if !attribute && text.bytes().all(is_plain) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let mut plain = 0;
    for (at, letter) in text.char_indices() {
        let escape: &str = match letter {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' if attribute => "&quot;",
            '\n' if attribute => "_x000a_",
            '\t' if attribute => "_x0009_",
            '\n' | '\t' => continue,
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => "",
            '_' if starts_with_escape(text, at) => "_x005F_",
            _ => continue,
        };
        out.extend_from_slice(text.get(plain..at).unwrap_or_default().as_bytes());
        plain = at + letter.len_utf8();
        if escape.is_empty() {
            out.extend_from_slice(format!("_x{:04X}_", u32::from(letter)).as_bytes());
        } else {
            out.extend_from_slice(escape.as_bytes());
        }
    }
    out.extend_from_slice(text.get(plain..).unwrap_or_default().as_bytes());
}

/// Nothing that begins with it needs an escape; U+FFFE and U+FFFF begin with 0xEF.
fn is_plain(byte: u8) -> bool {
    (b' '..0xEF).contains(&byte) && !matches!(byte, b'&' | b'<' | b'>' | b'_')
}

/// `_xHHHH_` stands at `at`.
fn starts_with_escape(text: &str, at: usize) -> bool {
    escaped_unit(text.as_bytes().get(at..).unwrap_or_default()).is_some()
}

fn escaped_unit(bytes: &[u8]) -> Option<u16> {
    let [b'_', b'x', digits @ .., b'_'] = bytes.get(..7)? else {
        return None;
    };
    let digits = std::str::from_utf8(digits).ok()?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    u16::from_str_radix(digits, 16).ok()
}

/// Appends the characters that stand between two tags: XML's escapes and Excel's undone. Not well
/// formed, or not UTF-8: what is wrong.
pub(super) fn push_characters(out: &mut String, raw: &[u8]) -> Result<(), &'static str> {
    if memchr::memchr(b'_', raw).is_none() {
        return push_xml_characters(out, raw);
    }
    let mut plain = String::new();
    push_xml_characters(&mut plain, raw)?;
    out.push_str(&decode(&plain));
    Ok(())
}

/// The same without Excel's escapes; line ends as XML has them (XML 1.0, 2.11).
pub(super) fn push_xml_characters(out: &mut String, raw: &[u8]) -> Result<(), &'static str> {
    let text = std::str::from_utf8(raw).map_err(|_| "its text is not UTF-8")?;
    if memchr::memchr3(b'&', b'<', b'\r', raw).is_none() {
        out.push_str(text);
        return Ok(());
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut rest = text.as_str();
    while let Some((before, inside)) = rest.split_once('<') {
        push_unescaped(out, before)?;
        rest = if let Some(data) = inside.strip_prefix("![CDATA[") {
            let (data, after) = data.split_once("]]>").ok_or("its text has no end")?;
            out.push_str(data);
            after
        } else if let Some(comment) = inside.strip_prefix("!--") {
            comment.split_once("-->").ok_or("its text has no end")?.1
        } else if let Some(instruction) = inside.strip_prefix('?') {
            instruction.split_once("?>").ok_or("its text has no end")?.1
        } else {
            return Err("a tag stands in its text");
        };
    }
    push_unescaped(out, rest)
}

fn push_unescaped(out: &mut String, text: &str) -> Result<(), &'static str> {
    let plain = quick_xml::escape::unescape(text);
    out.push_str(&plain.map_err(|_| "its text has an unknown entity")?);
    Ok(())
}

/// Undoes XML's escapes; what is no escape stays as it is.
pub(super) fn unescape(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    if !text.contains('&') {
        return text.into_owned();
    }
    match quick_xml::escape::unescape(&text) {
        Ok(plain) => plain.into_owned(),
        Err(_) => text.into_owned(),
    }
}

/// Undoes Excel's `_xHHHH_`.
pub(super) fn decode(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some(unit) = escaped_unit(rest.as_bytes()) {
            units.push(unit);
            rest = rest.get(7..).unwrap_or_default();
        } else {
            units.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        }
    }
    String::from_utf16_lossy(&units)
}

/// Two headers that a person reads as the same: accents, case, blanks and their kinds aside.
pub(super) fn same_header(left: &str, right: &str) -> bool {
    fold(left) == fold(right)
}

fn fold(text: &str) -> String {
    let letters: String = text
        .nfkd()
        .filter(|letter| !unicode_normalization::char::is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A number as XML Schema writes a double: shortest digits that read back the same.
pub(super) fn push_number(out: &mut Vec<u8>, number: f64) {
    let size = number.abs();
    let mut text = String::new();
    // Writing to a string can't fail.
    let _ = if number == 0.0 {
        write!(text, "0")
    } else if (1e-5..1e15).contains(&size) {
        write!(text, "{number}")
    } else {
        write!(text, "{number:E}")
    };
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> String {
        let mut out = Vec::new();
        push_text(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_xml_cannot_hold_is_escaped_and_read_back() {
        assert_eq!(encoded("a\r\nb"), "a_x000D_\nb");
        assert_eq!(encoded("\u{1}\u{ffff}"), "_x0001__xFFFF_");
        assert_eq!(encoded("_x0041_"), "_x005F_x0041_");
        assert_eq!(encoded("_x_ x0041_"), "_x_ x0041_");
        assert_eq!(encoded("<A&B>"), "&lt;A&amp;B&gt;");
        for text in [
            "a\r\nb",
            "_x0041_",
            "_x005F_x0041_",
            "<é&\u{1}>",
            "=1+1",
            "_x00é_",
        ] {
            assert_eq!(decode(&unescape(encoded(text).as_bytes())), text);
        }
    }

    #[test]
    fn characters_between_tags() {
        let read = |raw: &str| {
            let mut out = String::from("|");
            push_characters(&mut out, raw.as_bytes()).map(|()| out)
        };
        for (raw, text) in [
            ("a_b", "|a_b"),
            ("a\r\nb\rc&#13;", "|a\nb\nc\r"),
            ("&lt;b&gt; &#xE9;_x000D__x005F_x0041_", "|<b> é\r_x0041_"),
            ("a<!-- & -->b<![CDATA[<&]]><?c?>d", "|ab<&d"),
        ] {
            assert_eq!(read(raw).as_deref(), Ok(text), "{raw}");
        }
        for raw in ["&nbsp;", "a & b", "<b>", "<![CDATA[a", "<!-- a", "<?a"] {
            assert!(read(raw).is_err(), "{raw}");
        }
        assert!(push_characters(&mut String::new(), b"\xFF").is_err());
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let text = "😀".repeat(20_000);
        let cut = fit(&text);
        assert!(cut.ends_with("😀…"));
        assert_eq!(cut.encode_utf16().count(), 32_767);
        assert_eq!(fit(&"é".repeat(32_767)).encode_utf16().count(), 32_767);
        assert!(!fit(&"é".repeat(32_767)).ends_with('…'));
    }

    #[test]
    fn numbers_read_back() {
        for number in [
            0.0,
            -0.0,
            18.0,
            3.5,
            0.1,
            1e-9,
            1e300,
            -123_456.789,
            f64::MAX,
        ] {
            let mut out = Vec::new();
            push_number(&mut out, number);
            let text = String::from_utf8(out).unwrap();
            assert!(text.len() < 26, "{text}");
            assert!((text.parse::<f64>().unwrap() - number).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn headers_compare_as_people_read_them() {
        assert!(same_header("Contrôle (auto)", " controle\u{a0}(AUTO)"));
        assert!(!same_header("Contrôle (auto)", "Alertes (auto)"));
    }
}
