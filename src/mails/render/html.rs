//! Markdown to the HTML of the body. Raw HTML stays text, images leave their words, and a link has
//! one of four schemes: nothing is fetched when the e-mail is opened.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The schemes that a link may have.
const SCHEMES: [&str; 4] = ["https:", "http:", "mailto:", "tel:"];

/// The body's HTML.
pub(super) fn from_events<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    html
}

/// The harmless events of a body, for both parts.
pub(super) fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let mut kept_links: Vec<bool> = Vec::new();
    Parser::new_ext(markdown, Options::empty()).filter_map(move |event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(Event::Text(html)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            let keeps = has_scheme(dest_url);
            kept_links.push(keeps);
            keeps.then_some(event)
        }
        Event::End(TagEnd::Link) => kept_links.pop().unwrap_or(false).then_some(event),
        event => Some(event),
    })
}

fn has_scheme(url: &str) -> bool {
    SCHEMES.iter().any(|scheme| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

#[cfg(test)]
mod tests {
    use super::{events, from_events};

    fn from_markdown(markdown: &str) -> String {
        from_events(events(markdown))
    }

    #[test]
    fn raw_html_images_and_odd_links_stay_text() {
        assert_eq!(
            from_markdown("<script>x</script>\n"),
            "<p>&lt;script&gt;x&lt;/script&gt;\n</p>\n"
        );
        assert_eq!(
            from_markdown("a <b>c</b> ![vu](https://e.org/p.gif)"),
            "<p>a &lt;b&gt;c&lt;/b&gt; vu</p>\n"
        );
        assert_eq!(
            from_markdown("[ici](javascript:alert) [là](https://example.org/)"),
            "<p>ici <a href=\"https://example.org/\">là</a></p>\n"
        );
    }
}
