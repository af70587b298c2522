//! What is wrong with a `programme.toml`, and on which line.

/// The name of the file of settings, in every programme folder (`programme.md` §2).
pub const FILE_NAME: &str = "programme.toml";

/// One thing to correct in `programme.toml`: said to the operator, hence in English.
///
/// It displays as `programme.toml:12: supports.max_hours must be …`, which editors follow.
/// No message holds a secret or an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1; `None` where the problem is what the whole file lacks.
    pub line: Option<usize>,
    /// Which setting, what is expected, what was found.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(out, "{FILE_NAME}:{line}: {}", self.message),
            None => write!(out, "{FILE_NAME}: {}", self.message),
        }
    }
}

impl std::error::Error for Problem {}
