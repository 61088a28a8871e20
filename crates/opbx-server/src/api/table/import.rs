//! `POST /{resource}/import`: a file of rows, made and changed in one transaction, or not at all.
//!
//! A dry run does the same and lets the transaction go. So it tells what would happen and not what another reading of
//! the file thinks would.

use super::super::ApiState;
use super::super::list::QueryParameters;
use super::columns::column_of;
use super::fields::body;
use super::file::{Header, Sheet, Upload};
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
use std::time::Duration;

/// The longest that an import may take. Nobody else changes anything meanwhile (on SQLite in the whole installation),
/// and gives up after the ten seconds that any other change may take.
const DEADLINE: Duration = Duration::from_secs(30);

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
    let mut edit = api.edit(&permit.caller).await?;
    edit.allow(DEADLINE);
    // Nobody else changes the organization while the edit is open, so these are the names that count.
    let (_, names) = T::all(&api, &permit.caller, Grant::All).await?;
    let mut import = Import::<T> {
        caller: &permit.caller,
        make: permit.grant,
        change: may_change,
        mode,
        header,
        names,
        seen: HashSet::new(),
        right: std::marker::PhantomData,
    };
    let (mut verdicts, mut errors) = (Vec::with_capacity(rows.len()), FieldErrors::default());
    for (number, row) in rows {
        match import.row(&mut edit, row).await {
            Ok(done) => verdicts.push(done.verdict(number, dry_run)),
            Err(Problem::Invalid(faults)) => {
                let faults = faults.renamed(|path| column_of(T::COLUMNS, path));
                verdicts.push(Verdict::refused(number, 422, faults.sentences()));
                errors.extend(faults.within(&format!("rows.{number}")));
            }
            Err(problem @ (Problem::StoreAway | Problem::Internal)) => return Err(problem),
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

/// What a row did.
enum Done {
    Made(u64),
    Changed(u64, Map<String, Value>),
    Unchanged(u64),
    Skipped(u64),
}

impl Done {
    fn verdict(self, row: usize, dry_run: bool) -> Verdict {
        let (status, action, id, changes) = match self {
            // What a dry run made is gone, and its identifier is another one's.
            Self::Made(id) => (201, "create", (!dry_run).then_some(id), None),
            Self::Changed(id, changes) => (200, "update", Some(id), Some(changes)),
            Self::Unchanged(id) => (200, "unchanged", Some(id), None),
            Self::Skipped(id) => (200, "skip", Some(id), None),
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
    right: std::marker::PhantomData<T>,
}

impl<T: Tabular> Import<'_, T> {
    async fn row(&mut self, edit: &mut Edit, row: Result<Vec<String>, FieldError>) -> Result<Done, Problem> {
        let row = row.map_err(|error| Problem::Invalid(FieldErrors::one("cells", error)))?;
        let key = self.header.place(T::KEY).and_then(|place| row.get(place)).map(|key| key.trim().to_owned());
        let key = key.unwrap_or_default();
        if !key.is_empty() && !self.seen.insert(key.to_lowercase()) {
            return Err(Problem::Invalid(FieldErrors::one(T::KEY, FieldError::twice())));
        }
        match T::known(&self.names, &key) {
            None => self.make(edit, &row).await,
            Some(id) => match self.mode {
                Mode::Fail => Err(Problem::Invalid(FieldErrors::one(T::KEY, FieldError::taken()))),
                Mode::Skip => Ok(Done::Skipped(id)),
                Mode::Update => self.change(edit, id, &row).await,
            },
        }
    }

    async fn make(&mut self, edit: &mut Edit, row: &[String]) -> Result<Done, Problem> {
        let body = body(T::COLUMNS, &self.header, row, None, &self.names).map_err(Problem::Invalid)?;
        let made = T::make(edit, self.caller, self.make, &body).await?;
        T::learn(&mut self.names, &made);
        Ok(Done::Made(T::id(&made)))
    }

    async fn change(&self, edit: &mut Edit, id: u64, row: &[String]) -> Result<Done, Problem> {
        let before = T::find(edit, id).await?;
        let shown = T::shown(&before);
        let mut body = body(T::COLUMNS, &self.header, row, Some(&shown), &self.names).map_err(Problem::Invalid)?;
        // Its key is how it was found, in whatever spelling.
        body.remove(T::KEY);
        if body.is_empty() {
            return Ok(Done::Unchanged(id));
        }
        let after = T::shown(&T::change(edit, self.caller, self.change, &before, &body).await?);
        let changed = after.into_iter().filter(|(name, value)| name != "updated_at" && shown.get(name) != Some(value));
        let changes: Map<String, Value> = changed
            .map(|(name, after)| {
                let before = shown.get(&name).cloned().unwrap_or_default();
                (name, json!({ "before": before, "after": after }))
            })
            .collect();
        Ok(if changes.is_empty() { Done::Unchanged(id) } else { Done::Changed(id, changes) })
    }
}
