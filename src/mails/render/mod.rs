//! From a draft to words: the subject, and one Markdown body that becomes a text and an HTML part.
//!
//! Templates are Handlebars in strict mode: a variable that doesn't exist is an error, and so is a
//! null, which Handlebars would print as nothing (hazards.md). What is wrong with a template holds
//! back the e-mails of its kind, and no others.

mod escape;
mod html;
mod overrides;
mod samples;
mod source;
mod strict;
mod text;

use std::collections::BTreeMap;

use handlebars::{Context, Handlebars, RenderError, RenderErrorReason};
use pulldown_cmark::Event;
use serde_json::{Value, json};

use crate::french::typographic;
use crate::model::Season;
use crate::sheets::cells::clean_line;

use super::draft::Draft;

pub use overrides::Overrides;

/// The layout of the HTML part.
const LAYOUT: &str = "layout.html.hbs";

/// An e-mail in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// The text part: UTF-8, lines end with `\n`.
    pub text: String,
    /// The HTML part: a whole document.
    pub html: String,
}

/// A template that can't be used; the e-mails of its kind are held back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{template}{nbsp}: {message}", nbsp = "\u{a0}")]
pub struct TemplateProblem {
    /// The file in `templates/fr/`.
    pub template: String,
    /// What is wrong and what to do, in French.
    pub message: String,
}

/// An e-mail that can't be rendered; the others of its kind are held back too.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RenderProblem {
    /// The file in `templates/fr/`.
    pub template: String,
    /// The variable that is missing, where one is.
    pub variable: Option<String>,
    /// The row on whose account the e-mail goes: `suivi.xlsx, Inscriptions, ligne 5`; else its key.
    pub row: String,
    /// The template, the variable and the row, in a French sentence.
    pub message: String,
}

/// The templates of a programme: the shipped ones, some of them overridden by its folder.
#[derive(Debug)]
pub struct Templates {
    subjects: Handlebars<'static>,
    bodies: Handlebars<'static>,
    pages: Handlebars<'static>,
    broken: BTreeMap<String, TemplateProblem>,
    unused: Vec<TemplateProblem>,
}

impl Templates {
    /// The shipped templates, overridden by those of a programme's folder. A template that can't be
    /// used is a [`TemplateProblem`], not an error: only the e-mails of its kind wait.
    #[must_use]
    pub fn new(overrides: &Overrides) -> Self {
        let loaded = source::load(overrides);
        let mut templates = Self {
            subjects: strict::registry(handlebars::no_escape),
            bodies: strict::registry(escape::markdown),
            pages: strict::registry(handlebars::html_escape),
            broken: loaded.broken,
            unused: loaded.unused,
        };
        for (name, parts) in loaded.parts {
            if let Some(subject) = parts.subject {
                templates.subjects.register_template(&name, subject);
            }
            let registry = if name == source::LAYOUT_NAME {
                &mut templates.pages
            } else {
                &mut templates.bodies
            };
            registry.register_template(&name, parts.body);
        }
        templates
    }

    /// What is wrong with the templates, by file.
    pub fn problems(&self) -> impl Iterator<Item = &TemplateProblem> {
        self.broken.values().chain(&self.unused)
    }

    /// The e-mail in words.
    ///
    /// # Errors
    ///
    /// The kind's template is broken, asks for a variable that the e-mail doesn't have, or gives an
    /// empty subject or body.
    pub fn render(&self, draft: &Draft, season: &Season) -> Result<Rendered, RenderProblem> {
        let name = draft.kind.name();
        let problem = |variable: Option<String>, what: &str| {
            problem(draft, season, &format!("{name}.md.hbs"), variable, what)
        };
        if let Some(broken) = self.broken.get(name).or_else(|| self.broken.get(LAYOUT)) {
            return Err(problem(None, &broken.to_string()));
        }
        if let Some(path) = null_in(&draft.context) {
            let what = format!("la variable « {path} » n’a pas de valeur");
            return Err(problem(Some(path), &what));
        }
        let failed = |error: RenderError| {
            let variable = missing_variable(&error);
            problem(variable.clone(), &in_french(&error, variable.as_deref()))
        };
        // As it is: to render a value, Handlebars would make another of it, each time.
        let context = Context::from(draft.context.clone());
        let rendered = self.subjects.render_with_context(name, &context);
        let subject = clean_line(&rendered.map_err(failed)?).into_owned();
        let rendered = self.bodies.render_with_context(name, &context);
        let body = rendered.map_err(failed)?;
        let events: Vec<Event<'_>> = html::events(&body).collect();
        let text = text::from_events(events.iter().cloned());
        if subject.is_empty() || text.trim().is_empty() {
            return Err(problem(None, "l’objet ou le texte serait vide"));
        }
        let page = Context::from(json!({
            "subject": subject,
            "body": html::from_events(events.into_iter()),
            "programme": draft.context.get("programme").cloned().unwrap_or_default(),
        }));
        let rendered = self.pages.render_with_context(source::LAYOUT_NAME, &page);
        let html = rendered.map_err(failed)?;
        Ok(Rendered {
            subject,
            text,
            html,
        })
    }
}

fn problem(
    draft: &Draft,
    season: &Season,
    template: &str,
    variable: Option<String>,
    what: &str,
) -> RenderProblem {
    let row = row_in_words(draft, season);
    let message = typographic(&format!(
        "Le courriel du modèle {template} ({row}) ne peut pas être rédigé : {what}. Les courriels de ce modèle attendent qu’il soit corrigé."
    ));
    RenderProblem {
        template: template.to_owned(),
        variable,
        row,
        message,
    }
}

fn row_in_words(draft: &Draft, season: &Season) -> String {
    let in_words = || {
        let place = season.place(draft.about?)?;
        let sheet = season.sheet(place.sheet)?;
        let workbook = season.workbook_of(sheet)?;
        Some(format!(
            "{}, {}, ligne {}",
            workbook.name, sheet.name, place.row
        ))
    };
    in_words().unwrap_or_else(|| draft.key.clone())
}

/// Where a null stands, as a template would name it.
fn null_in(value: &Value) -> Option<String> {
    let mut path = Vec::new();
    let found = null_below(value, &mut path);
    found.then(|| {
        path.reverse();
        path.join(".")
    })
}

/// Notes the way to the first null, from the null up: hardly ever is there one.
fn null_below(value: &Value, path: &mut Vec<String>) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => {
            let place = items.iter().position(|item| null_below(item, path));
            path.extend(place.map(|place| place.to_string()));
            place.is_some()
        }
        Value::Object(fields) => {
            let found = fields.iter().find(|(_, field)| null_below(field, path));
            path.extend(found.map(|(name, _)| name.clone()));
            found.is_some()
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn missing_variable(error: &RenderError) -> Option<String> {
    match error.reason() {
        RenderErrorReason::MissingVariable(path) => path.clone(),
        RenderErrorReason::HelperNotFound(name) => Some(name.clone()),
        _ => None,
    }
}

fn in_french(error: &RenderError, variable: Option<&str>) -> String {
    let line = error
        .line_no
        .map_or_else(String::new, |line| format!(", à la ligne {line} du texte"));
    match variable {
        Some(name) => format!("la variable « {name} »{line} n’existe pas dans ce courriel"),
        None => format!("{}{line}", error.reason()),
    }
}

#[cfg(test)]
mod tests;
