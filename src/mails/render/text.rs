//! Markdown to a text part that reads well: no asterisks, addresses of links in brackets.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

/// The text part, lines ending with `\n`.
pub(super) fn from_events<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    let mut plain = Plain::default();
    for event in events {
        plain.take(event);
    }
    let mut text = plain.out.trim().to_owned();
    text.push('\n');
    text
}

#[derive(Default)]
struct Plain<'a> {
    out: String,
    /// The next number of each list that is open; none where it has bullets.
    lists: Vec<Option<u64>>,
    /// Where each link that is open starts in `out`, and its address.
    links: Vec<(usize, CowStr<'a>)>,
    /// A bullet was just written: the first paragraph of an item starts beside it.
    after_bullet: bool,
}

impl<'a> Plain<'a> {
    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.push(&text),
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => self.new_line(),
            Event::Rule => {
                self.new_block();
                self.push("—");
            }
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } | Tag::BlockQuote(_) | Tag::CodeBlock(_) => {
                self.new_block();
            }
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.new_block();
                }
                self.lists.push(first);
            }
            Tag::Item => self.start_item(),
            Tag::Link { dest_url, .. } => self.links.push((self.out.len(), dest_url)),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Link => self.end_link(),
            _ => {}
        }
    }

    fn start_item(&mut self) {
        let depth = self.lists.len().saturating_sub(1);
        if !self.out.ends_with("\n\n") && !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.push_str(&"  ".repeat(depth));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.out.push_str(&number.to_string());
                self.out.push_str(". ");
                *number += 1;
            }
            _ => self.out.push_str("- "),
        }
        self.after_bullet = true;
    }

    /// The address of a link, unless its words are the address.
    fn end_link(&mut self) {
        let Some((start, url)) = self.links.pop() else {
            return;
        };
        let words = self.out.get(start..).unwrap_or_default();
        let address = url.strip_prefix("mailto:").unwrap_or(&url);
        if words != address {
            let address = address.to_owned();
            self.out.extend([" (", &address, ")"]);
        }
    }

    fn push(&mut self, text: &str) {
        self.after_bullet = false;
        self.out.push_str(text);
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        self.out.push_str(&"  ".repeat(self.lists.len()));
    }

    fn new_block(&mut self) {
        if std::mem::take(&mut self.after_bullet) || self.out.is_empty() {
            return;
        }
        let end = self.out.trim_end_matches('\n').len();
        self.out.truncate(end);
        self.out.push_str("\n\n");
    }
}

#[cfg(test)]
mod tests {
    use super::super::html::events;
    use super::from_events;

    fn from_markdown(markdown: &str) -> String {
        from_events(events(markdown))
    }

    #[test]
    fn it_reads_like_a_letter() {
        let markdown = "# Titre\n\nBonjour **Zoé**,  \nà bientôt.\n\n- un\n- [deux](https://example.org/)\n- trois\n  suite\n\nÉcrivez à [a@example.org](mailto:a@example.org).\n\n1. a\n2. b\n";
        assert_eq!(
            from_markdown(markdown),
            "Titre\n\nBonjour Zoé,\nà bientôt.\n\n- un\n- deux (https://example.org/)\n- trois suite\n\nÉcrivez à a@example.org.\n\n1. a\n2. b\n"
        );
    }

    #[test]
    fn loose_lists_stay_lists() {
        assert_eq!(from_markdown("- a\n\n- b\n\nc"), "- a\n- b\n\nc\n");
    }
}
