//! Listing, making, showing, changing and removing users.

use super::super::ApiState;
use super::super::answer::{Precondition, Version, created, data, done};
use super::super::body::JsonObject;
use super::super::form::{Reading, merged};
use super::super::list::QueryParameters;
use super::super::resource::{Id, MOST_MADE, alone, result_of_one, status_of_many};
use super::invite::invited_at_once;
use super::view::{self, UserView, object};
use crate::access::{Caller, Create, Delete, Means, Permit, Read, Update, Users};
use crate::auth::strong;
use crate::field_errors::{FieldError, FieldErrors};
use crate::jobs::address_changed;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use opbx_core::id::UserId;
use opbx_core::organization::Status;
use opbx_core::permission::{Grant, Role, may_manage};
use opbx_core::secret::Password;
use opbx_store::{Edit, Filter, FilterValue, Stored, User};
use serde_json::{Map, Value};

/// `GET /users`: all of them, or oneself for those who may see no other.
pub(super) async fn list(
    State(api): State<ApiState>,
    permit: Permit<Read<Users>>,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    let asked = parameters.page(super::FILTERS)?;
    let page = match (permit.grant, permit.caller.user) {
        (Grant::All, _) => api.tenant(&permit.caller).users(&asked.query).await?,
        (_, Some(me)) => {
            let own = Filter { field: "id", value: FilterValue::Number(me.get().cast_signed()) };
            let mut query = asked.query.clone();
            query.filters.push(own);
            api.tenant(&permit.caller).users(&query).await?
        }
        (_, None) => return Err(Problem::Forbidden),
    };
    Ok(asked.answer(page, |stored| UserView::of(&stored)))
}

/// `GET /users/{id}`.
pub(super) async fn show(
    State(api): State<ApiState>,
    permit: Permit<Read<Users>>,
    id: Id,
) -> Result<Response, Problem> {
    let stored = api.tenant(&permit.caller).user(UserId::new(id.0)).await?;
    permit.reaches(is_me(&permit.caller, stored.object.id))?;
    Ok(version(&stored).on(data(&UserView::of(&stored))))
}

/// `POST /users`: one, or several at once.
pub(super) async fn create(
    State(api): State<ApiState>,
    permit: Permit<Create<Users>>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let several = body.get("items").cloned();
    let bodies = match &several {
        None => vec![body],
        Some(items) => {
            alone(&body)?;
            bodies(items)?
        }
    };
    let (mut asked, mut errors) = (Vec::new(), FieldErrors::default());
    for (place, body) in bodies.iter().enumerate() {
        match read(None, body) {
            Ok(user) => asked.push(user),
            Err(faults) if several.is_none() => errors.extend(faults),
            Err(faults) => errors.extend(faults.within(&format!("items.{place}"))),
        }
    }
    if !errors.is_empty() {
        return Err(Problem::Invalid(errors));
    }
    for (user, _) in &asked {
        may_change(&permit.caller, permit.grant, user.role)?;
    }
    // Hashing is slow: it is done before anyone waits for the organization.
    let mut hashed = Vec::new();
    for (user, password) in asked {
        let hash = match password {
            Some(password) => Some(api.passwords().hash(password).await?),
            None => None,
        };
        hashed.push((user, hash));
    }
    let mut edit = api.edit(&permit.caller).await?;
    let mut made = Vec::new();
    for (place, (user, hash)) in hashed.into_iter().enumerate() {
        let has_password = hash.is_some();
        match edit.create_user(&user, hash).await.map_err(Problem::from) {
            Ok(user) => {
                if !has_password {
                    invited_at_once(&api, &mut edit, &user.object).await?;
                }
                made.push(user);
            }
            Err(Problem::Invalid(faults)) if several.is_some() => {
                return Err(Problem::Invalid(faults.within(&format!("items.{place}"))));
            }
            Err(problem) => return Err(problem),
        }
    }
    api.commit(&permit.caller, edit).await?;
    api.left_work();
    Ok(answer(&made, several.is_some()))
}

