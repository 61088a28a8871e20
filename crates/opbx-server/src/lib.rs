//! The shell of OPBX.
