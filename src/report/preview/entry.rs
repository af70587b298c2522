//! A calendar part in words: what the reader's calendar will make of it.

use chrono::{NaiveDate, NaiveDateTime};

use crate::model::time::{hour, long_date};

/// What a calendar part says. It is one of ours: the properties are those that we write.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// « Ajoute », « Met à jour » or « Retire »
    pub what: &'static str,
    /// The title.
    pub title: String,
    /// `lundi 15 février 2021, de 9 h 30 à 13 h`
    pub when: String,
    /// Where; empty: nowhere yet.
    pub place: String,
    /// What else it says.
    pub notes: String,
}

impl Entry {
    /// Reads a calendar part; none where it lacks what ours have.
    pub fn of(part: &str) -> Option<Self> {
        let unfolded = part.replace("\r\n", "\n").replace("\n ", "");
        let event = unfolded.split_once("BEGIN:VEVENT\n")?.1;
        let value = |name: &str| {
            event.lines().find_map(|line| {
                let rest = line.strip_prefix(name)?;
                let rest = rest.strip_prefix([':', ';']);
                let (_, value) = line.split_once(':').filter(|_| rest.is_some())?;
                Some(value.to_owned())
            })
        };
        let text = |name: &str| value(name).map(|text| unescaped(&text)).unwrap_or_default();
        let what = match (
            unfolded.contains("\nMETHOD:CANCEL\n"),
            value("SEQUENCE")?.as_str(),
        ) {
            (true, _) => "Retire de l’agenda",
            (false, "0") => "Ajoute à l’agenda",
            (false, _) => "Met l’agenda à jour",
        };
        Some(Self {
            what,
            title: text("SUMMARY"),
            when: when(&value("DTSTART")?, &value("DTEND")?)?,
            place: text("LOCATION"),
            notes: text("DESCRIPTION"),
        })
    }
}

fn when(starts: &str, ends: &str) -> Option<String> {
    if let Ok(day) = NaiveDate::parse_from_str(starts, "%Y%m%d") {
        return Some(format!("{}, toute la journée", long_date(day)));
    }
    let read = |at: &str| NaiveDateTime::parse_from_str(at, "%Y%m%dT%H%M%S").ok();
    let (starts, ends) = (read(starts)?, read(ends)?);
    Some(format!(
        "{}, de {} à {}",
        long_date(starts.date()),
        hour(starts.time()),
        hour(ends.time())
    ))
}

/// RFC 5545 §3.3.11, the other way round.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n' | 'N') => out.push('\n'),
            Some(c) => out.push(c),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_put_into_words() {
        let part = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSEQUENCE:1\r\nDTSTART;TZID=Europe/Paris:20210215T093000\r\nDTEND;TZID=Europe/Paris:20210215T130000\r\nSUMMARY:Rendez-vous : a\\, b\\;\r\n  c\\\\d\r\nLOCATION:MJC Roguet\r\nDESCRIPTION:un\\ndeux\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(
            Entry::of(part),
            Some(Entry {
                what: "Met l’agenda à jour",
                title: "Rendez-vous : a, b; c\\d".to_owned(),
                when: "lundi 15 février 2021, de 9\u{a0}h\u{a0}30 à 13\u{a0}h".to_owned(),
                place: "MJC Roguet".to_owned(),
                notes: "un\ndeux".to_owned(),
            })
        );
        let gone = part.replace("REQUEST", "CANCEL");
        assert_eq!(Entry::of(&gone).unwrap().what, "Retire de l’agenda");
        let day = "METHOD:REQUEST\nBEGIN:VEVENT\nSEQUENCE:0\nDTSTART;VALUE=DATE:20210105\nDTEND;VALUE=DATE:20210106\n";
        let day = Entry::of(day).unwrap();
        assert_eq!(day.when, "mardi 5 janvier 2021, toute la journée");
        assert_eq!(Entry::of("BEGIN:VCALENDAR"), None);
    }
}
