//! Canaries: words that stand in every personal cell and in the password, and are looked for where
//! they have no business: the log at its most talkative, command lines, the environment of the
//! process that reads .xls files, temporary files, the rest of the folder (hazards.md, Files).

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::crash::Plug;
use crate::folder::{Folder, Sheet, program, text};
use crate::mail_script::{Behaviour, Mode, Script, Stage};
use crate::mail_server::MailServer;
use crate::scene::rows;

/// It begins every personal word of the folder.
const CANARY: &str = "zizanie";
const PASSWORD: &str = "zizanie-motdepasse";
/// The same as AUTH PLAIN and AUTH LOGIN have it.
const ENCODED: [&str; 2] = [
    "AHppemFuaWUAeml6YW5pZS1tb3RkZXBhc3Nl",
    "eml6YW5pZS1tb3RkZXBhc3Nl",
];

/// Valid rows and bad ones: what is wrong is told too.
fn season(folder: &Folder) {
    let sheets: [Sheet; 6] = [
        (
            "Adhérents",
            rows(&[
                "Structure;Forme juridique;Immatriculation;Code postal;Commune;Domaine;Statut;Cotisation;Payée le;Valable jusqu'au;Référent;Email;Téléphone",
                "Zizanie Nord;association;W313001234;31000;Toulouse;spectacle vivant;membre actif;300;02/11/2020;;Zizanie Lou;zizanie.lou@example.org;zizanie05",
            ]),
        ),
        (
            "Personnes ressources",
            rows(&[
                "Nom;Structure;Email;Spécialités;Type",
                "Zizanie Paul;Aract;zizanie.paul@example.org;stratégie des activités;partenaire",
            ]),
        ),
        (
            "Ateliers",
            rows(&[
                "Référence;Titre;Axe;Date;Demi-journée;Lieu;Animateurs;Places;État",
                "AT-1;Budget;conditions de travail;20/01/2021;matin;MA Sphère;Zizanie Paul;12;",
            ]),
        ),
        (
            "Inscriptions",
            rows(&[
                "Inscrit le;Atelier;Nom;Email;Structure;État",
                "10/01/2021 09:00;AT-1;Zizanie Anne;zizanie.anne@example.org;Zizanie Nord;",
                "10/01/2021 09:10;AT-1;Zizanie Bruno;zizanie.bruno;zizanie;",
                "10/01/2021 09:10;AT-1;Zizanie Luc;zizanie.luc@example.org;;zizanie",
            ]),
        ),
        (
            "Accompagnements",
            rows(&[
                "Référence;Structure;Bénéficiaire;Email;Diagnostic validé le;Axes;Heures prévues;Statut;Objectifs",
                "ACC-01;Zizanie Nord;Zizanie Lou;zizanie.lou@example.org;05/01/2021;stratégie des activités;14;en cours;zizanie",
            ]),
        ),
        (
            "Rendez-vous",
            rows(&[
                "Accompagnement;Personne ressource;Date;Demi-journée;Lieu;État",
                "ACC-01;Zizanie Paul;21/01/2021;matin;Zizanie;",
            ]),
        ),
    ];
    folder.workbook("programme.xlsx", &sheets);
}

fn settings(folder: &Folder, server: &MailServer, user: &str) {
    let settings = format!(
        "[coordinator]\nname = \"Zizanie Claire\"\nemail = \"zizanie.claire@example.org\"\n\
         [mail]\ntransport = \"smtp\"\nretry_minutes = []\n\
         smtp = {{ host = \"localhost\", port = {}, tls = \"implicit\", user = \"{user}\", ca_file = \"{}\" }}\n",
        server.address.port(),
        server.authority().display()
    );
    folder.file("programme.toml", settings.as_bytes());
}

fn birds(what: &str, place: &str) {
    let small = what.to_lowercase();
    assert!(!small.contains(CANARY), "{place}: {what}");
    assert!(
        !ENCODED.iter().any(|one| what.contains(one)),
        "{place}: {what}"
    );
}

fn files(folder: &Folder) -> BTreeSet<String> {
    let paths = folder.snapshot().into_iter();
    let inside = paths.map(|(path, _)| {
        let inside = path.strip_prefix(folder.path()).unwrap();
        inside.to_str().unwrap().to_owned()
    });
    inside
        .filter(|path| !path.starts_with("controles/") && !path.starts_with(".peer-culture/"))
        .collect()
}

