//! Reading the fields of a body into values of the core: every mistake is told, each with the path of its field.
//!
//! A body is first merged into what is there (`merge`), so that what is read here is always whole. References are
//! collected on the way; whether they lead anywhere is the store's to say.

mod destination;
mod merge;
mod region;

pub(crate) use self::merge::{Rules, merged};

use crate::field_errors::{FieldError, FieldErrors};
use jiff::Timestamp;
use opbx_core::invalid::Invalid;
use opbx_core::text::Name;
use opbx_store::ObjectKind;
use serde::de::value::{Error as WordFault, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// What was found wrong so far, and what the body refers to.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    errors: RefCell<FieldErrors>,
    references: RefCell<Vec<Referred>>,
}

/// A field that refers to an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Referred {
    /// The field.
    pub(crate) path: String,
    /// What kind of object.
    pub(crate) kind: ObjectKind,
    /// Which one.
    pub(crate) id: u64,
}

impl Reading {
    /// The fields of a whole body.
    pub(crate) fn fields<'r>(&'r self, object: &'r Map<String, Value>) -> Fields<'r> {
        Fields { object, path: String::new(), reading: self }
    }

    /// What was found.
    pub(crate) fn finish(self) -> (FieldErrors, Vec<Referred>) {
        (self.errors.into_inner(), self.references.into_inner())
    }
}

/// The fields of one object of a body. A field that cannot be read is noted and answered with `None`.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'r> {
    object: &'r Map<String, Value>,
    path: String,
    reading: &'r Reading,
}

impl<'r> Fields<'r> {
    /// The path of a field.
    pub(crate) fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Notes what is wrong with a field.
    pub(crate) fn wrong<T>(&self, name: &str, error: FieldError) -> Option<T> {
        self.reading.errors.borrow_mut().add(self.path(name), error);
        None
    }

    /// The value of a field, unless it is absent or null.
    pub(crate) fn value(&self, name: &str) -> Option<&'r Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    fn need(&self, name: &str) -> Option<&'r Value> {
        self.value(name).or_else(|| self.wrong(name, FieldError::required()))
    }

    /// Reads a field that may be null: `None` is wrong, `Some(None)` is null.
    fn maybe<T>(&self, name: &str, read: impl FnOnce(&Self) -> Option<T>) -> Option<Option<T>> {
        if self.value(name).is_none() { Some(None) } else { read(self).map(Some) }
    }

    /// Refuses fields that are not among these.
    pub(crate) fn only(&self, names: &[&str]) {
        for name in self.object.keys().filter(|name| !names.contains(&name.as_str())) {
            self.wrong::<()>(name, FieldError::unknown());
        }
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Option<&'r str> {
        let value = self.need(name)?;
        value.as_str().or_else(|| self.wrong(name, FieldError::wrong_type("a text")))
    }

