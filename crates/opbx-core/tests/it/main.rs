//! Tests of the core through its public face. One binary: each further one would link everything again.
#![cfg(test)]

mod continuation;
mod language;
mod language_page;
mod laws;
mod rules;
mod silence;
mod support;
mod weight;
