use super::is_xml_char;

text_type! {
    /// What [`Number`](crate::Number) dials: a phone number, or the `msisdn` of a subscriber of the domain, which
    /// is usually an extension number and may carry letters.
    ///
    /// Source: vendor page Verb/dial/number.
    Msisdn,
    "letters, digits and `+ * # . _ -`",
    |text| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "+*#._-".contains(c))
}

text_type! {
    /// The name of a conference room, unique within the domain.
    ///
    /// Source: vendor page Verb/dial/conference.
    ConferenceName,
    "text that neither begins nor ends with a space, without control characters",
    is_label
}

text_type! {
    /// The number or agent identifier that a voice-agent provider knows an agent by.
    ///
    /// Source: cloudonix-js `src/verbs/dialNouns/service.js`.
    ServiceNumber,
    "a word without spaces or control characters",
    is_word
}

text_type! {
    /// The platform's name of a voice-agent provider: `vapi`, `retell`, `synthflow`, `11labs`, and others. There is
    /// no complete public list, so the name is not an enumeration.
    ///
    /// Source: cloudonix-js `src/verbs/dialNouns/service.js`.
    ProviderName,
    "a word without spaces or control characters",
    is_word
}

text_type! {
    /// The token of a running session.
    ///
    /// Source: vendor page Verb/coach.
    SessionToken,
    "a word without spaces or control characters",
    is_word
}

text_type! {
    /// The name by which `Stop` finds a stream that `Start` began. Starting a second stream of the same name re-uses
    /// the first.
    ///
    /// Source: vendor page Verb/connect/stream.
    StreamName,
    "text that neither begins nor ends with a space, without control characters",
    is_label
}

text_type! {
    /// The name of one outbound trunk. The sources disagree about how several are listed, so only one can be
    /// named.
    ///
    /// Source: vendor page Verb/dial.
    TrunkName,
    "one trunk name, without commas or brackets",
    |text| is_label(text) && !text.contains([',', '[', ']'])
}

text_type! {
    /// A voice: `man`, `woman`, or `Provider:VoiceName` as the platform's list of voices has it.
    ///
    /// Source: vendor page Verb/say.
    Voice,
    "text that neither begins nor ends with a space, without control characters",
    is_label
}

text_type! {
    /// A language model, `provider:model`, for example `openai:gpt-4o-mini`.
    ///
    /// Source: vendor page Verb/converse.
    ModelName,
    "`provider:model` without spaces",
    |text| text.split_once(':').is_some_and(|(provider, model)| is_word(provider) && is_word(model))
}

text_type! {
    /// A language tag in the form of BCP 47: `en-US`, `he-IL`, `cmn-Hans-CN`.
    ///
    /// Source: vendor pages Verb/say, Verb/gather.
    Language,
    "a BCP 47 language tag such as `en-US`",
    |text| {
        let mut tags = text.split('-');
        let language = tags.next().unwrap_or_default();
        (2..=8).contains(&language.len())
            && language.bytes().all(|byte| byte.is_ascii_alphabetic())
            && tags.all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && is_xml_char(c))
}

/// Spaces inside, none at the ends: a reader may drop the space around the text of an element, and then
/// the name would be another one.
fn is_label(text: &str) -> bool {
    !text.is_empty() && text == text.trim() && text.chars().all(|c| !c.is_control() && is_xml_char(c))
}
