//! A form with a file: its texts are kept, and its file goes into the storage as it comes.

use super::super::ApiState;
use super::super::body::{Kind, Patience};
use crate::blob::NewBlob;
use crate::field_errors::{FieldError, FieldErrors};
use crate::media::{Incoming, LARGEST_FILE, NotTaken};
use crate::problem::Problem;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use opbx_core::id::OrganizationId;
use opbx_core::sound::AudioFile;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The most that is read of a form, in bytes. A file that is too large is read to its end and thrown away up to here: whoever
/// sends it hears the answer only then.
const LONGEST_FORM: usize = 64 * 1024 * 1024;
/// The longest text in a form, in bytes.
const LONGEST_TEXT: usize = 16 * 1024;
/// The most parts of a form.
const MOST_PARTS: usize = 20;
/// The name of the part that is the file.
const FILE: &str = "file";

/// A form that was read.
pub(super) struct Form {
    /// Its texts.
    pub(super) fields: Map<String, Value>,
    /// Its file. It is removed with this, unless it is kept.
    pub(super) file: Option<(NewBlob, AudioFile)>,
    /// What is wrong with it so far.
    pub(super) errors: FieldErrors,
}

impl Form {
    /// Reads a form to its end.
    pub(super) async fn read(api: &ApiState, of: OrganizationId, mut request: Request) -> Result<Self, Problem> {
        DefaultBodyLimit::max(LONGEST_FORM).apply(&mut request);
        let unreadable = |_| Problem::BadRequest("The form has no boundary in its Content-Type.".into());
        let mut parts = Multipart::from_request(request, api).await.map_err(unreadable)?;
        let mut form = Self { fields: Map::new(), file: None, errors: FieldErrors::default() };
        let (mut count, mut too_large, patience) = (0, false, Patience::with(Kind::Upload));
        while let Some(part) = patience.wait(parts.next_field()).await?.map_err(|fault| torn(&fault))? {
            count += 1;
            if count > MOST_PARTS {
                return Err(Problem::BadRequest("The form has too many parts.".into()));
            }
            let name = part.name().unwrap_or_default().to_owned();
            if name == FILE && form.file.is_some() || form.fields.contains_key(&name) {
                form.errors.add(name, FieldError::twice());
                rest(part, patience).await?;
            } else if name == FILE {
                match incoming(api, of, part, patience).await? {
                    Ok(file) => form.file = Some(file),
                    Err(NotTaken::TooLarge { .. }) => too_large = true,
                    Err(NotTaken::NotSound) => {
                        let text = "The file is neither WAV nor MP3. Convert it to one of them.";
                        form.errors.add(FILE, FieldError::rule("not_audio", text));
                    }
                    Err(NotTaken::NotStored(fault)) => {
                        tracing::error!(%fault, "a file cannot be stored");
                        return Err(Problem::StorageAway);
                    }
                }
            } else {
                match text(part, patience).await? {
                    Some(text) => {
                        form.fields.insert(name, text.into());
                    }
                    None => form.errors.add(name, FieldError::invalid("a text of at most 16 KiB")),
                }
            }
        }
        if too_large { Err(Problem::BodyTooLarge) } else { Ok(form) }
    }

    /// What makes two forms the same one: what is in them. Whoever sends a form again draws another boundary.
    pub(super) fn digest(&self) -> [u8; 32] {
        let file = self.file.as_ref().map(|(_, file)| file.digest.to_string());
        // A map is written in the order of its names.
        Sha256::digest(format!("{}\n{}", Value::Object(self.fields.clone()), file.unwrap_or_default())).into()
    }
}

/// Puts a part into the storage. What is not taken is read to its end all the same.
async fn incoming(
    api: &ApiState,
    of: OrganizationId,
    mut part: Field<'_>,
    patience: Patience,
) -> Result<Result<(NewBlob, AudioFile), NotTaken>, Problem> {
    let mut taken = Incoming::begin(&api.library().blobs, of, LARGEST_FILE).await;
    while let Some(piece) = patience.wait(part.chunk()).await?.map_err(|fault| torn(&fault))? {
        if let Ok(incoming) = &mut taken
            && let Err(refused) = incoming.take(&piece).await
        {
            taken = Err(refused);
        }
    }
    Ok(match taken {
        Ok(incoming) => incoming.finish().await,
        Err(refused) => Err(refused),
    })
}

/// Reads a part to its end.
async fn rest(mut part: Field<'_>, patience: Patience) -> Result<(), Problem> {
    while patience.wait(part.chunk()).await?.map_err(|fault| torn(&fault))?.is_some() {}
    Ok(())
}

/// The text of a part; `None`: it is none, or too long.
async fn text(mut part: Field<'_>, patience: Patience) -> Result<Option<String>, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = patience.wait(part.chunk()).await?.map_err(|fault| torn(&fault))? {
        if bytes.len() <= LONGEST_TEXT {
            bytes.extend_from_slice(&piece);
        }
    }
    Ok(String::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST_TEXT))
}

fn torn(fault: &MultipartError) -> Problem {
    if fault.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::BodyTooLarge
    } else {
        Problem::BadRequest("The form is not complete, or not written as multipart/form-data.".into())
    }
}
