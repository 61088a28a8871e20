//! The laws of the core, over generated plans. One binary: each further one would link everything again.
#![cfg(test)]

mod language;
mod language_page;
mod support;
