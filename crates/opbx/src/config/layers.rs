//! Where a setting can come from.

use std::collections::BTreeMap;
use std::fmt::Display;
use toml::{Table, Value};

/// A setting by its names: `--log-level`, `OPBX_LOG_LEVEL`, `log_level`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Setting {
    /// Its flag, without the dashes before it.
    pub(crate) flag: &'static str,
    /// Its variable.
    pub(crate) variable: &'static str,
    /// Its key in the settings file.
    pub(crate) key: &'static str,
    /// Whether its value may be repeated in a mistake.
    pub(crate) secret: bool,
}

/// What the word `null` means in every layer: as if it were not there.
const UNSET: &str = "null";
const PREFIX: &str = "OPBX_";
/// The one variable that has the name of the platform.
const OF_THE_PLATFORM: &str = "CLOUDONIX_API_BASE_URL";
const FILE: &str = "opbx.toml";

/// The environment and the settings file, what was not asked for yet, and every mistake so far.
#[derive(Debug, Default)]
pub(crate) struct Layers {
    environment: BTreeMap<String, Option<String>>,
    file_name: String,
    file: Table,
    mistakes: Vec<String>,
}

impl Layers {
    /// Those of this process. A file that is named must exist; the one that is looked for need not.
    pub(crate) fn of_the_process(config: Option<&str>) -> Self {
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok().filter(|name| name.starts_with(PREFIX) || name == OF_THE_PLATFORM)?;
            Some((name, value.into_string().ok()))
        });
        let mut layers = Self { environment: variables.collect(), ..Self::default() };
        layers.file_name = config.unwrap_or(FILE).to_owned();
        match std::fs::read_to_string(&layers.file_name) {
            Ok(text) => layers.read_file(&text),
            Err(fault) if config.is_none() && fault.kind() == std::io::ErrorKind::NotFound => {}
            Err(fault) => layers.mistake(format!("The settings file {} cannot be read: {fault}.", layers.file_name)),
        }
        layers
    }

    fn read_file(&mut self, text: &str) {
        match text.parse::<Table>() {
            Ok(table) => self.file = table,
            Err(fault) => {
                let line =
                    fault.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().lines().count().max(1));
                let (file, message) = (&self.file_name, fault.message());
                self.mistakes.push(format!("The settings file {file} is not TOML: line {line}: {message}."));
            }
        }
    }

    /// The value of a setting from the first layer that has it. A value that `parse` refuses is a mistake; `expected`
    /// says what it should be.
    pub(crate) fn take<T, E>(
        &mut self,
        setting: Setting,
        flag: Option<&str>,
        expected: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        let (name, value) = self.first(setting, flag)?;
        let read = value.as_deref().map(parse);
        if let Some(Ok(value)) = read {
            return Some(value);
        }
        let is = match value {
            _ if setting.secret => "cannot be used".to_owned(),
            Some(value) => format!("is `{value}`"),
            None => "is not text".to_owned(),
        };
        self.mistake(format!("{name} {is}; it should be {expected}."));
        None
    }

    /// Every layer is asked, so that what is left over is unknown.
    fn first(&mut self, setting: Setting, flag: Option<&str>) -> Option<(String, Option<String>)> {
        let in_file = self.file.remove(setting.key).map(|value| {
            let text = match value {
                Value::String(text) => Some(text),
                Value::Integer(number) => Some(number.to_string()),
                _ => None,
            };
            (format!("`{}` in {}", setting.key, self.file_name), text)
        });
        let in_environment =
            self.environment.remove(setting.variable).map(|value| (setting.variable.to_owned(), value));
        let in_flags = flag.map(|value| (format!("--{}", setting.flag), Some(value.to_owned())));
        let set = |(_, value): &(String, Option<String>)| value.as_deref() != Some(UNSET);
        [in_flags, in_environment, in_file].into_iter().flatten().find(set)
    }

    /// Notes a mistake.
    pub(crate) fn mistake(&mut self, sentence: impl Display) {
        self.mistakes.push(sentence.to_string());
    }

    /// Every mistake, after every setting was taken.
    pub(crate) fn mistakes(self) -> Vec<String> {
        let unknown = self.environment.keys().map(|name| format!("There is no setting {name}."));
        let unknown_keys = self.file.keys().map(|key| format!("There is no setting `{key}` ({}).", self.file_name));
        self.mistakes.iter().cloned().chain(unknown).chain(unknown_keys).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTEN: Setting = Setting { flag: "listen", variable: "OPBX_LISTEN", key: "listen", secret: false };
    const SECRET: Setting =
        Setting { flag: "secret-key", variable: "OPBX_SECRET_KEY", key: "secret_key", secret: true };

    fn layers(environment: &[(&str, &str)], file: &str) -> Layers {
        let environment = environment.iter().map(|(name, value)| ((*name).into(), Some((*value).into()))).collect();
        let mut layers = Layers { environment, file_name: FILE.to_owned(), ..Layers::default() };
        layers.read_file(file);
        layers
    }

    fn number(text: &str) -> Result<u16, std::num::ParseIntError> {
        text.parse()
    }

    #[test]
    fn a_flag_goes_before_the_environment_and_that_before_the_file() {
        let all = || layers(&[("OPBX_LISTEN", "2")], "listen = 3");
        assert_eq!(all().take(LISTEN, Some("1"), "a number", number), Some(1));
        assert_eq!(all().take(LISTEN, None, "a number", number), Some(2));
        assert_eq!(layers(&[], "listen = '3'").take(LISTEN, None, "a number", number), Some(3));
        assert_eq!(layers(&[], "").take(LISTEN, None, "a number", number), None);
        assert_eq!(layers(&[], "").mistakes(), [""; 0]);
    }

    #[test]
    fn null_is_unset_in_every_layer() {
        let mut layers = layers(&[("OPBX_LISTEN", "null")], "listen = 3");
        assert_eq!(layers.take(LISTEN, Some("null"), "a number", number), Some(3));
    }

    #[test]
    fn every_mistake_is_told_and_no_secret() {
        let mut layers = layers(&[("OPBX_LISTEN", "x"), ("OPBX_SECRET_KEY", "hush"), ("OPBX_FOO", "1")], "bar = 1");
        layers.take(LISTEN, None, "a number", number);
        layers.take(SECRET, None, "a number", number);
        assert_eq!(
            layers.mistakes(),
            [
                "OPBX_LISTEN is `x`; it should be a number.",
                "OPBX_SECRET_KEY cannot be used; it should be a number.",
                "There is no setting OPBX_FOO.",
                "There is no setting `bar` (opbx.toml).",
            ]
        );
    }

    #[test]
    fn a_file_that_is_not_toml_says_where() {
        let mistakes = layers(&[], "listen = 1\nlisten").mistakes();
        assert!(matches!(mistakes.as_slice(), [one] if one.contains("line 2")), "{mistakes:?}");
    }
}
