//! Cell data inside Markdown stays text.

use crate::model::fold::is_invisible;
use crate::sheets::cells::clean_line;

/// The text on one line, with every sign that could mean something to Markdown escaped: any ASCII
/// punctuation may be (`CommonMark` 0.31, "Backslash escapes"), raw HTML and entities included.
pub(super) fn markdown(data: &str) -> String {
    let line = clean_line(data);
    let mut escaped = String::with_capacity(line.len() + 8);
    for c in line.chars().filter(|c| !is_invisible(*c)) {
        if c.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn no_sign_means_anything_any_more() {
        assert_eq!(
            markdown("*a* [x](http://e.org)"),
            "\\*a\\* \\[x\\]\\(http\\:\\/\\/e\\.org\\)"
        );
        assert_eq!(markdown("<b>\r\n# T"), "\\<b\\> \\# T");
        assert_eq!(markdown("Zoé\u{202e} Été"), "Zoé Été");
    }
}
