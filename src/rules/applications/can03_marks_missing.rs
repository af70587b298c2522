//! CAN03: D is past the deadline, and an application that counts, is in time and eligible has marks
//! missing (programme.md §4): it can't be ranked.
//!
//! Marks of the committee replace those typed beside the application; when all of them are in
//! conflict of interest, marks are missing. A mark that can't be read has its own finding.

use crate::decide::Decisions;
use crate::decide::ranking::MarksStatus;
use crate::findings::Severity;
use crate::french::words;
use crate::model::application::{
    Application, MARK_ADEQUATION, MARK_COLLABORATION, MARK_ENGAGEMENT,
};
use crate::model::column::Column;
use crate::model::time::short_date;
use crate::model::{Role, RowRef, Table};
use crate::rules::{Card, Night, Sink};

/// What `explain CAN03` prints.
pub const CARD: Card = Card {
    code: "CAN03",
    severity: Severity::Warning,
    title: "Notes manquantes",
    finds: "L’appel à candidatures est clos, et il manque des notes à une candidature recevable : elle ne peut pas être classée.",
    remedy: "Complétez les trois notes dans Candidatures, ou celles du comité dans Notes comité.",
};

/// Reports every application that could be ranked if its marks were there.
pub fn check(night: &Night, decisions: &Decisions, sink: &mut Sink) {
    let deadline = night.settings.applications.deadline;
    if night.today <= deadline {
        return;
    }
    let since = short_date(deadline);
    for (index, row) in night
        .season
        .tables
        .applications
        .iter()
        .flat_map(Table::live)
    {
        let status = decisions.ranking.status(index);
        let ranked_but_for_marks = status.counts && status.in_time && status.eligible;
        if !ranked_but_for_marks || status.marks != MarksStatus::Missing {
            continue;
        }
        let at = RowRef {
            role: Role::Applications,
            index,
        };
        let (column, missing) = missing(night, at, row);
        let message = format!(
            "L’appel est clos depuis le {since} et la candidature n’est pas classée : {missing}"
        );
        sink.row(at, column, message);
    }
}

/// The first column to fill in, where it is in Candidatures, and what to do.
fn missing(night: &Night, at: RowRef, row: &Application) -> (Option<Column>, String) {
    let by_committee = row
        .structure
        .value()
        .is_some_and(|name| !night.season.index.committee_marks_of(name.key).is_empty());
    if by_committee {
        let sheet = words::quoted(Role::CommitteeMarks.french());
        let message = format!(
            "complétez les notes du comité dans {sheet} (celles d’un membre en conflit d’intérêts ne comptent pas)."
        );
        return (None, message);
    }
    let empty: Vec<Column> = [
        (MARK_ADEQUATION, row.marks.adequation),
        (MARK_ENGAGEMENT, row.marks.engagement),
        (MARK_COLLABORATION, row.marks.collaboration),
    ]
    .into_iter()
    .filter(|(_, mark)| mark.is_empty())
    .map(|(column, _)| column)
    .collect();
    let headers: Vec<String> = empty
        .iter()
        .map(|column| words::header(night.season, at, *column))
        .collect();
    let message = format!("remplissez {}.", headers.join(", "));
    (empty.first().copied(), message)
}

#[cfg(test)]
mod tests {
    use crate::rules::scene::Scene;

    fn marks(engagement: &'static str) -> Scene {
        Scene::new().application(&[("Note engagement", engagement)])
    }

    #[test]
    fn a_missing_mark_is_found() {
        let scene = marks("");
        assert_eq!(scene.places("CAN03"), ["Candidatures!J2"]);
        assert!(scene.messages("CAN03")[0].contains("Note engagement"));
    }

    #[test]
    fn all_marks_are_silent_and_a_bad_one_has_its_own_finding() {
        assert!(marks("0").rows("CAN03").is_empty());
        assert!(marks("6").rows("CAN03").is_empty());
        assert_eq!(marks("6").rows("DON02").len(), 1);
    }

    #[test]
    fn it_starts_the_day_after_the_deadline() {
        assert!(marks("").on("2020-12-18").rows("CAN03").is_empty());
        assert_eq!(marks("").on("2020-12-19").rows("CAN03").len(), 1);
    }

    #[test]
    fn what_is_late_ineligible_or_replaced_needs_no_marks() {
        let late = [("Horodateur", "19/12/2020"), ("Note engagement", "")];
        assert!(Scene::new().application(&late).rows("CAN03").is_empty());
        let ineligible = marks("").member(&[("Immatriculation", "")]);
        assert!(ineligible.rows("CAN03").is_empty());
        let replaced = marks("").application(&[("Horodateur", "02/12/2020")]);
        assert!(replaced.rows("CAN03").is_empty());
    }

    #[test]
    fn marks_of_the_committee_count_instead() {
        assert!(marks("").mark(&[]).rows("CAN03").is_empty());
        let conflict = marks("4").mark(&[("Membre du comité", "Lou Garcia")]);
        assert_eq!(conflict.places("CAN03"), ["Candidatures!2"]);
    }
}
