//! Templates before they are used: the shipped ones, overridden, checked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use handlebars::Template;
use handlebars::template::{DecoratorTemplate, Parameter, TemplateElement};

use super::{LAYOUT, Overrides, TemplateProblem};
use crate::french::typographic;
use crate::mails::Kind;

/// Where the layout has the message.
const BODY: &str = "body";

/// The name under which the layout is registered.
pub(super) const LAYOUT_NAME: &str = "layout";
/// How a template's file ends.
const END: &str = ".md.hbs";

/// A shipped template: its file name and its source.
macro_rules! shipped {
    ($file:literal) => {
        (
            $file,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/fr/", $file)),
        )
    };
}

/// The shipped templates, by file name.
const SHIPPED: &[(&str, &str)] = &[
    shipped!("candidature-recue.md.hbs"),
    shipped!("candidature-incomplete.md.hbs"),
    shipped!("candidature-decision.md.hbs"),
    shipped!("entretien-confirmation.md.hbs"),
    shipped!("rdv-confirmation.md.hbs"),
    shipped!("rdv-modification.md.hbs"),
    shipped!("rdv-annulation.md.hbs"),
    shipped!("rdv-rappel.md.hbs"),
    shipped!("rdv-relance.md.hbs"),
    shipped!("inscription-confirmee.md.hbs"),
    shipped!("inscription-attente.md.hbs"),
    shipped!("inscription-promue.md.hbs"),
    shipped!("inscription-annulee.md.hbs"),
    shipped!("atelier-modification.md.hbs"),
    shipped!("atelier-annulation.md.hbs"),
    shipped!("atelier-rappel.md.hbs"),
    shipped!("paiement-rappel.md.hbs"),
    shipped!("adhesion-echeance.md.hbs"),
    shipped!("evaluation-invitation.md.hbs"),
    shipped!("synthese.md.hbs"),
    shipped!("bonjour.md.hbs"),
    shipped!("pratique-atelier.md.hbs"),
    shipped!("pratique-rdv.md.hbs"),
    shipped!("tarif.md.hbs"),
    shipped!("signature.md.hbs"),
    shipped!("layout.html.hbs"),
];

/// A template ready to be registered.
pub(super) struct Parts {
    /// The first line; partials and the layout have none.
    pub subject: Option<Template>,
    pub body: Template,
}

/// What became of all templates.
pub(super) struct Loaded {
    pub parts: BTreeMap<String, Parts>,
    /// By kind, or [`LAYOUT`]; a broken partial breaks every kind that includes it.
    pub broken: BTreeMap<String, TemplateProblem>,
    /// Files that nothing uses: a mistyped name, most likely.
    pub unused: Vec<TemplateProblem>,
}

/// Loads every template; nothing that is wrong with one stops the others.
pub(super) fn load(overrides: &Overrides) -> Loaded {
    let mut parts = BTreeMap::new();
    let mut faulty: BTreeMap<String, String> = BTreeMap::new();
    for (file, source) in sources(overrides) {
        let name = name_of(&file).to_owned();
        match source.and_then(|source| compile(&name, &source)) {
            Ok(compiled) => {
                parts.insert(name, compiled);
            }
            Err(why) => {
                faulty.insert(name, why);
            }
        }
    }
    let includes: BTreeMap<&str, BTreeSet<String>> = parts
        .iter()
        .map(|(name, parts)| (name.as_str(), included(parts)))
        .collect();
    let mut used = BTreeSet::new();
    let mut broken = BTreeMap::new();
    let roots = Kind::ALL.into_iter().map(Kind::name).chain([LAYOUT_NAME]);
    for root in roots {
        let mut path = Vec::new();
        let checked = check(root, &includes, &faulty, &mut path, &mut used);
        if let Err(problem) = checked {
            let key = if root == LAYOUT_NAME { LAYOUT } else { root };
            broken.insert(key.to_owned(), problem);
        }
    }
    let unused = overrides
        .files
        .keys()
        .filter(|file| !used.contains(name_of(file)))
        .map(|file| {
            problem(
                file_of(name_of(file)),
                "aucun courriel n’utilise ce modèle : vérifiez son nom",
            )
        })
        .collect();
    Loaded {
        parts,
        broken,
        unused,
    }
}

fn sources(overrides: &Overrides) -> BTreeMap<String, Result<String, String>> {
    let mut all: BTreeMap<String, Result<String, String>> = SHIPPED
        .iter()
        .map(|(file, source)| ((*file).to_owned(), Ok((*source).to_owned())))
        .collect();
    for (file, source) in &overrides.files {
        all.insert(file.clone(), source.clone());
    }
    all
}

fn name_of(file: &str) -> &str {
    if file == LAYOUT {
        return LAYOUT_NAME;
    }
    file.strip_suffix(END).unwrap_or(file)
}

fn file_of(name: &str) -> String {
    match name {
        LAYOUT_NAME => LAYOUT.to_owned(),
        name if Path::new(name).extension().is_some() => name.to_owned(),
        name => format!("{name}{END}"),
    }
}

fn problem(template: String, message: &str) -> TemplateProblem {
    TemplateProblem {
        template,
        message: typographic(message),
    }
}

