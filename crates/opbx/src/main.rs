//! OPBX, a business phone system.
fn main() {}
