//! A number that is erased at somebody's request: what a call still tells without it.

use jiff::Timestamp;

use super::evidence::{CallLog, whole};
use super::legs::Dial;

/// What of a call was erased. It stays so, whatever is still said of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erased {
    /// Who called, and the name that they showed.
    pub from: bool,
    /// Whom they dialled.
    pub to: bool,
    /// What the platform said word by word, and where it keeps a recording.
    pub words: bool,
}

impl Erased {
    pub(super) const fn merge(self, other: Self) -> Self {
        Self { from: self.from || other.from, to: self.to || other.to, words: self.words || other.words }
    }
}

impl CallLog {
    /// The call without a number, told by its digits: that there was a call, when, how it went and what it cost stays.
    ///
    /// To be asked of a call that shows the number anywhere: what was said word by word goes in any case.
    #[must_use]
    pub fn without_number(mut self, digits: &str) -> Self {
        let shows = |text: &str| is_shown(text, digits);
        let recorded = self.record.as_ref().map(|record| record.parties.clone()).unwrap_or_default();
        let told = |said: Option<&(Timestamp, Box<str>)>, recorded: Option<&str>| {
            said.is_some_and(|(_, text)| shows(text)) || recorded.is_some_and(shows)
        };
        let erased = Erased {
            from: told(self.told.from.as_ref(), recorded.from.as_deref())
                || told(self.told.caller_name.as_ref(), recorded.caller_name.as_deref()),
            to: told(self.told.to.as_ref(), recorded.to.as_deref()),
            words: true,
        };
        let direction = self.direction();
        // Which way it went must not change with the looks of numbers that are gone; what was said of it goes first.
        self.told.direction = self.told.direction.or(Some((whole(Timestamp::MAX), direction)));
        for Dial { start, end } in self.dials.values_mut() {
            for phone in start.iter_mut().flat_map(|start| &mut start.phones) {
                if shows(&phone.number) || phone.name.as_deref().is_some_and(shows) {
                    (phone.number, phone.name) = (Box::default(), None);
                }
            }
            for end in end.iter_mut() {
                end.taken_by = end.taken_by.take().filter(|number| !shows(number));
            }
        }
        self.erased = self.erased.merge(erased);
        self.stripped()
    }

    /// Without what was erased of it.
    pub(super) fn stripped(mut self) -> Self {
        let Erased { from, to, words } = self.erased;
        if from {
            (self.told.from, self.told.caller_name) = (None, None);
        }
        if to {
            self.told.to = None;
        }
        if let Some(record) = &mut self.record {
            if from {
                (record.parties.from, record.parties.caller_name) = (None, None);
            }
            if to {
                record.parties.to = None;
            }
            if words {
                (record.payload, record.recording_url) = (Box::default(), None);
            }
        }
        self
    }
}

/// Whether a text shows a number, however it is written.
fn is_shown(text: &str, digits: &str) -> bool {
    let shown: String = text.chars().filter(char::is_ascii_digit).collect();
    !digits.is_empty() && shown.contains(digits)
}