fn compile(name: &str, source: &str) -> Result<Parts, String> {
    // A file saved on Windows may start with a byte order mark and end its lines with CRLF.
    let source = source.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    if name == LAYOUT_NAME {
        let body = parse(&source)?;
        refuse_unescaped(&body, Some(BODY))?;
        if !has_body(&body) {
            return Err("la mise en page doit contenir {{{body}}}, où va le message".to_owned());
        }
        return Ok(Parts {
            subject: None,
            body,
        });
    }
    let source = typographic(&source);
    let is_kind = Kind::named(name).is_some();
    let (subject, body) = if is_kind {
        let (subject, body) = split(&source)?;
        (Some(parse(subject)?), parse(body)?)
    } else {
        (None, parse(&source)?)
    };
    for template in subject.iter().chain([&body]) {
        refuse_unescaped(template, None)?;
    }
    Ok(Parts { subject, body })
}

fn parse(source: &str) -> Result<Template, String> {
    Template::compile(source).map_err(|error| {
        let (line, column) = error.pos().unwrap_or_default();
        format!(
            "le modèle ne se lit pas à la ligne {line}, colonne {column} : {}",
            error.reason()
        )
    })
}

/// The subject and the body: « Objet : … », an empty line, the body.
fn split(source: &str) -> Result<(&str, &str), String> {
    let expected = "la première ligne doit être « Objet : » suivi de l’objet, puis une ligne vide";
    let (first, rest) = source.split_once('\n').ok_or(expected)?;
    let subject = first
        .strip_prefix("Objet")
        .and_then(|rest| rest.trim_start().strip_prefix(':'))
        .ok_or(expected)?;
    let body = rest.strip_prefix('\n').ok_or(expected)?;
    Ok((subject.trim(), body))
}

/// A page without it would lose every message.
fn has_body(layout: &Template) -> bool {
    // An error is how the walk ends early.
    let found = walk(layout, &mut |element| match element {
        TemplateElement::HtmlExpression(expression) if expression.name.as_name() == Some(BODY) => {
            Err(String::new())
        }
        _ => Ok(()),
    });
    found.is_err()
}

/// Cell data never stands in triple braces (hazards.md); the layout's body is our own HTML.
fn refuse_unescaped(template: &Template, allowed: Option<&str>) -> Result<(), String> {
    walk(template, &mut |element| match element {
        TemplateElement::HtmlExpression(expression)
            if allowed.is_none() || expression.name.as_name() != allowed =>
        {
            Err(
                "écrivez les variables entre deux accolades, jamais trois, et sans « & »"
                    .to_owned(),
            )
        }
        TemplateElement::DecoratorExpression(_) | TemplateElement::DecoratorBlock(_) => {
            Err("un modèle ne peut pas définir d’autres modèles ({{* … }})".to_owned())
        }
        TemplateElement::PartialExpression(partial) | TemplateElement::PartialBlock(partial)
            if name_of_partial(partial).is_none() =>
        {
            Err("le nom d’un modèle inclus s’écrit tel quel ({{> signature}})".to_owned())
        }
        _ => Ok(()),
    })
}

fn included(parts: &Parts) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for template in parts.subject.iter().chain([&parts.body]) {
        let mut note = |element: &TemplateElement| {
            if let TemplateElement::PartialExpression(partial)
            | TemplateElement::PartialBlock(partial) = element
            {
                names.extend(name_of_partial(partial).map(str::to_owned));
            }
            Ok(())
        };
        // It only notes names: it can't fail.
        let _ = walk(template, &mut note);
    }
    names
}

fn name_of_partial(partial: &DecoratorTemplate) -> Option<&str> {
    match &partial.name {
        Parameter::Literal(name) => name.as_str(),
        Parameter::Subexpression(_) => None,
        name => name.as_name(),
    }
}

fn walk(
    template: &Template,
    visit: &mut dyn FnMut(&TemplateElement) -> Result<(), String>,
) -> Result<(), String> {
    for element in &template.elements {
        visit(element)?;
        let inner = match element {
            TemplateElement::HelperBlock(block)
            | TemplateElement::Expression(block)
            | TemplateElement::HtmlExpression(block) => [&block.template, &block.inverse],
            TemplateElement::DecoratorBlock(block)
            | TemplateElement::DecoratorExpression(block)
            | TemplateElement::PartialBlock(block)
            | TemplateElement::PartialExpression(block) => [&block.template, &None],
            _ => [&None, &None],
        };
        for template in inner.into_iter().flatten() {
            walk(template, visit)?;
        }
    }
    Ok(())
}

/// Whether a template and all that it includes can be used. One that includes itself, at any depth,
/// would overflow the stack (hazards.md).
fn check(
    name: &str,
    includes: &BTreeMap<&str, BTreeSet<String>>,
    faulty: &BTreeMap<String, String>,
    path: &mut Vec<String>,
    used: &mut BTreeSet<String>,
) -> Result<(), TemplateProblem> {
    used.insert(name.to_owned());
    if let Some(why) = faulty.get(name) {
        return Err(problem(file_of(name), why));
    }
    if path.iter().any(|above| above == name) {
        return Err(problem(file_of(name), "ce modèle s’inclut lui-même"));
    }
    let Some(inner) = includes.get(name) else {
        let by = path.last().map_or(name, String::as_str);
        let message = format!("le modèle inclus « {name} » n’existe pas");
        return Err(problem(file_of(by), &message));
    };
    path.push(name.to_owned());
    for partial in inner {
        check(partial, includes, faulty, path, used)?;
    }
    path.pop();
    Ok(())
}
