//! What is wrong with which field of a body: for people and for machines.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What is wrong with a field.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct FieldError {
    /// Stable, for machines.
    code: &'static str,
    /// What the text is filled with.
    params: Map<String, Value>,
    /// A sentence.
    text: String,
}

impl FieldError {
    fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, params: Map::new(), text: text.into() }
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// It must be there.
    pub(crate) fn required() -> Self {
        Self::new("required", "This field is required.")
    }

    /// There is no such field.
    pub(crate) fn unknown() -> Self {
        Self::new("unknown_field", "There is no such field. Leave it out.")
    }

    /// It is set by the server.
    pub(crate) fn read_only() -> Self {
        Self::new("read_only", "This field is set by the server. Leave it out, or send it as it is.")
    }

    /// It is set once.
    pub(crate) fn immutable() -> Self {
        Self::new("immutable", "This field is set once, when the object is made. Make another object instead.")
    }

    /// It is of another type of JSON.
    pub(crate) fn wrong_type(expected: &str) -> Self {
        Self::new("wrong_type", format!("Must be {expected}.")).with("expected", expected)
    }

    /// Its value is none of those that are allowed.
    pub(crate) fn invalid(expected: &str) -> Self {
        Self::new("invalid", format!("Must be {expected}.")).with("expected", expected)
    }

    /// It leads nowhere in this organization.
    pub(crate) fn reference(kind: &str, id: u64) -> Self {
        let text = format!("There is no {} {id} in this organization.", kind.replace('_', " "));
        Self::new("not_found", text).with("type", kind).with("id", id)
    }

    /// Somebody else has it.
    pub(crate) fn taken() -> Self {
        Self::new("taken", "This is taken already. Choose another one.")
    }

    /// It is there twice.
    pub(crate) fn twice() -> Self {
        Self::new("duplicate", "This is there twice. Leave one out.")
    }

    /// A rule between fields does not hold.
    pub(crate) fn rule(code: &'static str, text: impl Into<String>) -> Self {
        Self::new(code, text)
    }
}

/// All errors of a body, by the path of the field: `members.0.extension_id`.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct FieldErrors(BTreeMap<String, Vec<FieldError>>);

impl FieldErrors {
    /// The error of one field.
    pub(crate) fn one(path: impl Into<String>, error: FieldError) -> Self {
        let mut errors = Self::default();
        errors.add(path, error);
        errors
    }

    pub(crate) fn add(&mut self, path: impl Into<String>, error: FieldError) {
        self.0.entry(path.into()).or_default().push(error);
    }

    /// Whether something is wrong with a field.
    pub(crate) fn names(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same errors, of a body that stands at `place` in another one.
    pub(crate) fn within(self, place: &str) -> Self {
        Self(self.0.into_iter().map(|(path, errors)| (format!("{place}.{path}"), errors)).collect())
    }

    /// The same errors under other paths.
    pub(crate) fn renamed(self, to: impl Fn(&str) -> String) -> Self {
        let mut renamed = Self::default();
        for (path, errors) in self.0 {
            renamed.0.entry(to(&path)).or_default().extend(errors);
        }
        renamed
    }

    /// Takes over the errors of another part.
    pub(crate) fn extend(&mut self, other: Self) {
        for (path, errors) in other.0 {
            self.0.entry(path).or_default().extend(errors);
        }
    }

    /// `errors`: the sentences.
    pub(crate) fn sentences(&self) -> Value {
        self.0
            .iter()
            .map(|(path, errors)| (path.clone(), errors.iter().map(|error| error.text.clone()).collect::<Value>()))
            .collect::<Map<_, _>>()
            .into()
    }

    /// `error_codes`: what the sentences are made of.
    pub(crate) fn codes(&self) -> Value {
        let told = |error: &FieldError| json!({ "code": error.code, "params": error.params, "text": error.text });
        self.0
            .iter()
            .map(|(path, errors)| (path.clone(), errors.iter().map(told).collect::<Value>()))
            .collect::<Map<_, _>>()
            .into()
    }
}
