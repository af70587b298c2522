//! A page in the making: whatever comes from a cell goes through [`Html::text`] or [`attribute`].

use handlebars::html_escape;
use sha2::{Digest, Sha256};

use crate::french::typographic;

/// A page, or a part of one.
#[derive(Default)]
pub(super) struct Html {
    out: String,
}

impl Html {
    /// Markup of ours.
    pub fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Words, ours or somebody's.
    pub fn text(&mut self, words: &str) {
        self.out.push_str(&text(words));
    }

    /// What a cell or a message holds, to the letter.
    pub fn verbatim(&mut self, words: &str) {
        self.out.push_str(&html_escape(words));
    }

    /// An element with words in it; no class where that is empty.
    pub fn tag(&mut self, name: &str, class: &str, words: &str) {
        let class = if class.is_empty() {
            String::new()
        } else {
            format!(" class=\"{class}\"")
        };
        self.raw(&format!("<{name}{class}>"));
        self.text(words);
        self.raw(&format!("</{name}>\n"));
    }

    /// The whole of it.
    pub fn into_text(self) -> String {
        self.out
    }
}

/// Words with the spaces of French typography, safe in a page.
pub(super) fn text(words: &str) -> String {
    html_escape(&typographic(words))
}

/// A value between double quotes: a document in `srcdoc` is large, and needs no more than that.
pub(super) fn attribute(value: &str) -> String {
    value.replace('&', "&amp;").replace('"', "&quot;")
}

/// The hash by which a page names its own script (CSP Level 3 §2.3.1).
pub(super) fn sha256_base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(text.as_bytes());
    let mut out = String::with_capacity(44);
    for three in digest.chunks(3) {
        let byte = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..4 {
            let sextet = bits >> (18 - 6 * position) & 63;
            let digit = DIGITS.get(sextet as usize).copied().unwrap_or(b'=');
            out.push(char::from(if position > three.len() {
                b'='
            } else {
                digit
            }));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::sha256_base64;

    #[test]
    fn hashes_are_those_that_browsers_expect() {
        // From CSP Level 3, and of an empty script.
        assert_eq!(
            sha256_base64("alert('Hello, world.');"),
            "qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
        );
        assert_eq!(
            sha256_base64(""),
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
    }
}
