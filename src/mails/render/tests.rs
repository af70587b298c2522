use serde_json::json;

use super::*;
use crate::config::Mode;
use crate::mails::{Kind, Recipient};

/// A draft with a context of its own.
fn draft(context: Value) -> Draft {
    Draft {
        kind: Kind::MeetingGap,
        key: "acc01|2021-02-01".to_owned(),
        to: Recipient {
            name: "Lou".to_owned(),
            address: "lou@example.org".to_owned(),
        },
        mode: Mode::Auto,
        agreed: false,
        about: None,
        why: String::new(),
        told: Value::Null,
        references: Vec::new(),
        calendar: None,
        context,
    }
}

fn with(files: &[(&str, &str)]) -> Templates {
    let files = files.iter();
    Templates::new(&Overrides::of(
        files.map(|(name, source)| ((*name).to_owned(), (*source).to_owned())),
    ))
}

/// Renders with an overriding `rdv-relance`.
fn render(source: &str, context: Value) -> Result<Rendered, RenderProblem> {
    let templates = with(&[("rdv-relance.md.hbs", source)]);
    let mut all = json!({ "programme": { "name": "PEER", "session": "" } });
    if let (Some(all), Value::Object(own)) = (all.as_object_mut(), context) {
        all.extend(own);
    }
    templates.render(&draft(all), &Season::default())
}

fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let templates = with(files);
    templates.problems().map(ToString::to_string).collect()
}

#[test]
fn the_shipped_templates_have_nothing_wrong() {
    assert_eq!(problems(&[]), [""; 0]);
}

#[test]
fn an_override_replaces_the_shipped_one() {
    let rendered = render(
        "Objet : Pour {{name}}\n\nBonjour **{{name}}** !\n",
        json!({ "name": "Zoé" }),
    )
    .unwrap();
    assert_eq!(rendered.subject, "Pour Zoé");
    assert_eq!(rendered.text, "Bonjour Zoé\u{202f}!\n");
    assert!(
        rendered
            .html
            .contains("<p>Bonjour <strong>Zoé</strong>\u{202f}!</p>")
    );
}

#[test]
fn a_file_saved_on_windows_is_read() {
    let rendered = render("\u{feff}Objet: Un\r\n\r\nDeux\r\n", json!({})).unwrap();
    assert_eq!(
        (rendered.subject.as_str(), rendered.text.as_str()),
        ("Un", "Deux\n")
    );
}

#[test]
fn an_unknown_variable_names_itself_the_template_and_the_row() {
    for source in [
        "Objet : a\n\n{{to.nom}}",
        "Objet : {{to.nom}}\n\na",
        "Objet : a\n\n{{#if to.nom}}b{{/if}}",
        "Objet : a\n\n{{#unless to.nom}}b{{/unless}}",
        "Objet : a\n\n{{#if to.name}}{{else if to.nom}}b{{/if}}",
        "Objet : a\n\n{{#each to.nom}}b{{/each}}",
        "Objet : a\n\n{{#with to.nom}}b{{/with}}",
    ] {
        let problem = render(source, json!({ "to": { "name": "" } })).unwrap_err();
        assert_eq!(problem.template, "rdv-relance.md.hbs", "{source}");
        assert_eq!(problem.variable.as_deref(), Some("to.nom"), "{source}");
        assert_eq!(problem.row, "acc01|2021-02-01", "{source}");
        assert!(problem.message.contains("to.nom"), "{}", problem.message);
    }
}

#[test]
fn a_null_is_no_empty_text() {
    let context = json!({ "list": [{ "name": null }] });
    let problem = render("Objet : a\n\nb", context).unwrap_err();
    assert_eq!(problem.variable.as_deref(), Some("list.0.name"));
}

#[test]
fn an_empty_subject_or_body_is_refused() {
    for source in ["Objet : {{name}}\n\na", "Objet : a\n\n{{name}}\n"] {
        let problem = render(source, json!({ "name": " \n " })).unwrap_err();
        assert!(problem.message.contains("vide"), "{}", problem.message);
    }
}

#[test]
fn a_broken_template_holds_back_its_own_kind_only() {
    let broken = [
        ("Bonjour", "première ligne"),
        ("Objet : a\nb", "première ligne"),
        ("Objet : a\n\n{{#if b}}", "ne se lit pas"),
        ("Objet : a\n\n{{{name}}}", "jamais trois"),
        ("Objet : a\n\n{{& name}}", "jamais trois"),
        ("Objet : a\n\n{{> rdv-relance}}", "s’inclut lui-même"),
        ("Objet : a\n\n{{#if b}}{{> rien}}{{/if}}", "« rien »"),
        ("Objet : a\n\n{{> (lookup to \"name\")}}", "tel quel"),
        (
            "Objet : a\n\n{{#*inline \"x\"}}b{{/inline}}",
            "d’autres modèles",
        ),
    ];
    for (source, why) in broken {
        let why = typographic(why);
        let templates = with(&[("rdv-relance.md.hbs", source)]);
        let found: Vec<String> = templates.problems().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1, "{source}");
        assert!(found[0].contains(&why), "{source}: {}", found[0]);
        let held = templates.render(&draft(json!({})), &Season::default());
        assert!(held.unwrap_err().message.contains(&why), "{source}");
    }
}

#[test]
fn templates_that_include_each_other_in_a_circle_are_refused() {
    let found = problems(&[
        ("rdv-relance.md.hbs", "Objet : a\n\n{{> un}}"),
        ("un.md.hbs", "{{> deux}}"),
        ("deux.md.hbs", "{{#if a}}{{else}}{{> un}}{{/if}}"),
    ]);
    assert_eq!(found, ["un.md.hbs\u{a0}: ce modèle s’inclut lui-même"]);
}

#[test]
fn a_broken_partial_holds_back_every_kind_that_includes_it() {
    let templates = with(&[("pratique-rdv.md.hbs", "{{#if}")]);
    let held: Vec<&String> = templates.broken.keys().collect();
    assert_eq!(held, ["rdv-confirmation", "rdv-modification", "rdv-rappel"]);
}

#[test]
fn a_mistyped_file_name_is_noticed() {
    let found = problems(&[("rdv-relances.md.hbs", "Objet : a\n\nb"), ("logo.hbs", "")]);
    let why = "aucun courriel n’utilise ce modèle\u{a0}: vérifiez son nom";
    assert_eq!(
        found,
        [
            format!("logo.hbs\u{a0}: {why}"),
            format!("rdv-relances.md.hbs\u{a0}: {why}")
        ]
    );
}

#[test]
fn the_layout_may_be_another_one_with_the_body_alone_unescaped() {
    let files = |layout| {
        [
            ("layout.html.hbs", layout),
            ("rdv-relance.md.hbs", "Objet : a & b\n\nc"),
        ]
    };
    let context = json!({ "programme": { "name": "", "session": "" } });
    let own = with(&files("<h1>{{subject}}</h1>{{{body}}}"));
    let rendered = own.render(&draft(context), &Season::default()).unwrap();
    assert_eq!(rendered.html, "<h1>a &amp; b</h1><p>c</p>\n");
    for without in ["<h1>{{subject}}</h1>", "{{body}}", "body"] {
        let own = with(&files(without));
        let problems: Vec<String> = own.problems().map(ToString::to_string).collect();
        assert!(
            problems[0].contains("doit contenir {{{body}}}"),
            "{problems:?}"
        );
    }
    let unescaped = with(&files("{{{subject}}}{{{body}}}"));
    assert_eq!(unescaped.problems().count(), 1);
    assert!(
        unescaped
            .render(&draft(json!({})), &Season::default())
            .is_err()
    );
}
