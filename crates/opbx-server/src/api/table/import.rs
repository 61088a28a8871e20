//! `POST /{resource}/import`: a file of rows, made and changed in one transaction, or not at all.
//!
//! A dry run does the same and lets the transaction go. So it tells what would happen and not what another reading of
//! the file thinks would.

use super::super::ApiState;
use super::super::list::QueryParameters;
use super::columns::column_of;
use super::fields::{Asked, asked};
use super::file::{Header, NumberedRow, Sheet, Upload};
use super::{Names, Tabular};
use crate::access::{Caller, Create, Permit, Protected};
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use opbx_core::permission::{Action, Grant};
use opbx_store::Edit;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::marker::PhantomData;
use std::time::Duration;

/// The longest that an import may take: 5,000 rows that lead to each other, in a database at the end of a wire. Nobody else
/// changes the organization meanwhile, on SQLite any, and gives up after the ten seconds that other changes may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// What is done with a row whose object exists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    Fail,
    Skip,
    Update,
}

/// What became of a row, or would.
#[derive(Debug, Serialize)]
struct Verdict {
    /// Its number in the file: the first one below the header is 1.
    row: usize,
    /// As a status of HTTP.
    status: u16,
    /// `create`, `update`, `unchanged`, `skip` or `refuse`.
    action: &'static str,
    /// The object; none for a row that is refused, and in a dry run for one that is made.
    id: Option<u64>,
    /// What is wrong, by column.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Value>,
    /// What is changed: before and after, by field.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Map<String, Value>>,
}

/// How the description shows verdicts.
pub(super) fn schema() -> Value {
    let change = json!({
        "type": "object", "required": ["before", "after"], "properties": { "before": {}, "after": {} },
    });
    let errors =
        json!({ "type": "object", "additionalProperties": { "type": "array", "items": { "type": "string" } } });
    json!({ "type": "array", "items": {
        "type": "object", "required": ["row", "status", "action", "id"],
        "properties": {
            "row": { "type": "integer", "minimum": 1, "description": "The first row below the header is 1." },
            "status": { "type": "integer", "description": "What became of this one, or would, as a status of HTTP." },
            "action": { "type": "string", "enum": ["create", "update", "unchanged", "skip", "refuse"] },
            "id": { "type": ["integer", "null"], "format": "int64" },
            "errors": errors,
            "changes": { "type": "object", "additionalProperties": change },
        },
    } })
}

/// `POST /{resource}/import?dry_run=&mode=`.
pub(super) async fn import<T: Tabular>(
    State(api): State<ApiState>,
    permit: Permit<Create<T::Right>>,
    parameters: QueryParameters,
    upload: Upload,
) -> Result<Response, Problem> {
    let (dry_run, mode) = (dry_run(&parameters)?, mode(&parameters)?);
    let may_change = permit.caller.grant(Action::Update, T::Right::RESOURCE);
    if mode == Mode::Update && !matches!(may_change, Grant::All | Grant::Lesser) {
        return Err(Problem::Forbidden);
    }
    let Sheet { header, rows } = upload.sheet(T::COLUMNS, T::KEY)?;
    let _turn = api.gates().import()?;
    let mut edit = api.edit(&permit.caller).await?;
    edit.allow(DEADLINE);
    // Nobody else changes the organization while the edit is open, so these are the names that count.
    let names = T::names(&edit, &permit.caller).await?;
    let mut import = Import::<T> {
        caller: &permit.caller,
        make: permit.grant,
        change: may_change,
        mode,
        header,
        names,
        seen: HashSet::new(),
        right: PhantomData,
    };
    let outcomes = import.rows(&mut edit, &rows).await?;
    let (mut verdicts, mut errors) = (Vec::with_capacity(rows.len()), FieldErrors::default());
    for (outcome, (number, _)) in outcomes.into_iter().zip(rows) {
        match outcome {
            Ok(done) => verdicts.push(done.verdict(number, dry_run)),
            Err(Problem::Invalid(faults)) => {
                let faults = faults.renamed(|path| column_of(T::COLUMNS, path));
                verdicts.push(Verdict::refused(number, 422, faults.sentences()));
                errors.extend(faults.within(&format!("rows.{number}")));
            }
            Err(problem) if dry_run => {
                let error = FieldError::rule(problem.code(), problem.detail());
                let faults = FieldErrors::one(T::KEY, error).sentences();
                verdicts.push(Verdict::refused(number, problem.status().as_u16(), faults));
            }
            Err(problem) => return Err(problem),
        }
    }
    if dry_run {
        drop(edit);
    } else if errors.is_empty() {
        api.commit(&permit.caller, edit).await?;
    } else {
        return Err(Problem::Invalid(errors));
    }
    Ok(super::super::answer::data(&verdicts))
}

