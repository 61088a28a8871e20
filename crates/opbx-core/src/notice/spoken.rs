//! What callers hear from us.

use super::table::sentences;

sentences! {
    /// A sentence that callers hear.
    Notice {
        // --- the call ends with these ---
        ServiceUnavailable "service_unavailable" {
            en: "This service is currently unavailable. Please try again later.",
            es: "Este servicio no está disponible en este momento. Inténtelo de nuevo más tarde.",
        }
        NumberNotInService "number_not_in_service" {
            en: "The number you have dialed is not in service.",
            es: "El número que ha marcado no está en servicio.",
        }
        NoSuchExtension "no_such_extension" {
            en: "The number you have dialed is not valid. Please check it and try again.",
            es: "El número que ha marcado no es válido. Compruébelo e inténtelo de nuevo.",
        }
        NotPermitted "not_permitted" {
            en: "You are not permitted to make this call.",
            es: "No tiene permiso para realizar esta llamada.",
        }
        NotAllowed "not_allowed" {
            en: "Calls to this number are not allowed.",
            es: "No se permiten llamadas a este número.",
        }
        MissingParameters "missing_parameters" {
            en: "No number was dialed.",
            es: "No se ha marcado ningún número.",
        }
        NotAvailable "not_available" {
            en: "The person or service you are calling is not available. Please try again later.",
            es: "La persona o el servicio al que llama no está disponible. Inténtelo de nuevo más tarde.",
        }
        NotAvailableNow "not_available_now" {
            en: "This is not available right now. Please try again in a few minutes.",
            es: "Esto no está disponible ahora mismo. Inténtelo de nuevo en unos minutos.",
        }
        TryAgainLater "try_again_later" {
            en: "Your change could not be saved. Please try again later.",
            es: "No se ha podido guardar el cambio. Inténtelo de nuevo más tarde.",
        }
        TooManyCalls "too_many_calls" {
            en: "The limit for outgoing calls has been reached. Please try again later.",
            es: "Se ha alcanzado el límite de llamadas salientes. Inténtelo de nuevo más tarde.",
        }
        CannotBeCompleted "cannot_be_completed" {
            en: "Your call cannot be completed as dialed.",
            es: "Su llamada no se puede completar.",
        }
        StepExpired "step_expired" {
            en: "This call cannot be continued. Please call again.",
            es: "Esta llamada no puede continuar. Vuelva a llamar.",
        }
        Apology "apology" {
            en: "We are sorry, your call cannot be completed right now. Please try again in a few minutes.",
            es: "Lo sentimos, su llamada no se puede completar en este momento. Inténtelo de nuevo en unos minutos.",
        }
        LineBusy "line_busy" {
            en: "The number you have dialed is busy.",
            es: "El número que ha marcado está ocupado.",
        }
        NoAnswer "no_answer" {
            en: "The number you have dialed does not answer.",
            es: "El número que ha marcado no contesta.",
        }
        CallFailed "call_failed" {
            en: "Your call could not be completed. Please try again.",
            es: "No se ha podido completar su llamada. Inténtelo de nuevo.",
        }
        UnknownCode "unknown_code" {
            en: "This feature code is not known.",
            es: "Este código de función no existe.",
        }
        Goodbye "goodbye" {
            en: "Goodbye.",
            es: "Adiós.",
        }
        // --- menus and PINs ---
        MenuInvalid "menu_invalid" {
            en: "That is not a valid choice.",
            es: "Esa opción no es válida.",
        }
        EnterPin "enter_pin" {
            en: "Please enter the PIN, followed by the pound key.",
            es: "Introduzca el PIN y pulse la tecla almohadilla.",
        }
        EnterHostPin "enter_host_pin" {
            en: "If you are the host, please enter your PIN. Otherwise press the pound key.",
            es: "Si es el anfitrión, introduzca su PIN. Si no, pulse la tecla almohadilla.",
        }
        WrongPin "wrong_pin" {
            en: "That PIN is not right.",
            es: "Ese PIN no es correcto.",
        }
        WrongPinGoodbye "wrong_pin_goodbye" {
            en: "That PIN is not right. Goodbye.",
            es: "Ese PIN no es correcto. Adiós.",
        }
        // --- feature codes ---
        DoNotDisturbOn "do_not_disturb_on" {
            en: "Do not disturb is on.",
            es: "El modo no molestar está activado.",
        }
        DoNotDisturbOff "do_not_disturb_off" {
            en: "Do not disturb is off.",
            es: "El modo no molestar está desactivado.",
        }
        ForwardOn "forward_on" {
            en: "Your calls are forwarded to {number}.",
            es: "Sus llamadas se desvían al {number}.",
        }
        ForwardOff "forward_off" {
            en: "Your calls are no longer forwarded.",
            es: "Sus llamadas ya no se desvían.",
        }
        ForwardNeedsNumber "forward_needs_number" {
            en: "Please dial the code followed by the number to forward to.",
            es: "Marque el código seguido del número al que desea desviar.",
        }
        YourExtension "your_extension" {
            en: "Your extension is {extension}.",
            es: "Su extensión es {extension}.",
        }
        YourExtensionAndNumber "your_extension_and_number" {
            en: "Your extension is {extension}. Your number is {number}.",
            es: "Su extensión es {extension}. Su número es {number}.",
        }
        // --- voicemail ---
        BoxGreeting "box_greeting" {
            en: "{name} is not available. Please leave a message after the tone.",
            es: "{name} no está disponible. Deje un mensaje después de la señal.",
        }
        MessageThanks "message_thanks" {
            en: "Thank you. Goodbye.",
            es: "Gracias. Adiós.",
        }
        BoxFull "box_full" {
            en: "This mailbox is full and cannot take messages. Goodbye.",
            es: "Este buzón está lleno y no admite mensajes. Adiós.",
        }
        BoxLocked "box_locked" {
            en: "This mailbox is locked after too many wrong PINs. Please try again later.",
            es: "Este buzón está bloqueado tras varios PIN incorrectos. Inténtelo más tarde.",
        }
        NoBox "no_box" {
            en: "This extension has no mailbox.",
            es: "Esta extensión no tiene buzón de voz.",
        }
        EnterBoxNumber "enter_box_number" {
            en: "Please enter the extension of the mailbox, followed by the pound key.",
            es: "Introduzca la extensión del buzón y pulse la tecla almohadilla.",
        }
        NoSuchBox "no_such_box" {
            en: "There is no such mailbox, or it cannot be opened from here.",
            es: "Ese buzón no existe o no se puede abrir desde aquí.",
        }
        OwnerCounts "owner_counts" {
            en: "New messages: {new}. Saved messages: {saved}.",
            es: "Mensajes nuevos: {new}. Mensajes guardados: {saved}.",
        }
        OwnerChoices "owner_choices" {
            en: "To hear your messages, press 1. To record your greeting, press 2. To change your PIN, press 3. \
                 To leave, press star.",
            es: "Para oír sus mensajes, pulse 1. Para grabar su saludo, pulse 2. Para cambiar su PIN, pulse 3. \
                 Para salir, pulse asterisco.",
        }
        MessageChoices "message_choices" {
            en: "To hear it again, press 1. To save it, press 2. To delete it, press 3. For the next message, press \
                 pound. For the main menu, press star.",
            es: "Para oírlo de nuevo, pulse 1. Para guardarlo, pulse 2. Para borrarlo, pulse 3. Para el siguiente \
                 mensaje, pulse almohadilla. Para el menú principal, pulse asterisco.",
        }
        NoMoreMessages "no_more_messages" {
            en: "There are no more messages.",
            es: "No hay más mensajes.",
        }
        MessageKept "message_kept" {
            en: "Message saved.",
            es: "Mensaje guardado.",
        }
        MessageDeleted "message_deleted" {
            en: "Message deleted.",
            es: "Mensaje borrado.",
        }
        RecordGreeting "record_greeting" {
            en: "Record your greeting after the tone. Press pound when you are done.",
            es: "Grabe su saludo después de la señal. Pulse almohadilla cuando termine.",
        }
        GreetingSaved "greeting_saved" {
            en: "Your greeting was saved.",
            es: "Su saludo se ha guardado.",
        }
        EnterNewPin "enter_new_pin" {
            en: "Please enter a new PIN of four to ten digits, followed by the pound key.",
            es: "Introduzca un PIN nuevo de cuatro a diez dígitos y pulse la tecla almohadilla.",
        }
        PinChanged "pin_changed" {
            en: "Your PIN was changed.",
            es: "Su PIN se ha cambiado.",
        }
        PinNotChanged "pin_not_changed" {
            en: "Your PIN was not changed.",
            es: "Su PIN no se ha cambiado.",
        }
    }
}
