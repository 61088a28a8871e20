//! Making, changing and removing prompts. Their own handlers, because a file goes into the storage before the transaction
//! and out of it behind it, and because a name is looked up before anyone else has to wait for the transaction.

use super::super::ApiState;
use super::super::answer::{Precondition, created, data, done};
use super::super::body::{JsonObject, is_form};
use super::super::references::unused;
use super::super::repeated::Repetition;
use super::super::resource::{Id, Resource, read, shown, version};
use super::fetch;
use super::form::Form;
use crate::access::{Caller, Create, Delete, Permit, Prompts, Update};
use crate::blob::{LeftBlob, NewBlob};
use crate::field_errors::{FieldError, FieldErrors};
use crate::media::NotTaken;
use crate::outgoing::{NotFetched, Verdict};
use crate::problem::Problem;
use axum::extract::{FromRequest, Request, State};
use axum::response::Response;
use opbx_core::id::PromptId;
use opbx_core::prompt::{AudioUrl, Prompt, PromptKind};
use opbx_core::sound::{AudioFile, Sound};
use opbx_store::{Edit, Kind, Stored};
use serde_json::{Map, Value};

/// A megabyte, as the limit of an organization counts it.
const MEGABYTE: u64 = 1_000_000;

/// What a body asks for.
struct Asked {
    fields: Map<String, Value>,
    file: Option<(NewBlob, AudioFile)>,
    errors: FieldErrors,
    /// What is known of the address in it.
    verdict: Option<Verdict>,
    is_form: bool,
}

impl Asked {
    async fn of_json(api: &ApiState, request: Request) -> Result<Self, Problem> {
        let JsonObject(fields) = JsonObject::from_request(request, api).await.map_err(|problem| match problem {
            Problem::UnsupportedMediaType(_) => {
                Problem::UnsupportedMediaType("application/json or multipart/form-data")
            }
            other => other,
        })?;
        let url = fields.get("url").and_then(Value::as_str).filter(|url| url.parse::<AudioUrl>().is_ok());
        let verdict = match url {
            Some(url) => Some(api.library().outgoing.judge(url).await),
            None => None,
        };
        Ok(Self { fields, file: None, errors: FieldErrors::default(), verdict, is_form: false })
    }

    fn of_form(form: Form) -> Self {
        let Form { mut fields, file, errors } = form;
        fields.entry("kind").or_insert_with(|| "upload".into());
        Self { fields, file, errors, verdict: None, is_form: true }
    }

    /// The prompt that is asked for: every mistake is told at once.
    async fn prompt(&self, edit: &Edit, before: Option<&Stored<Prompt>>) -> Result<Prompt, Problem> {
        let (prompt, mut errors) = match read::<Prompt>(edit, before, &self.fields).await {
            Ok(prompt) => (Some(prompt), self.errors.clone()),
            Err(Problem::Invalid(mut errors)) => {
                errors.extend(self.errors.clone());
                (None, errors)
            }
            Err(problem) => return Err(problem),
        };
        let before = before.map(|stored| &stored.object);
        let new_url = match before.map(|before| &before.kind) {
            Some(PromptKind::Remote { url }) => self.fields.get("url").and_then(Value::as_str) != Some(url.as_str()),
            _ => true,
        };
        if new_url && self.verdict == Some(Verdict::NotPublic) {
            let text = "This address is not a public one: the platform and this server do not fetch from there.";
            errors.add("url", FieldError::rule("not_public", text));
        }
        let is_upload = self.fields.get("kind").is_none_or(|kind| kind == "upload");
        let was_upload = before.is_some_and(|before| before.kind == PromptKind::Upload);
        // Where something is wrong with the file already, that is said.
        let has_file = self.file.is_some() || self.errors.names("file");
        if !was_upload && self.fields.contains_key("kind") && is_upload && !has_file {
            let text = "An upload needs its file. Send both as multipart/form-data.";
            errors.add("file", FieldError::rule("required", text));
        }
        if !is_upload && self.is_form {
            errors.add("kind", FieldError::invalid("upload: a form is for files, other kinds come as JSON"));
        }
        let Some(mut prompt) = prompt.filter(|_| errors.is_empty()) else { return Err(Problem::Invalid(errors)) };
        if new_url && self.verdict == Some(Verdict::Unknown) && matches!(prompt.kind, PromptKind::Remote { .. }) {
            prompt.sound = Sound::Unreachable { error: NotFetched::UnknownName.to_string().into() };
        }
        if let Some((_, file)) = &self.file {
            has_room(edit, before.map(|before| before.id), file.bytes).await?;
            prompt.sound = Sound::Held(file.clone());
        }
        Ok(prompt)
    }

    /// Leaves the file to the sweep, before the transaction is committed: from then on nobody knows whether a row refers to
    /// it, also where whoever asked goes away meanwhile. Whoever has the answer holds off the sweep.
    fn left(self) -> Option<LeftBlob> {
        self.file.map(|(blob, _)| blob.leave())
    }
}

/// Whether the organization may have so many bytes more, beside those of its other prompts.
pub(super) async fn has_room(edit: &Edit, prompt: Option<PromptId>, bytes: u64) -> Result<(), Problem> {
    let Some(most) = edit.allowance().await?.storage_mb else { return Ok(()) };
    room(most, edit.audio_bytes_beside(prompt).await?, bytes)
}

