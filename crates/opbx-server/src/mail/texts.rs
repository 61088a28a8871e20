//! What mails say, by language, in one table.

use opbx_core::notice::Language;

/// The letters there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Letter {
    /// A link to choose a new password.
    PasswordReset,
    /// A link to come for the first time.
    Invitation,
    /// To the former address: there is another one now. It does not say which: the former one may be a stranger's.
    AddressChanged,
    /// Somebody left a message in a voicemail box: where it is.
    Voicemail,
    /// The same, with the message itself.
    VoicemailAttached,
    /// Nobody took a call.
    MissedCall,
    /// The same, and its caller left a message.
    MissedCallWithMessage,
    /// Somebody dialled an emergency number.
    EmergencyCall,
    /// What the platform reports waits for the database.
    JournalGrowing,
    /// The disk of the server is nearly full.
    DiskNearlyFull,
}

/// A letter with everything in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Text {
    pub(crate) subject: String,
    pub(crate) body: String,
}

impl Letter {
    pub(crate) const ALL: [Self; 10] = [
        Self::PasswordReset,
        Self::Invitation,
        Self::AddressChanged,
        Self::Voicemail,
        Self::VoicemailAttached,
        Self::MissedCall,
        Self::MissedCallWithMessage,
        Self::EmergencyCall,
        Self::JournalGrowing,
        Self::DiskNearlyFull,
    ];