/// Every command at the level `trace`, in one form of the log.
fn every_command(form: &str, script: Script) {
    let server = MailServer::start(script);
    let folder = Folder::new();
    let temporary = tempfile::tempdir().unwrap();
    season(&folder);
    settings(&folder, &server, "zizanie");
    let before = files(&folder);
    let commands: [&[&str]; 13] = [
        &["check"],
        &["plan"],
        &["preview"],
        &["run"],
        &["run", "--format", "json"],
        &["outbox", "list"],
        &["outbox", "show", "1"],
        &["outbox", "approve", "--all"],
        &["why", "zizanie.anne@example.org"],
        &["status"],
        &["doctor"],
        &["report"],
        &["forget", "zizanie.anne@example.org", "--yes"],
    ];
    for command in commands {
        let mut run = program();
        // The folder stands after the command, before what is asked of it.
        let words = if command[0] == "outbox" { 2 } else { 1 };
        run.args(&command[..words])
            .arg(folder.path())
            .args(&command[words..]);
        run.args([
            "--today",
            "2021-01-13",
            "--log-level",
            "trace",
            "--log-format",
            form,
        ]);
        run.env("PEER_CULTURE_SMTP_PASSWORD", PASSWORD);
        run.env("TMPDIR", temporary.path());
        let output = run.output().unwrap();
        let said = text(&output.stderr);
        assert!(!said.contains("unexpected argument"), "{command:?}: {said}");
        let log: Vec<&str> = said.lines().filter(|line| is_log(line)).collect();
        birds(&log.join("\n"), &format!("the log of {command:?}"));
        assert_eq!(
            fs::read_dir(temporary.path()).unwrap().count(),
            0,
            "{command:?}"
        );
        assert_eq!(files(&folder), before, "{command:?}");
    }
    server.noted(|noted| assert!(noted.connections > 0));
}

/// What goes to a log file; the rest is an answer to who typed the command.
fn is_log(line: &str) -> bool {
    line.starts_with('{')
        || ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"]
            .iter()
            .any(|level| line.contains(level))
}

#[test]
fn no_log_names_anybody() {
    let well = Script::new(Mode::Implicit, Stage::Never, Behaviour::Late);
    every_command("human", well.clone());
    every_command("json", well);
}

/// What servers say of addresses and accounts is told without them.
#[test]
fn no_log_names_anybody_when_the_server_complains() {
    for stage in [Stage::Auth, Stage::Rcpt, Stage::End] {
        every_command(
            "json",
            Script::new(Mode::Implicit, stage, Behaviour::Code(550)),
        );
    }
}

/// strace shows every command line and environment that the program gives to a process.
#[test]
fn no_process_of_ours_is_told_anything() {
    if Plug::at("execve").is_none() {
        return;
    }
    let server = MailServer::start(Script::new(Mode::Implicit, Stage::Never, Behaviour::Late));
    let folder = Folder::new();
    season(&folder);
    settings(&folder, &server, "zizanie");
    // Any bytes will do: the reading process is started for them.
    let old: Vec<u8> = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
        .into_iter()
        .chain([0; 2048])
        .collect();
    folder.file("ancien.xls", &old);
    let trace = tempfile::NamedTempFile::new().unwrap();
    let mut strace = Command::new("strace");
    strace.args([
        "-f",
        "-qq",
        "-v",
        "-s",
        "100000",
        "-e",
        "trace=execve",
        "-o",
    ]);
    strace.arg(trace.path()).arg(program().get_program());
    strace.arg("check").arg(folder.path());
    strace.env("PEER_CULTURE_SMTP_PASSWORD", PASSWORD);
    strace.output().unwrap();
    let calls = fs::read_to_string(trace.path()).unwrap();
    let mut calls = calls.lines().filter(|line| line.contains("execve("));
    assert!(calls.next().unwrap().contains(PASSWORD), "ours has it");
    let child = calls
        .next()
        .unwrap_or_else(|| panic!("no process reads .xls files"));
    assert!(child.contains("read-xls"), "{child}");
    birds(child, "the process that reads .xls files");
}
