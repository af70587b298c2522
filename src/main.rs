//! The command line of the nightly assistant.

fn main() {}
