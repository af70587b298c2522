//! Workbooks spoilt at random, but by somebody who knows how they are built.

use super::archive::{Entry, zip};
use super::parts::Parts;

/// Numbers from a seed, the same everywhere (splitmix64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Less than `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).unwrap()
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// Values that have hurt readers before.
const NASTY: &[&str] = &[
    "",
    "0",
    "1",
    "-1",
    "2",
    "7",
    "65536",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "18446744073709551616",
    "1e308",
    "1e999",
    "NaN",
    "-0",
    "0x10",
    " 3 ",
    "+1",
    "1.5",
    "A",
    "A0",
    "A1",
    "a1",
    "B2",
    "C3",
    "Z1",
    "AA1",
    "XFD1",
    "XFE1",
    "A1048576",
    "A1048577",
    "XFD1048576",
    "$A$1",
    "A1:B2",
    "A1:XFD1048576",
    "B2:A1",
    "s",
    "b",
    "e",
    "d",
    "n",
    "str",
    "inlineStr",
    "x",
    "true",
    "false",
    "preserve",
    "rId1",
    "rId2",
    "rId99",
    "shared",
    "array",
    "dataTable",
    "../x.xml",
    "/xl/workbook.xml",
    "worksheets/sheet2.xml",
    "styles.xml",
    "Été",
    "Inscriptions",
    "adherents",
    "é&amp;&lt;",
    "&#0;",
    "&#x1F600;",
    "&bad;",
    "_x000D_",
    "_x0041_",
    "_xD800_",
    "urn:x",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
];

/// Texts that cells may come to hold.
const TEXTS: &[&str] = &[
    "",
    " ",
    "0",
    "1",
    "44208.5",
    "1e999",
    "-1",
    "99999",
    "=1+1",
    "a\r\nb",
    "&amp;",
    "&lt;c&gt;",
    "&#10;",
    "&bad;",
    "&",
    "<![CDATA[<c/>]]>",
    "<!-- x -->",
    "_x000D_",
    "_x005F_x0041_",
    "#N/A",
    "#SPILL!",
    "true",
    "2021-01-12",
    "\u{feff}",
    "ÿ",
    "<t>x</t>",
    "]]>",
];

/// Pieces that may turn up anywhere.
const PIECES: &[&str] = &[
    "<c r=\"B2\"><v>5</v></c>",
    "<c><v>6</v></c>",
    "<c/>",
    "<row/>",
    "<row r=\"2\"/>",
    "<row r=\"9\"><c r=\"A9\"><v>1</v></c></row>",
    "<x:c><x:v>1</x:v></x:c>",
    "<v>3</v>",
    "<f>A1</f>",
    "<is><t>z</t></is>",
    "<t>y</t>",
    "<si><t>w</t></si>",
    "<si/>",
    "<!-- <c r=\"A1\"><v>9</v></c> -->",
    "<?pi <c/>?>",
    "<!DOCTYPE a>",
    "<![CDATA[<row>]]>",
    "<extLst><ext><c r=\"A1\"/></ext></extLst>",
    "<mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"><mc:Choice Requires=\"z\"><row r=\"1\"/></mc:Choice></mc:AlternateContent>",
    "<sheetData/>",
    "</sheetData>",
    "</row>",
    "</c>",
    "<a xmlns=\"urn:x\"><c r=\"A1\"><v>8</v></c></a>",
    "<mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells>",
    "<mergeCell ref=\"B2\"/>",
    "<rPh sb=\"0\" eb=\"1\"><t>r</t></rPh>",
    "<f t=\"shared\" si=\"4000000000\"/>",
    "<f t=\"array\" ref=\"A1:C9\">1</f>",
    "<tablePart r:id=\"rId1\"/>",
    "<xf numFmtId=\"14\"/>",
    "<sheet name=\"b\" sheetId=\"9\" r:id=\"rId1\"/>",
    "<",
    ">",
    "\"",
    "&",
    "\0",
];

