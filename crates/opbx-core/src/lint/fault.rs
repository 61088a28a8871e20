//! What can be wrong, in words.

use crate::notice::sentences;

sentences! {
    /// What is wrong. `{object}` in a sentence is the end of the finding's path, `{parent}` what stands before it.
    Fault {
        // --- where calls are led ---
        Missing "missing" {
            en: "{object} does not exist, and {parent} needs it {way}",
            es: "{object} no existe, y {parent} lo necesita {way}",
        }
        Inactive "inactive" {
            en: "{object} is inactive, and {parent} needs it {way}",
            es: "{object} está fuera de servicio, y {parent} lo necesita {way}",
        }
        Unreachable "unreachable" {
            en: "no call comes to {object}: nothing leads there",
            es: "ninguna llamada llega a {object}: nada conduce allí",
        }
        LeadsToNothing "leads_to_nothing" {
            en: "{object} is active and hangs up on every caller",
            es: "{object} está activo y cuelga a todos los que llaman",
        }
        Loop "loop" {
            en: "a call can go round from {object} back to it without a key pressed, until it is cut off",
            es: "una llamada puede girar desde {object} hasta el mismo lugar sin pulsar teclas, hasta que se corta",
        }
        // --- forwards ---
        ForwardRefused "forward_refused" {
            en: "{object} of {parent} would be refused: {because}",
            es: "{object} de {parent} se rechazaría: {because}",
        }
        FourthForward "fourth_forward" {
            en: "a call that comes this way was forwarded {most} times already: {by} does not forward it {way}",
            es: "una llamada que llega por este camino ya se desvió {most} veces: {by} no la desvía {way}",
        }
        // --- ring groups ---
        GroupNeverRings "group_never_rings" {
            en: "no member of {object} can ring: its fallback takes every call",
            es: "ningún miembro de {object} puede sonar: su alternativa recibe todas las llamadas",
        }
        GroupNotDisturbed "group_not_disturbed" {
            en: "no member of {object} wants to be disturbed now: its fallback takes every call",
            es: "ningún miembro de {object} quiere ser molestado ahora: su alternativa recibe todas las llamadas",
        }
        MemberLeftOut "member_left_out" {
            en: "{object} does not ring as a member of {parent}: it does not exist, is no person's phone, or is one too many",
            es: "{object} no suena como miembro de {parent}: no existe, no es el teléfono de una persona o sobra",
        }
        // --- menus ---
        OptionBeginsExtension "option_begins_extension" {
            en: "the option {keys} of {object} begins extension numbers that can be dialled there ({extension}; {count} in all): it is taken when the next key is late",
            es: "la opción {keys} de {object} es el comienzo de extensiones que se pueden marcar allí ({extension}; {count} en total): se toma si la tecla siguiente tarda",
        }
        OptionBeginsOption "option_begins_option" {
            en: "the option {keys} of {object} begins the option {longer}: it is taken when the next key is late",
            es: "la opción {keys} de {object} es el comienzo de la opción {longer}: se toma si la tecla siguiente tarda",
        }
        // --- business hours ---
        NeverOpens "never_opens" {
            en: "{object} never opens: no weekday and no exception has hours",
            es: "{object} no abre nunca: ningún día de la semana ni excepción tiene horas",
        }
        HeldClosed "held_closed" {
            en: "{object} was closed by hand without an end: where it leads while open is never reached",
            es: "{object} se cerró a mano sin plazo: nunca se llega a su destino de abierto",
        }
        // --- conference rooms ---
        NoHostPin "no_host_pin" {
            en: "{object} waits for a host and has no host PIN: nobody waits",
            es: "{object} espera al anfitrión y no tiene PIN de anfitrión: nadie espera",
        }
        EqualPins "equal_pins" {
            en: "both PINs of {object} are the same: everybody enters as host",
            es: "los dos PIN de {object} son iguales: todos entran como anfitrión",
        }
        // --- extensions and numbers ---
        NoBox "no_box" {
            en: "{object} takes messages and has no voicemail box",
            es: "{object} recibe mensajes y no tiene buzón de voz",
        }
        EmergencyNumber "emergency_number" {
            en: "{number}, the number of {object}, is an emergency number in {country}: it never reaches the extension",
            es: "{number}, el número de {object}, es un número de emergencia en {country}: nunca llega a la extensión",
        }
        ForeignCallerId "foreign_caller_id" {
            en: "{number}, shown on emergency calls, is no number of {object}: nobody can call back",
            es: "{number}, mostrado en llamadas de emergencia, no es un número de {object}: nadie puede devolver la llamada",
        }
    }
}
