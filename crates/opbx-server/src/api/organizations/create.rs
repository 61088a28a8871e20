//! `POST /organizations`.

use super::super::ApiState;
use super::super::answer::created;
use super::super::body::JsonObject;
use super::super::form::{Fields, Reading};
use super::super::portrait::portrait;
use super::super::users::{email, name as person_name};
use super::view::MadeView;
use crate::access::Installation;
use crate::admin::{self, Asked, DomainName, DomainUuid, NewPassword, NotMade};
use crate::auth::strong;
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use crate::random_text::random_text;
use crate::webhook_urls::WebhookUrls;
use axum::extract::State;
use axum::response::Response;
use opbx_core::region::CountryCode;
use opbx_core::text::{EmailAddress, Name, ZoneName};
use opbx_store::{Author, Slug, WebhookKey};
use serde_json::{Map, Value};

const FIELDS: [&str; 7] = ["name", "slug", "timezone", "country", "domain", "domain_uuid", "webhook_key"];

/// An organization of which everything could be read.
pub(super) struct Wanted {
    name: Name,
    slug: Option<Slug>,
    timezone: ZoneName,
    country: CountryCode,
    domain: Option<DomainName>,
    domain_uuid: Option<DomainUuid>,
    webhook_key: Option<WebhookKey>,
}

/// Its owner.
pub(super) struct Owner {
    pub(super) name: Name,
    pub(super) email: EmailAddress,
    /// `None`: one is made up.
    pub(super) password: Option<NewPassword>,
}

/// `POST /organizations`.
pub(super) async fn create(
    State(api): State<ApiState>,
    installation: Installation,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let (wanted, owner) = read(&body)?;
    let field = |name: &str| if name == "email" { "owner_email".to_owned() } else { name.to_owned() };
    make(&api, (wanted, owner), &installation.author(portrait), field).await
}

fn read(body: &Map<String, Value>) -> Result<(Wanted, Owner), Problem> {
    let reading = Reading::default();
    let fields = reading.fields(body);
    let mut known = FIELDS.to_vec();
    known.extend(["owner_email", "owner_name", "owner_password"]);
    fields.only(&known);
    let wanted = wanted(&fields);
    let (name, email) = (person_name(&fields, "owner_name"), email(&fields, "owner_email"));
    let password = match fields.value("owner_password") {
        None => Some(None),
        Some(_) => password(&fields, "owner_password", email.as_ref(), name.as_ref()).map(Some),
    };
    let (errors, _) = reading.finish();
    match (wanted, name, email, password) {
        (Some(wanted), Some(name), Some(email), Some(password)) if errors.is_empty() => {
            Ok((wanted, Owner { name, email, password }))
        }
        _ => Err(Problem::Invalid(errors)),
    }
}

/// What is said of the organization itself.
pub(super) fn wanted(fields: &Fields<'_>) -> Option<Wanted> {
    let (name, timezone, country) = (fields.spelled("name"), fields.spelled("timezone"), fields.spelled("country"));
    let (slug, webhook_key) = (fields.maybe_spelled("slug"), fields.maybe_spelled("webhook_key"));
    let (domain, domain_uuid) = (fields.maybe_parsed("domain"), fields.maybe_parsed("domain_uuid"));
    let (domain, domain_uuid) = (domain?, domain_uuid?);
    if domain.is_none() && domain_uuid.is_some() {
        return fields.wrong("domain_uuid", FieldError::rule("not_allowed", "Say the domain too."));
    }
    Some(Wanted {
        name: name?,
        slug: slug?,
        timezone: timezone?,
        country: country?,
        domain,
        domain_uuid,
        webhook_key: webhook_key?,
    })
}

/// The names of the fields of an organization.
pub(super) const fn field_names() -> &'static [&'static str] {
    &FIELDS
}

/// A password that is as good as those that people choose later.
pub(super) fn password(
    fields: &Fields<'_>,
    field: &str,
    email: Option<&EmailAddress>,
    name: Option<&Name>,
) -> Option<NewPassword> {
    let text = fields.text(field)?;
    match strong(text, email.map_or("", EmailAddress::as_str), name.map_or("", Name::as_str)) {
        Ok(()) => text.parse().ok(),
        Err(weak) => fields.wrong(field, FieldError::weak(&weak)),
    }
}

/// Makes an organization and its owner, and shows their secrets this once.
///
/// `field` says where in the body a field stands that the store refuses.
///
/// # Errors
///
/// When something of it is taken or does not exist; when the store is away.
pub(super) async fn make(
    api: &ApiState,
    (wanted, owner): (Wanted, Owner),
    author: &Author,
    field: impl Fn(&str) -> String,
) -> Result<Response, Problem> {
    let made_up = if owner.password.is_some() { None } else { Some(random_text()?) };
    let password = match &made_up {
        Some(text) => text.parse::<NewPassword>().map_err(|_| Problem::Internal)?,
        None => owner.password.ok_or(Problem::Internal)?,
    };
    let key = |text: String| text.parse::<WebhookKey>().map_err(|_| Problem::Internal);
    let webhook_key = match wanted.webhook_key {
        Some(key) => key,
        None => key(random_text()?)?,
    };
    let cdr_secret = key(random_text()?)?;
    let asked = Asked {
        name: wanted.name,
        slug: wanted.slug,
        country: wanted.country,
        timezone: wanted.timezone,
        owner_name: owner.name,
        owner_email: owner.email,
        owner_password_hash: api.passwords().hash(password.into_password()).await?,
        domain: wanted.domain,
        domain_uuid: wanted.domain_uuid,
        webhook_key: webhook_key.clone(),
        cdr_secret: cdr_secret.clone(),
    };
    let (made, slug) = admin::create(api.store(), asked, author, api.zones(), api.now())
        .await
        .map_err(|fault| refused(fault, field))?;
    api.moved(made.organization).await;
    let view = MadeView {
        organization_id: made.organization.get(),
        slug: slug.to_string(),
        owner_id: made.owner.map(opbx_core::id::UserId::get),
        webhook_key: webhook_key.reveal().to_owned(),
        webhook_urls: WebhookUrls::behind(api.outside(), &cdr_secret),
        owner_password: made_up,
    };
    Ok(created(&view, &format!("/api/v1/organizations/{}", made.organization)))
}

fn refused(fault: NotMade, path: impl Fn(&str) -> String) -> Problem {
    let field = |name: &str, error| Problem::Invalid(FieldErrors::one(path(name), error));
    match fault {
        NotMade::Zone(_) => field("timezone", FieldError::invalid("a time zone like America/New_York")),
        NotMade::Country(_) => field("country", FieldError::invalid("a country that there is, like US")),
        NotMade::NoSlug(_) => field("slug", FieldError::required()),
        NotMade::Taken(constraint, _) => match constraint.field() {
            Some(name) => field(name, FieldError::taken()),
            None => opbx_store::Error::Conflict(constraint).into(),
        },
        NotMade::Hash => Problem::Internal,
        NotMade::Store(fault) => fault.into(),
    }
}
