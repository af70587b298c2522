//! The settings of a programme: TOML as read, validated, with the line of every problem.
