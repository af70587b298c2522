//! What stands before and after a sheet's rows.

use std::io::Read;
use std::ops::Range;

use super::refs::Area;
use super::refusal::Refusal;
use super::scan::{Scanner, Stage, Tail};
use super::xml::{self, Kind, Namespace};

impl<R: Read> Scanner<R> {
    /// Moves on before the rows.
    fn pass_head(&mut self, bytes: usize) {
        if self.keeping {
            let passed = self.window.view().get(..bytes).unwrap_or_default();
            self.head.bytes.extend_from_slice(passed);
        }
        self.window.advance(bytes);
    }

    pub(super) fn read_head(&mut self) -> Result<(), Refusal> {
        loop {
            let token = self.expect()?;
            match token.kind {
                Kind::Start | Kind::Empty => {}
                Kind::Aside => {
                    self.pass_head(token.end);
                    continue;
                }
                _ => return Err(self.unusual("no sheetData")),
            }
            let tag = token.bytes(self.window.view()).to_vec();
            let at = self.window.offset() + token.start as u64;
            self.open_scope(&tag)?;
            let name = xml::name(&tag);
            let (prefix, local) = xml::split_name(name);
            let ours = self.scopes.of(name) == Namespace::Sheet;
            if self.scopes.depth() == 1 {
                if !ours || local != b"worksheet" {
                    return Err(Refusal::NotCells {
                        sheet: self.place.sheet.clone(),
                    });
                }
                if token.kind == Kind::Empty {
                    return Err(self.unusual("no sheetData"));
                }
                self.pass_head(token.end);
                continue;
            }
            if ours && local == b"sheetData" {
                self.head.rows = at..at + tag.len() as u64;
                self.head.rows_self_closed = token.kind == Kind::Empty;
                self.head.prefix = prefix.to_vec();
                self.pass_head(token.end);
                if self.head.rows_self_closed {
                    self.scopes.close();
                    self.stage = Stage::Past;
                }
                return Ok(());
            }
            let end = self.element_end(token)?;
            let bytes = self.window.view().get(token.start..end).unwrap_or_default();
            match local {
                b"dimension" if ours => self.head.dimension = reference(at, &tag),
                b"cols" if ours => self.head.cols = Some((at, bytes.to_vec())),
                _ => {}
            }
            self.scopes.close();
            self.pass_head(end);
        }
    }

    fn open_scope(&mut self, tag: &[u8]) -> Result<(), Refusal> {
        let opened = self.scopes.open(tag);
        opened.map_err(|fault| self.damage(&fault))
    }

    /// Reads what follows the rows, which must have been read to their end.
    pub fn finish(mut self) -> Result<Tail, Refusal> {
        let mut tail = Tail::default();
        if !self.head.rows_self_closed {
            let token = self.expect()?;
            tail.rows_end = self.window.offset() + token.start as u64;
            self.window.advance(token.end);
            self.scopes.close();
        }
        // The depth within AlternateContent, whose alternatives are none of ours.
        let mut skip_from = None;
        while let Some(token) = self.peek()? {
            let tag = token.bytes(self.window.view()).to_vec();
            match token.kind {
                Kind::Start | Kind::Empty => {
                    self.open_scope(&tag)?;
                    if skip_from.is_none() {
                        self.tail_element(&tag, &mut tail)?;
                        let name = xml::name(&tag);
                        if self.scopes.of(name) == Namespace::Compatibility {
                            skip_from = Some(self.scopes.depth());
                        }
                    }
                    if token.kind == Kind::Empty {
                        self.leave(&mut skip_from);
                    }
                }
                Kind::End => self.leave(&mut skip_from),
                Kind::Aside | Kind::Doctype => {}
            }
            if self.keeping {
                let passed = self.window.view().get(..token.end).unwrap_or_default();
                tail.bytes.extend_from_slice(passed);
            }
            self.window.advance(token.end);
        }
        if self.keeping {
            tail.bytes.extend_from_slice(self.window.view());
        }
        if self.scopes.depth() != 0 {
            return Err(self.damage(&"the sheet ends too early"));
        }
        Ok(tail)
    }

    fn leave(&mut self, skip_from: &mut Option<usize>) {
        if *skip_from == Some(self.scopes.depth()) {
            *skip_from = None;
        }
        self.scopes.close();
    }

    fn tail_element(&self, tag: &[u8], tail: &mut Tail) -> Result<(), Refusal> {
        let name = xml::name(tag);
        if self.scopes.of(name) != Namespace::Sheet {
            return Ok(());
        }
        match xml::split_name(name).1 {
            b"mergeCell" => {
                let area = reference(0, tag).and_then(|(_, text)| Area::parse(&text));
                let area = area.ok_or_else(|| self.unusual("a merged range off the sheet"))?;
                tail.merges.push(area);
            }
            b"sheetProtection" => {
                tail.protected |= xml::attributes(tag)
                    .flatten()
                    .any(|a| a.name == b"sheet" && matches!(a.value, b"1" | b"true"));
            }
            b"sheetData" => return Err(self.unusual("rows in two places")),
            _ => {}
        }
        Ok(())
    }
}

/// The `ref` of a tag that stands at `at`.
fn reference(at: u64, tag: &[u8]) -> Option<(Range<u64>, Vec<u8>)> {
    let found = xml::attributes(tag).flatten().find(|a| a.name == b"ref")?;
    let start = at + found.range.start as u64;
    Some((
        start..start + found.value.len() as u64,
        found.value.to_vec(),
    ))
}
