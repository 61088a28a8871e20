//! Tests of the core through its public face.
#![cfg(test)]

mod laws;
mod rules;
mod support;
