//! What formulas read: enough of their grammar (ECMA-376 part 1, 18.17) to tell whether one reads a
//! column of ours. Nothing is computed.

use std::collections::{BTreeMap, BTreeSet};

use super::refs::{LAST_COLUMN, LAST_ROW};

/// What the formulas of one place read: those of a sheet, or a defined name.
#[derive(Debug, Clone, Default)]
pub(super) struct Reads {
    /// By sheet in lower case (none: the formula's own) and by first and last column: the last row.
    areas: BTreeMap<(Option<String>, u32, u32), u32>,
    /// Defined names and tables without brackets, in lower case.
    words: BTreeSet<String>,
    /// Columns of tables, in lower case.
    columns: BTreeSet<String>,
}

/// A column, as formulas may name it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column<'c> {
    pub sheet: &'c str,
    /// 0-based.
    pub at: u32,
    /// The first row below its header.
    pub first_row: u32,
    /// Its header and the name of the table that holds it.
    pub table: Option<(&'c str, &'c str)>,
}

impl Reads {
    /// Notes what a formula reads. `spread` is how far it is shared, in rows and columns: there its
    /// references move along.
    pub fn note(&mut self, formula: &str, spread: (u32, u32)) {
        let mut reader = Reader {
            rest: formula,
            reads: self,
            spread,
        };
        reader.run();
    }

    /// Whether one of these formulas, which stand on the sheet `home`, reads the column.
    pub fn read(&self, home: Option<&str>, column: &Column<'_>) -> bool {
        let wanted = column.sheet.to_lowercase();
        let at_home = home.is_some_and(|home| home.to_lowercase() == wanted);
        let by_place = self.areas.iter().any(|((sheet, first, last), last_row)| {
            let is_there = sheet.as_ref().map_or(at_home, |sheet| *sheet == wanted);
            is_there && (*first..=*last).contains(&column.at) && *last_row >= column.first_row
        });
        by_place
            || column.table.is_some_and(|(header, table)| {
                self.columns.contains(&header.to_lowercase()) || self.uses(table)
            })
    }

    /// Whether a formula uses a defined name or a whole table.
    pub fn uses(&self, name: &str) -> bool {
        self.words.contains(&name.to_lowercase())
    }

    pub fn is_empty(&self) -> bool {
        self.areas.is_empty() && self.words.is_empty() && self.columns.is_empty()
    }
}

/// One end of a reference: a column, a row, or both.
type End = (Option<u32>, Option<u32>);

struct Reader<'f, 'r> {
    rest: &'f str,
    reads: &'r mut Reads,
    spread: (u32, u32),
}

