//! People from text: `presses 1; 1001 is busy; 1002 answers after 3, talks 40`.

use std::str::FromStr;

use cxml::Key;

use super::{Callee, People, Room};

/// What can be written, a form a line: shown to whoever wrote something else, and by the program's `--help`.
pub const FORMS: &str = "\
presses KEYS                            the caller listens to the end and presses keys
presses KEYS after N                    N seconds after being asked, usually into a prompt
presses KEYS every N                    N seconds apart
stays silent
says WORDS                              speech for a Gather, a message for a Record
speaks N                                a message of N seconds
speaks N and hangs up
speaks N and presses KEY
hangs up after N                        N seconds after being asked
hangs up at N                           at that second of the call, whatever is going on
gives up ringing after N
NUMBER answers after N                  and talks for half a minute
NUMBER answers after N, talks M
NUMBER answers after N, talks M until the caller hangs up
NUMBER answers after N, talks M until the caller presses KEY
NUMBER does not answer
NUMBER is busy
NUMBER declines after N
NUMBER is unreachable
everyone else …                         as a NUMBER; without it, nobody else answers
room NAME left after N                  the caller leaves the conference
room NAME ends after N                  the conference ends
room NAME is full";

/// A line of a script that says nothing known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is nothing that people do here. These are:\n\n{FORMS}")]
pub struct ScriptError(String);

/// The lines of a script, or its sentences with `;` between; one that begins with `#` is a comment. What the caller does is in order,
/// and so is what one callee does from call to call.
///
/// ```
/// use cloudonix_sim::{Callee, People};
///
/// let people: People = "presses 1; 1001 is busy; 1002 answers after 3, talks 40".parse()?;
/// assert!("1001 sings".parse::<People>().is_err());
/// # Ok::<(), cloudonix_sim::ScriptError>(())
/// ```
impl FromStr for People {
    type Err = ScriptError;

    fn from_str(script: &str) -> Result<Self, ScriptError> {
        let sentences = script.split(['\n', ';']).map(str::trim);
        sentences.filter(|sentence| !sentence.is_empty() && !sentence.starts_with('#')).try_fold(
            Self::new(),
            |people, sentence| {
                let words: Vec<&str> = sentence.split([' ', '\t', ',']).filter(|word| !word.is_empty()).collect();
                let said = people.told(sentence, &words);
                said.ok_or_else(|| ScriptError(sentence.to_owned()))
            },
        )
    }
}

impl People {
    /// These people, after one sentence of the script.
    fn told(self, sentence: &str, words: &[&str]) -> Option<Self> {
        Some(match words {
            ["presses", keys] => self.presses(known(keys)?),
            ["presses", keys, "after", after] => self.presses_after(number(after)?, known(keys)?),
            ["presses", keys, "every", gap] => self.presses_slowly(known(keys)?, number(gap)?),
            ["stays", "silent"] => self.stays_silent(),
            // As it was written: commas belong to speech.
            ["says", _, ..] => self.says(sentence.strip_prefix("says")?.trim()),
            ["speaks", length] => self.speaks(number(length)?),
            ["speaks", length, "and", "hangs", "up"] => self.speaks_and_hangs_up(number(length)?),
            ["speaks", length, "and", "presses", pressed] => self.speaks_and_presses(number(length)?, key(pressed)?),
            ["hangs", "up", "after", after] => self.hangs_up_after(number(after)?),
            ["hangs", "up", "at", second] => self.hangs_up_at(number(second)?),
            ["gives", "up", "ringing", "after", after] => self.gives_up_ringing_after(number(after)?),
            ["everyone", "else", does @ ..] => self.everyone_else(callee(does)?),
            ["room", name, "left", "after", after] => self.room(*name, Room::left_after(number(after)?)),
            ["room", name, "ends", "after", after] => self.room(*name, Room::ends_after(number(after)?)),
            ["room", name, "is", "full"] => self.room(*name, Room::full()),
            [whom, does @ ..] => self.callee(*whom, callee(does)?),
            [] => return None,
        })
    }
}

fn callee(does: &[&str]) -> Option<Callee> {
    Some(match does {
        ["does", "not", "answer"] => Callee::no_answer(),
        ["is", "busy"] => Callee::busy(),
        ["is", "unreachable"] => Callee::unreachable(),
        ["declines", "after", after] => Callee::declines_after(number(after)?),
        ["answers", "after", after] => Callee::answers_after(number(after)?),
        ["answers", "after", after, "talks", length, until @ ..] => {
            let (answers, length) = (Callee::answers_after(number(after)?), number(length)?);
            match until {
                [] => answers.talks(length),
                ["until", "the", "caller", "hangs", "up"] => answers.talks_until_caller_hangs_up(length),
                ["until", "the", "caller", "presses", pressed] => {
                    answers.talks_until_caller_presses(length, key(pressed)?)
                }
                _ => return None,
            }
        }
        _ => return None,
    })
}

fn number(word: &str) -> Option<u32> {
    word.parse().ok()
}

/// Keys all of which there are on a phone.
fn known(keys: &str) -> Option<&str> {
    keys.chars().all(|label| Key::new(label).is_ok()).then_some(keys)
}

fn key(word: &str) -> Option<Key> {
    let mut labels = word.chars();
    match (labels.next(), labels.next()) {
        (Some(label), None) => Key::new(label).ok(),
        _ => None,
    }
}
