//! The styles part (ECMA-376 part 1, 18.8): formats appended where no equal one is there, none renumbered.

use super::edit::{CellFormat, Rgb};
use super::outline::{Element, Outline};
use super::splice::Splices;
use super::style_xml::{self, Wanted, argb, built_in, solid};
use super::tables::wide;
use super::text;
use super::xml::Namespace;

/// Office's limit on formats of cells and of cell styles together (MS-OE376 2.1.727).
const MAX_FORMATS: usize = 65_430;

/// The children of `styleSheet` in their order (18.8.39).
const ORDER: [&str; 6] = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
];

/// A list of `styleSheet`, with what is appended to it.
struct List<'o, 'a> {
    name: &'static str,
    element: Option<Element<'o, 'a>>,
    /// By index; `None` for one that is written in several ways, of which each reader takes another.
    items: Vec<Option<Element<'o, 'a>>>,
    added: Vec<String>,
}

impl<'o, 'a> List<'o, 'a> {
    /// `None` when it can't be told which item has which index.
    fn find(root: Element<'o, 'a>, name: &'static str, item: &str) -> Option<Self> {
        let element = root.child(name);
        let mut items = Vec::new();
        for child in element.iter().flat_map(|list| list.children()) {
            if child.is(Namespace::Sheet, item) {
                items.push(Some(child));
            } else if child.is(Namespace::Compatibility, "AlternateContent") {
                let slots = alternatives(child, item)?;
                items.extend(std::iter::repeat_n(None, slots));
            }
        }
        Some(Self {
            name,
            element,
            items,
            added: Vec::new(),
        })
    }

    /// The items that every reader sees alike.
    fn plain(&self) -> impl Iterator<Item = Element<'o, 'a>> {
        self.items.iter().flatten().copied()
    }

    fn len(&self) -> usize {
        self.items.len() + self.added.len()
    }

    /// The index of an item, by what it says or by its text among those that were added.
    fn index_of(&self, xml: &str, equal: impl Fn(Element<'o, 'a>) -> bool) -> Option<usize> {
        let known = self.items.iter().position(|item| item.is_some_and(&equal));
        known.or_else(|| {
            let added = self.added.iter().position(|item| item == xml);
            added.map(|index| self.items.len() + index)
        })
    }

    fn index_or_add(&mut self, xml: String, equal: impl Fn(Element<'o, 'a>) -> bool) -> usize {
        if let Some(index) = self.index_of(&xml, equal) {
            return index;
        }
        self.added.push(xml);
        self.len() - 1
    }
}

/// How many items an `AlternateContent` stands for, when each of its branches has as many.
fn alternatives(element: Element<'_, '_>, item: &str) -> Option<usize> {
    let mut counts = element.children().map(|branch| {
        let items = branch.children();
        items.filter(|c| c.is(Namespace::Sheet, item)).count()
    });
    let first = counts.next()?;
    counts.all(|count| count == first).then_some(first)
}

/// The styles of a workbook, open for appending.
pub(super) struct Styles<'o, 'a> {
    root: Element<'o, 'a>,
    prefix: String,
    numbers: List<'o, 'a>,
    fonts: List<'o, 'a>,
    fills: List<'o, 'a>,
    formats: List<'o, 'a>,
    has_borders: bool,
    /// How many formats of cell styles there are.
    bases: usize,
}

impl<'o, 'a> Styles<'o, 'a> {
    /// `None` when the part is no style sheet with cell formats.
    pub fn open(outline: &'o Outline<'a>) -> Option<Self> {
        let root = outline.root();
        if !root.is(Namespace::Sheet, "styleSheet") {
            return None;
        }
        let formats = List::find(root, "cellXfs", "xf")?;
        if formats.items.is_empty() {
            return None;
        }
        let numbers = List::find(root, "numFmts", "numFmt")?;
        // Their ids are not their places: those of an alternative would have to be avoided too.
        if numbers.plain().count() < numbers.len() {
            return None;
        }
        let count = |name, item| Some(List::find(root, name, item)?.len());
        Some(Self {
            root,
            prefix: String::from_utf8_lossy(root.prefix()).into_owned(),
            numbers,
            fonts: List::find(root, "fonts", "font")?,
            fills: List::find(root, "fills", "fill")?,
            formats,
            has_borders: count("borders", "border")? > 0,
            bases: count("cellStyleXfs", "xf")?,
        })
    }

    /// The index of a format, appended if need be; `None` when the list is full.
    pub fn index(&mut self, format: &CellFormat) -> Option<u32> {
        let before = self.lists().map(|list| list.added.len());
        let index = self.index_unbounded(format);
        if self.formats.len() + self.bases <= MAX_FORMATS {
            return index;
        }
        for (list, length) in self.lists().into_iter().zip(before) {
            list.added.truncate(length);
        }
        index.filter(|index| (*index as usize) < self.formats.len())
    }

    fn lists(&mut self) -> [&mut List<'o, 'a>; 4] {
        [
            &mut self.numbers,
            &mut self.fonts,
            &mut self.fills,
            &mut self.formats,
        ]
    }

