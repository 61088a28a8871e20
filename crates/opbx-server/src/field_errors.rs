//! What is wrong with which field of a body: for people and for machines.

use crate::auth::Weak;
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

    /// A password that is too weak for its person.
    pub(crate) fn weak(weak: &Weak) -> Self {
        Self::rule("weak_password", format!("Choose {weak}."))
    }

    /// A rule between fields does not hold.
    pub(crate) fn rule(code: &'static str, text: impl Into<String>) -> Self {
        Self::new(code, text)
    }
}

/// The most fields that something is told of. A body can be wrong in a hundred thousand places, and each costs more in the
/// answer than it did in the body.
const MOST_FIELDS: usize = 100;
/// The most errors of a field.
const MOST_ERRORS: usize = 10;
/// The longest path that is repeated whole, in characters: that of an unknown field is what somebody sent.
const LONGEST_PATH: usize = 200;

/// The errors of a body, by the path of the field: `members.0.extension_id`. Of very many only some are kept; what is wrong
/// stays wrong.
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
        self.keep(path.into(), std::iter::once(error));
    }

    fn keep(&mut self, mut path: String, errors: impl IntoIterator<Item = FieldError>) {
        if let Some((end, _)) = path.char_indices().nth(LONGEST_PATH) {
            path.truncate(end);
            path.push('…');
        }
        if self.0.len() >= MOST_FIELDS && !self.0.contains_key(&path) {
            return;
        }
        let kept = self.0.entry(path).or_default();
        kept.extend(errors.into_iter().take(MOST_ERRORS.saturating_sub(kept.len())));
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
        self.renamed(|path| format!("{place}.{path}"))
    }

    /// The same errors under other paths.
    pub(crate) fn renamed(self, to: impl Fn(&str) -> String) -> Self {
        let mut renamed = Self::default();
        for (path, errors) in self.0 {
            renamed.keep(to(&path), errors);
        }
        renamed
    }

    /// Takes over the errors of another part.
    pub(crate) fn extend(&mut self, other: Self) {
        for (path, errors) in other.0 {
            self.keep(path, errors);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_very_many_errors_some_are_told() {
        let mut errors = FieldErrors::default();
        for field in 0..100_000 {
            errors.add(format!("field-{field}"), FieldError::unknown());
            errors.add("name", FieldError::twice());
        }
        errors.add("x".repeat(1_000_000), FieldError::unknown());
        let mut more = FieldErrors::one("z", FieldError::required());
        more.extend(errors.clone().within("items.0"));
        for errors in [errors, more] {
            let told = errors.sentences();
            let told = told.as_object().unwrap();
            assert_eq!(told.len(), MOST_FIELDS);
            assert!(told.values().all(|errors| errors.as_array().unwrap().len() <= MOST_ERRORS));
        }
        let long = FieldErrors::one("ü".repeat(1_000), FieldError::unknown()).sentences();
        assert_eq!(long.as_object().unwrap().keys().next().unwrap().chars().count(), LONGEST_PATH + 1);
    }
}