fn dry_run(parameters: &QueryParameters) -> Result<bool, Problem> {
    match parameters.get("dry_run") {
        None | Some("" | "false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(_) => Err(Problem::BadRequest("The parameter dry_run must be true or false.".into())),
    }
}

fn mode(parameters: &QueryParameters) -> Result<Mode, Problem> {
    match parameters.get("mode") {
        None | Some("" | "fail") => Ok(Mode::Fail),
        Some("skip") => Ok(Mode::Skip),
        Some("update") => Ok(Mode::Update),
        Some(_) => Err(Problem::BadRequest("The parameter mode must be fail, skip or update.".into())),
    }
}

/// What became of a row. A refusal is told with those of the others.
type Outcome = Result<Done, Problem>;

/// What is nobody's mistake ends the whole.
fn outcome(done: Outcome) -> Result<Outcome, Problem> {
    match done {
        Err(problem @ (Problem::StoreAway | Problem::Internal)) => Err(problem),
        told => Ok(told),
    }
}

/// What a row did.
struct Done {
    id: u64,
    what: What,
    /// Whether it leads to what a row further down makes.
    waits: bool,
}

enum What {
    Made,
    /// Before and after, by field; nothing: it is as it was.
    Changed(Map<String, Value>),
    Skipped,
}

impl Done {
    fn verdict(self, row: usize, dry_run: bool) -> Verdict {
        let id = Some(self.id);
        let (status, action, id, changes) = match self.what {
            // What a dry run made is gone, and its identifier is another one's.
            What::Made => (201, "create", id.filter(|_| !dry_run), None),
            What::Changed(changes) if changes.is_empty() => (200, "unchanged", id, None),
            What::Changed(changes) => (200, "update", id, Some(changes)),
            What::Skipped => (200, "skip", id, None),
        };
        Verdict { row, status, action, id, errors: None, changes }
    }
}

impl Verdict {
    fn refused(row: usize, status: u16, errors: Value) -> Self {
        Self { row, status, action: "refuse", id: None, errors: Some(errors), changes: None }
    }
}

/// An import at work.
struct Import<'c, T> {
    caller: &'c Caller,
    make: Grant,
    change: Grant,
    mode: Mode,
    header: Header,
    names: Names,
    /// The keys of the rows so far.
    seen: HashSet<String>,
    right: PhantomData<T>,
}

impl<T: Tabular> Import<'_, T> {
    /// What a row is told by.
    fn key(&self, row: &[String]) -> Option<String> {
        let key = self.header.place(T::KEY).and_then(|place| row.get(place))?.trim();
        (!key.is_empty()).then(|| key.to_owned())
    }

    async fn rows(&mut self, edit: &mut Edit, rows: &[NumberedRow]) -> Result<Vec<Outcome>, Problem> {
        for (_, row) in rows {
            if let Some(key) = row.as_ref().ok().and_then(|row| self.key(row)) {
                T::expect(&mut self.names, &key);
            }
        }
        let mut outcomes = Vec::with_capacity(rows.len());
        for (_, row) in rows {
            outcomes.push(outcome(self.row(edit, row).await)?);
        }
        // Rows that lead to what was made further down say so now.
        self.names.expect_nothing();
        for (told, (_, row)) in outcomes.iter_mut().zip(rows) {
            let (Ok(done), Ok(row)) = (&mut *told, row) else { continue };
            if done.waits
                && let Err(problem) = self.complete(edit, done, row).await
            {
                *told = outcome(Err(problem))?;
            }
        }
        Ok(outcomes)
    }

    async fn row(&mut self, edit: &mut Edit, row: &Result<Vec<String>, FieldError>) -> Result<Done, Problem> {
        let row = row.as_ref().map_err(|error| Problem::Invalid(FieldErrors::one("cells", error.clone())))?;
        let key = self.key(row).unwrap_or_default();
        if !key.is_empty() && !self.seen.insert(key.to_lowercase()) {
            return Err(Problem::Invalid(FieldErrors::one(T::KEY, FieldError::twice())));
        }
        match T::known(&self.names, &key) {
            None => self.make(edit, row).await,
            Some(id) => match self.mode {
                Mode::Fail => Err(Problem::Invalid(FieldErrors::one(T::KEY, FieldError::taken()))),
                Mode::Skip => Ok(Done { id, what: What::Skipped, waits: false }),
                Mode::Update => self.change(edit, id, row).await,
            },
        }
    }

    async fn make(&mut self, edit: &mut Edit, row: &[String]) -> Result<Done, Problem> {
        let asked = asked(T::COLUMNS, &self.header, row, None, &self.names).map_err(Problem::Invalid)?;
        let made = T::make(edit, self.caller, self.make, &asked.body).await?;
        T::learn(&mut self.names, &made);
        Ok(Done { id: T::id(&made), what: What::Made, waits: asked.waits })
    }

    async fn change(&self, edit: &mut Edit, id: u64, row: &[String]) -> Result<Done, Problem> {
        let before = T::find(edit, id).await?;
        let shown = T::shown(&before);
        let asked = asked(T::COLUMNS, &self.header, row, Some(&shown), &self.names);
        let Asked { mut body, waits } = asked.map_err(Problem::Invalid)?;
        // Its key is how it was found, in whatever spelling.
        body.remove(T::KEY);
        let mut changes = Map::new();
        if !body.is_empty() {
            let grant = if self.mode == Mode::Update { self.change } else { self.make };
            let after = T::shown(&T::change(edit, self.caller, grant, &before, &body).await?);
            for (name, after) in after.into_iter().filter(|(name, _)| name != "updated_at") {
                let before = shown.get(&name).unwrap_or(&Value::Null);
                if *before != after {
                    changes.insert(name, json!({ "before": before, "after": after }));
                }
            }
        }
        Ok(Done { id, what: What::Changed(changes), waits })
    }

    /// Reads a row again that led to what was made after it.
    async fn complete(&self, edit: &mut Edit, done: &mut Done, row: &[String]) -> Result<(), Problem> {
        let more = self.change(edit, done.id, row).await?;
        if let (What::Changed(changes), What::Changed(more)) = (&mut done.what, more.what) {
            changes.extend(more);
        }
        Ok(())
    }
}