    fn index_unbounded(&mut self, format: &CellFormat) -> Option<u32> {
        let number = format.number.map_or(0, |code| self.number(code));
        let font = self.font(format);
        let fill = format.fill.map_or(0, |colour| self.fill(colour));
        let wanted = Wanted {
            number,
            font,
            fill,
            wrap: format.wrap,
        };
        let has = [
            self.fonts.len() > 0,
            self.fills.len() > 0,
            self.has_borders,
            self.bases > 0,
        ];
        let xml = wanted.xml(&self.prefix, has);
        let index = self.formats.index_or_add(xml, |format| wanted.is(format));
        u32::try_from(index).ok()
    }

    /// Whether a format is a bare coloured background, such as ours: no border, a solid fill.
    pub fn is_loud(&self, index: u32) -> bool {
        let Some(Some(format)) = self.formats.items.get(index as usize) else {
            return false;
        };
        let fill = format.number("fillId").unwrap_or(0) as usize;
        let colour = self
            .fills
            .items
            .get(fill)
            .copied()
            .flatten()
            .and_then(solid);
        colour.is_some() && format.number("borderId").unwrap_or(0) == 0
    }

    /// How many formats the part has now.
    pub fn count(&self) -> usize {
        self.formats.len()
    }

    fn number(&mut self, code: &str) -> u32 {
        if let Some(known) = built_in(code) {
            return known;
        }
        let same = |item: &Element<'_, '_>| item.attribute("formatCode").as_deref() == Some(code);
        let id_of = |item: Element<'_, '_>| item.number("numFmtId");
        if let Some(id) = self.numbers.plain().find(same).and_then(id_of) {
            return id;
        }
        let first = self.numbers.plain().filter_map(id_of).max();
        let first = first.unwrap_or(0).max(163) + 1;
        let mut escaped = Vec::new();
        text::push_attribute(&mut escaped, code);
        let tail = format!(" formatCode=\"{}\"/>", String::from_utf8_lossy(&escaped));
        let known = self
            .numbers
            .added
            .iter()
            .position(|xml| xml.ends_with(&tail));
        let offset = known.unwrap_or(self.numbers.added.len());
        let id = first + u32::try_from(offset).unwrap_or(0);
        if known.is_none() {
            let xml = format!("<{}numFmt numFmtId=\"{id}\"{tail}", self.prefix);
            self.numbers.added.push(xml);
        }
        id
    }

    /// The workbook's own font, heavier or in another colour.
    fn font(&mut self, format: &CellFormat) -> usize {
        let Some(base) = self.fonts.plain().next() else {
            return 0;
        };
        if !format.bold && format.ink.is_none() {
            return 0;
        }
        let xml = style_xml::font(base, format, &self.prefix);
        let same = xml.clone();
        self.fonts
            .index_or_add(xml, |font| font.bytes() == same.as_bytes())
    }

    fn fill(&mut self, colour: Rgb) -> usize {
        let prefix = &self.prefix;
        // The first two fills are Excel's own, whatever the part says.
        while self.fills.len() < 2 {
            let pattern = ["none", "gray125"].get(self.fills.len()).unwrap_or(&"none");
            let xml = format!(
                "<{prefix}fill><{prefix}patternFill patternType=\"{pattern}\"/></{prefix}fill>"
            );
            self.fills.added.push(xml);
        }
        let xml = format!(
            "<{prefix}fill><{prefix}patternFill patternType=\"solid\"><{prefix}fgColor rgb=\"{}\"/><{prefix}bgColor indexed=\"64\"/></{prefix}patternFill></{prefix}fill>",
            argb(colour)
        );
        self.fills
            .index_or_add(xml, |fill| solid(fill) == Some(argb(colour)))
    }

    /// What is appended to the part.
    pub fn splices(&self) -> Splices {
        let mut splices = Splices::default();
        for list in [&self.numbers, &self.fonts, &self.fills, &self.formats] {
            self.append(list, &mut splices);
        }
        splices.sort();
        splices
    }

    fn append(&self, list: &List<'o, 'a>, splices: &mut Splices) {
        if list.added.is_empty() {
            return;
        }
        let items = list.added.concat();
        let Some(element) = list.element else {
            let at = self.place_of(list.name) as u64;
            let prefix = &self.prefix;
            let (name, count) = (list.name, list.len());
            let whole = format!("<{prefix}{name} count=\"{count}\">{items}</{prefix}{name}>");
            return splices.replace(at..at, whole.as_bytes());
        };
        if let Some(count) = element.value_range("count") {
            splices.replace(wide(count), list.len().to_string().as_bytes());
        }
        if element.self_closed() {
            let end = element.range().end;
            let closed = format!(">{items}</{}>", String::from_utf8_lossy(element.name()));
            return splices.replace(wide(end - 2..end), closed.as_bytes());
        }
        let at = element
            .children()
            .last()
            .map_or(element.inner().end, |last| last.range().end) as u64;
        splices.replace(at..at, items.as_bytes());
    }

