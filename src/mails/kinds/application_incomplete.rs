//! `candidature-incomplete`: the application or its structure lacks something (DON01, ELI01, ELI04,
//! ELI08), to the applicant, up to the deadline (programme.md §6). The one kind that a blocking
//! finding doesn't stop. Of a structure in several rows, only the latest membership counts: nobody
//! can fill in last year's.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::json;

use super::application_received::{applicant, identity};
use crate::facts::membership;
use crate::findings::Finding;
use crate::mails::desk::{Desk, Letter};
use crate::mails::kind::Kind;
use crate::mails::words::euros;
use crate::model::application::{Application, RECEIVED};
use crate::model::season::columns_of;
use crate::model::time::day_month_year;
use crate::model::{Role, Row, RowRef, Table};

const CODES: [&str; 4] = ["DON01", "ELI01", "ELI04", "ELI08"];

#[derive(Debug, Serialize)]
struct Context {
    /// Empty where it is what is missing.
    structure: String,
    /// What is missing, a sentence part each.
    missing: Vec<String>,
    deadline: String,
}

pub(super) fn due(desk: &mut Desk) {
    let night = desk.night;
    if night.today > night.settings.applications.deadline {
        return;
    }
    let mut lacks: BTreeMap<RowRef, Vec<&Finding>> = BTreeMap::new();
    for finding in desk.findings.iter() {
        let of_interest = CODES.contains(&finding.code);
        if let Some(row) = finding.row().filter(|_| of_interest) {
            lacks.entry(row).or_default().push(finding);
        }
    }
    let tables = &night.season.tables;
    for (index, application) in tables.applications.iter().flat_map(Table::standing) {
        if desk.decisions.ranking.status(index).counts {
            ask(desk, index, application, &lacks);
        }
    }
}

fn ask(
    desk: &mut Desk,
    index: u32,
    application: &Application,
    lacks: &BTreeMap<RowRef, Vec<&Finding>>,
) -> Option<()> {
    let base = identity(application)?;
    let to = applicant(application)?;
    let role = Role::Applications;
    let row = RowRef { role, index };
    let findings: Vec<&Finding> = std::iter::once(row)
        .chain(latest_membership(desk, application))
        .filter_map(|row| lacks.get(&row))
        .flatten()
        .copied()
        .collect();
    if findings.is_empty() {
        return None;
    }
    let codes: BTreeSet<&str> = findings.iter().map(|finding| finding.code).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    desk.post(Letter {
        kind: Kind::ApplicationIncomplete,
        key: desk
            .past
            .key(Kind::ApplicationIncomplete, &base, &to.address, 0),
        to,
        rows: &[row],
        announces: None,
        by_absence: false,
        why: format!(
            "La candidature « {} » est incomplète ({}).",
            application.head().key,
            codes.join(", ")
        ),
        told: json!({ "application": base }),
        context: Context {
            structure: application
                .structure
                .value()
                .map_or_else(String::new, |name| name.text.to_string()),
            missing: missing(desk, &findings),
            deadline: day_month_year(desk.night.settings.applications.deadline),
        },
    });
    Some(())
}

/// The row of the structure's latest membership; every row of it while a date can't be read.
fn latest_membership(desk: &Desk, application: &Application) -> Vec<RowRef> {
    let season = desk.night.season;
    let Some(structure) = application.structure.value() else {
        return Vec::new();
    };
    let rows: Vec<u32> = match membership::latest(season, structure.key) {
        Some(index) => vec![index],
        None => season.index.memberships(structure.key).to_vec(),
    };
    let role = Role::Members;
    rows.into_iter()
        .map(|index| RowRef { role, index })
        .collect()
}

/// What is missing, in words for the applicant, once each.
fn missing(desk: &Desk, findings: &[&Finding]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for finding in findings {
        let part = crate::french::typographic(&in_words(desk, finding));
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}

fn in_words(desk: &Desk, finding: &Finding) -> String {
    match finding.code {
        "ELI01" => "le numéro d’immatriculation de votre structure (SIREN, SIRET ou RNA)".to_owned(),
        "ELI04" => format!(
            "une adhésion en cours de validité au statut de membre actif (à partir de {} par an)",
            euros(desk.night.settings.membership.active_fee)
        ),
        "ELI08" => "votre adhésion : nous n’avons pas trouvé votre structure, sous ce nom, parmi nos structures adhérentes".to_owned(),
        // A form fills that column in by itself: the applicant never saw it.
        _ if is_about_reception(finding) => {
            "la date à laquelle vous nous avez adressé votre candidature".to_owned()
        }
        _ => {
            let of = match finding.row().map(|row| row.role) {
                Some(Role::Members) => "dans votre fiche d’adhésion",
                _ => "dans votre candidature",
            };
            format!("la rubrique « {} » {of}", header(desk, finding))
        }
    }
}

fn is_about_reception(finding: &Finding) -> bool {
    let is_of_application = finding
        .row()
        .is_some_and(|row| row.role == Role::Applications);
    is_of_application && finding.column == Some(RECEIVED)
}

/// The header that the form had, on one line; ours where the sheet lacks the column.
fn header(desk: &Desk, finding: &Finding) -> String {
    let column = finding.column;
    let theirs = column.and_then(|column| desk.night.season.header(finding.place.sheet, column));
    let ours = || {
        let role = finding.row()?.role;
        let spec = columns_of(role).get(usize::from(column?.0))?;
        Some(spec.header.to_owned())
    };
    theirs
        .map(|header| header.text.to_string())
        .or_else(ours)
        .unwrap_or_default()
}
