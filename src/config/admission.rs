//! `[applications]`, `[membership]` and `[eligibility]`: who may take part, and who is chosen.

use chrono::NaiveDate;

use super::kinds::{Day, List, NAME, Number, POSTCODE, Whole};
use super::reader::{Reader, Section};
use super::{FEE, texts};

/// `[applications]`: the call for applications (`programme.md` §1).
#[derive(Debug, Clone, PartialEq)]
pub struct Applications {
    /// Last day of the call; the whole day counts, in the programme's time zone. 2000 to 2099.
    /// Default: 2020-12-18 (§1, "call for applications open until").
    pub deadline: NaiveDate,
    /// Individual supports to give, 0 to 1000. Default: 5 (§1, "individual supports").
    pub places: u32,
    /// What each criterion weighs in the score (§4, Ranking).
    pub criteria: Criteria,
}

/// `applications.criteria`: weights, each above 0 and up to 1000; only their proportions count.
/// Default: 1 each (`programme.md` §1, "selection criteria").
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Criteria {
    /// Adéquation entre besoins et contenu.
    pub adequation: f64,
    /// Engagement individuel.
    pub engagement: f64,
    /// Dynamiques collaboratives.
    pub collaboration: f64,
}

impl Default for Applications {
    fn default() -> Self {
        Self {
            deadline: super::day(2020, 12, 18),
            places: 5,
            criteria: Criteria::default(),
        }
    }
}

impl Default for Criteria {
    fn default() -> Self {
        Self {
            adequation: 1.0,
            engagement: 1.0,
            collaboration: 1.0,
        }
    }
}

impl Section for Applications {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        table.read("deadline", &Day, &mut self.deadline);
        table.read("places", &Whole(0..=1000), &mut self.places);
        table.section("criteria", &mut self.criteria);
    }
}

impl Section for Criteria {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        const WEIGHT: Number = Number::positive(1000.0);
        table.read("adequation", &WEIGHT, &mut self.adequation);
        table.read("engagement", &WEIGHT, &mut self.engagement);
        table.read("collaboration", &WEIGHT, &mut self.collaboration);
    }
}

/// `[membership]`: what a year's membership costs at least, in €, 0 to 1,000,000.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Membership {
    /// Membre actif: individual support, or being a resource person. Default: 300
    /// (`programme.md` §1, "Membre actif").
    pub active_fee: f64,
    /// Membre coopérant: workshops. Default: 100 (§1, "Membre coopérant").
    pub cooperating_fee: f64,
}

impl Default for Membership {
    fn default() -> Self {
        Self {
            active_fee: 300.0,
            cooperating_fee: 100.0,
        }
    }
}

impl Section for Membership {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        table.read("active_fee", &FEE, &mut self.active_fee);
        table.read("cooperating_fee", &FEE, &mut self.cooperating_fee);
    }
}

/// `[eligibility]`: which structures the programme is for (`programme.md` §1, "who", "cultural
/// domains").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligibility {
    /// Legal forms, one at least. Default: association, entreprise individuelle, société.
    pub legal_forms: Vec<String>,
    /// Cultural domains, one at least (ELI03). Default: the nine of §1.
    pub domains: Vec<String>,
    /// What a postcode of the area starts with, 1 to 10 digits or letters each (ELI02). May be
    /// empty. Default: `31`.
    pub postcodes: Vec<String>,
    /// Communes of the area whatever their postcode (ELI02). May be empty. Default: Toulouse.
    pub communes: Vec<String>,
}

impl Default for Eligibility {
    fn default() -> Self {
        Self {
            legal_forms: texts(&["association", "entreprise individuelle", "société"]),
            domains: texts(&[
                "audiovisuel",
                "édition",
                "presse",
                "spectacle vivant",
                "publicité",
                "patrimoine",
                "arts visuels",
                "architecture",
                "enseignement artistique et culturel",
            ]),
            postcodes: texts(&["31"]),
            communes: texts(&["Toulouse"]),
        }
    }
}

impl Section for Eligibility {
    fn read(&mut self, table: &mut Reader<'_, '_>) {
        table.read("legal_forms", &List::some(NAME), &mut self.legal_forms);
        table.read("domains", &List::some(NAME), &mut self.domains);
        table.read("postcodes", &List::of(POSTCODE), &mut self.postcodes);
        table.read("communes", &List::of(NAME), &mut self.communes);
    }
}
