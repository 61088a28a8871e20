//! What a socket has heard of.

use std::time::{Duration, Instant};

use crate::platform::{Course, STEPS};

/// The steps of which a socket heard, and how late.
#[derive(Debug)]
pub(crate) struct Heard {
    steps: Vec<[bool; STEPS.len()]>,
    pub(crate) latencies: Vec<Duration>,
}

impl Heard {
    pub(crate) fn of(course: &Course) -> Self {
        let calls = course.calls as usize;
        Self { steps: vec![[false; STEPS.len()]; calls], latencies: Vec::with_capacity(calls * STEPS.len()) }
    }

    /// Notes an event; one of another kind or of another call is nothing.
    pub(crate) fn note(&mut self, course: &Course, event: &str, session: &str) -> Result<(), String> {
        let step = STEPS.iter().position(|(_, known)| *known == event);
        let (Some(step), Some(call)) = (step, course.call(session)) else { return Ok(()) };
        let heard = self.steps.get_mut(call as usize).and_then(|steps| steps.get_mut(step));
        if std::mem::replace(heard.ok_or("There are as many places as calls.")?, true) {
            return Err(format!("A socket heard {event} of {session} twice."));
        }
        self.latencies.push(Instant::now().saturating_duration_since(course.due(call, step)));
        Ok(())
    }

    /// How many steps it did not hear of.
    pub(crate) fn missing(&self) -> usize {
        self.steps.len() * STEPS.len() - self.latencies.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_heard_of_once() {
        let course = Course::new(Instant::now(), 10.0, 0.2);
        let mut heard = Heard::of(&course);
        assert_eq!(heard.missing(), 8);
        let session = course.session(1);
        assert_eq!(heard.note(&course, "call.ended", &session), Ok(()));
        assert_eq!(heard.note(&course, "call.updated", &session), Ok(()));
        assert_eq!(heard.note(&course, "call.ended", "of another run"), Ok(()));
        assert_eq!(heard.missing(), 7);
        assert!(heard.note(&course, "call.ended", &session).is_err());
    }
}
