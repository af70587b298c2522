//! The morning in an e-mail: short, the decisions first, to be read on a phone.

use chrono::Datelike;

use super::morning::{Coming, Morning, ToDo, Where};
use crate::config::Transport;
use crate::findings::{Finding, Findings};
use crate::french::typographic;
use crate::french::words::count;
use crate::mails::{ComingWords, DigestWords, LineWords};
use crate::model::time::{day_month, long_date, weekday_name};
use crate::model::{Place, Season};
use crate::programme::Programme;

/// So many lines of each list: the dashboard has the rest.
const SHOWN: usize = 8;

/// What the digest says of a morning.
#[must_use]
pub fn words(
    morning: &Morning,
    programme: &Programme,
    findings: &Findings,
    with_dashboard: bool,
) -> DigestWords {
    let season = &programme.season;
    let changes = &morning.changes;
    let new = changes.new_ones(findings);
    let (to_do, more_to_do) = first(&morning.to_do, |to_do| to_do_words(to_do, season));
    let (new, more_new) = first(&new, |finding| new_words(finding, season));
    let (solved, more_solved) = first(&changes.solved, |solved| LineWords {
        label: solved.code.clone(),
        text: typographic(&format!("{} : {}", solved.title, solved.key)),
        place: solved.sheet.to_owned(),
    });
    let (coming, more_coming) = first(&morning.coming, coming_words);
    DigestWords {
        headline: headline(morning),
        day: long_date(morning.today),
        to_do,
        more_to_do,
        since: changes.since.map(long_date).unwrap_or_default(),
        new,
        more_new,
        solved,
        more_solved,
        remaining: remaining(morning),
        sent: sent(morning, programme.settings.mail.transport),
        not_sent: not_sent(morning),
        coming,
        more_coming,
        with_dashboard,
    }
}

/// Whether the morning has anything that the one before did not have. What awaits her word since an
/// earlier day was told then; what went wrong, is in doubt or could not be sent is told until it is
/// settled.
#[must_use]
pub fn has_news(morning: &Morning, is_troubled: bool) -> bool {
    let mails = &morning.mails;
    is_troubled
        || morning.changes.since.is_none()
        || !morning.changes.solved.is_empty()
        || morning.changes.new_count() > 0
        || mails.accepted_count() > 0
        || mails.asked_today > 0
        || mails.doubtful + mails.unsent > 0
}

fn headline(morning: &Morning) -> String {
    let text = match (morning.to_do.len(), morning.changes.new_count()) {
        (0, 0) => "Tout va bien".to_owned(),
        (0, new) => count(new, "nouveau constat", "nouveaux constats"),
        (to_do, _) => count(to_do, "point à voir", "points à voir"),
    };
    typographic(&text)
}

fn to_do_words(to_do: &ToDo, season: &Season) -> LineWords {
    LineWords {
        label: to_do.label.to_owned(),
        text: to_do.text.clone(),
        place: match to_do.at {
            Where::Cell(place, _) => place_words(place, season),
            Where::Nowhere | Where::Tab(_) => String::new(),
        },
    }
}

fn new_words(finding: &Finding, season: &Season) -> LineWords {
    LineWords {
        label: finding.code.to_owned(),
        text: finding.message.to_string(),
        place: place_words(finding.place, season),
    }
}

/// « Inscriptions, ligne 5 »: there is no link to a cell in an e-mail.
fn place_words(place: Place, season: &Season) -> String {
    season
        .sheet(place.sheet)
        .map(|sheet| format!("{}, ligne {}", sheet.name, place.row))
        .unwrap_or_default()
}

fn remaining(morning: &Morning) -> String {
    let [blocking, warnings, infos] = morning.figures.findings;
    if blocking + warnings + infos == 0 {
        return typographic("Aucun constat dans vos classeurs.");
    }
    typographic(&format!(
        "Constats dans vos classeurs : {}, {}, {}.",
        count(blocking, "bloquant", "bloquants"),
        count(warnings, "à vérifier", "à vérifier"),
        count(infos, "information", "informations")
    ))
}

/// « 55 courriels acceptés par le serveur : Rendez-vous confirmé (18), … »
fn sent(morning: &Morning, transport: Transport) -> String {
    let mails = &morning.mails;
    if mails.accepted.is_empty() {
        let none = match transport {
            Transport::File => "Aucun courriel n’est parti cette nuit.",
            // One may have left.
            Transport::Smtp => "Aucun courriel n’a été accepté par le serveur cette nuit.",
        };
        return none.to_owned();
    }
    let kinds = mails.accepted.iter();
    let kinds: Vec<String> = kinds
        .map(|(kind, number)| format!("{} ({number})", kind.french()))
        .collect();
    let (one, several) = match transport {
        Transport::File => (
            "courriel rangé dans controles/courriels",
            "courriels rangés dans controles/courriels",
        ),
        Transport::Smtp => (
            "courriel accepté par le serveur",
            "courriels acceptés par le serveur",
        ),
    };
    typographic(&format!(
        "{} : {}.",
        count(mails.accepted_count(), one, several),
        kinds.join(", ")
    ))
}

fn not_sent(morning: &Morning) -> Vec<String> {
    let mails = &morning.mails;
    [
        (
            mails.awaiting.values().sum(),
            "courriel attend votre accord",
            "courriels attendent votre accord",
        ),
        (
            mails.doubtful,
            "courriel est peut-être parti",
            "courriels sont peut-être partis",
        ),
        (
            mails.unsent,
            "courriel sera réessayé",
            "courriels seront réessayés",
        ),
        (
            mails.refused,
            "courriel refusé par le serveur",
            "courriels refusés par le serveur",
        ),
    ]
    .into_iter()
    .filter(|(number, _, _)| *number > 0)
    .map(|(number, one, several)| count(number, one, several))
    .collect()
}

fn coming_words(coming: &Coming) -> ComingWords {
    let parts = [&coming.who, &coming.place];
    let details: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    // The year goes without saying.
    let day = format!(
        "{} {}",
        weekday_name(coming.date.weekday()),
        day_month(coming.date)
    );
    ComingWords {
        day,
        when: coming.when.clone(),
        what: typographic(&format!("{} : {}", coming.kind, coming.what)),
        details: details.join(" · "),
    }
}

/// The first ones in words, and how many more there are: nothing, or « et 3 autres ».
fn first<T, W>(all: &[T], to_words: impl Fn(&T) -> W) -> (Vec<W>, String) {
    // One more takes no more room than the line that says so.
    let shown = if all.len() == SHOWN + 1 {
        all.len()
    } else {
        SHOWN
    };
    let lines = all.iter().take(shown).map(to_words).collect();
    let more = all.len().saturating_sub(shown);
    let more = (more > 0).then(|| format!("et {more} autres"));
    (lines, more.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::first;

    #[test]
    fn a_long_list_is_cut_where_that_makes_it_shorter() {
        let lines = |length: usize| {
            let (lines, more) = first(&vec![0; length], |_| ());
            (lines.len(), more)
        };
        assert_eq!(lines(0), (0, String::new()));
        assert_eq!(lines(8), (8, String::new()));
        assert_eq!(lines(9), (9, String::new()));
        assert_eq!(lines(10), (8, "et 2 autres".to_owned()));
    }
}
