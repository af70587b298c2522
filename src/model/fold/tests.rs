use proptest::prelude::*;

use super::*;

fn same(a: &str, b: &str) -> bool {
    fold_word(a).matches(&fold_word(b))
}

#[test]
fn words_lose_case_accents_spaces_punctuation_and_endings() {
    for (a, b) in [
        ("Animateur·rice·s", "Animateurs"),
        ("Animateur•rice•s", "animateur"),
        ("Animateur‧rice", "ANIMATEURS"),
        ("Animateur⋅rice⋅s", "Animateurs"),
        ("Animateur(rice)s", "Animateurs"),
        ("directeur(-trice)s", "directeur"),
        ("Payé(e) le", "Payée le"),
        ("Paye\u{301}(e) le", "Payée le"),
        ("Retenu", "retenue"),
        ("retenu·e", "retenue"),
        ("E-mail", "Email"),
        ("Contrôle (auto)", "Controle auto"),
        ("Valable jusqu'au", "valable jusqu’au"),
        ("Valable jusqu'au", "Valables jusquau"),
        ("après-midi", "Après midi"),
        ("après-midi", "apresmidi"),
        ("Rendez-vous", "Rendezvous"),
        ("Rendez-vous", "  RENDEZ VOUS "),
        ("Réponses au formulaire 1", "Réponse au formulaire 1"),
        ("Œuvres", "oeuvre"),
        ("Æon", "aeon"),
        ("Straße", "strasse"),
        ("Demi-journée", "Demi\u{A0}journees"),
        ("Démi\u{200B}journée", "demijournee"),
        ("liste d'attente", "Liste d’attentes"),
        ("S", "s"),
        ("Inscrit.e.s", "Inscrits"),
    ] {
        assert!(
            same(a, b),
            "{a} = {b}: {:?} {:?}",
            fold_word(a),
            fold_word(b)
        );
    }
}

#[test]
fn different_words_stay_different() {
    for (a, b) in [
        ("Payé le", "Payé la"),
        ("Note adéquation", "Note engagement"),
        ("matin", "matinal"),
        ("E", "S"),
        ("Places", "Pla"),
        ("", ""),
        (" ", "\u{A0}"),
        ("!!!", "???"),
        ("Structure A", "Structure B"),
        ("Structure", "Structure 2"),
    ] {
        assert!(!same(a, b), "{a} ≠ {b}");
    }
}

#[test]
fn an_inclusive_ending_needs_a_letter_before_it() {
    assert_eq!(fold_word("Contrôle (auto)").split(), "controlauto");
    assert_eq!(fold_word("Contrôle(auto)").split(), "control");
    assert_eq!(fold_word("2(bis)").split(), "2bi");
    assert_eq!(fold_word("·rice").split(), "ric");
    assert_eq!(
        fold_word("animateur·rice·s/formateur(rice)s prévu(e)s").split(),
        "animateurformateurprevu"
    );
}

#[test]
fn the_first_letter_of_a_word_stays() {
    assert_eq!(fold_word("e").split(), "e");
    assert_eq!(fold_word("Ses").split(), "s");
    assert_eq!(fold_word("des essais").split(), "dessai");
    assert_eq!(fold_word("des essais").joined(), "desessai");
    assert_eq!(fold_word("été").split(), "et");
}

#[test]
fn names_keep_their_last_letters() {
    assert_ne!(fold_name("Duboi"), fold_name("Dubois"));
    assert_eq!(fold_name("Dubois"), "dubois");
    assert_eq!(fold_name("  L’Œil-du Çà  "), "loeilduca");
    assert_eq!(fold_name("ATE-01"), fold_name("ate 01"));
    assert_eq!(fold_name("Zoé Dubois"), fold_name("ZOE DUBOIS"));
    assert_eq!(fold_name("Compagnon·ne·s du vent"), "compagnonduvent");
    assert_eq!(fold_name("Compagnon(ne)s du vent"), "compagnonduvent");
    assert_eq!(fold_name("\u{130}stanbul"), "istanbul");
    assert_eq!(fold_name(" "), "");
    assert_eq!(fold_name(" ! ! "), "!!");
    assert_ne!(fold_name("!!!"), fold_name("***"));
}

fn choices() -> WordTable<u8> {
    WordTable::new([
        ("retenue", 1),
        ("liste d'attente", 2),
        ("refusée", 3),
        ("après-midi", 4),
        ("Retenu", 9),
        ("!", 8),
    ])
}

