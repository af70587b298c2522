//! The XML of single styles, and whether one that is there says the same.

use super::edit::{CellFormat, Rgb};
use super::outline::Element;
use super::xml::{self, Namespace};

/// A cell format by its parts.
pub(super) struct Wanted {
    pub number: u32,
    pub font: usize,
    pub fill: usize,
    pub wrap: bool,
}

impl Wanted {
    /// Whether a format of the part is just this one.
    pub fn is(&self, format: Element<'_, '_>) -> bool {
        let is = |name, value: usize| format.number(name).unwrap_or(0) as usize == value;
        let off = |name| matches!(format.raw(name), Some(b"0" | b"false"));
        is("numFmtId", self.number as usize)
            && is("fontId", self.font)
            && is("fillId", self.fill)
            && is("borderId", 0)
            && is("xfId", 0)
            && !format.on("quotePrefix")
            && !format.on("pivotButton")
            && !(self.number != 0 && off("applyNumberFormat"))
            && !(self.font != 0 && off("applyFont"))
            && !(self.fill != 0 && off("applyFill"))
            && !(self.wrap && off("applyAlignment"))
            && self.is_aligned(format)
    }

    /// Its XML; `has` says whether the part has fonts, fills, borders and base styles to point to.
    pub fn xml(&self, prefix: &str, has: [bool; 4]) -> String {
        let references = [
            ("fontId", self.font),
            ("fillId", self.fill),
            ("borderId", 0),
            ("xfId", 0),
        ];
        let mut xml = vec![format!("<{prefix}xf numFmtId=\"{}\"", self.number)];
        for ((name, index), has) in references.into_iter().zip(has) {
            xml.extend(has.then(|| format!(" {name}=\"{index}\"")));
        }
        for (used, name) in [
            (self.number != 0, "applyNumberFormat"),
            (self.font != 0, "applyFont"),
            (self.fill != 0, "applyFill"),
            (self.wrap, "applyAlignment"),
        ] {
            xml.extend(used.then(|| format!(" {name}=\"1\"")));
        }
        xml.push(if self.wrap {
            format!("><{prefix}alignment vertical=\"top\" wrapText=\"1\"/></{prefix}xf>")
        } else {
            "/>".to_owned()
        });
        xml.concat()
    }

    /// Alignment as wanted; protection as by default.
    fn is_aligned(&self, format: Element<'_, '_>) -> bool {
        let wrapped = format.children().all(|child| {
            self.wrap
                && child.is(Namespace::Sheet, "alignment")
                && child.on("wrapText")
                && child.raw("vertical") == Some(b"top")
                && xml::attributes(child.tag()).count() == 2
        });
        wrapped && (!self.wrap || format.children().count() == 1)
    }
}

/// The colour of a solid fill that is given by its red, green and blue.
pub(super) fn solid(fill: Element<'_, '_>) -> Option<String> {
    let pattern = fill.child("patternFill")?;
    if pattern.raw("patternType") != Some(b"solid") {
        return None;
    }
    let colour = pattern.child("fgColor")?;
    if colour.raw("tint").is_some() {
        return None;
    }
    Some(colour.attribute("rgb")?.to_ascii_uppercase())
}

pub(super) fn argb(colour: Rgb) -> String {
    let Rgb(red, green, blue) = colour;
    format!("FF{red:02X}{green:02X}{blue:02X}")
}

/// The number formats that every workbook has (18.8.30) and that don't depend on its language.
pub(super) fn built_in(code: &str) -> Option<u32> {
    Some(match code {
        "General" => 0,
        "0" => 1,
        "0.00" => 2,
        "#,##0" => 3,
        "#,##0.00" => 4,
        "0%" => 9,
        "0.00%" => 10,
        "@" => 49,
        _ => return None,
    })
}

/// The workbook's first font, heavier or in another colour.
pub(super) fn font(base: Element<'_, '_>, format: &CellFormat, prefix: &str) -> String {
    let mut xml = vec![format!("<{prefix}font>")];
    if format.bold {
        xml.push(format!("<{prefix}b/>"));
    }
    let ink = format.ink;
    let mut colour = ink.map(|ink| format!("<{prefix}color rgb=\"{}\"/>", argb(ink)));
    for child in base.children() {
        let is = |local| child.is(Namespace::Sheet, local);
        if is("b") || (ink.is_some() && is("color")) {
            continue;
        }
        // The colour comes before the name, as Excel writes it.
        if is("name") {
            xml.extend(colour.take());
        }
        xml.push(String::from_utf8_lossy(child.bytes()).into_owned());
    }
    xml.extend(colour);
    xml.push(format!("</{prefix}font>"));
    xml.concat()
}