impl<'f> Reader<'f, '_> {
    fn run(&mut self) {
        // The sheet that qualifies the next reference; `Err` where it lies in another workbook.
        let mut sheet: Result<Option<String>, ()> = Ok(None);
        let mut elsewhere = false;
        while let Some(first) = self.rest.chars().next() {
            match first {
                '"' => drop(self.quoted('"')),
                '\'' => {
                    let name = self.quoted('\'');
                    if self.eat("!") {
                        sheet = qualifier(&name, elsewhere);
                        continue;
                    }
                }
                '[' => {
                    let inside = self.bracket();
                    // `[1]Feuille!A1` lies in another workbook.
                    if !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit()) {
                        elsewhere = true;
                        continue;
                    }
                    self.structured(inside, None);
                }
                letter if is_word(letter) => {
                    let word = self.word();
                    if self.eat("!") {
                        sheet = qualifier(word, elsewhere);
                        continue;
                    }
                    self.name_or_reference(word, &sheet);
                }
                other => self.skip(other.len_utf8()),
            }
            (sheet, elsewhere) = (Ok(None), false);
        }
    }

    fn name_or_reference(&mut self, word: &str, sheet: &Result<Option<String>, ()>) {
        if self.rest.starts_with('(') {
            return;
        }
        if self.rest.starts_with('[') {
            let inside = self.bracket();
            return self.structured(inside, Some(word));
        }
        let Some(first) = end(word) else {
            return self.name(word);
        };
        let mut last = first;
        let before = self.rest;
        if self.eat(":") {
            match end(self.word()) {
                Some(other) => last = other,
                None => self.rest = before,
            }
        } else if first.0.is_none() || first.1.is_none() {
            return self.name(word);
        }
        if let Ok(sheet) = sheet {
            self.note(sheet.clone(), first, last);
        }
    }

    fn name(&mut self, word: &str) {
        if !word.starts_with(|first: char| first.is_ascii_digit()) {
            self.reads.words.insert(word.to_lowercase());
        }
    }

    fn note(&mut self, sheet: Option<String>, first: End, last: End) {
        let (down, right) = self.spread;
        let columns = first.0.zip(last.0).unwrap_or((0, LAST_COLUMN));
        let rows = first.1.zip(last.1).unwrap_or((0, LAST_ROW));
        let last_row = rows.0.max(rows.1).saturating_add(down);
        let key = (
            sheet,
            columns.0.min(columns.1),
            columns.0.max(columns.1).saturating_add(right),
        );
        let known = self.reads.areas.entry(key).or_insert(last_row);
        *known = last_row.max(*known);
    }

    /// What stands in the brackets of a structured reference: columns, or `#All` and the like.
    fn structured(&mut self, inside: &str, table: Option<&str>) {
        let mut named = false;
        for part in inside.split(['[', ']']) {
            let column = part.trim_start_matches('@').replace('\'', "");
            let column = column.trim();
            if column.is_empty() || column.starts_with('#') || matches!(column, "," | ":") {
                continue;
            }
            named = true;
            self.reads.columns.insert(column.to_lowercase());
        }
        if let Some(table) = table.filter(|_| !named) {
            self.reads.words.insert(table.to_lowercase());
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn eat(&mut self, what: &str) -> bool {
        let after = self.rest.strip_prefix(what);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn word(&mut self) -> &'f str {
        let length = self.rest.find(|letter| !is_word(letter));
        let (word, rest) = self.rest.split_at(length.unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }

    /// The text between quotes, which stand for themselves when doubled.
    fn quoted(&mut self, quote: char) -> String {
        let mut text = String::new();
        self.skip(quote.len_utf8());
        while let Some(at) = self.rest.find(quote) {
            text.push_str(self.rest.get(..at).unwrap_or_default());
            self.skip(at + 1);
            if !self.rest.starts_with(quote) {
                return text;
            }
            text.push(quote);
            self.skip(1);
        }
        self.rest = "";
        text
    }

    /// The text between a bracket and its fellow; `'` takes the meaning from the sign after it.
    fn bracket(&mut self) -> &'f str {
        let (mut depth, mut escaped) = (0u32, false);
        for (at, letter) in self.rest.char_indices() {
            match letter {
                _ if escaped => escaped = false,
                '\'' => escaped = true,
                '[' => depth += 1,
                ']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let inside = self.rest.get(1..at).unwrap_or_default();
                self.skip(at + 1);
                return inside;
            }
        }
        std::mem::take(&mut self.rest).get(1..).unwrap_or_default()
    }
}

/// Letters of names, numbers and references.
fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '.' | '$' | '\\' | '?')
}

/// The sheet before a `!`; `Err` for one of another workbook (`[2]Feuille`).
fn qualifier(name: &str, elsewhere: bool) -> Result<Option<String>, ()> {
    if elsewhere || name.contains(']') {
        return Err(());
    }
    Ok(Some(name.to_lowercase()))
}