/// Whether so many bytes more are not too many, of so many megabytes.
fn room(most: u32, beside: u64, bytes: u64) -> Result<(), Problem> {
    let most = u64::from(most);
    if beside.saturating_add(bytes) <= most.saturating_mul(MEGABYTE) {
        return Ok(());
    }
    Err(Problem::LimitReached { limit: "storage", value: most })
}

/// `POST /prompts`: JSON for texts and addresses, a form for a file.
pub(super) async fn create(
    State(api): State<ApiState>,
    permit: Permit<Create<Prompts>>,
    request: Request,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let caller = &permit.caller;
    if !is_form(request.headers()) {
        return make(&api, caller, Asked::of_json(&api, request).await?).await;
    }
    let repetition = Repetition::of(&request, caller)?;
    let form = uploaded(&api, caller, None, request).await?;
    let Some(repetition) = repetition else { return make(&api, caller, Asked::of_form(form)).await };
    let digest = form.digest();
    let work = {
        let (api, caller) = (api.clone(), caller.clone());
        async move { make(&api, &caller, Asked::of_form(form)).await }
    };
    repetition.answered(&api, caller, digest, work).await
}

/// The form of an upload, unless there is no room for any file, or as many are on their way as may be.
async fn uploaded(
    api: &ApiState,
    caller: &Caller,
    prompt: Option<PromptId>,
    request: Request,
) -> Result<Form, Problem> {
    let _turn = api.gates().upload(caller.tenant.organization())?;
    // How large it is will be known when it is here.
    let tenant = api.tenant(caller);
    if let Some(most) = tenant.settings().await?.object.allowance.storage_mb {
        room(most, tenant.audio_bytes_beside(prompt).await?, 1)?;
    }
    Form::read(api, caller.tenant.organization(), request).await
}

async fn make(api: &ApiState, caller: &Caller, asked: Asked) -> Result<Response, Problem> {
    let mut edit = api.edit(caller).await?;
    let prompt = asked.prompt(&edit, None).await?;
    let made = edit.create(prompt).await?;
    fetch::leave(&mut edit, &made.object, api.now()).await?;
    let file = asked.left();
    api.commit(caller, edit).await?;
    drop(file);
    api.left_work();
    let location = format!("/api/v1/{}/{}", Prompt::PATH, made.object.id);
    Ok(version(&made).on(created(&Prompt::view(&made), &location)))
}

/// `PUT` and `PATCH /prompts/{id}`: both merge. A form replaces the file of an upload.
pub(super) async fn change(
    State(api): State<ApiState>,
    permit: Permit<Update<Prompts>>,
    id: Id,
    precondition: Precondition,
    request: Request,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let caller = &permit.caller;
    // Before anything is read: a file for a prompt that is not there is not taken.
    let there: Stored<Prompt> = api.tenant(caller).find(id.0).await?;
    let asked = if !is_form(request.headers()) {
        Asked::of_json(&api, request).await?
    } else if there.object.kind == PromptKind::Upload {
        Asked::of_form(uploaded(&api, caller, Some(there.object.id), request).await?)
    } else {
        let text = "Only an upload has a file. Send the other fields as JSON.";
        return Err(Problem::Invalid(FieldErrors::one("file", FieldError::rule("not_allowed", text))));
    };
    let mut edit = api.edit(caller).await?;
    let before = edit.find::<Prompt>(id.0).await?;
    precondition.holds(&version(&before))?;
    let unchanged = shown(&before);
    let changed = asked.fields.iter().filter(|(name, value)| unchanged.get(*name) != Some(*value));
    permit.covers(changed.map(|(name, _)| name))?;
    let prompt = asked.prompt(&edit, Some(&before)).await?;
    let after = edit.update(&before, prompt).await?;
    fetch::leave(&mut edit, &after.object, api.now()).await?;
    let file = asked.left();
    api.commit(caller, edit).await?;
    drop(file);
    forget_replaced(&api, &before.object, Some(&after.object)).await;
    api.left_work();
    Ok(version(&after).on(data(&Prompt::view(&after))))
}

/// `DELETE /prompts/{id}`: its file goes with it.
pub(super) async fn remove(
    State(api): State<ApiState>,
    permit: Permit<Delete<Prompts>>,
    id: Id,
    precondition: Precondition,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let mut edit = api.edit(&permit.caller).await?;
    let before = edit.find::<Prompt>(id.0).await?;
    precondition.holds(&version(&before))?;
    unused(&edit, Prompt::OBJECT, id.0).await?;
    edit.remove(&before).await?;
    api.commit(&permit.caller, edit).await?;
    forget_replaced(&api, &before.object, None).await;
    Ok(done())
}

/// Removes the file of a prompt that has another one now, or is gone.
pub(super) async fn forget_replaced(api: &ApiState, before: &Prompt, after: Option<&Prompt>) {
    let now = after.and_then(|after| after.sound.file()).map(|file| &file.key);
    if let Some(file) = before.sound.file().filter(|file| Some(&file.key) != now) {
        api.library().forget(file).await;
    }
}

impl From<NotTaken> for Sound {
    fn from(refused: NotTaken) -> Self {
        Self::Unreachable { error: refused.to_string().into() }
    }
}

impl From<NotFetched> for Sound {
    fn from(refused: NotFetched) -> Self {
        Self::Unreachable { error: refused.to_string().into() }
    }
}
