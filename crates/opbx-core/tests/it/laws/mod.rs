//! The laws of routing: what holds for every plan and every call, however broken the one and strange the other.

mod found;
mod guards;
mod panics;
mod sameness;
