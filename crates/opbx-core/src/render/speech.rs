//! What callers hear, as verbs.

use super::Renderer;
use crate::decision::Speech;
use crate::notice::{Language, Notice, fill};
use crate::prompt::PromptKind;
use crate::region::LanguageTag;
use crate::text::Voice;
use crate::trace::Param;

/// How an organization speaks.
#[derive(Clone, Copy)]
pub(super) struct Tongue<'a> {
    /// The language of our own sentences.
    pub(super) ours: Language,
    /// The organization's language.
    pub(super) tag: &'a LanguageTag,
    /// Its voice, where nothing nearer to the text names one.
    pub(super) voice: Option<&'a Voice>,
}

impl Renderer<'_> {
    pub(super) fn speech(&self, speech: &Speech<'_>) -> cxml::Prompt {
        match speech {
            Speech::Notice { notice, params } => self.tongue().notice(*notice, params),
            Speech::Text { text, voice } => self.tongue().text(text, *voice),
            Speech::Prompt(prompt) => match &prompt.kind {
                PromptKind::Text { text, voice } => self.tongue().text(text.as_str(), voice.as_ref()),
                // Until we have a copy, the platform fetches it where it is.
                PromptKind::Remote { url } if prompt.sound.file().is_none() => {
                    cxml::Play::url(cxml::Url::lossy(url.as_str())).into()
                }
                PromptKind::Upload | PromptKind::Remote { .. } => cxml::Play::url(self.links.prompt(prompt)).into(),
            },
            Speech::Message(message) => cxml::Play::url(self.links.message(*message)).into(),
        }
    }

    fn tongue(&self) -> Tongue<'_> {
        let organization = self.plan.organization();
        Tongue { ours: self.plan.language(), tag: &organization.language, voice: organization.voice.as_ref() }
    }
}

impl Tongue<'_> {
    /// A sentence of ours.
    pub(super) fn notice(self, notice: Notice, params: &[(&'static str, Param<'_>)]) -> cxml::Prompt {
        let text = fill(notice.text(self.ours), params, self.ours);
        // The language of our sentence, which is not the organization's where we do not speak that.
        let tag = if self.is_ours() { self.tag() } else { self.ours.speech_tag() };
        self.say(text, None, tag)
    }

    /// A text of the organization, in its language.
    fn text(&self, text: &str, voice: Option<&Voice>) -> cxml::Prompt {
        self.say(text.to_owned(), voice, self.tag())
    }

    /// The tag of the organization's language; of one that names no country and that we speak, the usual one.
    fn tag(&self) -> &str {
        let own = self.tag.as_str();
        if self.is_ours() && !own.contains('-') { self.ours.speech_tag() } else { own }
    }

    /// Whether our sentences are in the organization's language.
    fn is_ours(&self) -> bool {
        let (own, ours) = (self.tag.as_str(), self.ours.speech_tag());
        own.split('-').zip(ours.split('-')).next().is_some_and(|(own, ours)| own.eq_ignore_ascii_case(ours))
    }

    fn say(&self, text: String, voice: Option<&Voice>, language: &str) -> cxml::Prompt {
        let mut say = cxml::Say::text(cxml::Text::lossy(text));
        say.voice = voice.or(self.voice).and_then(|voice| cxml::Voice::new(voice.as_str()).ok());
        // What the platform would take anyway is not written.
        say.language = (language != "en-US").then(|| cxml::Language::new(language).ok()).flatten();
        say.into()
    }
}
