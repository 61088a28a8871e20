//! The ways by which one object leads to another.

use crate::notice::sentences;

sentences! {
    /// Where in an object it is written that it leads to another. The code is the name of the field in the API.
    Way {
        Destination "destination" {
            en: "for its calls",
            es: "para sus llamadas",
        }
        Type "type" {
            en: "by its type",
            es: "por su tipo",
        }
        ForwardAlways "forward_always" {
            en: "at once",
            es: "de inmediato",
        }
        ForwardBusy "forward_busy" {
            en: "when busy",
            es: "al estar ocupada",
        }
        ForwardNoAnswer "forward_no_answer" {
            en: "when nobody answers",
            es: "cuando nadie contesta",
        }
        ForwardUnreachable "forward_unreachable" {
            en: "when its phone cannot be reached",
            es: "cuando no se alcanza su teléfono",
        }
        Voicemail "voicemail_enabled" {
            en: "for messages",
            es: "para los mensajes",
        }
        OwnBox "extension_id" {
            en: "as its own box",
            es: "como buzón propio",
        }
        Owner "owner" {
            en: "as its owner",
            es: "como propietario",
        }
        CallerId "caller_id" {
            en: "as the number it shows",
            es: "como número que muestra",
        }
        Member "members" {
            en: "as a member",
            es: "como miembro",
        }
        Fallback "fallback" {
            en: "as its fallback",
            es: "como alternativa",
        }
        Option "options" {
            en: "on the keys {keys}",
            es: "con las teclas {keys}",
        }
        Failover "failover" {
            en: "when its turns are used up",
            es: "cuando se agotan los intentos",
        }
        Prompt "prompt" {
            en: "as its prompt",
            es: "como mensaje",
        }
        InvalidPrompt "invalid_prompt" {
            en: "after a wrong key",
            es: "tras una tecla equivocada",
        }
        SilencePrompt "silence_prompt" {
            en: "after silence",
            es: "tras un silencio",
        }
        Greeting "greeting_prompt_id" {
            en: "as its greeting",
            es: "como saludo",
        }
        RecordingNotice "recording_notice_prompt_id" {
            en: "to say that a call is recorded",
            es: "para avisar de que se graba",
        }
        Open "open" {
            en: "while it is open",
            es: "mientras está abierto",
        }
        Closed "closed" {
            en: "while it is closed",
            es: "mientras está cerrado",
        }
        Exception "exceptions" {
            en: "on {date}",
            es: "el {date}",
        }
        Then "then" {
            en: "after it was played",
            es: "después de reproducirse",
        }
    }
}

impl Way {
    /// Whether every call that comes to the object goes this way.
    pub(super) const fn is_certain(self) -> bool {
        matches!(self, Self::Destination | Self::Type | Self::ForwardAlways)
    }
}