fn answer(made: &[Stored<User>], several: bool) -> Response {
    match made {
        [one] if !several => {
            let location = format!("/api/v1/users/{}", one.object.id);
            version(one).on(created(&UserView::of(one), &location))
        }
        all => {
            let mut response = data(&all.iter().map(UserView::of).collect::<Vec<_>>());
            *response.status_mut() = StatusCode::CREATED;
            response
        }
    }
}

fn bodies(items: &Value) -> Result<Vec<Map<String, Value>>, Problem> {
    let wrong = || Problem::Invalid(FieldErrors::one("items", FieldError::invalid("a list of 1 to 200 objects")));
    let items = items.as_array().filter(|items| (1..=MOST_MADE).contains(&items.len())).ok_or_else(wrong)?;
    let of = |(place, item): (usize, &Value)| {
        let wrong = || FieldErrors::one(format!("items.{place}"), FieldError::wrong_type("an object"));
        item.as_object().cloned().ok_or_else(|| Problem::Invalid(wrong()))
    };
    items.iter().enumerate().map(of).collect()
}

/// `PUT` and `PATCH /users/{id}`: both merge.
pub(super) async fn change(
    State(api): State<ApiState>,
    permit: Permit<Update<Users>>,
    id: Id,
    precondition: Precondition,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let mut edit = api.edit(&permit.caller).await?;
    let before = edit.user(UserId::new(id.0)).await?;
    let after = changed(&permit.caller, permit.grant, &before, &body)?;
    precondition.holds(&version(&before))?;
    let stored = write(&mut edit, &before, &after).await?;
    tell_former_address(&api, &mut edit, &before.object, &stored.object).await?;
    api.commit(&permit.caller, edit).await?;
    api.left_work();
    Ok(version(&stored).on(data(&UserView::of(&stored))))
}

/// Leaves a letter to the address that a person had, where they have another one now and mail can be sent: of what goes to
/// the new one, whoever had the account would learn nothing.
pub(in crate::api) async fn tell_former_address(
    api: &ApiState,
    edit: &mut Edit,
    before: &User,
    after: &User,
) -> Result<(), Problem> {
    if api.has_mail() && after.email != before.email {
        edit.enqueue(&address_changed(before, api.now())).await?;
    }
    Ok(())
}

/// Makes a user of a body without a password, if the caller may: they have to be invited.
pub(super) async fn make_user(
    edit: &mut Edit,
    caller: &Caller,
    grant: Grant,
    body: &Map<String, Value>,
) -> Result<Stored<User>, Problem> {
    let (user, _) = read(None, body).map_err(Problem::Invalid)?;
    may_change(caller, grant, user.role)?;
    Ok(edit.create_user(&user, None).await?)
}

/// Changes a user by a body, if the caller may.
pub(super) async fn change_user(
    edit: &mut Edit,
    caller: &Caller,
    grant: Grant,
    before: &Stored<User>,
    body: &Map<String, Value>,
) -> Result<Stored<User>, Problem> {
    let after = changed(caller, grant, before, body)?;
    write(edit, before, &after).await
}

/// `PATCH /users`: `{ids, status}`, each on its own.
pub(super) async fn change_many(
    State(api): State<ApiState>,
    permit: Permit<Update<Users>>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let (ids, status) = status_of_many(&body)?;
    let status = if status == Status::Active { "active" } else { "inactive" };
    let body = object(serde_json::json!({ "status": status }));
    let mut edit = api.edit(&permit.caller).await?;
    let mut results = Vec::new();
    for id in ids {
        let changed = match edit.user(UserId::new(id)).await {
            Ok(before) => change_user(&mut edit, &permit.caller, permit.grant, &before, &body).await.map(drop),
            Err(fault) => Err(fault.into()),
        };
        results.push(result_of_one(id, changed)?);
    }
    api.commit(&permit.caller, edit).await?;
    Ok(data(&results))
}

async fn write(edit: &mut Edit, before: &Stored<User>, after: &User) -> Result<Stored<User>, Problem> {
    let stops = |user: &User| user.role != Role::Owner || user.status != Status::Active;
    if before.object.role == Role::Owner && before.object.status == Status::Active && stops(after) {
        another_owner(edit).await?;
    }
    Ok(edit.update_user(before, after).await?)
}

