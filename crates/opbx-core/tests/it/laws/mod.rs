//! The laws of routing: what holds for every plan and every call, however broken the one and strange the other.

mod documents;
mod effects;
mod emergency;
mod found;
mod groups;
mod guards;
mod menus;
mod outside;
mod panics;
mod sameness;
mod strangers;
mod tokens;
