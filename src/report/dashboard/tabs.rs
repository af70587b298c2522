//! The names of the dashboard's sheets, in their order.

/// What to decide first, what changed, what comes.
pub const TODAY: &str = "Aujourd'hui";
/// The programme in numbers and charts.
pub const FIGURES: &str = "En chiffres";
/// Every finding.
pub const FINDINGS: &str = "Constats";
/// Resource persons suggested for supports.
pub const SUGGESTIONS: &str = "Personnes suggérées";
/// What awaits her word, and the latest e-mails.
pub const MAILS: &str = "Courriels";
/// Whom no e-mail reaches.
pub const CALLS: &str = "Personnes à appeler";