/// What a body makes of a user, if the caller may.
fn changed(caller: &Caller, grant: Grant, before: &Stored<User>, body: &Map<String, Value>) -> Result<User, Problem> {
    let me = is_me(caller, before.object.id);
    let shown = shown(before);
    let written = body.iter().filter(|(name, value)| shown.get(*name) != Some(*value)).map(|(name, _)| name);
    match grant {
        // Their own name and address are everybody's to change.
        Grant::Lesser if me => {
            let own = ["name", "email", "phone"];
            if written.clone().any(|name| !own.contains(&name.as_str())) {
                return Err(Problem::Forbidden);
            }
        }
        Grant::Lesser => may_change(caller, grant, before.object.role)?,
        _ if grant.reaches(me) && written.clone().all(|name| grant.covers_field(name)) => {}
        _ => return Err(Problem::Forbidden),
    }
    let (after, _) = read(Some(before), body).map_err(Problem::Invalid)?;
    if after.role != before.object.role {
        may_change(caller, grant, after.role)?;
    }
    // A token that could move its person's address could have a link to a new password sent there, and so be its person.
    if me && after.email != before.object.email && matches!(caller.means, Means::Token { .. }) {
        return Err(Problem::Forbidden);
    }
    Ok(after)
}

/// `DELETE /users/{id}`.
pub(super) async fn remove(
    State(api): State<ApiState>,
    permit: Permit<Delete<Users>>,
    id: Id,
    precondition: Precondition,
) -> Result<Response, Problem> {
    let mut edit = api.edit(&permit.caller).await?;
    let before = edit.user(UserId::new(id.0)).await?;
    if is_me(&permit.caller, before.object.id) {
        return Err(Problem::Conflict("Nobody removes themselves. Ask another owner.".into()));
    }
    may_change(&permit.caller, permit.grant, before.object.role)?;
    precondition.holds(&version(&before))?;
    if before.object.role == Role::Owner && before.object.status == Status::Active {
        another_owner(&edit).await?;
    }
    edit.remove_user(&before).await?;
    api.commit(&permit.caller, edit).await?;
    Ok(done())
}

/// Whether there is an owner beside the one who goes.
async fn another_owner(edit: &Edit) -> Result<(), Problem> {
    if edit.owners().await? > 1 {
        return Ok(());
    }
    Err(Problem::Conflict("The organization would have no owner any more. Make someone else an owner first.".into()))
}

/// Whether the caller may make, change or remove users of a role, and so also give it.
pub(super) fn may_change(caller: &Caller, grant: Grant, role: Role) -> Result<(), Problem> {
    let may = match grant {
        Grant::All => true,
        Grant::Lesser => may_manage(caller.role, role),
        Grant::No | Grant::Own | Grant::OwnFields(_) => false,
    };
    if may { Ok(()) } else { Err(Problem::Forbidden) }
}

fn is_me(caller: &Caller, user: UserId) -> bool {
    caller.user == Some(user)
}

pub(in crate::api) fn version(stored: &Stored<User>) -> Version {
    Version::of(stored.object.id.get(), stored.revision)
}

pub(super) fn shown(stored: &Stored<User>) -> Map<String, Value> {
    serde_json::to_value(UserView::of(stored)).map(object).unwrap_or_default()
}

/// The user that a body asks for, and their password where it sets one.
fn read(before: Option<&Stored<User>>, body: &Map<String, Value>) -> Result<(User, Option<Password>), FieldErrors> {
    let current = before.map(shown);
    let whole = merged(&view::rules(), current.as_ref(), body)?;
    let reading = Reading::default();
    let fields = reading.fields(&whole);
    let id = before.map_or(UserId::new(0), |before| before.object.id);
    let user = view::read(&fields, id);
    let mut password = None;
    if fields.value("password").is_some()
        && let Some(text) = fields.text("password")
    {
        let (email, name) = user.as_ref().map_or(("", ""), |user| (user.email.as_str(), user.name.as_str()));
        match strong(text, email, name) {
            Ok(()) => password = Some(Password::new(text.to_owned())),
            Err(weak) => {
                fields.wrong("password", FieldError::weak(&weak)).unwrap_or(());
            }
        }
    }
    let (errors, _) = reading.finish();
    match user {
        Some(user) if errors.is_empty() => Ok((user, password)),
        _ => Err(errors),
    }
}
