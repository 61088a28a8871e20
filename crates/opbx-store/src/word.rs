//! Values of the core as words in a column.
//!
//! A type of the core that is spelled (a number, a name) or that is one word of several (a status, a strategy) has one
//! spelling, the one of the wire. The same spelling stands in the column, so that a row reads like the API.

use serde::Serialize;
use serde::de::value::{Error as Fault, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::error::{Cause, Error};

/// The word for a value.
pub(crate) fn write<T: Serialize>(value: &T) -> Result<String, Error> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(_) => Err(Error::Corrupt(Cause::said("a value that is no word was to be written as one"))),
        Err(fault) => Err(Error::Corrupt(Cause::new(fault))),
    }
}

/// The word for a value that may be absent.
pub(crate) fn write_some<T: Serialize>(value: Option<&T>) -> Result<Option<String>, Error> {
    value.map(write).transpose()
}

/// The value of a word. A word that is none was not written by us, or by a newer OPBX.
pub(crate) fn read<T: DeserializeOwned>(word: &str) -> Result<T, Error> {
    let reader: StrDeserializer<'_, Fault> = word.into_deserializer();
    T::deserialize(reader).map_err(|fault| Error::Corrupt(Cause::new(fault)))
}

/// The value of a word that may be absent.
pub(crate) fn read_some<T: DeserializeOwned>(word: Option<&str>) -> Result<Option<T>, Error> {
    word.map(read).transpose()
}

/// A list as JSON, for what is only ever read and written as a whole.
pub(crate) fn write_list<T: Serialize>(list: &[T]) -> Result<String, Error> {
    serde_json::to_string(list).map_err(|fault| Error::Corrupt(Cause::new(fault)))
}

/// The list of a JSON text.
pub(crate) fn read_list<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, Error> {
    serde_json::from_str(text).map_err(|fault| Error::Corrupt(Cause::new(fault)))
}

/// A whole number with a range in its type.
pub(crate) fn read_number<T: TryFrom<u32, Error: std::error::Error + Send + Sync + 'static>>(
    number: i32,
) -> Result<T, Error> {
    let number = u32::try_from(number).map_err(|fault| Error::Corrupt(Cause::new(fault)))?;
    T::try_from(number).map_err(|fault| Error::Corrupt(Cause::new(fault)))
}

/// A whole number with a range in its type, that may be absent.
pub(crate) fn read_some_number<T: TryFrom<u32, Error: std::error::Error + Send + Sync + 'static>>(
    number: Option<i32>,
) -> Result<Option<T>, Error> {
    number.map(read_number).transpose()
}

/// A number of the core for a column: the ranges of the core end far below that of the column.
pub(crate) fn write_number(number: impl Into<u32>) -> i32 {
    number.into().cast_signed()
}

#[cfg(test)]
mod tests {
    use opbx_core::extension_number::ExtensionNumber;
    use opbx_core::organization::Recording;
    use opbx_core::ring_group::Strategy;

    use super::*;

    #[test]
    fn words_are_those_of_the_wire() {
        assert_eq!(write(&Recording::FromAnswer).unwrap(), "from_answer");
        assert_eq!(read::<Strategy>("round_robin").unwrap(), Strategy::RoundRobin);
        let number: ExtensionNumber = "0123".parse().unwrap();
        assert_eq!(write(&number).unwrap(), "0123");
        assert_eq!(read::<ExtensionNumber>("0123").unwrap(), number);
    }

    #[test]
    fn a_word_that_is_none_is_corrupt() {
        assert!(matches!(read::<Strategy>("all"), Err(Error::Corrupt(_))));
        assert!(matches!(read::<ExtensionNumber>("12"), Err(Error::Corrupt(_))));
        assert!(matches!(write(&7), Err(Error::Corrupt(_))));
    }
}
