//! API tokens: what a person lets a program do in their name.

use super::ApiState;
use super::answer::{created, done, instant};
use super::body::JsonObject;
use super::form::{Fields, Reading};
use super::list::{QueryParameters, list_schema};
use super::operation::{Access, Operation, data as data_of};
use super::resource::Id;
use super::schema::{Schemas, schema_of};
use crate::access::{ApiTokens, Create, Delete, Means, NewToken, Permit, Read, TokenKind};
use crate::field_errors::FieldError;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use jiff::Timestamp;
use opbx_core::id::UserId;
use opbx_core::permission::{Action, Grant, Permission, Resource};
use opbx_store::{ApiToken, NewApiToken};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

const TAG: &str = "api-tokens";

/// A token of a person for a program.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiToken)]
struct TokenView {
    /// Its identifier.
    id: u64,
    /// The person in whose name it acts.
    user_id: u64,
    /// What it is called.
    name: String,
    /// What it may do, of what that person may.
    #[schema(example = json!(["extensions:read", "call-logs:read"]))]
    abilities: Vec<String>,
    /// Until when it lasts; null: until it is revoked.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// When it was last used.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
}

pub(super) fn operations() -> Vec<Operation> {
    let mut schemas = Schemas::new();
    let shown = schema_of::<TokenView>(&mut schemas);
    let words = json!({ "type": "array", "minItems": 1, "items": { "type": "string" } });
    let body = json!({
        "type": "object", "additionalProperties": false, "required": ["name", "abilities"],
        "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": 255 },
            "abilities": words,
            "expires_at": { "type": ["string", "null"], "format": "date-time" },
        },
    });
    let once = json!({ "allOf": [shown, {
        "type": "object", "required": ["token"],
        "properties": { "token": { "type": "string", "description": "Shown this once." } },
    }] });
    let may = |action| Access::Right(action, Resource::ApiTokens);
    vec![
        Operation::new(Method::GET, "/api-tokens", "list_api_tokens", list)
            .about(TAG, "List API tokens: one's own, an owner's all")
            .access(may(Action::Read))
            .paged()
            .answers_json(200, list_schema(&shown))
            .with_schemas(schemas),
        Operation::new(Method::POST, "/api-tokens", "create_api_token", create)
            .about(TAG, "Make an API token; its text is in this answer and nowhere else")
            .access(may(Action::Create))
            .takes_json(body)
            .answers_json(201, data_of(once)),
        Operation::new(Method::DELETE, "/api-tokens/{id}", "delete_api_token", remove)
            .about(TAG, "Revoke an API token")
            .access(may(Action::Delete))
            .answers_nothing(204),
    ]
}

/// Whose tokens a right reaches; `None`: everyone's.
fn reached<R>(permit: &Permit<R>) -> Result<Option<UserId>, Problem> {
    match permit.grant {
        Grant::All => Ok(None),
        _ => permit.caller.user.map(Some).ok_or(Problem::Forbidden),
    }
}

/// `GET /api-tokens`.
async fn list(
    State(api): State<ApiState>,
    permit: Permit<Read<ApiTokens>>,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    let asked = parameters.page(&[])?;
    let mut tokens = api.tenant(&permit.caller).api_tokens(reached(&permit)?).await?;
    tokens.retain(|token| asked.finds(&token.name));
    Ok(asked.answer_all(tokens, |token| view(&token)))
}

/// `POST /api-tokens`.
async fn create(
    State(api): State<ApiState>,
    permit: Permit<Create<ApiTokens>>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    // A token acts with its creator's rights: without a person there are none. And none is made by another: it would do more
    // than that one may, and live on after it.
    let Means::Session { .. } = permit.caller.means else { return Err(Problem::Forbidden) };
    let user = permit.caller.user.ok_or(Problem::Forbidden)?;
    let (name, abilities, expires_at) = read(&body, api.now())?;
    let token = NewToken::draw(TokenKind::Api).map_err(|_| Problem::Internal)?;
    let new = NewApiToken { user, name, abilities, digest: token.digest(), expires_at };
    let shown = ApiToken {
        id: 0,
        user,
        name: new.name.clone(),
        abilities: new.abilities.clone(),
        created_at: api.now(),
        last_used_at: None,
        expires_at,
    };
    let mut edit = api.edit(&permit.caller).await?;
    let id = edit.create_api_token(new).await?;
    api.commit(&permit.caller, edit).await?;
    let mut answer = serde_json::to_value(view(&ApiToken { id, ..shown })).unwrap_or_default();
    answer["token"] = token.text(id).into();
    Ok(created(&answer, &format!("/api/v1/api-tokens/{id}")))
}

/// `DELETE /api-tokens/{id}`.
async fn remove(State(api): State<ApiState>, permit: Permit<Delete<ApiTokens>>, id: Id) -> Result<Response, Problem> {
    let of = reached(&permit)?;
    let mut edit = api.edit(&permit.caller).await?;
    edit.revoke_api_token(id.0, of).await?;
    api.commit(&permit.caller, edit).await?;
    Ok(done())
}

fn read(body: &Map<String, Value>, now: Timestamp) -> Result<(String, Vec<String>, Option<Timestamp>), Problem> {
    let reading = Reading::default();
    let fields = reading.fields(body);
    fields.only(&["name", "abilities", "expires_at"]);
    let (name, abilities) = (fields.spelled::<opbx_core::text::Name>("name"), abilities(&fields));
    let expires_at = expiry(&fields, now);
    let (errors, _) = reading.finish();
    match (name, abilities, expires_at) {
        (Some(name), Some(abilities), Some(expires_at)) if errors.is_empty() => {
            Ok((name.to_string(), abilities, expires_at))
        }
        _ => Err(Problem::Invalid(errors)),
    }
}

/// Words of permissions, each once.
fn abilities(fields: &Fields<'_>) -> Option<Vec<String>> {
    let wrong = || FieldError::invalid("a list of permissions, such as extensions:read");
    let list = fields.value("abilities").and_then(Value::as_array).filter(|list| !list.is_empty() && list.len() <= 100);
    let Some(list) = list else { return fields.wrong("abilities", wrong()) };
    let mut words: Vec<String> = Vec::new();
    for (place, word) in list.iter().enumerate() {
        match word.as_str().and_then(Permission::parse) {
            Some(permission) => words.push(permission.to_string()),
            None => {
                fields.wrong::<()>(
                    &format!("abilities.{place}"),
                    FieldError::invalid("a permission, such as extensions:read"),
                );
            }
        }
    }
    words.dedup();
    Some(words)
}

fn expiry(fields: &Fields<'_>, now: Timestamp) -> Option<Option<Timestamp>> {
    if fields.value("expires_at").is_none() {
        return Some(None);
    }
    let wrong = || FieldError::invalid("an instant in the future, such as 2027-01-01T00:00:00Z");
    let at = fields.text("expires_at")?.parse::<Timestamp>().ok().filter(|at| *at > now);
    at.map(Some).or_else(|| fields.wrong("expires_at", wrong()))
}

fn view(token: &ApiToken) -> TokenView {
    TokenView {
        id: token.id,
        user_id: token.user.get(),
        name: token.name.clone(),
        abilities: token.abilities.clone(),
        expires_at: token.expires_at.map(instant),
        last_used_at: token.last_used_at.map(instant),
        created_at: instant(token.created_at),
    }
}