    /// Its word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::PasswordReset => "password_reset",
            Self::Invitation => "invitation",
            Self::AddressChanged => "address_changed",
            Self::Voicemail => "voicemail",
            Self::VoicemailAttached => "voicemail_attached",
            Self::MissedCall => "missed_call",
            Self::MissedCallWithMessage => "missed_call_with_message",
            Self::EmergencyCall => "emergency_call",
            Self::JournalGrowing => "journal_growing",
            Self::DiskNearlyFull => "disk_nearly_full",
        }
    }

    /// The letter of a word.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|letter| letter.word() == word)
    }

    /// Subject and text, with gaps: `{product}`, `{name}`, `{organization}`, `{link}`; of a message also `{caller}`, `{at}` and
    /// `{length}`, and `{name}` is its box's; of a call `{caller}`, `{called}` and `{at}`, and where it was missed `{name}` is what
    /// rang; of the server `{found}`, `{length}`
    /// and `{at}`.
    const fn words(self, language: Language) -> (&'static str, &'static str) {
        match (self, language) {
            (Self::PasswordReset, Language::English) => (
                "Choose a new password for {product}",
                "Hello {name},\n\n\
                 someone asked for a new password for you at {organization}. Choose one here within an hour:\n\n\
                 {link}\n\n\
                 The link works once and signs you out everywhere. If it was not you, do nothing: your password stays as it \
                 is.\n",
            ),
            (Self::PasswordReset, Language::Spanish) => (
                "Elija una contraseña nueva para {product}",
                "Hola, {name}:\n\n\
                 alguien ha pedido una contraseña nueva para usted en {organization}. Elíjala aquí antes de una hora:\n\n\
                 {link}\n\n\
                 El enlace sirve una sola vez y cierra todas sus sesiones. Si no ha sido usted, no haga nada: su contraseña \
                 sigue siendo la misma.\n",
            ),
            (Self::Invitation, Language::English) => (
                "You are invited to {product} of {organization}",
                "Hello {name},\n\n\
                 {organization} has made an account for you. Choose a password here within three days, and you are in:\n\n\
                 {link}\n\n\
                 The link works once. If it has expired, ask whoever invited you for another one.\n",
            ),
            (Self::Invitation, Language::Spanish) => (
                "Le invitan a {product} de {organization}",
                "Hola, {name}:\n\n\
                 {organization} ha creado una cuenta para usted. Elija aquí una contraseña antes de tres días para entrar:\n\n\
                 {link}\n\n\
                 El enlace sirve una sola vez. Si ha caducado, pida otro a quien le ha invitado.\n",
            ),
            (Self::AddressChanged, Language::English) => (
                "Your e-mail address for {product} was changed",
                "Hello {name},\n\n\
                 your account at {organization} has another e-mail address now: you sign in with that one, and letters go \
                 there. This is the last one that comes here.\n\n\
                 If you know nothing of it, tell an owner of {organization} at once: someone else may be using your \
                 account.\n",
            ),
            (Self::AddressChanged, Language::Spanish) => (
                "Ha cambiado su dirección de correo en {product}",
                "Hola, {name}:\n\n\
                 su cuenta en {organization} tiene ahora otra dirección de correo: con ella inicia sesión y a ella llegan \
                 los mensajes. Este es el último que llega aquí.\n\n\
                 Si usted no sabe nada de ello, avise cuanto antes a un propietario de {organization}: es posible que otra \
                 persona esté usando su cuenta.\n",
            ),
            (Self::Voicemail, Language::English) => (
                "New message from {caller} for {name}",
                "There is a new message in the voicemail box {name} of {organization}.\n\n\
                 From: {caller}\n\
                 Left: {at}\n\
                 Length: {length}\n\n\
                 Listen to it here:\n\n\
                 {link}\n",
            ),
            (Self::Voicemail, Language::Spanish) => (
                "Mensaje nuevo de {caller} para {name}",
                "Hay un mensaje nuevo en el buzón de voz {name} de {organization}.\n\n\
                 De: {caller}\n\
                 Recibido: {at}\n\
                 Duración: {length}\n\n\
                 Escúchelo aquí:\n\n\
                 {link}\n",
            ),
            (Self::VoicemailAttached, Language::English) => (
                "New message from {caller} for {name}",
                "There is a new message in the voicemail box {name} of {organization}. It is attached.\n\n\
                 From: {caller}\n\
                 Left: {at}\n\
                 Length: {length}\n\n\
                 It stays in the box until someone removes it:\n\n\
                 {link}\n",
            ),
            (Self::VoicemailAttached, Language::Spanish) => (
                "Mensaje nuevo de {caller} para {name}",
                "Hay un mensaje nuevo en el buzón de voz {name} de {organization}. Va adjunto.\n\n\
                 De: {caller}\n\
                 Recibido: {at}\n\
                 Duración: {length}\n\n\
                 Sigue en el buzón hasta que alguien lo borre:\n\n\
                 {link}\n",
            ),
            (Self::MissedCall, Language::English) => (
                "Missed call from {caller} for {name}",
                "Nobody at {organization} took a call.\n\n\
                 From: {caller}\n\
                 Called: {called}\n\
                 Rang: {name}\n\
                 When: {at}\n\n\
                 The caller left no message.\n",
            ),
            (Self::MissedCall, Language::Spanish) => (
                "Llamada perdida de {caller} para {name}",
                "Nadie ha atendido una llamada en {organization}.\n\n\
                 De: {caller}\n\
                 Número marcado: {called}\n\
                 Ha sonado: {name}\n\
                 Cuándo: {at}\n\n\
                 No han dejado ningún mensaje.\n",
            ),
            (Self::MissedCallWithMessage, Language::English) => (
                "Missed call from {caller} for {name}",
                "Nobody at {organization} took a call.\n\n\
                 From: {caller}\n\
                 Called: {called}\n\
                 Rang: {name}\n\
                 When: {at}\n\n\
                 The caller left a message in the voicemail box.\n",
            ),
            (Self::MissedCallWithMessage, Language::Spanish) => (
                "Llamada perdida de {caller} para {name}",
                "Nadie ha atendido una llamada en {organization}.\n\n\
                 De: {caller}\n\
                 Número marcado: {called}\n\
                 Ha sonado: {name}\n\
                 Cuándo: {at}\n\n\
                 Han dejado un mensaje en el buzón de voz.\n",
            ),
            (Self::EmergencyCall, Language::English) => (
                "Emergency call to {called} at {organization}",
                "Hello {name},\n\n\
                 an emergency number was dialled at {organization}.\n\n\
                 Dialled: {called}\n\
                 By: {caller}\n\
                 When: {at}\n\n\
                 Further emergency calls within this hour bring no further letter; the call log has them all.\n",
            ),
            (Self::EmergencyCall, Language::Spanish) => (
                "Llamada de emergencia al {called} en {organization}",
                "Hola, {name}:\n\n\
                 se ha marcado un número de emergencia en {organization}.\n\n\
                 Número marcado: {called}\n\
                 Desde: {caller}\n\
                 Cuándo: {at}\n\n\
                 Por otras llamadas de emergencia en esta misma hora no llegará otro mensaje; todas están en el registro de \
                 llamadas.\n",
            ),
            (Self::JournalGrowing, Language::English) => (
                "{product}: reports of calls wait for the database",
                "Hello {name},\n\n\
                 the server of {organization} takes calls, and keeps what is reported of them, but does not get it into its \
                 database. The journal is {found} full, and the oldest report in it has waited for {length}.\n\n\
                 Noticed: {at}\n\n\
                 Nothing is lost while there is room for the journal. Whoever runs the server finds out more from /health and \
                 from its log.\n",
            ),
            (Self::JournalGrowing, Language::Spanish) => (
                "{product}: la información de las llamadas espera a la base de datos",
                "Hola, {name}:\n\n\
                 el servidor de {organization} atiende llamadas y guarda lo que se le comunica de ellas, pero no consigue \
                 pasarlo a la base de datos. El diario está lleno al {found}, y lo más antiguo que hay en él espera desde hace \
                 {length}.\n\n\
                 Detectado: {at}\n\n\
                 No se pierde nada mientras haya sitio para el diario. Quien administra el servidor encontrará más en /health y \
                 en el registro.\n",
            ),
            (Self::DiskNearlyFull, Language::English) => (
                "{product}: the disk of the server is nearly full",
                "Hello {name},\n\n\
                 the disk on which the server of {organization} keeps its data is nearly full: {found} is free.\n\n\
                 Noticed: {at}\n\n\
                 When it is full, what callers leave can no longer be kept. Whoever runs the server has to make room.\n",
            ),
            (Self::DiskNearlyFull, Language::Spanish) => (
                "{product}: el disco del servidor está casi lleno",
                "Hola, {name}:\n\n\
                 el disco en el que el servidor de {organization} guarda sus datos está casi lleno: queda libre el {found}.\n\n\
                 Detectado: {at}\n\n\
                 Cuando se llene ya no se podrá guardar lo que dejen quienes llaman. Quien administra el servidor tiene que \
                 hacer sitio.\n",
            ),
        }
    }

    /// The letter, with its gaps filled.
    pub(crate) fn text(self, language: Language, values: &[(&str, &str)]) -> Text {
        let (subject, body) = self.words(language);
        Text { subject: filled(subject, values), body: filled(body, values) }
    }
}

/// Fills each gap once: a value with braces in it is no gap.
fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let (mut whole, mut rest) = (String::with_capacity(text.len() + 128), text);
    while let Some((before, after)) = rest.split_once('{') {
        whole.push_str(before);
        let Some((gap, after)) = after.split_once('}') else { break };
        whole.push_str(values.iter().find(|(name, _)| *name == gap).map_or("", |(_, value)| value));
        rest = after;
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_in_every_language() {
        let values = [
            ("product", "OPBX"),
            ("name", "Alice {link} Ray"),
            ("organization", "Acme Dental"),
            ("link", "https://pbx.example.com/…"),
            ("caller", "Carol {at} (+12025550173)"),
            ("at", "2026-03-09 10:00 (EDT)"),
            ("length", "0:42"),
            ("called", "+12125550100"),
            ("found", "7 %"),
        ];
        let mut told = String::new();
        for letter in Letter::ALL {
            assert_eq!(Letter::of_word(letter.word()), Some(letter));
            for language in Language::ALL {
                let Text { subject, body } = letter.text(language, &values);
                told.push_str(&format!("--- {} {language:?}\n{subject}\n\n{body}\n", letter.word()));
            }
        }
        insta::assert_snapshot!(told);
    }
}
