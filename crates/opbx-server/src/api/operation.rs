//! An operation of the API: its address, its handler, who may, and what the description says of it.
//!
//! The list of operations is the router, the description and the table that the tests of rights go through: an operation
//! that is missing from one is missing from all. Our own list instead of attributes on functions, because most operations
//! are one function for many resources, which attributes cannot describe.
#![expect(
    clippy::needless_pass_by_value,
    reason = "a shape is written down where it is handed over, and belongs to the operation"
)]

use super::ApiState;
use super::crud::paging;
use super::list::FilterField;
use super::repeated::{Repeatable, once};
use super::schema::Schemas;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};
use opbx_core::permission::{Action, Resource};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Who may ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    /// Anyone.
    Public,
    /// Anyone who is signed in.
    SignedIn,
    /// The installation's own tokens; to everyone else there is nothing.
    Installation,
    /// Whoever the policy allows it.
    Right(Action, Resource),
}

impl Access {
    /// The word in the description: `extensions:create`.
    fn word(self) -> String {
        match self {
            Self::Public => "public".to_owned(),
            Self::SignedIn => "signed-in".to_owned(),
            Self::Installation => "installation".to_owned(),
            Self::Right(action, resource) => {
                let action = match action {
                    Action::Read => "read",
                    Action::Create => "create",
                    Action::Update => "update",
                    Action::Delete => "delete",
                };
                format!("{}:{action}", resource.as_str())
            }
        }
    }
}

/// An operation.
pub(crate) struct Operation {
    method: Method,
    path: String,
    id: String,
    tag: &'static str,
    summary: String,
    access: Access,
    parameters: Vec<Value>,
    body: Option<Value>,
    answers: BTreeMap<u16, Value>,
    schemas: Schemas,
    handler: MethodRouter<ApiState>,
    /// Whether a request that is sent again with its key gets its first answer.
    repeatable: bool,
    /// Whether its handler streams a form into the storage, and asks for the first answer itself.
    streams_forms: bool,
}

