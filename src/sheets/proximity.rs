//! Proximités: a row to a proximity.

use super::row::RowReader;
use crate::model::Cell;
use crate::model::proximity::{DEGREE, Proximity, STRUCTURE_A, STRUCTURE_B};

/// Reads a row of Proximités.
pub fn read(row: &mut RowReader) -> Proximity {
    let structure_a = row.name(STRUCTURE_A);
    let structure_b = row.name(STRUCTURE_B);
    let expected = "0, 1, 2 ou 3";
    let degree = match row.whole(DEGREE, expected) {
        Cell::Is(whole) => match u8::try_from(whole) {
            Ok(degree) if degree <= 3 => Cell::Is(degree),
            _ => row.unreadable(DEGREE, expected, None),
        },
        Cell::Empty => Cell::Empty,
        Cell::Bad => Cell::Bad,
    };
    Proximity {
        head: row.head(),
        structure_a,
        structure_b,
        degree,
    }
}