#[test]
fn a_table_knows_its_words_under_both_forms() {
    let table = choices();
    assert_eq!(table.get("Retenu·e"), Some(1));
    assert_eq!(table.get("LISTE D’ATTENTE"), Some(2));
    assert_eq!(table.get("listedattente"), Some(2));
    assert_eq!(table.get("refuse"), Some(3));
    assert_eq!(table.get("apresmidi"), Some(4));
    assert_eq!(table.get("apres midis"), Some(4));
    assert_eq!(table.get("retenir"), None);
    assert_eq!(table.get(""), None);
    assert_eq!(table.get("?"), None);
    assert_eq!(table.get("!"), Some(8));
    assert_eq!(table.words().next(), Some("retenue"));
}

#[test]
fn a_table_proposes_the_nearest_word() {
    let table = choices();
    assert_eq!(table.nearest("retneue"), Some("retenue"));
    assert_eq!(table.nearest("refuzée"), Some("refusée"));
    assert_eq!(table.nearest("attente"), Some("liste d'attente"));
    assert_eq!(table.nearest("en liste d'attente"), Some("liste d'attente"));
    assert_eq!(table.nearest("aprés-mid"), Some("après-midi"));
    assert_eq!(table.nearest("peut-être"), None);
    assert_eq!(table.nearest(""), None);
}

#[test]
fn equally_near_words_are_settled_by_their_order() {
    let table = WordTable::new([("cart", 1), ("carp", 2)]);
    assert_eq!(table.nearest("card"), Some("cart"));
}

#[test]
fn near_names_are_found_in_a_fixed_order() {
    let names = [
        "Atelier du Vent",
        "Les Ateliers du Vent",
        "Le Bruit qui court",
        "Camille Duval",
        "Atelier du Van",
    ];
    assert_eq!(
        nearest("Atelier du Vnet", names),
        ["Atelier du Vent", "Atelier du Van"]
    );
    assert_eq!(nearest("Duval Camille", names), ["Camille Duval"]);
    assert_eq!(nearest("Bruit qui court", names), ["Le Bruit qui court"]);
    assert_eq!(nearest("Orchestre", names), Vec::<String>::new());
    assert_eq!(nearest("", names), Vec::<String>::new());
    let mut backwards = names;
    backwards.reverse();
    assert_eq!(
        nearest("Atelier du Vnet", backwards),
        nearest("Atelier du Vnet", names)
    );
}

#[test]
fn at_most_three_names_and_each_once() {
    let names = ["ATE-01", "ate 01", "ATE-02", "ATE-03", "ATE-04"];
    assert_eq!(nearest("ATE-0", names), ["ATE-01", "ATE-02", "ATE-03"]);
}

#[test]
fn the_tolerance_grows_with_the_length() {
    assert_eq!(nearest("abcde", ["abcxx"]).len(), 0);
    assert_eq!(nearest("abcde", ["abcdx"]).len(), 1);
    assert_eq!(nearest("abcdefg", ["abcdexx"]).len(), 0);
    assert_eq!(nearest("abcdefghijk", ["abcdefghxxx"]).len(), 0);
    assert_eq!(nearest("abcdefghijkl", ["abcdefghixxx"]).len(), 1);
    assert_eq!(
        nearest("abcdefghijklmnopqrst", ["abcdefghijklmnoxxxxx"]).len(),
        0
    );
    assert_eq!(nearest("abcdefgh", ["abcdefxx"]).len(), 1);
    assert_eq!(nearest("abcdefgh", ["abcdexxx"]).len(), 0);
}

proptest! {
    #[test]
    fn folding_a_name_twice_changes_nothing(text in "\\PC{0,24}") {
        let once = fold_name(&text);
        prop_assert_eq!(fold_name(&once), once);
    }

    #[test]
    fn folding_a_word_twice_changes_nothing(text in "\\PC{0,24}") {
        let once = fold_word(&text).joined().to_owned();
        let twice = fold_word(&once);
        prop_assert_eq!(twice.joined(), &once);
    }

    #[test]
    fn cutting_a_single_word_twice_changes_nothing(text in "[a-zéèêàçœ·]{0,24}") {
        let once = fold_word(&text).split().to_owned();
        let twice = fold_word(&once);
        prop_assert_eq!(twice.split(), &once);
    }

    #[test]
    fn a_text_matches_itself_in_capitals(text in "[a-zéèêàçœæù' -]{0,20}[a-z]") {
        prop_assert!(same(&text, &text.to_uppercase()));
    }

    #[test]
    fn any_text_folds_and_is_looked_for(text in any::<String>()) {
        let _ = choices().get(&text);
        let _ = choices().nearest(&text);
        let _ = nearest(&text, ["Atelier du Vent", ""]);
    }
}
