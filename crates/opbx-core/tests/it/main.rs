//! Tests of the core through its public face.

mod laws;
mod rules;
mod support;
