//! What the README says to type works, and what it points to is there.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use crate::folder::{Folder, program, text};

/// Run by `.ci/run` (the tests, the build of the main command) or by whoever measures: a test that
/// ran them would run itself.
const RUN_ELSEWHERE: [&str; 10] = [
    "cargo build --release --locked",
    "cargo bench --bench speed",
    "cargo bench --bench mail",
    "cargo test --locked",
    "PEER_CULTURE_HISTORIES=2000 cargo test --release --locked --test all histories::",
    "PEER_CULTURE_MUTANTS=200000 cargo test --release --locked --test all hostile:: -- --nocapture",
    "PEER_CULTURE_BOOKS=workbooks cargo test --release --locked --test all real_books:: -- --nocapture",
    "cargo bench --bench limits --locked",
    "PEER_CULTURE_WINDOWS_EXE=target/x86_64-pc-windows-gnu/debug/peer-culture.exe cargo test --locked --test all windows::",
    "PEER_CULTURE_IMAGE=localhost/peer-culture cargo test --locked --test all image::",
];

/// How the program is called: built, or by cargo.
const CALLS: [&str; 3] = [
    "peer-culture ",
    "cargo run --locked -- ",
    "cargo run --release --locked -- ",
];

#[test]
fn every_command_does_what_it_says() {
    let folder = Folder::new();
    for (name, bytes) in Folder::sample().files() {
        folder.file(&format!("workbooks/{name}"), &bytes);
    }
    let mut ran = 0;
    for line in commands(&readme()) {
        if RUN_ELSEWHERE.contains(&line.as_str()) {
            continue;
        }
        let output = run(&folder, &line);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{line}: {}",
            text(&output.stderr)
        );
        assert!(!output.stdout.is_empty(), "{line} says nothing");
        ran += 1;
    }
    assert!(ran >= 10, "only {ran} commands were found");
    // What it promises of the first one and of `init`.
    assert!(!folder.names("workbooks/controles/courriels").is_empty());
    assert!(folder.path().join("session-3/programme.toml").is_file());
    assert!(folder.path().join("demonstration/ateliers.xlsx").is_file());
}

#[test]
fn the_marked_commands_are_there() {
    let readme = readme();
    for (mark, call) in [("main", "cargo run "), ("test", "cargo test ")] {
        let mark = format!("<!-- {mark} command -->\n");
        let after = readme.split_once(&mark).map(|(_, after)| after);
        let first = commands(after.unwrap_or_default()).into_iter().next();
        assert!(first.is_some_and(|line| line.starts_with(call)), "{mark}");
    }
}

#[test]
fn what_cargo_is_asked_for_exists() {
    let manifest = include_str!("../Cargo.toml");
    for line in commands(&readme()) {
        if let Some((_, name)) = line.split_once("--bench ") {
            let name = name.split(' ').next().unwrap_or(name);
            let bench = format!("[[bench]]\nname = \"{name}\"");
            assert!(manifest.contains(&bench), "{line}");
        }
    }
}

#[test]
fn what_is_played_at_full_size_is_played_by_ci() {
    let ci = include_str!("../.ci/run");
    let readme = commands(&readme());
    for line in readme
        .iter()
        .filter(|line| line.contains("--release --locked --test"))
    {
        assert!(ci.lines().any(|step| step == line), "{line}");
    }
}

#[test]
fn every_link_leads_somewhere() {
    let readme = readme();
    let anchors = anchors(&readme);
    let links = links(&readme);
    assert!(links.len() >= 6, "{links:?}");
    for link in links {
        if let Some(anchor) = link.strip_prefix('#') {
            assert!(anchors.contains(anchor), "#{anchor}: {anchors:?}");
        } else if !link.starts_with("https://") {
            assert!(root().join(&link).exists(), "{link}");
        }
    }
}

/// The program with the arguments of a line, in the folder.
fn run(folder: &Folder, line: &str) -> Output {
    let arguments = CALLS.iter().find_map(|call| line.strip_prefix(call));
    let Some(arguments) = arguments else {
        panic!("the README has a command that no test knows: {line}");
    };
    program()
        .current_dir(folder.path())
        .args(words(arguments))
        .output()
        .unwrap()
}

/// The arguments of a line, as a shell takes them: what stands in double quotes is one.
fn words(line: &str) -> Vec<String> {
    let quoted = line
        .split('"')
        .enumerate()
        .map(|(part, text)| (part % 2 == 1, text));
    let mut words = Vec::new();
    for (is_quoted, text) in quoted {
        if is_quoted {
            words.push(text.to_owned());
        } else {
            words.extend(text.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// The lines of the blocks that are marked as shell commands.
fn commands(markdown: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut inside = false;
    for line in markdown.lines() {
        match line.trim() {
            "```sh" | "```bash" | "```shell" | "```console" => inside = true,
            "```" => inside = false,
            "" => {}
            command if inside => lines.push(command.to_owned()),
            _ => {}
        }
    }
    lines
}

/// Where links and pictures lead.
fn links(markdown: &str) -> Vec<String> {
    let mut links = Vec::new();
    for (start, end) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"')] {
        for rest in markdown.split(start).skip(1) {
            let (link, _) = rest.split_once(end).unwrap();
            links.push(link.to_owned());
        }
    }
    links
}

/// What headings are called in links: lower case, spaces as hyphens, no punctuation.
fn anchors(markdown: &str) -> BTreeSet<String> {
    let headings = markdown.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let words = line.trim_start_matches('#').trim().to_lowercase();
            words
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
