//! An organization's plan, made what a file says, and read back.

use super::people::someone_at_the_machine;
use crate::api::settings_portrait;
use jiff::Timestamp;
use opbx_core::language::{Document, Kind, Problem, Span};
use opbx_core::organization::OrganizationStatus;
use opbx_core::plan::PlanSource;
use opbx_core::prompt::PromptKind;
use opbx_store::{Change, Changes, Error, Reason, Report, Scope, Store, Tenant, TenantStore};

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Applied {
    /// What changed.
    pub report: Report,
    /// How many objects stayed as they were, the organization among them.
    pub stayed: usize,
}

/// Why a file is not applied.
#[derive(Debug, thiserror::Error)]
pub enum NotApplied {
    /// It says what no file may say.
    #[error("the file says what no file may say")]
    Refused(Vec<Problem>),
    /// The store fails.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Makes the organization, named by its identifier or short name, what a file says; all of it or nothing.
///
/// # Errors
///
/// [`NotApplied`]; [`Error::NotFound`] when nobody has that name.
pub async fn apply(
    store: &Store,
    named: &str,
    document: &Document,
    (prune, dry_run): (bool, bool),
    now: Timestamp,
) -> Result<Applied, NotApplied> {
    let tenant = inside(store, named).await?;
    let (_, before) = tenant.load_plan().await?;
    let refused = refused(document, &before);
    if !refused.is_empty() {
        return Err(NotApplied::Refused(refused));
    }
    let scope = Scope { organization: true, prune, dry_run };
    let author = someone_at_the_machine();
    let changes = Changes { source: &document.source, scope, author: &author, settings: settings_portrait };
    let report = tenant.apply(changes, now).await?;
    let changed = report.count(Change::Updated) + report.count(Change::Removed);
    Ok(Applied { stayed: objects(&before).saturating_sub(changed), report })
}

/// The plan of an organization, named by its identifier or short name.
///
/// # Errors
///
/// [`Error::NotFound`] when nobody has that name; [`Error::Unavailable`], [`Error::Corrupt`].
pub async fn plan(store: &Store, named: &str) -> Result<PlanSource, Error> {
    let (_, source) = inside(store, named).await?.load_plan().await?;
    Ok(source)
}

/// The plan of an organization as a file holds it: whether it is suspended is the installation's to say.
///
/// # Errors
///
/// As [`plan`].
pub async fn export(store: &Store, named: &str) -> Result<PlanSource, Error> {
    let mut source = plan(store, named).await?;
    source.organization.status = OrganizationStatus::Active;
    Ok(source)
}

async fn inside(store: &Store, named: &str) -> Result<TenantStore, Error> {
    let organization = store.platform().named(named).await?;
    Ok(store.tenant(&Tenant::inside(organization.id, Reason::Command)))
}

/// What the language knows and a file for the store may not say.
fn refused(document: &Document, before: &PlanSource) -> Vec<Problem> {
    let secrets = document
        .secrets
        .iter()
        .map(|secret| problem(secret.span, "a file sets no PINs; those that are set stay as they are".to_owned()));
    let suspended = document
        .suspended
        .map(|span| problem(span, "a file suspends no organization; `opbx org suspend` does".to_owned()));
    let uploaded = |prompt: &&opbx_core::prompt::Prompt| prompt.kind == PromptKind::Upload;
    let missing = document.source.prompts.iter().filter(uploaded).filter_map(|prompt| {
        let is_there = before.prompts.iter().filter(uploaded).any(|known| known.name == prompt.name);
        let span = document.spans.of(Kind::Prompt, prompt.id.get()).filter(|_| !is_there)?;
        Some(problem(span, format!("the prompt `{}` was never uploaded", prompt.name)))
    });
    let mut problems: Vec<Problem> = secrets.chain(suspended).chain(missing).collect();
    problems.sort_by_key(|problem| (problem.line, problem.column));
    problems
}

const fn problem(span: Span, message: String) -> Problem {
    Problem { line: span.line, column: span.column, found: None, message, suggestion: None }
}

/// How many objects a plan has, the organization among them.
fn objects(source: &PlanSource) -> usize {
    [
        1,
        source.extensions.len(),
        source.phone_numbers.len(),
        source.ring_groups.len(),
        source.business_hours.len(),
        source.holiday_lists.len(),
        source.ivr_menus.len(),
        source.conference_rooms.len(),
        source.voicemail_boxes.len(),
        source.prompts.len(),
        source.ai_assistants.len(),
        source.outbound_rules.len(),
        source.blocked_callers.len(),
    ]
    .iter()
    .sum()
}
