//! The program as an operator meets it: its commands, its settings, its exit codes.

mod explaining;
mod formatting;
mod help;
mod program;
mod serving;
mod settings;