impl Operation {
    /// An operation at an address below the base, such as `/extensions/{id}`, with the name that clients are made with.
    pub(crate) fn new<H, T>(method: Method, path: impl Into<String>, id: impl Into<String>, handler: H) -> Self
    where
        H: Handler<T, ApiState>,
        T: 'static,
    {
        // Every method of the list is one that the router knows; one that is not would answer nothing.
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE);
        let path = path.into();
        let operation = Self {
            method,
            id: id.into(),
            tag: "",
            summary: String::new(),
            access: Access::SignedIn,
            parameters: Vec::new(),
            body: None,
            answers: BTreeMap::new(),
            schemas: Schemas::default(),
            handler: on(filter, handler),
            repeatable: false,
            streams_forms: false,
            path,
        };
        if operation.path.contains("{id}") {
            operation.path_parameter("id", json!({ "type": "integer", "format": "int64", "minimum": 1 }))
        } else {
            operation
        }
    }

    /// What it does, in a few words, and below which heading it stands.
    pub(crate) fn about(mut self, tag: &'static str, summary: impl Into<String>) -> Self {
        (self.tag, self.summary) = (tag, summary.into());
        self
    }

    /// Who may.
    pub(crate) const fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// A parameter that stands in the address, under its name there.
    pub(crate) fn path_parameter(mut self, name: &str, schema: Value) -> Self {
        self.parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
        self
    }

    /// A parameter of the query.
    pub(crate) fn query(mut self, name: &str, about: &str, schema: Value) -> Self {
        let parameter =
            json!({ "name": name, "in": "query", "required": false, "description": about, "schema": schema });
        self.parameters.push(parameter);
        self
    }

    /// A list of which a page is asked for.
    pub(crate) fn paged(self) -> Self {
        paging().into_iter().fold(self, |operation, (name, about, schema)| operation.query(name, about, schema))
    }

    /// A list of which those are asked for that have certain values.
    pub(crate) fn filtered(self, filters: &[FilterField]) -> Self {
        let about = "Only those with this value.";
        filters.iter().fold(self, |operation, filter| operation.query(filter.name, about, filter.schema()))
    }

    /// A change of what was read: refused if it is another one by now.
    pub(crate) fn conditional(self) -> Self {
        self.header("If-Match", "The ETag that was read: 412 when it is another one by now.").refuses(&[412])
    }

    /// A header of the request.
    pub(crate) fn header(mut self, name: &str, about: &str) -> Self {
        let schema = json!({ "type": "string" });
        let parameter =
            json!({ "name": name, "in": "header", "required": false, "description": about, "schema": schema });
        self.parameters.push(parameter);
        self
    }

    /// A request that is sent again with its `Idempotency-Key` gets its first answer. Never where the answer holds a secret.
    pub(crate) fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self.header("Idempotency-Key", "Sent again within a day, the same body gets the same answer.").refuses(&[409])
    }

    /// A JSON body of this schema.
    pub(crate) fn takes_json(self, schema: Value) -> Self {
        self.takes(json!({ "application/json": { "schema": schema } }))
    }

    /// A body of one of these types.
    pub(crate) fn takes(mut self, content: Value) -> Self {
        self.body = Some(json!({ "required": true, "content": content }));
        self
    }

    /// The same body as a form with files, besides.
    pub(crate) fn takes_form(mut self, schema: Value) -> Self {
        let body = self.body.get_or_insert_with(|| json!({ "required": true, "content": {} }));
        body["content"]["multipart/form-data"] = json!({ "schema": schema });
        self.streams_forms = true;
        self
    }

    /// Another handler for what is described here.
    pub(crate) fn with_handler<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, ApiState>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(self.method.clone()).unwrap_or(MethodFilter::TRACE);
        self.handler = on(filter, handler);
        self
    }

    /// Takes over schemas that a body or an answer refers to.
    pub(crate) fn with_schemas(mut self, schemas: Schemas) -> Self {
        self.schemas.extend(schemas);
        self
    }

    /// An answer with a JSON body of this schema.
    pub(crate) fn answers_json(self, status: u16, schema: Value) -> Self {
        self.answers_content(status, json!({ "application/json": { "schema": schema } }))
    }

    /// An answer with a body of any type.
    pub(crate) fn answers_content(mut self, status: u16, content: Value) -> Self {
        self.answers.insert(status, json!({ "description": reason(status), "content": content }));
        self
    }

    /// An answer without a body.
    pub(crate) fn answers_nothing(mut self, status: u16) -> Self {
        self.answers.insert(status, json!({ "description": reason(status) }));
        self
    }

    /// Refusals beyond those that every operation has.
    pub(crate) fn refuses(mut self, statuses: &[u16]) -> Self {
        for status in statuses {
            let problem = json!({ "$ref": format!("#/components/responses/{}", problem_name(*status)) });
            self.answers.insert(*status, problem);
        }
        self
    }

    /// Its address below the base.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Its method.
    pub(crate) fn method(&self) -> &str {
        self.method.as_str()
    }

    /// Its handler.
    pub(crate) fn handler(&self, api: &ApiState) -> MethodRouter<ApiState> {
        let handler = self.handler.clone();
        if !self.repeatable {
            return handler;
        }
        let types = self.body.as_ref().and_then(|body| body["content"].as_object());
        let types = types.map(|types| types.keys().map(|kind| kind.as_str().into()).collect());
        let of = Repeatable { api: api.clone(), access: self.access, types, streams_forms: self.streams_forms };
        handler.layer(from_fn_with_state(of, once))
    }

    /// The schemas that its description refers to.
    pub(crate) const fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    /// What the description says of it: its method, and the rest.
    pub(crate) fn description(&self) -> (String, Value) {
        let mut answers = Map::new();
        for (status, answer) in &self.answers {
            answers.insert(status.to_string(), answer.clone());
        }
        let mut always: Vec<u16> = vec![400, 429, 500, 503];
        if self.access != Access::Public {
            always.extend([401, 403]);
        }
        if self.path.contains('{') || self.access == Access::Installation {
            always.push(404);
        }
        if self.body.is_some() {
            always.extend([413, 415, 422]);
        }
        for status in always {
            let problem = json!({ "$ref": format!("#/components/responses/{}", problem_name(status)) });
            answers.entry(status.to_string()).or_insert(problem);
        }
        let mut told = json!({
            "operationId": self.id,
            "tags": [self.tag],
            "summary": self.summary,
            "x-opbx-right": self.access.word(),
            "parameters": self.parameters,
            "responses": answers,
        });
        if let Some(body) = &self.body {
            told["requestBody"] = body.clone();
        }
        if self.access == Access::Public {
            told["security"] = json!([]);
        }
        (self.method.as_str().to_ascii_lowercase(), told)
    }
}

/// `{"data": …}`.
pub(crate) fn data(schema: Value) -> Value {
    json!({ "type": "object", "required": ["data"], "properties": { "data": schema } })
}

/// The refusals that the description knows, by status.
pub(crate) const PROBLEMS: &[(u16, &str)] = &[
    (400, "BadRequest"),
    (401, "Unauthenticated"),
    (403, "Forbidden"),
    (404, "NotFound"),
    (409, "Conflict"),
    (412, "PreconditionFailed"),
    (413, "BodyTooLarge"),
    (415, "UnsupportedMediaType"),
    (416, "RangeNotSatisfiable"),
    (422, "ValidationFailed"),
    (429, "RateLimited"),
    (500, "Internal"),
    (503, "Unavailable"),
];

fn problem_name(status: u16) -> &'static str {
    PROBLEMS.iter().find(|(known, _)| *known == status).map_or("Internal", |(_, name)| name)
}

const fn reason(status: u16) -> &'static str {
    match status {
        200 => "What was asked for.",
        201 => "It was made.",
        202 => "It will be done.",
        204 => "It was done.",
        206 => "The part that was asked for.",
        304 => "It is still the same.",
        _ => "The answer.",
    }
}