    /// The names of all fields.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'r String> {
        self.object.keys()
    }

    /// Whether the body says anything of a field: null is something.
    pub(crate) fn says(&self, name: &str) -> bool {
        self.object.contains_key(name)
    }

    /// A name of so many characters.
    pub(crate) fn name(&self, name: &str, length: RangeInclusive<usize>) -> Option<Name> {
        let text: Name = self.spelled(name)?;
        if length.contains(&text.as_str().chars().count()) {
            return Some(text);
        }
        let expected = format!("a name of {} to {} characters", length.start(), length.end());
        self.wrong(name, FieldError::invalid(&expected))
    }

    /// An instant, or null.
    pub(crate) fn maybe_instant(&self, name: &str) -> Option<Option<Timestamp>> {
        self.maybe(name, |fields| {
            let wrong = || fields.wrong(name, FieldError::invalid("an instant, such as 2027-01-01T00:00:00Z"));
            fields.text(name)?.parse().ok().or_else(wrong)
        })
    }

    /// A text that spells a value of the core.
    pub(crate) fn spelled<T: FromStr<Err = Invalid>>(&self, name: &str) -> Option<T> {
        match self.text(name)?.parse() {
            Ok(value) => Some(value),
            Err(invalid) => self.wrong(name, FieldError::invalid(invalid.what_was_expected())),
        }
    }

    /// The same, or null.
    pub(crate) fn maybe_spelled<T: FromStr<Err = Invalid>>(&self, name: &str) -> Option<Option<T>> {
        self.maybe(name, |fields| fields.spelled(name))
    }

    /// A text that spells a value of another house, or null: whoever refuses it says what was expected.
    pub(crate) fn maybe_parsed<T: FromStr<Err: Display>>(&self, name: &str) -> Option<Option<T>> {
        self.maybe(name, |fields| match fields.text(name)?.parse::<T>() {
            Ok(value) => Some(value),
            Err(expected) => {
                let expected = expected.to_string();
                fields.wrong(name, FieldError::invalid(expected.strip_prefix("expected ").unwrap_or(&expected)))
            }
        })
    }

    /// One word of several.
    pub(crate) fn word<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let reader: StrDeserializer<'_, WordFault> = self.text(name)?.into_deserializer();
        match T::deserialize(reader) {
            Ok(value) => Some(value),
            Err(fault) => self.wrong(name, FieldError::invalid(&choices(&fault.to_string()))),
        }
    }

    /// The same, or null.
    pub(crate) fn maybe_word<T: DeserializeOwned>(&self, name: &str) -> Option<Option<T>> {
        self.maybe(name, |fields| fields.word(name))
    }

    /// A whole number with a range in its type.
    pub(crate) fn number<T: TryFrom<u32, Error = Invalid>>(&self, name: &str) -> Option<T> {
        let number = self.whole(name)?;
        match T::try_from(number) {
            Ok(value) => Some(value),
            Err(invalid) => self.wrong(name, FieldError::invalid(invalid.what_was_expected())),
        }
    }

    /// The same, or null.
    pub(crate) fn maybe_number<T: TryFrom<u32, Error = Invalid>>(&self, name: &str) -> Option<Option<T>> {
        self.maybe(name, |fields| fields.number(name))
    }

    /// A whole number that is not negative.
    pub(crate) fn whole(&self, name: &str) -> Option<u32> {
        let value = self.need(name)?;
        let Some(number) = value.as_i64().or_else(|| value.as_u64().map(|_| i64::MAX)) else {
            return self.wrong(name, FieldError::wrong_type("a whole number"));
        };
        u32::try_from(number)
            .ok()
            .or_else(|| self.wrong(name, FieldError::invalid("a whole number up to 4,294,967,295")))
    }

    /// The same, or null.
    pub(crate) fn maybe_whole(&self, name: &str) -> Option<Option<u32>> {
        self.maybe(name, |fields| fields.whole(name))
    }

    /// Yes or no.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        let value = self.need(name)?;
        value.as_bool().or_else(|| self.wrong(name, FieldError::wrong_type("true or false")))
    }

    /// The same, or null.
    pub(crate) fn maybe_flag(&self, name: &str) -> Option<Option<bool>> {
        self.maybe(name, |fields| fields.flag(name))
    }

    /// The identifier of an object of this organization.
    pub(crate) fn reference<T>(&self, name: &str, kind: ObjectKind, id: impl FnOnce(u64) -> T) -> Option<T> {
        let number = self.need(name)?.as_u64().filter(|id| i64::try_from(*id).is_ok());
        let number = number.or_else(|| self.wrong(name, FieldError::wrong_type("an identifier")))?;
        self.reading.references.borrow_mut().push(Referred { path: self.path(name), kind, id: number });
        Some(id(number))
    }

    /// The same, or null.
    pub(crate) fn maybe_reference<T>(
        &self,
        name: &str,
        kind: ObjectKind,
        id: impl FnOnce(u64) -> T,
    ) -> Option<Option<T>> {
        self.maybe(name, |fields| fields.reference(name, kind, id))
    }

    /// An object inside this one.
    pub(crate) fn nested(&self, name: &str) -> Option<Fields<'r>> {
        let value = self.need(name)?;
        let object = value.as_object().or_else(|| self.wrong(name, FieldError::wrong_type("an object")))?;
        Some(Fields { object, path: self.path(name), reading: self.reading })
    }

    /// The same, or null.
    pub(crate) fn maybe_nested(&self, name: &str) -> Option<Option<Fields<'r>>> {
        self.maybe(name, |fields| fields.nested(name))
    }

    /// A list of objects. Each is read, so that every mistake is told.
    pub(crate) fn list<T>(
        &self,
        name: &str,
        longest: usize,
        mut read: impl FnMut(&Fields<'r>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let list = self.array(name, longest)?;
        let items = list.iter().enumerate().map(|(place, value)| {
            let path = format!("{}.{place}", self.path(name));
            let Some(object) = value.as_object() else {
                self.reading.errors.borrow_mut().add(path, FieldError::wrong_type("an object"));
                return None;
            };
            read(&Fields { object, path, reading: self.reading })
        });
        all(items)
    }

    /// A list of texts that each spell a value of the core.
    pub(crate) fn spelled_list<T: FromStr<Err = Invalid>>(&self, name: &str, longest: usize) -> Option<Vec<T>> {
        let list = self.array(name, longest)?;
        let items = list.iter().enumerate().map(|(place, value)| {
            let read = value.as_str().map(str::parse::<T>);
            let error = match read {
                Some(Ok(value)) => return Some(value),
                Some(Err(invalid)) => FieldError::invalid(invalid.what_was_expected()),
                None => FieldError::wrong_type("a text"),
            };
            self.wrong(&format!("{name}.{place}"), error)
        });
        all(items)
    }

    /// The same, or null.
    pub(crate) fn maybe_spelled_list<T: FromStr<Err = Invalid>>(
        &self,
        name: &str,
        longest: usize,
    ) -> Option<Option<Vec<T>>> {
        self.maybe(name, |fields| fields.spelled_list(name, longest))
    }

    /// A list of identifiers.
    pub(crate) fn reference_list<T>(
        &self,
        name: &str,
        longest: usize,
        kind: ObjectKind,
        id: impl Fn(u64) -> T,
    ) -> Option<Vec<T>> {
        let list = self.array(name, longest)?;
        let items = list.iter().enumerate().map(|(place, value)| {
            let place = format!("{name}.{place}");
            let Some(number) = value.as_u64().filter(|id| i64::try_from(*id).is_ok()) else {
                return self.wrong(&place, FieldError::wrong_type("an identifier"));
            };
            self.reading.references.borrow_mut().push(Referred { path: self.path(&place), kind, id: number });
            Some(id(number))
        });
        all(items)
    }

    fn array(&self, name: &str, longest: usize) -> Option<&'r Vec<Value>> {
        let value = self.need(name)?;
        let list = value.as_array().or_else(|| self.wrong(name, FieldError::wrong_type("a list")))?;
        if list.len() > longest {
            return self.wrong(name, FieldError::invalid(&format!("a list of at most {longest}")));
        }
        Some(list)
    }
}

/// All or nothing, after every item was looked at.
fn all<T>(items: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    let items: Vec<Option<T>> = items.collect();
    items.into_iter().collect()
}

/// The choices out of what serde says of a word that is none: "unknown variant `x`, expected `a` or `b`".
fn choices(said: &str) -> String {
    said.rsplit_once(", expected ")
        .map_or_else(|| "one of the words that are documented".to_owned(), |(_, choices)| choices.to_owned())
}
