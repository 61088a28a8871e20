//! Calls by the name that their caller showed: what is looked for in the log may stand there, and a log of ten million calls
//! is not read through for it.

use super::definition::Definition;

pub(super) fn tables() -> Vec<Definition> {
    vec![
        Definition::more_of("calls").index("ix_calls_caller_name", &["organization_id", "caller_name", "initiated_at"]),
    ]
}