/// Spoils some parts; returns whether the XML alone was touched, so that the parts are what the package holds.
pub fn parts(parts: &mut Parts, random: &mut Random) {
    let times = if random.one_in(2) { 1 } else { random.below(4) };
    for _ in 0..times {
        // The cells are what matters: every other time a sheet.
        let sheets: Vec<usize> = (0..parts.len())
            .filter(|at| {
                parts[*at].0.contains("sheet")
                    || parts[*at].0.contains("content.xml")
                    || parts[*at].0.contains("Strings")
            })
            .collect();
        let at = if sheets.is_empty() || random.one_in(3) {
            random.below(parts.len())
        } else {
            sheets[random.below(sheets.len())]
        };
        if random.one_in(40) {
            list(parts, at, random);
        } else {
            part(&mut parts[at].1, random);
        }
        if parts.is_empty() {
            return;
        }
    }
}

/// The list of parts itself.
fn list(parts: &mut Parts, at: usize, random: &mut Random) {
    match random.below(6) {
        0 => drop(parts.remove(at)),
        1 => {
            let copy = parts[at].clone();
            parts.push(copy);
        }
        2 => parts[at].0 = parts[at].0.to_uppercase(),
        3 => {
            let other = random.below(parts.len());
            parts.swap(at, other);
        }
        4 => {
            let other = random.below(parts.len());
            let data = parts[other].1.clone();
            parts[at].1 = data;
        }
        _ => parts[at].0.push_str("/a"),
    }
}

/// Markup and the text between.
fn pieces(data: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut rest = data;
    while !rest.is_empty() {
        let length = if rest[0] == b'<' {
            rest.iter()
                .position(|byte| *byte == b'>')
                .map_or(rest.len(), |at| at + 1)
        } else {
            rest.iter()
                .position(|byte| *byte == b'<')
                .unwrap_or(rest.len())
        };
        let (piece, after) = rest.split_at(length);
        found.push(piece.to_vec());
        rest = after;
    }
    found
}

fn part(data: &mut Vec<u8>, random: &mut Random) {
    if random.one_in(12) {
        bytes(data, random);
        return;
    }
    let mut pieces = pieces(data);
    if pieces.is_empty() {
        data.extend_from_slice(random.pick(PIECES).as_bytes());
        return;
    }
    let at = random.below(pieces.len());
    match random.below(24) {
        0 => drop(pieces.remove(at)),
        1 => {
            let copy = pieces[at].clone();
            pieces.insert(at, copy);
        }
        2 => {
            let other = random.below(pieces.len());
            pieces.swap(at, other);
        }
        3 => {
            let piece = random.pick(PIECES).as_bytes().to_vec();
            pieces.insert(at, piece);
        }
        4 => repeat(&mut pieces, at, random),
        5 => {
            let length = random.below(9) + 1;
            let end = (at + length).min(pieces.len());
            pieces.drain(at..end);
        }
        6..12 => {
            if let Some(text) = pieces.iter_mut().skip(at).find(|piece| piece[0] != b'<') {
                *text = random.pick(TEXTS).as_bytes().to_vec();
            }
        }
        12 => pieces.truncate(at),
        _ => {
            let tagged = |piece: &&mut Vec<u8>| piece[0] == b'<' && piece.contains(&b'=');
            let other = random.below(pieces.len());
            let donor = pieces[other..]
                .iter()
                .find(|piece| piece.contains(&b'='))
                .cloned();
            if let Some(tag) = pieces.iter_mut().skip(at).find(tagged) {
                attributes(tag, donor.as_deref().unwrap_or_default(), random);
            }
        }
    }
    *data = pieces.concat();
}

/// Copies a stretch, a row for instance, to another place.
fn repeat(pieces: &mut Vec<Vec<u8>>, at: usize, random: &mut Random) {
    let end = (at + 1 + random.below(20)).min(pieces.len());
    let copy: Vec<Vec<u8>> = pieces[at..end].to_vec();
    let to = random.below(pieces.len());
    pieces.splice(to..to, copy);
}

