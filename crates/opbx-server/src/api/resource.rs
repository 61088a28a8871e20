//! What all resources of an organization have in common: list, make, show, change, remove.
//!
//! A resource says what its fields are, how an object is shown and how it is read; the handlers here are the same for all.

use super::ApiState;
use super::answer::{Precondition, Version, created, data, done};
use super::body::JsonObject;
use super::form::{Fields, Reading, Referred, Rules, merged};
use super::list::{FilterField, QueryParameters};
use super::references::unused;
use crate::access::{Create, Delete, Permit, Protected, Read, Update};
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use jiff::Timestamp;
use opbx_core::id::UserId;
use opbx_core::organization::Status;
use opbx_store::{Edit, Kind, Stored};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::future::{Future, ready};
use utoipa::ToSchema;

/// The most objects that are changed or made in one request.
pub(super) const MOST_CHANGED: usize = 100;
pub(super) const MOST_MADE: usize = 200;

/// A resource: a kind of object under an address of its own.
pub(crate) trait Resource: Kind {
    /// Its address below the base, which is also its heading in the description.
    const PATH: &'static str;
    /// One of them, as the names of operations spell it: `ring_group`.
    const NAME: &'static str;
    /// What the policy calls it.
    type Right: Protected;
    /// How one is shown.
    type View: Serialize + ToSchema + Send;
    /// What lists can be filtered by.
    const FILTERS: &'static [FilterField] = &[];
    /// Whether several can be made in one request.
    const MANY: bool = false;

    /// What is known of its fields.
    fn rules() -> Rules;

    /// The shapes of fields that are taken and never shown.
    fn secrets() -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// A body with what its nested objects leave out, for a field that merges by its parts.
    fn completed(_current: Option<&Map<String, Value>>, body: Map<String, Value>) -> Map<String, Value> {
        body
    }

    /// Shows one.
    fn view(stored: &Stored<Self>) -> Self::View;

    /// Reads one from fields that are all there; `before` is what is there, for what no field says.
    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self>;

    /// One that was read, with what only the rest of the organization tells.
    fn settled(self, _edit: &Edit) -> impl Future<Output = Result<Self, Problem>> + Send {
        ready(Ok(self))
    }

    /// Its status, for a resource that has one.
    fn status(&mut self) -> Option<&mut Status> {
        None
    }

    /// Whether it is a person's own, for what people may change of their own.
    fn is_own(&self, _edit: &Edit, _user: UserId) -> impl Future<Output = Result<bool, Problem>> + Send {
        ready(Ok(false))
    }

    /// What only the rest of the organization can tell: limits, rules across objects. `before` is what was there.
    fn check(
        &self,
        _edit: &Edit,
        _before: Option<&Stored<Self>>,
    ) -> impl Future<Output = Result<FieldErrors, Problem>> + Send {
        ready(Ok(FieldErrors::default()))
    }

    /// What else changes with it, in the same transaction, after it was written.
    fn written(
        &self,
        _edit: &mut Edit,
        _before: Option<&Stored<Self>>,
    ) -> impl Future<Output = Result<(), Problem>> + Send {
        ready(Ok(()))
    }

    /// What goes before it is removed, in the same transaction.
    fn removed(_stored: &Stored<Self>, _edit: &mut Edit) -> impl Future<Output = Result<(), Problem>> + Send {
        ready(Ok(()))
    }
}

/// The identifier in an address. A text that is none names nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id(pub(crate) u64);

impl FromRequestParts<ApiState> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &ApiState) -> Result<Self, Problem> {
        let path =
            axum::extract::Path::<std::collections::HashMap<String, String>>::from_request_parts(parts, api).await;
        let path = path.map_err(|_| Problem::NotFound)?;
        let id = path.get("id").and_then(|text| text.parse::<u64>().ok());
        id.filter(|id| i64::try_from(*id).is_ok()).map(Self).ok_or(Problem::NotFound)
    }
}

