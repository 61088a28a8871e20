//! Who is on the phone: the caller and everyone who may be called, each with a script.

mod act;
mod callee;
mod room;
mod script;

use std::collections::{BTreeMap, VecDeque};

use cxml::Key;

pub use act::{Act, Then};
pub use callee::Callee;
pub(crate) use callee::{Outcome, Parting};
pub(crate) use room::Leaving;
pub use room::Room;
pub use script::{FORMS, ScriptError};

use crate::clock::Span;

/// The cast of a call. It reads like a play:
///
/// ```
/// use cloudonix_sim::{Callee, People};
///
/// let people = People::new()
///     .presses("1")
///     .callee("1001", Callee::no_answer())
///     .callee("1002", Callee::answers_after(3).talks(40));
/// ```
///
/// What the caller does ([`Act`]) is a list, and each `Gather`, `Record` and `Coach` takes the next entry; when the list is over the
/// caller stays silent. Who is called is found by the number or SIP address that is dialled. A callee who is given twice behaves
/// the first way the first time and the second way from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    acts: VecDeque<Act>,
    callees: BTreeMap<String, VecDeque<Callee>>,
    everyone_else: Callee,
    rooms: BTreeMap<String, Room>,
    /// When the caller hangs up, whatever is going on.
    pub(crate) hangs_up_at: Span,
    /// How long the caller listens to ringing.
    pub(crate) ring_patience: Option<Span>,
    /// How long a stream or a conversation with an agent lasts.
    pub(crate) media: Span,
}

impl Default for People {
    fn default() -> Self {
        Self::new()
    }
}

impl People {
    /// A caller who stays silent and hangs up after an hour, in a world where nobody answers.
    pub fn new() -> Self {
        Self {
            acts: VecDeque::new(),
            callees: BTreeMap::new(),
            everyone_else: Callee::no_answer(),
            rooms: BTreeMap::new(),
            hangs_up_at: Span::seconds(3600),
            ring_patience: None,
            media: Span::seconds(10),
        }
    }

    /// The caller does this next.
    #[must_use]
    pub fn does(mut self, act: Act) -> Self {
        self.acts.push_back(act);
        self
    }

    /// The caller listens to the end and presses these keys. What is no key is left out.
    #[must_use]
    pub fn presses(self, keys: &str) -> Self {
        self.does(Act::Press { keys: only_keys(keys), after: None, gap: Span::millis(500) })
    }

    /// The caller presses these keys so many seconds after the `Gather` began, usually into a prompt.
    #[must_use]
    pub fn presses_after(self, seconds: u32, keys: &str) -> Self {
        self.does(Act::Press { keys: only_keys(keys), after: Some(Span::seconds(seconds)), gap: Span::millis(500) })
    }

    /// The caller listens to the end and presses these keys, so many seconds apart.
    #[must_use]
    pub fn presses_slowly(self, keys: &str, seconds: u32) -> Self {
        self.does(Act::Press { keys: only_keys(keys), after: None, gap: Span::seconds(seconds) })
    }

    /// The caller does nothing.
    #[must_use]
    pub fn stays_silent(self) -> Self {
        self.does(Act::StaySilent)
    }

    /// The caller says this: speech for a `Gather`, a message for a `Record`.
    #[must_use]
    pub fn says(self, text: impl Into<String>) -> Self {
        self.does(Act::Say(text.into()))
    }

    /// The caller speaks for so many seconds and falls silent.
    #[must_use]
    pub fn speaks(self, seconds: u32) -> Self {
        self.does(Act::Speak { length: Span::seconds(seconds), then: Then::Silence })
    }

    /// The caller speaks for so many seconds and presses this key.
    #[must_use]
    pub fn speaks_and_presses(self, seconds: u32, key: Key) -> Self {
        self.does(Act::Speak { length: Span::seconds(seconds), then: Then::Press(key) })
    }

    /// The caller speaks for so many seconds and hangs up, as most people do after leaving a message.
    #[must_use]
    pub fn speaks_and_hangs_up(self, seconds: u32) -> Self {
        self.does(Act::Speak { length: Span::seconds(seconds), then: Then::HangUp })
    }

    /// The caller hangs up so many seconds after the next `Gather`, `Record` or `Coach` began.
    #[must_use]
    pub fn hangs_up_after(self, seconds: u32) -> Self {
        self.does(Act::HangUp { after: Span::seconds(seconds) })
    }

    /// The caller hangs up at this second of the call, whatever is going on.
    #[must_use]
    pub fn hangs_up_at(mut self, seconds: u32) -> Self {
        self.hangs_up_at = Span::seconds(seconds);
        self
    }

    /// The caller hangs up when any `Dial` has rung for so many seconds.
    #[must_use]
    pub fn gives_up_ringing_after(mut self, seconds: u32) -> Self {
        self.ring_patience = Some(Span::seconds(seconds));
        self
    }

    /// Whoever has this number or SIP address behaves like this. A SIP address is found with and without `sip:`, and also by what
    /// stands before its `@`; a voice agent is found by its number at the provider.
    #[must_use]
    pub fn callee(mut self, address: impl Into<String>, callee: Callee) -> Self {
        self.callees.entry(address.into()).or_default().push_back(callee);
        self
    }

    /// Whoever has no script of their own behaves like this.
    #[must_use]
    pub fn everyone_else(mut self, callee: Callee) -> Self {
        self.everyone_else = callee;
        self
    }

    /// What goes on in the conference room of this name.
    #[must_use]
    pub fn room(mut self, name: impl Into<String>, room: Room) -> Self {
        self.rooms.insert(name.into(), room);
        self
    }

    /// Streams and conversations with agents end after so many seconds; otherwise after ten.
    #[must_use]
    pub fn streams_last(mut self, seconds: u32) -> Self {
        self.media = Span::seconds(seconds);
        self
    }

    /// What the caller does now.
    pub(crate) fn next_act(&mut self) -> Act {
        self.acts.pop_front().unwrap_or(Act::StaySilent)
    }

    /// What the first of these names that has a script does now.
    pub(crate) fn answers_as<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> Callee {
        for name in names {
            match self.callees.get_mut(name) {
                Some(scripts) if scripts.len() > 1 => {
                    if let Some(script) = scripts.pop_front() {
                        return script;
                    }
                }
                Some(scripts) => {
                    if let Some(script) = scripts.front() {
                        return script.clone();
                    }
                }
                None => {}
            }
        }
        self.everyone_else.clone()
    }

    pub(crate) fn room_named(&self, name: &str) -> Room {
        self.rooms.get(name).cloned().unwrap_or_default()
    }
}

fn only_keys(text: &str) -> Vec<Key> {
    text.chars().filter_map(|label| Key::new(label).ok()).collect()
}
