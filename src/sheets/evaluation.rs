//! Évaluations: a row to an evaluation.

use super::row::Range;
use super::row::RowReader;
use crate::model::evaluation::{
    ACTIONS, COMMENTS, Evaluation, FILLED_ON, IMPROVEMENTS, SATISFACTION, SKILLS, SUPPORT,
};

/// Reads a row of Évaluations.
pub fn read(row: &mut RowReader) -> Evaluation {
    let support = row.name(SUPPORT);
    let filled_on = row.date(FILLED_ON);
    // EVA02 says what is out of range.
    let skills = row.mark(SKILLS, Range::Any);
    let actions = row.mark(ACTIONS, Range::Any);
    let satisfaction = row.mark(SATISFACTION, Range::Any);
    let comments = row.long_text(COMMENTS);
    let improvements = row.long_text(IMPROVEMENTS);
    Evaluation {
        head: row.head(),
        support,
        filled_on,
        skills,
        actions,
        satisfaction,
        comments,
        improvements,
    }
}
