//! The schema, as steps that were taken one after the other.
//!
//! A step that was released is never changed: it is history. A new column is a new step. Each step is one portable
//! definition and is written down in `schema_steps` when it is done.
//!
//! Our own forty lines of running them instead of sea-orm-migration: that crate asks for every default feature of
//! sea-orm (`RETURNING` on SQLite, three libraries for times and decimals), takes no lock, knows no backup and no refusal,
//! so the better half of the work would be ours anyway.

mod definition;
mod m0001_organizations;
mod m0002_plan_objects;
mod m0003_plan_parts;
mod m0004_decisions;
mod m0005_access;
mod m0006_audit;
mod m0007_answers;
mod m0008_control;
mod m0009_jobs;
mod m0010_prompt_files;
mod m0011_calls;
mod m0012_statistics;
mod m0013_recordings;
mod m0014_missed_call_mail;
mod m0015_call_names;
mod names;
mod tables;

use jiff::Timestamp;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use self::definition::Definition;
pub(crate) use self::names::constraint_named;
pub(crate) use self::tables::tables;

/// One step of the schema.
pub(crate) struct Step {
    /// Its name; the order of the names is the order of the steps.
    pub(crate) name: &'static str,
    definitions: fn() -> Vec<Definition>,
}

/// All steps, oldest first.
pub(crate) const STEPS: &[Step] = &[
    Step { name: "m0001_organizations", definitions: m0001_organizations::tables },
    Step { name: "m0002_plan_objects", definitions: m0002_plan_objects::tables },
    Step { name: "m0003_plan_parts", definitions: m0003_plan_parts::tables },
    Step { name: "m0004_decisions", definitions: m0004_decisions::tables },
    Step { name: "m0005_access", definitions: m0005_access::tables },
    Step { name: "m0006_audit", definitions: m0006_audit::tables },
    Step { name: "m0007_answers", definitions: m0007_answers::tables },
    Step { name: "m0008_control", definitions: m0008_control::tables },
    Step { name: "m0009_jobs", definitions: m0009_jobs::tables },
    Step { name: "m0010_prompt_files", definitions: m0010_prompt_files::tables },
    Step { name: "m0011_calls", definitions: m0011_calls::tables },
    Step { name: "m0012_statistics", definitions: m0012_statistics::tables },
    Step { name: "m0013_recordings", definitions: m0013_recordings::tables },
    Step { name: "m0014_missed_call_mail", definitions: m0014_missed_call_mail::tables },
    Step { name: "m0015_call_names", definitions: m0015_call_names::tables },
];

/// Where the steps that were taken are written down.
pub(crate) const LEDGER: &str = "schema_steps";

fn ledger() -> Definition {
    Definition::table(LEDGER).text("name", 100).number("taken_at").text("product", 40).primary(&["name"])
}

/// Whether a database is one of ours, and how far.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Standing {
    /// It holds no table at all.
    Empty,
    /// It is ours, and so many steps are to be taken.
    Ours {
        /// How many steps are missing.
        pending: usize,
    },
    /// It holds tables that are not ours.
    Foreign(Vec<String>),
    /// Steps were taken that this version does not know.
    Newer(Vec<String>),
}

/// Looks at a database without changing anything.
pub(crate) async fn standing(db: &impl ConnectionTrait) -> Result<Standing, DbErr> {
    let found = tables(db).await?;
    if found.is_empty() {
        return Ok(Standing::Empty);
    }
    let taken = if found.iter().any(|table| table == LEDGER) { taken(db).await? } else { Vec::new() };
    let unknown: Vec<String> =
        taken.iter().filter(|name| STEPS.iter().all(|step| step.name != *name)).cloned().collect();
    if !unknown.is_empty() {
        return Ok(Standing::Newer(unknown));
    }
    let ours: Vec<&str> =
        STEPS.iter().flat_map(|step| (step.definitions)()).map(|table| table.name()).chain([LEDGER]).collect();
    let foreign: Vec<String> = found.into_iter().filter(|table| !ours.contains(&table.as_str())).collect();
    if !foreign.is_empty() {
        return Ok(Standing::Foreign(foreign));
    }
    Ok(Standing::Ours { pending: STEPS.len() - taken.len() })
}

/// The names of the steps that were taken, oldest first.
pub(crate) async fn taken(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let backend = db.get_database_backend();
    let asked = Statement::from_string(backend, format!("SELECT name FROM {LEDGER} ORDER BY name"));
    db.query_all_raw(asked).await?.into_iter().map(|row| row.try_get("", "name")).collect()
}

/// Takes the steps that are missing and answers their names. On SQLite `db` is a transaction and the whole is one
/// change; MySQL commits every table by itself, and there each step may be taken again.
pub(crate) async fn take_steps(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<&'static str>, DbErr> {
    let backend = db.get_database_backend();
    for statement in ledger().statements(backend) {
        db.execute_raw(statement).await?;
    }
    let taken = taken(db).await?;
    let mut new = Vec::new();
    for step in STEPS.iter().filter(|step| !taken.iter().any(|name| name == step.name)) {
        for definition in (step.definitions)() {
            let there = match definition.adds_only() && backend == DbBackend::MySql {
                true => tables::indexes(db, definition.name()).await?,
                false => Vec::new(),
            };
            let definition = definition.without(&there);
            for statement in definition.statements(backend) {
                db.execute_raw(statement).await?;
            }
        }
        db.execute_raw(written_down(backend, step.name, now)).await?;
        new.push(step.name);
    }
    Ok(new)
}

fn written_down(backend: DbBackend, name: &str, now: Timestamp) -> Statement {
    let sql = format!("INSERT INTO {LEDGER} (name, taken_at, product) VALUES (?, ?, ?)");
    let values = [name.into(), now.as_millisecond().into(), env!("CARGO_PKG_VERSION").into()];
    Statement::from_sql_and_values(backend, sql, values)
}