    /// Where a list that is missing goes: before the first of those that come after it.
    fn place_of(&self, name: &str) -> usize {
        let mut after = ORDER.iter().skip_while(|known| **known != name).skip(1);
        let next = after.find_map(|known| self.root.child(known));
        next.map_or(self.root.inner().end, |next| next.range().start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NS: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

    fn part() -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<styleSheet {NS}><fonts count=\"1\" x14ac:knownFonts=\"1\" xmlns:x14ac=\"urn:x\"><font><sz val=\"11\"/><color theme=\"1\"/><name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"9\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs><dxfs/></styleSheet>"
        )
    }

    const RED: CellFormat = CellFormat {
        fill: Some(Rgb(255, 199, 206)),
        ink: Some(Rgb(156, 0, 6)),
        bold: true,
        ..CellFormat::PLAIN
    };
    const EURO: CellFormat = CellFormat {
        number: Some("#,##0.00 \"€\""),
        ..CellFormat::PLAIN
    };
    const WRAPPED: CellFormat = CellFormat {
        wrap: true,
        ..CellFormat::PLAIN
    };

    fn append(part: &str, formats: &[CellFormat]) -> (String, Vec<Option<u32>>) {
        let outline = Outline::parse(part.as_bytes()).unwrap();
        let mut styles = Styles::open(&outline).unwrap();
        let indices = formats.iter().map(|format| styles.index(format)).collect();
        let after = styles.splices().applied(part.as_bytes()).unwrap();
        (String::from_utf8(after).unwrap(), indices)
    }

    #[test]
    fn appended_once_and_found_again() {
        let formats = [RED, EURO, WRAPPED, RED];
        let (once, indices) = append(&part(), &formats);
        assert_eq!(indices, [Some(1), Some(2), Some(3), Some(1)]);
        assert!(once.contains("<cellXfs count=\"4\">"));
        assert!(once.contains("<b/><sz val=\"11\"/><color rgb=\"FF9C0006\"/><name"));
        assert!(once.contains("<numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"#,##0.00 &quot;€&quot;\"/></numFmts><fonts"));
        let (twice, again) = append(&once, &formats);
        assert_eq!((twice, again), (once, indices));
    }

    #[test]
    fn an_equal_format_of_hers_is_used() {
        let hers = "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf></cellXfs>";
        let part = part().replace("</cellXfs>", hers);
        let (after, indices) = append(&part, &[WRAPPED]);
        assert_eq!((after, indices), (part, vec![Some(1)]));
    }

    #[test]
    fn bare_backgrounds_are_known() {
        let (after, _) = append(&part(), &[RED, WRAPPED]);
        let outline = Outline::parse(after.as_bytes()).unwrap();
        let styles = Styles::open(&outline).unwrap();
        assert!(styles.is_loud(1) && !styles.is_loud(0) && !styles.is_loud(2));
    }

    #[test]
    fn lists_that_are_missing_are_made_in_their_place() {
        let part = format!(
            "<x:styleSheet {NS} xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:cellXfs><x:xf/></x:cellXfs></x:styleSheet>"
        );
        let (after, indices) = append(&part, &[RED]);
        assert_eq!(indices, [Some(1)]);
        assert!(
            after.contains("<x:fills count=\"3\"><x:fill><x:patternFill patternType=\"none\"/>")
        );
        assert!(after.contains("</x:fills><x:cellXfs><x:xf/><x:xf numFmtId=\"0\" fillId=\"2\" applyFill=\"1\"/></x:cellXfs>"));
        let (twice, _) = append(&after, &[RED]);
        assert_eq!(twice, after);
    }

    #[test]
    fn a_full_list_takes_no_more_but_gives_what_it_has() {
        // A base style counts too.
        let formats = "<xf/>".repeat(MAX_FORMATS - 2);
        let hers = "<xf><alignment vertical=\"top\" wrapText=\"1\"/></xf>";
        let part = part().replace("</cellXfs>", &format!("{formats}{hers}</cellXfs>"));
        let (after, indices) = append(&part, &[RED, WRAPPED, EURO]);
        let last = u32::try_from(MAX_FORMATS - 1).unwrap();
        assert_eq!(indices, [None, Some(last), None]);
        assert_eq!(after, part);
    }

    #[test]
    fn what_is_written_in_several_ways_takes_its_place() {
        let two = "<mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"><mc:Choice Requires=\"y\"><font><sz val=\"9\"/></font></mc:Choice><mc:Fallback><font/></mc:Fallback></mc:AlternateContent>";
        let whole = part().replace("</fonts>", &format!("{two}</fonts>"));
        let (after, indices) = append(&whole, &[RED]);
        assert_eq!(indices, [Some(1)]);
        assert!(after.contains("</mc:AlternateContent><font><b/>"));
        assert!(after.contains("fontId=\"2\""));
        // One way has a font, the other none: no index can be told.
        let odd = whole.replace("<mc:Fallback><font/>", "<mc:Fallback>");
        let outline = Outline::parse(odd.as_bytes()).unwrap();
        assert!(Styles::open(&outline).is_none());
    }
}
