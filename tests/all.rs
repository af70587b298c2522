//! The one test binary: the program as it is used, on real workbooks.

mod cases;
mod commands;
mod folder;
