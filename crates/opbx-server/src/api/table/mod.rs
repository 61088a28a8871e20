//! Resources as files of comma-separated values: `GET /{resource}/export` and `POST /{resource}/import`.
//!
//! A row is an object by what people call it and what it leads to, with no identifier of ours, so that it can be edited
//! in a spreadsheet. Import reads a row into the same body that the JSON address takes and goes on from there: there is
//! no second validation. A cell that says what an export would say is no change, so an exported file changes nothing.

mod cells;
mod columns;
mod fields;
mod file;
mod import;
mod names;
mod objects;

pub(crate) use self::cells::defused;
pub(crate) use self::columns::{Column, Part};
pub(crate) use self::names::Names;
pub(crate) use self::objects::everything;

use self::cells::{cells, written};
use self::import::{import, schema};
use super::ApiState;
use super::operation::{Access, Operation, data};
use crate::access::{Caller, Permit, Protected, Read};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use opbx_core::permission::{Action, Grant};
use opbx_store::Edit;
use serde_json::{Map, Value, json};
use std::future::Future;

/// The most rows of a file.
pub(crate) const MOST_ROWS: usize = 5_000;

/// A resource whose objects are rows of a file.
pub(crate) trait Tabular: Send + Sync + Sized + 'static {
    /// Its address below the base.
    const PATH: &'static str;
    /// What the policy calls it.
    type Right: Protected;
    /// Its columns, in order.
    const COLUMNS: &'static [Column];
    /// The column that people tell its objects apart by; a field of the same name.
    const KEY: &'static str;
    /// An object as it is stored.
    type Object: Send + Sync;

    /// All objects that the caller may read, with their fields as they are shown, and the names of what they lead to.
    fn all(
        api: &ApiState,
        caller: &Caller,
        grant: Grant,
    ) -> impl Future<Output = Result<(Vec<Map<String, Value>>, Names), Problem>> + Send;

    /// The names of what rows can lead to, for a caller who imports: as they stand inside the edit.
    fn names(edit: &Edit, caller: &Caller) -> impl Future<Output = Result<Names, Problem>> + Send;

    /// The identifier of the object of a key.
    fn known(names: &Names, key: &str) -> Option<u64>;

    /// Notes that a row further down is about the object of a key, for rows that lead there.
    fn expect(_names: &mut Names, _key: &str) {}

    /// Notes an object that was made.
    fn learn(names: &mut Names, object: &Self::Object);

    /// One object, as it stands inside the edit.
    fn find(edit: &Edit, id: u64) -> impl Future<Output = Result<Self::Object, Problem>> + Send;

    /// Its identifier.
    fn id(object: &Self::Object) -> u64;

    /// Its fields, as they are shown.
    fn shown(object: &Self::Object) -> Map<String, Value>;

    /// Makes an object of a body, as `POST` does.
    fn make(
        edit: &mut Edit,
        caller: &Caller,
        grant: Grant,
        body: &Map<String, Value>,
    ) -> impl Future<Output = Result<Self::Object, Problem>> + Send;

    /// Changes an object by a body, as `PATCH` does.
    fn change(
        edit: &mut Edit,
        caller: &Caller,
        grant: Grant,
        before: &Self::Object,
        body: &Map<String, Value>,
    ) -> impl Future<Output = Result<Self::Object, Problem>> + Send;
}

/// Import and export.
pub(super) fn operations<T: Tabular>() -> Vec<Operation> {
    let may = |action| Access::Right(action, T::Right::RESOURCE);
    let (words, many) = (T::PATH.replace('-', " "), T::PATH.replace('-', "_"));
    let text = json!({ "type": "string" });
    let header: Vec<String> = T::COLUMNS.iter().flat_map(Column::names).collect();
    let file = json!({ "type": "string", "format": "binary", "description": "The file." });
    let form = json!({ "type": "object", "required": ["file"], "properties": { "file": file } });
    let told = format!("The columns {}. Only {} has to be there.", header.join(", "), T::KEY);
    vec![
        Operation::new(Method::GET, format!("/{}/export", T::PATH), format!("export_{many}"), export::<T>)
            .about(T::PATH, format!("Export all {words} as comma-separated values"))
            .access(may(Action::Read))
            .answers_content(200, json!({ "text/csv": { "schema": text } })),
        Operation::new(Method::POST, format!("/{}/import", T::PATH), format!("import_{many}"), import::<T>)
            .about(T::PATH, format!("Import {words} from comma-separated values: all rows or none. {told}"))
            .access(may(Action::Create))
            .repeatable()
            .query(
                "dry_run",
                "`true`: tell what each row would do, and do nothing.",
                json!({ "type": "boolean", "default": false }),
            )
            .query(
                "mode",
                "What to do with a row whose object exists: refuse the file, leave the object as it is, or change it.",
                json!({ "type": "string", "enum": ["fail", "skip", "update"], "default": "fail" }),
            )
            .takes(json!({ "text/csv": { "schema": text }, "multipart/form-data": { "schema": form } }))
            .answers_json(200, data(schema()))
            .refuses(&[409]),
    ]
}

/// `GET /{resource}/export`.
async fn export<T: Tabular>(State(api): State<ApiState>, permit: Permit<Read<T::Right>>) -> Result<Response, Problem> {
    let (objects, names) = T::all(&api, &permit.caller, permit.grant).await?;
    let header: Vec<String> = T::COLUMNS.iter().flat_map(Column::names).collect();
    let rows = objects.iter().map(|shown| cells(T::COLUMNS, shown, &names));
    let file = written(&header, rows).map_err(|fault| {
        tracing::error!(fault = &fault as &dyn std::error::Error, "an export cannot be written");
        Problem::Internal
    })?;
    let mut response = file.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{}.csv\"", T::PATH)) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
