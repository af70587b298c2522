//! The image of `deploy/container`: what it is made from, and, where `PEER_CULTURE_IMAGE` names one
//! that was built, two nights in it as a NAS does them.
//!
//! ```sh
//! podman build -f deploy/container/Containerfile -t peer-culture .
//! PEER_CULTURE_IMAGE=localhost/peer-culture cargo test --test all image::
//! ```

use std::fs;
use std::path::Path;

use crate::deploy::is_a_command_of_ours;

fn read(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(name)).unwrap()
}

/// What follows a word of the Containerfile, each time.
fn lines(word: &str) -> Vec<String> {
    let content = read("deploy/container/Containerfile").replace("\\\n", " ");
    let found = content.lines().filter_map(|line| line.strip_prefix(word));
    found.map(|rest| rest.trim().to_owned()).collect()
}

#[test]
fn it_is_built_with_our_rust_from_all_that_the_build_needs() {
    let cargo = read("Cargo.toml");
    let version = cargo
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))
        .unwrap();
    let base = format!(
        "docker.io/library/rust:{}-slim-bookworm AS build",
        version.trim_matches('"')
    );
    assert_eq!(lines("FROM "), [base.as_str(), "scratch"]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut copied = Vec::new();
    for line in lines("COPY ") {
        let mut sources: Vec<&str> = line.split(' ').collect();
        sources.pop();
        if sources[0] != "--from=build" {
            let all_there = sources.iter().all(|source| root.join(source).exists());
            assert!(all_there, "{line}");
            copied.extend(sources.into_iter().map(ToOwned::to_owned));
        }
    }
    // What Cargo.toml names must be there even where it isn't built.
    let named = cargo
        .lines()
        .filter_map(|line| line.strip_prefix("path = \""));
    let folders = named.filter_map(|path| path.split('/').next());
    for needed in folders.chain(["Cargo.toml", "Cargo.lock", "benches", "templates"]) {
        assert!(copied.iter().any(|source| source == needed), "{needed}");
    }
    let ignored = read(".dockerignore");
    for large in [".git", "target"] {
        assert!(ignored.lines().any(|line| line == large), "{large}");
    }
}

#[test]
fn it_holds_what_it_says() {
    let json = |line: &str| -> Vec<String> { serde_json::from_str(line).unwrap() };
    assert_eq!(json(&lines("ENTRYPOINT ")[0]), ["/peer-culture"]);
    is_a_command_of_ours(&json(&lines("CMD ")[0]));
    let health = &lines("HEALTHCHECK ")[0];
    let command = health.split_once("CMD ").unwrap().1;
    is_a_command_of_ours(&json(command)[1..]);
    // It runs as nobody, and nothing of the build stays in it.
    assert_eq!(lines("USER "), ["65532:65532"]);
    let compose = read("deploy/container/compose.yaml");
    assert!(compose.contains("dockerfile: deploy/container/Containerfile"));
    // An image in the form of OCI has no such check.
    let looked = format!("test: [\"CMD\", {}", command.trim_start_matches('['));
    assert!(compose.contains(&looked), "{looked}");
}

#[cfg(unix)]
#[test]
fn it_does_two_nights() {
    use std::os::unix::fs::{MetadataExt, chown};

    use crate::folder::{Folder, text};

    let Some(image) = std::env::var_os("PEER_CULTURE_IMAGE") else {
        eprintln!("skipped: PEER_CULTURE_IMAGE names no image");
        return;
    };
    let folder = Folder::sample();
    let before = folder.files();
    let mut user = format!(
        "{}:{}",
        fs::metadata(folder.path()).unwrap().uid(),
        fs::metadata(folder.path()).unwrap().gid()
    );
    if user.starts_with("0:") {
        // A NAS gives the folder to somebody, too.
        user = "1000:1000".to_owned();
        for (path, _) in folder.snapshot() {
            chown(path, Some(1000), Some(1000)).unwrap();
        }
        chown(folder.path(), Some(1000), Some(1000)).unwrap();
    }
    let run = |code: i32, arguments: &[&str]| {
        let output = std::process::Command::new("podman")
            .args(["run", "--rm", "--read-only", "--network=none"])
            .args(["--cap-drop=all", "--userns=host", "--user", &user, "-v"])
            .arg(format!("{}:/programme", folder.path().display()))
            .arg(&image)
            .args(arguments)
            .output()
            .unwrap();
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    };
    let today = ["/programme", "--today", "2021-01-12"];
    run(0, &[&["check"][..], &today].concat());
    run(0, &[&["run"][..], &today].concat());
    assert_eq!(folder.mails().len(), 54);
    let second = run(0, &[&["run"][..], &today].concat());
    assert!(second.contains("aucun courriel n’est parti"), "{second}");
    run(0, &[&["status"][..], &today].concat());
    assert_eq!(folder.files(), before);
    // It knows whom to trust: without that, TLS can't even be set up.
    let smtp = b"[coordinator]\nname = \"Claire\"\nemail = \"claire@example.org\"\n[mail]\ntransport = \"smtp\"\nsmtp = { host = \"mail.example.org\" }\n";
    folder.file("programme.toml", smtp);
    let doctor = run(1, &["doctor", "/programme"]);
    assert!(doctor.contains("mail.example.org:465"), "{doctor}");
    assert!(!doctor.contains("TLS"), "{doctor}");
}
