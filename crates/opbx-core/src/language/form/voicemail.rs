//! `box Reception 90s, mail desk@acme.example with audio`, and `pin Reception 4321`

use super::Printer;
use super::shared;
use crate::bounded::{MaxMessageSeconds, MaxMessages};
use crate::id::{ExtensionId, PromptId, VoicemailBoxId};
use crate::language::cursor::{Context, Cursor, is_digits, seconds};
use crate::language::index::Object;
use crate::language::kind::Kind;
use crate::language::object::{Findings, Slot};
use crate::language::problem::Read;
use crate::language::sheet::Block;
use crate::language::text::{name, value};
use crate::organization::Status;
use crate::secret::Pin;
use crate::text::{EmailAddress, Name};
use crate::voicemail_box::{EmailMode, VoicemailBox};

const SETTINGS: &[&str] = &["inactive", "of", "messages", "mail", "greeting"];

/// Reads a box.
pub(crate) fn read(found: &mut Findings, context: &Context<'_>, object: &Object) -> Option<VoicemailBox> {
    let mut voicemail = VoicemailBox::new(VoicemailBoxId::new(object.id), "?".parse().ok()?);
    found.object(
        context,
        object,
        &mut voicemail,
        |cursor, voicemail| {
            voicemail.name = cursor.declared_name::<Name>("the name of the box")?;
            Ok(())
        },
        setting,
    );
    Some(voicemail)
}

fn setting(cursor: &mut Cursor<'_>, voicemail: &mut VoicemailBox) -> Read<Slot> {
    match cursor.word() {
        Some("inactive") => Ok(shared::inactive(cursor, &mut voicemail.status)),
        Some("of") => {
            cursor.advance();
            cursor.need("extension")?;
            voicemail.extension_id = Some(ExtensionId::new(cursor.reference(Kind::Extension)?));
            Ok(Slot::One("of"))
        }
        Some("greeting") => {
            cursor.advance();
            voicemail.greeting = Some(PromptId::new(cursor.reference(Kind::Prompt)?));
            Ok(Slot::One("greeting"))
        }
        Some("mail") => {
            mail(cursor, voicemail)?;
            Ok(Slot::One("mail"))
        }
        Some(word) if seconds(word).is_some() => {
            voicemail.max_length = cursor.duration("a time")?;
            Ok(Slot::One("length"))
        }
        Some(word) if is_digits(word) => {
            voicemail.max_messages = cursor.bounded::<1, 1_000>("a number of messages")?;
            cursor.need("messages")?;
            Ok(Slot::One("messages"))
        }
        _ => Err(cursor.expected_word("a setting of a box", SETTINGS)),
    }
}

/// `mail desk@acme.example with audio`, `mail desk@acme.example off`, `mail off`
fn mail(cursor: &mut Cursor<'_>, voicemail: &mut VoicemailBox) -> Read<()> {
    cursor.advance();
    let address = cursor.is_text() || cursor.word().is_some_and(|word| word.contains('@'));
    if address {
        voicemail.email = Some(cursor.parsed::<EmailAddress>("an e-mail address")?);
    }
    if cursor.eat("off") {
        voicemail.email_mode = EmailMode::None;
    } else if cursor.eat("with") {
        voicemail.email_mode = if cursor.eat("audio") {
            EmailMode::Attach
        } else if cursor.eat("link") {
            EmailMode::Link
        } else {
            return Err(cursor.expected_word("`audio` or `link`", &["audio", "link"]));
        };
    } else if !address {
        return Err(cursor.expected_word("an e-mail address, `with audio` or `off`", &["off", "with"]));
    }
    Ok(())
}

/// Prints a box, without its PIN.
pub(crate) fn print<'k>(voicemail: &VoicemailBox, printer: &Printer<'k>) -> Block<'k> {
    let head = format!("box {}", name(voicemail.name.as_str()));
    let mut block = Block::new(Kind::Box, voicemail.id.get(), printer.kept, head);
    block.head(voicemail.status == Status::Inactive, "inactive");
    if let Some(extension) = voicemail.extension_id {
        block.head(true, format!("of extension {}", printer.names.of(Kind::Extension, extension.get())));
    }
    let (length, size) = (voicemail.max_length, voicemail.max_messages);
    block.head(length != MaxMessageSeconds::literal::<120>(), format!("{length}s"));
    block.head(size != MaxMessages::literal::<100>(), format!("{size} messages"));
    let how = match voicemail.email_mode {
        EmailMode::None => " off",
        EmailMode::Link => "",
        EmailMode::Attach => " with audio",
    };
    let address = voicemail.email.as_ref().map_or_else(String::new, |email| format!(" {}", value(email.as_str())));
    block.head(!(how.is_empty() && address.is_empty()), format!("mail{address}{how}"));
    if let Some(prompt) = voicemail.greeting {
        block.head(true, format!("greeting {}", printer.names.of(Kind::Prompt, prompt.get())));
    }
    block
}

/// Reads the PIN of a box.
pub(crate) fn read_pin(found: &mut Findings, context: &Context<'_>, object: &Object) -> Option<(u64, Pin)> {
    let mut read = None;
    found.object(
        context,
        object,
        &mut read,
        |cursor, read| {
            let voicemail = cursor.reference(Kind::Box)?;
            *read = Some((voicemail, cursor.secret::<Pin>("a PIN of 4 to 10 digits")?));
            Ok(())
        },
        |cursor, _| Err(cursor.expected("nothing more")),
    );
    let (voicemail, pin) = read?;
    found.secrets.push((Kind::Pin, voicemail, object.offset));
    Some((voicemail, pin))
}

/// Prints the PIN of a box, for a text that holds it already.
pub(crate) fn print_pin<'k>(voicemail: &VoicemailBox, printer: &Printer<'k>) -> Block<'k> {
    let pin = voicemail.pin.as_ref().map_or("", Pin::reveal);
    let head = format!("pin {} {pin}", name(voicemail.name.as_str()));
    Block::new(Kind::Pin, voicemail.id.get(), printer.kept, head)
}
