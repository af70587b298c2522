//! A page to print: one file, no network, A4.

use handlebars::html_escape;

use crate::french::typographic;

const STYLE: &str = include_str!("style.css");

/// The whole page.
pub(super) fn document(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        text(title)
    )
}

/// Words of a cell or of ours, safe in a page.
pub(super) fn text(words: &str) -> String {
    html_escape(&typographic(words))
}

/// A table with a caption; columns whose number is in `numbers` are set to the right.
pub(super) fn table(
    caption: &str,
    heads: &[&str],
    numbers: &[usize],
    rows: &[Vec<String>],
) -> String {
    let class = |column: usize| {
        if numbers.contains(&column) {
            " class=\"n\""
        } else {
            ""
        }
    };
    let cells = |tag: &str, scope: &str, cells: &mut dyn Iterator<Item = &str>| {
        let cells = cells.enumerate();
        let one = |(column, cell)| format!("<{tag}{scope}{}>{}</{tag}>", class(column), text(cell));
        cells.map(one).collect::<Vec<String>>().concat()
    };
    let head = cells("th", " scope=\"col\"", &mut heads.iter().copied());
    let lines = rows
        .iter()
        .map(|row| cells("td", "", &mut row.iter().map(String::as_str)));
    let body: Vec<String> = lines.map(|line| format!("<tr>{line}</tr>\n")).collect();
    format!(
        "<table>\n<caption>{}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{}</tbody>\n</table>\n",
        text(caption),
        body.concat()
    )
}