/// Reads `$D$5`, `D`, `$5`.
fn end(word: &str) -> Option<End> {
    let text = word.strip_prefix('$').unwrap_or(word);
    let letters = text.find(|letter: char| !letter.is_ascii_alphabetic());
    let (letters, rest) = text.split_at(letters.unwrap_or(text.len()));
    let digits = rest.strip_prefix('$').unwrap_or(rest);
    let column = match letters.len() {
        0 => None,
        1..=3 => Some(column(letters).filter(|column| *column <= LAST_COLUMN)?),
        _ => return None,
    };
    let row = if digits.is_empty() {
        None
    } else {
        let number = super::refs::parse_number(digits.as_bytes())?;
        Some(number.checked_sub(1).filter(|row| *row <= LAST_ROW)?)
    };
    (column.is_some() || row.is_some()).then_some((column, row))
}

fn column(letters: &str) -> Option<u32> {
    let number = letters.bytes().fold(0, |number, letter| {
        number * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    number.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(formula: &str) -> Reads {
        let mut reads = Reads::default();
        reads.note(formula, (0, 0));
        reads
    }

    /// Column D of `Ateliers`, whose header is in the first row.
    const OURS: Column<'static> = Column {
        sheet: "Ateliers",
        at: 3,
        first_row: 1,
        table: Some(("Contrôle (auto)", "Tableau1")),
    };

    #[test]
    fn formulas_on_the_sheet_itself() {
        for formula in [
            "COUNTIF(D2:D40,\"Bloquant\")",
            "COUNTIF($D:$D,\"x\")",
            "D2",
            "SUM(A1:Z99)",
            "COUNTA(5:5)",
            "IF(a_b=\"D2\",'Autre'!A1,$d$7)",
            "ateliers!D2",
            "SUM(ATELIERS!C1:D2)",
            "Tableau1[Contrôle (auto)]",
            "COUNTIF(Tableau1[[#This Row],[contrôle (AUTO)]],1)",
            "[@[Contrôle (auto)]]",
            "ROWS(Tableau1)",
            "ROWS(tableau1[#All])",
            "SUM(Tableau1[])",
        ] {
            assert!(reads(formula).read(Some("ATELIERS"), &OURS), "{formula}");
        }
        for formula in [
            "1+2",
            "D1",
            "SUM(A:C,E:E)",
            "LEFT(\"D2\",D1)",
            "Autre!D2",
            "'L''autre !'!D2:D3",
            "[1]Ateliers!D2",
            "'[1]Ateliers'!D2",
            "LOG10(C2)",
            "D2(1)",
            "DOLLAR",
            "Tableau1[Titre]",
            "Tableau2",
            "XFE2",
            "\"a\"\"D2\"",
            "D0",
        ] {
            assert!(!reads(formula).read(Some("Ateliers"), &OURS), "{formula}");
        }
    }

    #[test]
    fn formulas_on_other_sheets_name_ours() {
        let spaced = Column {
            sheet: "L'an 1",
            table: None,
            ..OURS
        };
        assert!(reads("SUM('L''An 1'!D:D)").read(Some("Bilan"), &spaced));
        assert!(reads("SUM('L''An 1'!D:D)").read(None, &spaced));
        assert!(!reads("SUM(D:D)").read(Some("Bilan"), &spaced));
        assert!(!reads("SUM(D:D)").read(None, &spaced));
    }

    #[test]
    fn a_shared_formula_moves_along() {
        let mut shared = Reads::default();
        shared.note("B1", (9, 2));
        assert!(shared.read(Some("Ateliers"), &OURS));
        assert!(!reads("B1").read(Some("Ateliers"), &OURS));
    }

    #[test]
    fn words_are_names() {
        let found = reads("SUM(Alertes_du_jour)+Taux.2");
        assert!(found.uses("ALERTES_DU_JOUR") && found.uses("taux.2") && !found.uses("sum"));
        assert!(Reads::default().is_empty() && !found.is_empty());
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for text in [
            "", "'", "[", "\"", "a!", "A1:", "[[", "é'[", "]]]", "$", "A1:B", "!!",
        ] {
            reads(text);
        }
    }
}