/// The fields of an object as they are shown: what a change is merged into.
pub(super) fn shown<R: Resource>(stored: &Stored<R>) -> Map<String, Value> {
    match serde_json::to_value(R::view(stored)) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// The same of an object alone, as if its row knew nothing.
pub(super) fn shown_alone<R: Resource>(object: R) -> Map<String, Value> {
    let nowhere = Timestamp::UNIX_EPOCH;
    shown(&Stored { object, revision: 0, created_at: nowhere, updated_at: nowhere })
}

pub(super) fn version<R: Resource>(stored: &Stored<R>) -> Version {
    Version::of(stored.object.number(), stored.revision)
}

/// `GET /{resource}`.
pub(super) async fn list<R: Resource>(
    State(api): State<ApiState>,
    permit: Permit<Read<R::Right>>,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let asked = parameters.page(R::FILTERS)?;
    let page = api.tenant(&permit.caller).page::<R>(&asked.query).await?;
    Ok(asked.answer(page, |stored| R::view(&stored)))
}

/// `GET /{resource}/{id}`.
pub(super) async fn show<R: Resource>(
    State(api): State<ApiState>,
    permit: Permit<Read<R::Right>>,
    id: Id,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let stored = api.tenant(&permit.caller).find::<R>(id.0).await?;
    Ok(version(&stored).on(data(&R::view(&stored))))
}

/// `POST /{resource}`: one, or several at once where the resource allows it.
pub(super) async fn create<R: Resource>(
    State(api): State<ApiState>,
    permit: Permit<Create<R::Right>>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let mut edit = api.edit(&permit.caller).await?;
    if let (true, Some(items)) = (R::MANY, body.get("items")) {
        alone(&body)?;
        let made = create_many::<R>(&mut edit, items).await?;
        api.commit(&permit.caller, edit).await?;
        let views: Vec<R::View> = made.iter().map(R::view).collect();
        let mut response = data(&views);
        *response.status_mut() = StatusCode::CREATED;
        return Ok(response);
    }
    let made = create_one::<R>(&mut edit, &body).await?;
    api.commit(&permit.caller, edit).await?;
    let location = format!("/api/v1/{}/{}", R::PATH, made.object.number());
    Ok(version(&made).on(created(&R::view(&made), &location)))
}

/// Makes one object inside an edit.
pub(super) async fn create_one<R: Resource>(edit: &mut Edit, body: &Map<String, Value>) -> Result<Stored<R>, Problem> {
    let object = read::<R>(edit, None, body).await?;
    let made = edit.create(object).await?;
    made.object.written(edit, None).await?;
    Ok(made)
}

async fn create_many<R: Resource>(edit: &mut Edit, items: &Value) -> Result<Vec<Stored<R>>, Problem> {
    let items = items.as_array().filter(|items| (1..=MOST_MADE).contains(&items.len()));
    let wrong = || Problem::Invalid(FieldErrors::one("items", FieldError::invalid("a list of 1 to 200 objects")));
    let items = items.ok_or_else(wrong)?;
    let (mut made, mut errors) = (Vec::new(), FieldErrors::default());
    for (place, item) in items.iter().enumerate() {
        let place = format!("items.{place}");
        let Some(item) = item.as_object() else {
            errors.add(place, FieldError::wrong_type("an object"));
            continue;
        };
        match create_one::<R>(edit, item).await {
            Ok(object) => made.push(object),
            Err(Problem::Invalid(faults)) => errors.extend(faults.within(&place)),
            Err(problem) => return Err(problem),
        }
    }
    if errors.is_empty() { Ok(made) } else { Err(Problem::Invalid(errors)) }
}

/// `PUT` and `PATCH /{resource}/{id}`: both merge.
pub(super) async fn change<R: Resource>(
    State(api): State<ApiState>,
    permit: Permit<Update<R::Right>>,
    id: Id,
    precondition: Precondition,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let mut edit = api.edit(&permit.caller).await?;
    let before = edit.find::<R>(id.0).await?;
    let own = match permit.caller.user {
        Some(user) => before.object.is_own(&edit, user).await?,
        None => false,
    };
    permit.reaches(own)?;
    precondition.holds(&version(&before))?;
    let unchanged = shown(&before);
    permit.covers(body.iter().filter(|(name, value)| unchanged.get(*name) != Some(*value)).map(|(name, _)| name))?;
    let after = change_one(&mut edit, &before, &body).await?;
    api.commit(&permit.caller, edit).await?;
    Ok(version(&after).on(data(&R::view(&after))))
}

/// Changes one object inside an edit.
pub(super) async fn change_one<R: Resource>(
    edit: &mut Edit,
    before: &Stored<R>,
    body: &Map<String, Value>,
) -> Result<Stored<R>, Problem> {
    let object = read(edit, Some(before), body).await?;
    let after = edit.update(before, object).await?;
    after.object.written(edit, Some(before)).await?;
    Ok(after)
}

/// `DELETE /{resource}/{id}`.
pub(super) async fn remove<R: Resource>(
    State(api): State<ApiState>,
    permit: Permit<Delete<R::Right>>,
    id: Id,
    precondition: Precondition,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let mut edit = api.edit(&permit.caller).await?;
    let before = edit.find::<R>(id.0).await?;
    precondition.holds(&version(&before))?;
    R::removed(&before, &mut edit).await?;
    unused(&edit, R::OBJECT, id.0).await?;
    edit.remove(&before).await?;
    api.commit(&permit.caller, edit).await?;
    Ok(done())
}

/// `PATCH /{resource}`: `{ids, status}`, each on its own.
pub(super) async fn change_many<R: Resource>(
    State(api): State<ApiState>,
    permit: Permit<Update<R::Right>>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let (ids, status) = status_of_many(&body)?;
    let mut edit = api.edit(&permit.caller).await?;
    let mut results = Vec::new();
    for id in ids {
        let changed = change_status::<R>(&mut edit, id, status).await;
        results.push(result_of_one(id, changed)?);
    }
    api.commit(&permit.caller, edit).await?;
    Ok(data(&results))
}

/// What is told of one of several.
///
/// # Errors
///
/// What ends all of them.
pub(super) fn result_of_one(id: u64, changed: Result<(), Problem>) -> Result<Value, Problem> {
    Ok(match changed {
        Ok(()) => json!({ "id": id, "status": 200 }),
        Err(Problem::Invalid(errors)) => json!({ "id": id, "status": 422, "errors": errors.sentences() }),
        Err(problem @ (Problem::StoreAway | Problem::Internal)) => return Err(problem),
        Err(problem) => json!({ "id": id, "status": problem.status().as_u16() }),
    })
}

/// Whether nothing stands beside `items`.
///
/// # Errors
///
/// For every field that does.
pub(super) fn alone(body: &Map<String, Value>) -> Result<(), Problem> {
    let reading = Reading::default();
    reading.fields(body).only(&["items"]);
    let (errors, _) = reading.finish();
    if errors.is_empty() { Ok(()) } else { Err(Problem::Invalid(errors)) }
}

pub(super) fn status_of_many(body: &Map<String, Value>) -> Result<(Vec<u64>, Status), Problem> {
    let reading = Reading::default();
    let fields = reading.fields(body);
    fields.only(&["ids", "status"]);
    let wanted = (ids(&fields), fields.word::<Status>("status"));
    let (errors, _) = reading.finish();
    match wanted {
        (Some(ids), Some(status)) if errors.is_empty() => Ok((ids, status)),
        _ => Err(Problem::Invalid(errors)),
    }
}

fn ids(fields: &Fields<'_>) -> Option<Vec<u64>> {
    let wrong = || fields.wrong("ids", FieldError::invalid("a list of 1 to 100 identifiers"));
    let list = fields.value("ids").and_then(Value::as_array).filter(|list| (1..=MOST_CHANGED).contains(&list.len()));
    let ids: Option<Vec<u64>> = list.and_then(|list| list.iter().map(Value::as_u64).collect());
    let ids = ids.filter(|ids| ids.iter().all(|id| i64::try_from(*id).is_ok()));
    ids.or_else(wrong)
}

async fn change_status<R: Resource>(edit: &mut Edit, id: u64, status: Status) -> Result<(), Problem> {
    let before = edit.find::<R>(id).await?;
    let mut object = before.object.clone();
    if let Some(current) = object.status() {
        *current = status;
    }
    let errors = object.check(edit, Some(&before)).await?;
    if !errors.is_empty() {
        return Err(Problem::Invalid(errors));
    }
    let after = edit.update(&before, object).await?;
    after.object.written(edit, Some(&before)).await
}

/// The object that a body asks for: every mistake in it is told at once.
pub(super) async fn read<R: Resource>(
    edit: &Edit,
    before: Option<&Stored<R>>,
    body: &Map<String, Value>,
) -> Result<R, Problem> {
    let current = before.map(shown);
    let body = R::completed(current.as_ref(), body.clone());
    let whole = merged(&R::rules(), current.as_ref(), &body).map_err(Problem::Invalid)?;
    let (object, mut errors, references) = {
        let reading = Reading::default();
        let object = R::read(&reading.fields(&whole), before.map(|stored| &stored.object));
        let (errors, references) = reading.finish();
        (object, errors, references)
    };
    errors.extend(dangling(edit, references).await?);
    match object {
        Some(object) if errors.is_empty() => {
            let object = object.settled(edit).await?;
            let errors = object.check(edit, before).await?;
            if errors.is_empty() { Ok(object) } else { Err(Problem::Invalid(errors)) }
        }
        _ => Err(Problem::Invalid(errors)),
    }
}

/// The references that lead to nothing in this organization.
pub(super) async fn dangling(edit: &Edit, references: Vec<Referred>) -> Result<FieldErrors, Problem> {
    let wanted: Vec<_> = references.iter().map(|referred| (referred.kind, referred.id)).collect();
    let missing = edit.missing(&wanted).await?;
    let mut errors = FieldErrors::default();
    for Referred { path, kind, id } in references {
        if missing.contains(&(kind, id)) {
            errors.add(path, FieldError::reference(kind.word(), id));
        }
    }
    Ok(errors)
}
