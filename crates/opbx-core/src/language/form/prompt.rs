//! `prompt Sorry say "Sorry, I did not get that."`

use super::Printer;
use super::shared;
use crate::id::PromptId;
use crate::language::cursor::{Context, Cursor};
use crate::language::index::Object;
use crate::language::kind::Kind;
use crate::language::object::{Findings, Slot};
use crate::language::problem::Read;
use crate::language::sheet::Block;
use crate::language::text::{name, value};
use crate::organization::Status;
use crate::prompt::{AudioUrl, Prompt, PromptKind};
use crate::sound::Sound;
use crate::text::Name;

const SETTINGS: &[&str] = &["inactive", "say", "uploaded", "url"];

/// Reads a prompt.
pub(crate) fn read(found: &mut Findings, context: &Context<'_>, object: &Object) -> Option<Prompt> {
    let prompt = Prompt {
        id: PromptId::new(object.id),
        name: "?".parse().ok()?,
        status: Status::Active,
        kind: PromptKind::Upload,
        sound: Sound::Absent,
    };
    let mut read = (prompt, false);
    let whole = found.object(
        context,
        object,
        &mut read,
        |cursor, (prompt, _)| {
            prompt.name = cursor.declared_name::<Name>("the name of the prompt")?;
            Ok(())
        },
        |cursor, (prompt, sounds)| {
            if cursor.word() == Some("inactive") {
                return Ok(shared::inactive(cursor, &mut prompt.status));
            }
            prompt.kind = kind(cursor)?;
            *sounds = true;
            Ok(Slot::One("sound"))
        },
    );
    if whole && !read.1 {
        let message = format!("prompt `{}` has no sound: `say \"…\"`, `uploaded` or `url …`", read.0.name);
        found.problem(object.offset, message);
    }
    Some(read.0)
}

fn kind(cursor: &mut Cursor<'_>) -> Read<PromptKind> {
    if cursor.eat("say") {
        let (text, voice) = shared::spoken(cursor)?;
        return Ok(PromptKind::Text { text, voice });
    }
    if cursor.eat("uploaded") {
        return Ok(PromptKind::Upload);
    }
    if cursor.eat("url") {
        return Ok(PromptKind::Remote {
            url: cursor.parsed::<AudioUrl>("an address like https://example.com/hello.mp3")?,
        });
    }
    Err(cursor.expected_word("`say`, `uploaded`, `url` or `inactive`", SETTINGS))
}

/// Prints a prompt.
pub(crate) fn print<'k>(prompt: &Prompt, printer: &Printer<'k>) -> Block<'k> {
    let head = format!("prompt {}", name(prompt.name.as_str()));
    let mut block = Block::new(Kind::Prompt, prompt.id.get(), printer.kept, head);
    block.head(prompt.status == Status::Inactive, "inactive");
    let sound = match &prompt.kind {
        PromptKind::Upload => "uploaded".to_owned(),
        PromptKind::Text { text, voice } => shared::spoken_words(text, voice.as_ref()),
        PromptKind::Remote { url } => format!("url {}", value(url.as_str())),
    };
    block.head(true, sound);
    block
}
