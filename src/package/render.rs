//! The XML of a cell of ours.

use super::edit::OwnedValue;
use super::{refs, text};

/// What a cell is to hold.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'e> {
    Empty,
    Text(&'e str),
    Number(f64),
}

impl<'e> Value<'e> {
    pub fn of(value: &'e OwnedValue) -> Self {
        match value {
            OwnedValue::Empty => Self::Empty,
            OwnedValue::Text(text) if text.is_empty() => Self::Empty,
            OwnedValue::Text(text) => Self::Text(text),
            OwnedValue::Number(number) => Self::Number(*number),
        }
    }
}

/// A cell to write.
#[derive(Debug, Clone, Copy)]
pub(super) struct CellXml<'e> {
    pub row: u32,
    pub column: u32,
    pub style: Option<u32>,
    pub value: Value<'e>,
}

impl CellXml<'_> {
    /// Text goes in the cell itself, so that the shared strings stay as they are.
    pub fn push(&self, out: &mut Vec<u8>, prefix: &[u8]) {
        let open = |out: &mut Vec<u8>, name: &[u8]| {
            out.push(b'<');
            out.extend_from_slice(prefix);
            out.extend_from_slice(name);
        };
        let close = |out: &mut Vec<u8>, name: &[u8]| {
            out.extend_from_slice(b"</");
            out.extend_from_slice(prefix);
            out.extend_from_slice(name);
            out.push(b'>');
        };
        open(out, b"c r=\"");
        refs::push(out, self.row, self.column);
        out.push(b'"');
        if let Some(style) = self.style {
            out.extend_from_slice(b" s=\"");
            refs::push_number(out, style);
            out.push(b'"');
        }
        match self.value {
            Value::Empty => out.extend_from_slice(b"/>"),
            Value::Number(number) => {
                out.push(b'>');
                open(out, b"v>");
                text::push_number(out, number);
                close(out, b"v");
                close(out, b"c");
            }
            Value::Text(value) => {
                let value = text::fit(value);
                out.extend_from_slice(b" t=\"inlineStr\">");
                open(out, b"is>");
                open(out, b"t");
                if text::needs_preserve(&value) {
                    out.extend_from_slice(b" xml:space=\"preserve\"");
                }
                out.push(b'>');
                text::push_text(out, &value);
                close(out, b"t");
                close(out, b"is");
                close(out, b"c");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(value: Value<'_>, style: Option<u32>, prefix: &str) -> String {
        let mut out = Vec::new();
        let cell = CellXml {
            row: 4,
            column: 27,
            style,
            value,
        };
        cell.push(&mut out, prefix.as_bytes());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cells_of_every_kind() {
        assert_eq!(xml(Value::Empty, Some(12), ""), "<c r=\"AB5\" s=\"12\"/>");
        assert_eq!(
            xml(Value::Number(18.0), None, "x:"),
            "<x:c r=\"AB5\"><x:v>18</x:v></x:c>"
        );
        assert_eq!(
            xml(Value::Text("=1+1"), None, ""),
            "<c r=\"AB5\" t=\"inlineStr\"><is><t>=1+1</t></is></c>"
        );
        assert_eq!(
            xml(Value::Text("a\nb"), Some(1), ""),
            "<c r=\"AB5\" s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">a\nb</t></is></c>"
        );
    }
}
