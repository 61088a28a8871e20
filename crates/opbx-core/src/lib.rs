//! The pure core of OPBX.
