//! What came of mutants, and how a child tells it.

/// What came of mutants.
#[derive(Default)]
pub struct Tally {
    pub count: u64,
    pub accepted: u64,
    pub refused: u64,
    /// Accepted, and every cell held against the oracle's.
    pub compared: u64,
    /// Accepted, though the oracle would not say.
    pub unsure: u64,
    /// Written back, or refused there.
    pub written: u64,
    pub kept: u64,
    pub slowest: (u128, u64),
    pub failures: Vec<String>,
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.compared += other.compared;
        self.unsure += other.unsure;
        self.written += other.written;
        self.kept += other.kept;
        self.slowest = self.slowest.max(other.slowest);
        self.failures.extend(other.failures.iter().cloned());
    }

    pub fn line(&self) -> String {
        let numbers = [
            self.count,
            self.accepted,
            self.refused,
            self.compared,
            self.unsure,
            self.written,
            self.kept,
        ];
        let numbers = numbers
            .iter()
            .map(u64::to_string)
            .collect::<Vec<_>>()
            .join(" ");
        let (took, seed) = self.slowest;
        format!("{numbers} {took} {seed}\n{}", self.failures.join("\n"))
    }

    pub fn parse(text: &str) -> Option<Self> {
        let (numbers, failures) = text.split_once('\n')?;
        let mut numbers = numbers
            .split(' ')
            .map_while(|number| number.parse::<u64>().ok());
        let mut next = || numbers.next();
        Some(Self {
            count: next()?,
            accepted: next()?,
            refused: next()?,
            compared: next()?,
            unsure: next()?,
            written: next()?,
            kept: next()?,
            slowest: (u128::from(next()?), next()?),
            failures: failures.lines().map(str::to_owned).collect(),
        })
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} refused, {} accepted ({} cell by cell, {} not well-formed), {} written back, {} left alone; slowest: {} µs (seed {}); {} failures",
            self.refused,
            self.accepted,
            self.compared,
            self.unsure,
            self.written,
            self.kept,
            self.slowest.0,
            self.slowest.1,
            self.failures.len()
        )
    }
}
