//! Notes comité: a row to a committee member's marks.

use super::row::Range;
use super::row::RowReader;
use crate::model::application::Marks;
use crate::model::committee_mark::{
    COMMITTEE_MEMBER, CommitteeMark, MARK_ADEQUATION, MARK_COLLABORATION, MARK_ENGAGEMENT,
    STRUCTURE,
};

/// Reads a row of Notes comité.
pub fn read(row: &mut RowReader) -> CommitteeMark {
    let structure = row.name(STRUCTURE);
    let committee_member = row.name(COMMITTEE_MEMBER);
    let marks = Marks {
        adequation: row.mark(MARK_ADEQUATION, Range::ZeroToFive),
        engagement: row.mark(MARK_ENGAGEMENT, Range::ZeroToFive),
        collaboration: row.mark(MARK_COLLABORATION, Range::ZeroToFive),
    };
    CommitteeMark {
        head: row.head(),
        structure,
        committee_member,
        marks,
    }
}