/// Where each attribute of a tag stands: the blank before it to its closing quote, and its value.
fn found(tag: &[u8]) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(equals) = tag[at..].iter().position(|byte| *byte == b'=') {
        let quote = at + equals + 1;
        let start = tag[..quote]
            .iter()
            .rposition(|byte| *byte == b' ')
            .unwrap_or(quote);
        let Some(length) = tag
            .get(quote + 1..)
            .and_then(|rest| rest.iter().position(|byte| *byte == tag[quote]))
        else {
            break;
        };
        found.push((start, quote + 1, quote + 1 + length));
        at = quote + length + 2;
        if at >= tag.len() {
            break;
        }
    }
    found
}

fn attributes(tag: &mut Vec<u8>, donor: &[u8], random: &mut Random) {
    let attributes = found(tag);
    if attributes.is_empty() {
        return;
    }
    let (start, value, end) = attributes[random.below(attributes.len())];
    match random.below(8) {
        0 => drop(tag.drain(start..=end)),
        1 => {
            let copy = tag[start..=end].to_vec();
            tag.splice(start..start, copy);
        }
        2 => {
            let others = found(donor);
            if let Some((_, from, to)) = others.get(random.below(others.len().max(1))) {
                tag.splice(value..end, donor[*from..*to].to_vec());
            }
        }
        3 => {
            let others = found(donor);
            if let Some((from, _, to)) = others.get(random.below(others.len().max(1))) {
                tag.splice(start..start, donor[*from..=*to].to_vec());
            }
        }
        _ => {
            let nasty = random.pick(NASTY).as_bytes().to_vec();
            tag.splice(value..end, nasty);
        }
    }
}

/// Bytes without any regard to what they mean.
pub fn bytes(data: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        if data.is_empty() {
            return;
        }
        let at = random.below(data.len());
        match random.below(6) {
            0 => data[at] ^= 1 << random.below(8),
            1 => data[at] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][random.below(6)],
            2 => drop(data.remove(at)),
            3 => data.insert(at, [0, b'<', b'"', 0xFF][random.below(4)]),
            4 => {
                let end = (at + 1 + random.below(16)).min(data.len());
                data[at..end].fill([0, 0xFF, b'A'][random.below(3)]);
            }
            _ => {
                if random.one_in(10) {
                    data.truncate(at);
                }
            }
        }
    }
}

/// The zip around the parts: its entries tell lies.
pub fn archive(parts: &Parts, random: &mut Random) -> Vec<u8> {
    let mut entries: Vec<Entry> = parts
        .iter()
        .map(|(name, data)| Entry::new(name, data))
        .collect();
    for _ in 0..=random.below(2) {
        let at = random.below(entries.len());
        let other = random.below(entries.len());
        let far = [0, 1, 5, 0xFFFF, u32::MAX][random.below(5)];
        match random.below(14) {
            0 => entries[at].crc ^= 1 << random.below(32),
            1 => entries[at].size = entries[at].size.wrapping_add(far),
            2 => entries[at].size = far,
            3 => entries[at].method = [0, 8, 9, 12, 14, 93, 99][random.below(7)],
            4 => entries[at].flags ^= 1 << random.below(12),
            5 => {
                let copy = entries[other].clone();
                entries.insert(at, copy);
            }
            6 => entries.swap(at, other),
            7 => drop(entries.remove(at)),
            8 => {
                let name = entries[other].name.clone();
                entries[at].name = name;
            }
            9 => entries[at].local_name = Some(entries[other].name.clone()),
            10 => entries[at].offset = Some(far),
            11 => bytes(&mut entries[at].packed, random),
            12 => entries[at].name = entries[at].name.to_ascii_uppercase(),
            _ => bytes(&mut entries[at].name, random),
        }
        if entries.is_empty() {
            break;
        }
    }
    zip(&entries)
}
