//! What callers hear, as verbs.

use super::Renderer;
use crate::decision::Speech;
use crate::notice::fill;
use crate::prompt::PromptKind;
use crate::text::Voice;

impl Renderer<'_> {
    pub(super) fn speech(&self, speech: &Speech<'_>) -> cxml::Prompt {
        match speech {
            Speech::Notice { notice, params } => {
                let language = self.plan.language();
                let text = fill(notice.text(language), params, language);
                // The language of our sentence, which is not the organization's where we do not speak that.
                let tag = if self.speaks_its_language() { self.tag() } else { language.speech_tag() };
                self.say(text, None, tag)
            }
            Speech::Text { text, voice } => self.text(text, *voice),
            Speech::Prompt(prompt) => match &prompt.kind {
                PromptKind::Text { text, voice } => self.text(text.as_str(), voice.as_ref()),
                PromptKind::Upload => cxml::Play::url(self.links.prompt(prompt.id)).into(),
                PromptKind::Remote { url } => cxml::Play::url(cxml::Url::lossy(url.as_str())).into(),
            },
            Speech::Message(message) => cxml::Play::url(self.links.message(*message)).into(),
        }
    }

    /// A text of the organization, in its language.
    fn text(&self, text: &str, voice: Option<&Voice>) -> cxml::Prompt {
        self.say(text.to_owned(), voice, self.tag())
    }

    /// The tag of the organization's language; of one that names no country and that we speak, the usual one.
    fn tag(&self) -> &str {
        let own = self.plan.organization().language.as_str();
        if self.speaks_its_language() && !own.contains('-') { self.plan.language().speech_tag() } else { own }
    }

    /// Whether our sentences are in the organization's language.
    fn speaks_its_language(&self) -> bool {
        let own = self.plan.organization().language.as_str();
        let ours = self.plan.language().speech_tag();
        own.split('-').zip(ours.split('-')).next().is_some_and(|(own, ours)| own.eq_ignore_ascii_case(ours))
    }

    fn say(&self, text: String, voice: Option<&Voice>, language: &str) -> cxml::Prompt {
        let mut say = cxml::Say::text(cxml::Text::lossy(text));
        let voice = voice.or(self.plan.organization().voice.as_ref());
        say.voice = voice.and_then(|voice| cxml::Voice::new(voice.as_str()).ok());
        // What the platform would take anyway is not written.
        say.language = (language != "en-US").then(|| cxml::Language::new(language).ok()).flatten();
        say.into()
    }
}
