//! Why: what a trace says at each step.

use super::table::sentences;

sentences! {
    /// A reason in a trace.
    Reason {
        // --- classification and screening ---
        InboundCall "inbound_call" {
            en: "inbound call from {from} to {to}: only our numbers can be reached",
            es: "llamada entrante de {from} a {to}: solo se puede llegar a nuestros números",
        }
        UnknownDirection "unknown_direction" {
            en: "call from {from} to {to} without a known direction: treated as inbound",
            es: "llamada de {from} a {to} sin dirección conocida: se trata como entrante",
        }
        FromOwnNumber "from_own_number" {
            en: "call from our own number {from} to {to}: the inside can be reached, the outside cannot",
            es: "llamada desde nuestro número {from} a {to}: se puede llegar al interior, no al exterior",
        }
        FromExtension "from_extension" {
            en: "extension {from} dials {to}",
            es: "la extensión {from} marca {to}",
        }
        FromUnknownSubscriber "from_unknown_subscriber" {
            en: "{from} is no active extension: {to} is looked for inside only",
            es: "{from} no es una extensión activa: {to} se busca solo en el interior",
        }
        OutboundCall "outbound_call" {
            en: "outbound call of extension {from} to {to}",
            es: "llamada saliente de la extensión {from} a {to}",
        }
        OutboundByStranger "outbound_by_stranger" {
            en: "outbound call of {from}, which is no active extension",
            es: "llamada saliente de {from}, que no es una extensión activa",
        }
        NothingDialled "nothing_dialled" {
            en: "no number was dialled",
            es: "no se marcó ningún número",
        }
        NotOurNumber "not_our_number" {
            en: "the dialled number is not one of ours",
            es: "el número marcado no es nuestro",
        }
        NothingMatches "nothing_matches" {
            en: "no extension, own number or valid outside number was dialled",
            es: "no se marcó ninguna extensión, número propio ni número exterior válido",
        }
        NothingInside "nothing_inside" {
            en: "no extension or own number was dialled, and the outside cannot be reached",
            es: "no se marcó ninguna extensión ni número propio, y no se puede llegar al exterior",
        }
        NumberInactive "number_inactive" {
            en: "the number is inactive, which is as unknown",
            es: "el número está inactivo, como si no existiera",
        }
        NumberLeads "number_leads" {
            en: "our number, and it leads on",
            es: "es un número nuestro, y la llamada sigue adelante",
        }
        MayDialNothing "may_dial_nothing" {
            en: "this extension may dial emergency numbers and feature codes only",
            es: "esta extensión solo puede marcar emergencias y códigos de función",
        }
        AnonymousRejected "anonymous_rejected" {
            en: "the caller withholds the number, and such callers are rejected here",
            es: "la persona que llama oculta su número, y aquí se rechazan esas llamadas",
        }
        CallerBlocked "caller_blocked" {
            en: "{from} is on the block list {note}",
            es: "{from} está en la lista de bloqueo {note}",
        }
        Suspended "suspended" {
            en: "the organization is suspended",
            es: "la organización está suspendida",
        }
        // --- emergency ---
        EmergencyNumber "emergency_number" {
            en: "{number} is an emergency number in {country}: it is dialled before anything else is asked",
            es: "{number} es un número de emergencia en {country}: se marca antes de cualquier otra comprobación",
        }
        EmergencyTrunk "emergency_trunk" {
            en: "this rule names the trunk for emergency calls",
            es: "esta regla indica la troncal para emergencias",
        }
        // --- any object ---
        Missing "missing" {
            en: "it does not exist",
            es: "no existe",
        }
        Vanished "vanished" {
            en: "it vanished or became inactive during the call",
            es: "desapareció o dejó de estar en servicio durante la llamada",
        }
        Inactive "inactive" {
            en: "it is inactive",
            es: "no está en servicio",
        }
        ParentFailover "parent_failover" {
            en: "the menu that led here goes on to its failover",
            es: "el menú que condujo aquí continúa con su alternativa",
        }
        GuardTripped "guard_tripped" {
            en: "the call went through {entered} destinations: it is circular and ends here",
            es: "la llamada pasó por {entered} destinos: es circular y termina aquí",
        }
        HangsUp "hangs_up" {
            en: "the call ends here",
            es: "la llamada termina aquí",
        }
        SignalsBusy "signals_busy" {
            en: "the caller hears the busy signal",
            es: "se oye la señal de ocupado",
        }
        BusyAfterAnswer "busy_after_answer" {
            en: "the call was answered by us already: instead of the busy signal it ends",
            es: "la llamada ya fue contestada por nosotros: en vez de ocupado, termina",
        }
        // --- what follows a dial ---
        ConversationOver "conversation_over" {
            en: "somebody answered, and the conversation is over",
            es: "alguien contestó y la conversación ha terminado",
        }
        CallerGaveUp "caller_gave_up" {
            en: "the caller gave up",
            es: "quien llamaba desistió",
        }
        DialEnded "dial_ended" {
            en: "the dialled number ended with {result}",
            es: "el número marcado terminó con {result}",
        }
        ConferenceOver "conference_over" {
            en: "the conference is over",
            es: "la conferencia ha terminado",
        }
        // --- extensions ---
        ExtensionLeads "extension_leads" {
            en: "extension {number} is no phone and leads on",
            es: "la extensión {number} no es un teléfono y lleva a otro destino",
        }
        Rings "rings" {
            en: "extension {number} rings for {seconds} s",
            es: "la extensión {number} suena {seconds} s",
        }
        DoNotDisturb "do_not_disturb" {
            en: "do-not-disturb is on: busy without ringing",
            es: "no molestar está activado: ocupado sin sonar",
        }
        ForwardsAlways "forwards_always" {
            en: "it forwards all calls",
            es: "desvía todas las llamadas",
        }
        ForwardsWhenBusy "forwards_when_busy" {
            en: "{result}: it forwards when busy",
            es: "{result}: desvía cuando está ocupada",
        }
        ForwardsUnanswered "forwards_unanswered" {
            en: "{result}: it forwards unanswered calls",
            es: "{result}: desvía las llamadas no contestadas",
        }
        ForwardsUnreachable "forwards_unreachable" {
            en: "{result}: it forwards when its phone cannot be reached",
            es: "{result}: desvía cuando su teléfono no está accesible",
        }
        TakesMessages "takes_messages" {
            en: "{result}: it takes messages",
            es: "{result}: admite mensajes",
        }
        NotReached "not_reached" {
            en: "{result}: it has no forward for that and takes no messages",
            es: "{result}: no tiene desvío para eso ni admite mensajes",
        }
        DialledItself "dialled_itself" {
            en: "an extension that dials itself opens its box",
            es: "una extensión que se marca a sí misma abre su buzón",
        }
        // --- forwards ---
        TooManyForwards "too_many_forwards" {
            en: "{most} forwards in one call are the most: this one is too many",
            es: "{most} desvíos por llamada son el máximo: este sobra",
        }
        DialsSip "dials_sip" {
            en: "the SIP address is dialled",
            es: "se marca la dirección SIP",
        }
        ForwardNotReached "forward_not_reached" {
            en: "the forwarded call ended with {result}",
            es: "la llamada desviada terminó con {result}",
        }
        // --- ring groups ---
        RoundStarts "round_starts" {
            en: "round {round} ({strategy}{turn}): {members}",
            es: "ronda {round} ({strategy}{turn}): {members}",
        }
        AttemptRings "attempt_rings" {
            en: "ringing for {seconds} s: {members}",
            es: "suena {seconds} s: {members}",
        }
        AttemptEnded "attempt_ended" {
            en: "the attempt ended with {result}",
            es: "el intento terminó con {result}",
        }
        NobodyRings "nobody_rings" {
            en: "no member can ring: on to the fallback",
            es: "ningún miembro puede sonar: continúa con la alternativa",
        }
        NobodyAnswered "nobody_answered" {
            en: "nobody answered: on to the fallback",
            es: "nadie contestó: continúa con la alternativa",
        }
        MemberInactive "member_inactive" {
            en: "the member is inactive",
            es: "el miembro está inactivo",
        }
        MemberNotDisturbed "member_not_disturbed" {
            en: "the member's do-not-disturb is on",
            es: "el miembro tiene activado no molestar",
        }
        MemberCalls "member_calls" {
            en: "the member is the caller",
            es: "el miembro es quien llama",
        }
        ForwardCannotRing "forward_cannot_ring" {
            en: "the member's forward leads to nothing that a group can ring",
            es: "el desvío del miembro no lleva a nada que un grupo pueda hacer sonar",
        }
        ForwardCannotJoin "forward_cannot_join" {
            en: "the member's forward leads outside, and such a number cannot ring together with others",
            es: "el desvío del miembro lleva al exterior, y un número así no puede sonar junto con otros",
        }
        // --- menus ---
        MenuPlays "menu_plays" {
            en: "the menu plays (turns: {most})",
            es: "suena el menú (intentos: {most})",
        }
        OptionChosen "option_chosen" {
            en: "{keys} was pressed {label}",
            es: "se pulsó {keys} {label}",
        }
        DialledDirectly "dialled_directly" {
            en: "{keys} was dialled directly",
            es: "se marcó {keys} directamente",
        }
        KeysInvalid "keys_invalid" {
            en: "{keys} is no option: turn {used} of {most}",
            es: "{keys} no es una opción: intento {used} de {most}",
        }
        KeysMissing "keys_missing" {
            en: "nothing was pressed: turn {used} of {most}",
            es: "no se pulsó nada: intento {used} de {most}",
        }
        TurnsUsedUp "turns_used_up" {
            en: "the turns are used up: on to the failover",
            es: "se agotaron los intentos: continúa con la alternativa",
        }
        MenuPromptMissing "menu_prompt_missing" {
            en: "its prompt is missing or inactive: on to the failover",
            es: "falta su mensaje o está inactivo: continúa con la alternativa",
        }
        // --- business hours ---
        ForcedOpen "forced_open" {
            en: "open: set by hand {until_date} {until_time} {note}",
            es: "abierto: fijado a mano {until_date} {until_time} {note}",
        }
        ForcedClosed "forced_closed" {
            en: "closed: set by hand {until_date} {until_time} {note}",
            es: "cerrado: fijado a mano {until_date} {until_time} {note}",
        }
        OverrideEnded "override_ended" {
            en: "what was set by hand held {until_date} {until_time} {note}",
            es: "lo fijado a mano valió {until_date} {until_time} {note}",
        }
        OpenByException "open_by_exception" {
            en: "open: {day} {date} {time} is inside the special hours {start}–{end} of {exception} {list} ({zone})",
            es: "abierto: {day} {date} {time} está dentro del horario especial {start}–{end} de {exception} {list} ({zone})",
        }
        ClosedByException "closed_by_exception" {
            en: "closed: {day} {date} {time} falls on {exception} {list}, a closed day ({zone})",
            es: "cerrado: {day} {date} {time} cae en {exception} {list}, un día cerrado ({zone})",
        }
        OutsideSpecialHours "outside_special_hours" {
            en: "closed: {day} {date} {time} is outside of the special hours of {exception} {list} ({zone})",
            es: "cerrado: {day} {date} {time} está fuera del horario especial de {exception} {list} ({zone})",
        }
        OpenByWeek "open_by_week" {
            en: "open: {day} {date} {time} is inside {range_day} {start}–{end} ({zone})",
            es: "abierto: {day} {date} {time} está dentro de {range_day} {start}–{end} ({zone})",
        }
        OutsideOfRanges "outside_of_ranges" {
            en: "closed: {day} {date} {time} is outside of the hours of that day ({zone})",
            es: "cerrado: {day} {date} {time} está fuera del horario de ese día ({zone})",
        }
        DayNotOpen "day_not_open" {
            en: "closed: {day} {date} {time} is on a day that does not open ({zone})",
            es: "cerrado: {day} {date} {time} cae en un día que no abre ({zone})",
        }
        HoursInactive "hours_inactive" {
            en: "closed: the schedule is inactive",
            es: "cerrado: el horario está inactivo",
        }
        // --- conference rooms ---
        RoomOpen "room_open" {
            en: "no PIN is asked",
            es: "no se pide PIN",
        }
        RoomAsksPin "room_asks_pin" {
            en: "a PIN is asked for",
            es: "se pide un PIN",
        }
        HostPin "host_pin" {
            en: "the caller enters as host",
            es: "quien llama entra como anfitrión",
        }
        ParticipantPin "participant_pin" {
            en: "the caller enters as participant",
            es: "quien llama entra como participante",
        }
        PinWrong "pin_wrong" {
            en: "the PIN is wrong or missing: try {tries}",
            es: "el PIN es incorrecto o falta: intento {tries}",
        }
        PinTriesUsedUp "pin_tries_used_up" {
            en: "the PIN is wrong or missing once too often",
            es: "el PIN es incorrecto o falta demasiadas veces",
        }
        // --- voicemail ---
        TakesMessage "takes_message" {
            en: "a message of up to {seconds} s can be left",
            es: "se puede dejar un mensaje de hasta {seconds} s",
        }
        BoxFull "box_full" {
            en: "the box is full with {messages} messages",
            es: "el buzón está lleno con {messages} mensajes",
        }
        OwnerPressedStar "owner_pressed_star" {
            en: "star was pressed during the greeting: the owner's menu",
            es: "se pulsó asterisco durante el saludo: menú del propietario",
        }
        GreetingSkipped "greeting_skipped" {
            en: "a key was pressed during the greeting: on to the tone",
            es: "se pulsó una tecla durante el saludo: se pasa a la señal",
        }
        MessageLeft "message_left" {
            en: "a message was left",
            es: "se dejó un mensaje",
        }
        NothingRecorded "nothing_recorded" {
            en: "nothing was recorded",
            es: "no se grabó nada",
        }
        NoBox "no_box" {
            en: "the extension has no active box",
            es: "la extensión no tiene buzón activo",
        }
        OpensBox "opens_box" {
            en: "the extension opens its box",
            es: "la extensión abre su buzón",
        }
        BoxChosen "box_chosen" {
            en: "the box was chosen by its extension",
            es: "el buzón se eligió por su extensión",
        }
        NoBoxEntered "no_box_entered" {
            en: "no extension was entered",
            es: "no se introdujo ninguna extensión",
        }
        NoSuchBox "no_such_box" {
            en: "{keys} names no box that can be opened from here",
            es: "{keys} no nombra ningún buzón que se pueda abrir desde aquí",
        }
        BoxLocked "box_locked" {
            en: "its menu is locked after too many wrong PINs",
            es: "su menú está bloqueado tras varios PIN incorrectos",
        }
        BoxUnknown "box_unknown" {
            en: "what is in the box cannot be told now",
            es: "ahora no se puede saber qué hay en el buzón",
        }
        PinRight "pin_right" {
            en: "the PIN is right",
            es: "el PIN es correcto",
        }
        OwnerMenu "owner_menu" {
            en: "the owner's menu: {new} new, {saved} saved",
            es: "menú del propietario: {new} nuevos, {saved} guardados",
        }
        OwnerWaits "owner_waits" {
            en: "nothing was pressed: the choices again",
            es: "no se pulsó nada: se repiten las opciones",
        }
        OwnerKeyUnknown "owner_key_unknown" {
            en: "{keys} is no choice: back to the owner's menu",
            es: "{keys} no es una opción: vuelta al menú del propietario",
        }
        OwnerLeaves "owner_leaves" {
            en: "the owner left the menu",
            es: "el propietario salió del menú",
        }
        OwnerSilent "owner_silent" {
            en: "silence or unknown keys once too often",
            es: "silencio o teclas desconocidas demasiadas veces",
        }
        MessagePlayed "message_played" {
            en: "message {message} is played",
            es: "se reproduce el mensaje {message}",
        }
        MessageKept "message_kept" {
            en: "the message is kept",
            es: "el mensaje se conserva",
        }
        MessageDeleted "message_deleted" {
            en: "the message is deleted",
            es: "el mensaje se borra",
        }
        GreetingRecorded "greeting_recorded" {
            en: "a new greeting is recorded",
            es: "se graba un saludo nuevo",
        }
        GreetingKept "greeting_kept" {
            en: "the new greeting counts from now on",
            es: "el nuevo saludo vale desde ahora",
        }
        NewPinAsked "new_pin_asked" {
            en: "a new PIN is asked for",
            es: "se pide un PIN nuevo",
        }
        PinChanged "pin_changed" {
            en: "the PIN is changed",
            es: "el PIN se cambia",
        }
        // --- AI assistants, prompts, recording ---
        AssistantDialled "assistant_dialled" {
            en: "the assistant is called",
            es: "se llama al asistente",
        }
        AssistantStreams "assistant_streams" {
            en: "the sound of the call goes to the assistant",
            es: "el sonido de la llamada va al asistente",
        }
        AssistantNotReached "assistant_not_reached" {
            en: "the call to the assistant ended with {result}: on to its fallback",
            es: "la llamada al asistente terminó con {result}: continúa con su alternativa",
        }
        PromptPlayed "prompt_played" {
            en: "the prompt is played",
            es: "se reproduce el mensaje",
        }
        PromptSkipped "prompt_skipped" {
            en: "the prompt is missing or inactive: on to what follows it",
            es: "el mensaje falta o está inactivo: continúa con lo que sigue",
        }
        RecordingAnnounced "recording_announced" {
            en: "the call is recorded, and the caller hears so",
            es: "la llamada se graba, y se avisa a quien llama",
        }
        // --- outbound ---
        NumberInvalid "number_invalid" {
            en: "{number} cannot exist by its country's numbering plan",
            es: "{number} no puede existir según el plan de numeración de su país",
        }
        NotPermittedOutside "not_permitted_outside" {
            en: "this extension may not dial outside ({number})",
            es: "esta extensión no puede llamar al exterior ({number})",
        }
        NotPermittedAbroad "not_permitted_abroad" {
            en: "this extension may dial inside the country only ({number}: {region})",
            es: "esta extensión solo puede llamar dentro del país ({number}: {region})",
        }
        OwnNumberStays "own_number_stays" {
            en: "{number} is our own and never leaves",
            es: "{number} es nuestro y nunca sale",
        }
        NoRule "no_rule" {
            en: "no outbound rule admits {number} ({region})",
            es: "ninguna regla de salida admite {number} ({region})",
        }
        RuleAllows "rule_allows" {
            en: "it admits {number}: {dialled} is dialled {trunk}",
            es: "admite {number}: se marca {dialled} {trunk}",
        }
        RuleLength "rule_length" {
            en: "a number of {length} digits is outside of its lengths",
            es: "un número de {length} dígitos está fuera de sus longitudes",
        }
        RulePermission "rule_permission" {
            en: "it does not serve extensions of this permission",
            es: "no sirve a extensiones con este permiso",
        }
        RuleLeavesNothing "rule_leaves_nothing" {
            en: "it drops the whole number and adds nothing",
            es: "quita el número entero y no añade nada",
        }
        RulePremium "rule_premium" {
            en: "it does not admit {kind} numbers",
            es: "no admite números {kind}",
        }
        ExtensionCapReached "extension_cap_reached" {
            en: "the extension has reached its limit of {cap}",
            es: "la extensión alcanzó su límite de {cap}",
        }
        OrganizationCapReached "organization_cap_reached" {
            en: "the organization has reached its limit of {cap}",
            es: "la organización alcanzó su límite de {cap}",
        }
        // --- feature codes ---
        FeatureCode "feature_code" {
            en: "a feature code, dialled by extension {number}",
            es: "un código de función, marcado por la extensión {number}",
        }
        UnknownCode "unknown_code" {
            en: "no such feature code",
            es: "no existe ese código de función",
        }
        ForwardWithoutNumber "forward_without_number" {
            en: "no number follows the code",
            es: "al código no le sigue ningún número",
        }
        ForwardToItself "forward_to_itself" {
            en: "an extension cannot forward to itself",
            es: "una extensión no puede desviarse a sí misma",
        }
    }
}
