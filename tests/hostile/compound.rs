//! Compound files (MS-CFB, version 3) with one stream, and the records of `.xls` workbooks (MS-XLS).

const SECTOR: usize = 512;
const END: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;
const FAT: u32 = 0xFFFF_FFFD;

/// A compound file with one stream of that name.
pub fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    // Shorter streams would stand in the small sectors of another one.
    let mut stream = stream.to_vec();
    let length = stream.len().max(4_096);
    stream.resize(length.next_multiple_of(SECTOR), 0);
    let count = stream.len() / SECTOR;
    // Sector 0 is the directory, the stream follows, then the table of sectors.
    let tables = (count + 2).div_ceil(SECTOR / 4 - 1);
    let mut next: Vec<u32> = vec![END];
    next.extend((1..count).map(|sector| u32::try_from(sector + 1).unwrap()));
    next.push(END);
    next.extend(vec![FAT; tables]);
    next.resize(tables * SECTOR / 4, FREE);

    let mut out = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    out.extend_from_slice(&[0; 16]);
    for half in [0x3Eu16, 3, 0xFFFE, 9, 6] {
        out.extend_from_slice(&half.to_le_bytes());
    }
    out.extend_from_slice(&[0; 10]);
    let table_count = u32::try_from(tables).unwrap();
    for word in [table_count, 0, 0, 4_096, END, 0, END, 0] {
        out.extend_from_slice(&word.to_le_bytes());
    }
    for table in 0..109 {
        let sector = u32::try_from(count + 1 + table).unwrap();
        let word = if table < tables { sector } else { FREE };
        out.extend_from_slice(&word.to_le_bytes());
    }
    directory_entry(&mut out, "Root Entry", 5, 1, END, 0);
    directory_entry(&mut out, name, 2, FREE, 1, u32::try_from(length).unwrap());
    out.resize(2 * SECTOR, 0);
    out.extend_from_slice(&stream);
    for word in next {
        out.extend_from_slice(&word.to_le_bytes());
    }
    out
}

fn directory_entry(out: &mut Vec<u8>, name: &str, kind: u8, child: u32, start: u32, size: u32) {
    let mut units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = u16::try_from(units.len() + 2).unwrap();
    units.resize(64, 0);
    out.extend_from_slice(&units);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&[kind, 1]);
    for word in [FREE, FREE, child] {
        out.extend_from_slice(&word.to_le_bytes());
    }
    out.extend_from_slice(&[0; 36]);
    for word in [start, size, 0] {
        out.extend_from_slice(&word.to_le_bytes());
    }
}

/// A record: its number, its length, its content.
pub fn record(out: &mut Vec<u8>, number: u16, content: &[u8]) {
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(&u16::try_from(content.len()).unwrap().to_le_bytes());
    out.extend_from_slice(content);
}

/// A workbook with one sheet `Proximités` that has these labels and numbers.
pub fn xls(cells: &[(u16, u16, Value<'_>)]) -> Vec<u8> {
    let begin = |kind: u16| {
        let mut content = Vec::new();
        for half in [0x600u16, kind, 0x0DBB, 0x07CC, 0, 0, 0, 0] {
            content.extend_from_slice(&half.to_le_bytes());
        }
        content
    };
    let name = "Proximités";
    let mut globals = Vec::new();
    record(&mut globals, 0x809, &begin(5));
    // The sheet stands right after this record and the end of the globals.
    let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let start = globals.len() + 4 + 8 + units.len() + 4;
    let mut sheet = u32::try_from(start).unwrap().to_le_bytes().to_vec();
    sheet.extend_from_slice(&[0, 0, u8::try_from(units.len() / 2).unwrap(), 1]);
    sheet.extend_from_slice(&units);
    record(&mut globals, 0x85, &sheet);
    record(&mut globals, 0x0A, &[]);
    assert_eq!(globals.len(), start);
    record(&mut globals, 0x809, &begin(0x10));
    for (row, column, value) in cells {
        let mut content: Vec<u8> = [*row, *column, 0]
            .iter()
            .flat_map(|half| half.to_le_bytes())
            .collect();
        match value {
            Value::Number(number) => {
                content.extend_from_slice(&number.to_le_bytes());
                record(&mut globals, 0x203, &content);
            }
            Value::Label(text) => {
                let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                content.extend_from_slice(&u16::try_from(units.len() / 2).unwrap().to_le_bytes());
                content.push(1);
                content.extend_from_slice(&units);
                record(&mut globals, 0x204, &content);
            }
        }
    }
    record(&mut globals, 0x0A, &[]);
    globals
}

/// What a cell of an `.xls` holds.
#[derive(Clone, Copy)]
pub enum Value<'v> {
    /// A number.
    Number(f64),
    /// A text.
    Label(&'v str),
}

/// The rows of the one sheet with its headers and a row.
pub const ROWS: [(u16, u16, Value<'_>); 6] = [
    (0, 0, Value::Label("Structure A")),
    (0, 1, Value::Label("Structure B")),
    (0, 2, Value::Label("Degré")),
    (1, 0, Value::Label("Alma")),
    (1, 1, Value::Label("Bora")),
    (1, 2, Value::Number(2.0)),
];

#[test]
fn calamine_reads_the_workbook() {
    use calamine::{Data, Reader};
    let bytes = std::io::Cursor::new(compound("Workbook", &xls(&ROWS)));
    let mut book: calamine::Xls<_> = calamine::Xls::new(bytes).unwrap();
    let range = book.worksheet_range("Proximités").unwrap();
    assert_eq!(range.get((0, 2)), Some(&Data::String("Degré".to_owned())));
    assert_eq!(range.get((1, 2)), Some(&Data::Float(2.0)));
}
