//! A fault of the program itself, said without what it held: the text of a panic may quote a cell,
//! a name or an address (hazards.md, Files).

use std::io::Write;
use std::panic::{self, Location};

/// From now on, a panic says where it happened and what to do, and nothing else.
pub(super) fn install() {
    panic::set_hook(Box::new(|info| {
        // Where nobody reads standard error, there is nobody to tell. A second panic would abort.
        let _ = writeln!(std::io::stderr(), "{}", notice(info.location()));
    }));
}

/// What is said of a panic.
fn notice(location: Option<&Location<'_>>) -> String {
    let place = location.map_or_else(String::new, |location| {
        let file = inside_crate(location.file());
        format!(" ({file}:{}:{})", location.line(), location.column())
    });
    format!(
        "Erreur interne{place}. Vos classeurs sont intacts et ce qui est parti est noté : relancez la \
         commande. Si l’erreur revient, transmettez cette seule ligne à la personne qui s’occupe du \
         programme : elle ne contient aucune donnée personnelle."
    )
}

/// A source file without the folders of the machine that built it.
fn inside_crate(file: &str) -> &str {
    file.split_once("/registry/src/")
        .and_then(|(_, rest)| rest.split_once('/'))
        .map_or(file, |(_, inside)| inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_where_and_what_to_do() {
        let said = notice(Some(Location::caller()));
        assert!(said.starts_with("Erreur interne ("), "{said}");
        assert!(said.contains("panic.rs:"), "{said}");
        assert!(said.contains("relancez"), "{said}");
        assert_eq!(said.lines().count(), 1);
        assert!(notice(None).starts_with("Erreur interne. "));
    }

    #[test]
    fn a_file_is_named_from_its_crate_on() {
        let file = "/home/zoe/.cargo/registry/src/mirror-1/lettre-0.11.23/src/lib.rs";
        assert_eq!(inside_crate(file), "lettre-0.11.23/src/lib.rs");
        assert_eq!(inside_crate("src/cli/mod.rs"), "src/cli/mod.rs");
    }
}
