//! `opbx user`: people of an organization.

use super::Failure;
use super::store::{block_on, fault, nobody, password_of_the_input, print_json, read, usage};
use crate::config::{self, StoreFlags};
use crate::random::random_text;
use opbx_core::permission::Role;
use opbx_core::secret::Password;
use opbx_core::text::{EmailAddress, Name};
use opbx_server::Pages;
use opbx_server::admin::{self, AskedUser, Delivery, Error, NotDone};
use opbx_server::clock::Clock;
use serde_json::{Value, json};

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Order {
    /// Make a person who may sign in.
    Create(New),
    /// Give a person another password and end all their sessions, or let them choose one.
    ResetPassword(Reset),
    /// Invite someone who has no password yet: by mail, or with a link that is printed where no mail server is set.
    Invite(Invited),
}

/// A person to be made. The answer is JSON, and the only place that shows a password that was made up.
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    #[command(flatten)]
    whose: Whose,
    /// What people call them.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What they may do: owner, admin, agent or reporter.
    #[arg(long, value_name = "ROLE", default_value = "agent")]
    role: String,
    /// Let them choose their password: by a mail, or with a link that is printed where no mail server is set.
    #[arg(long, conflicts_with = "password_stdin")]
    invite: bool,
}

/// Someone who has forgotten their password.
#[derive(Debug, clap::Args)]
pub(crate) struct Reset {
    #[command(flatten)]
    whose: Whose,
    /// Let them choose it within an hour: by a mail, or with a link that is printed where no mail server is set.
    #[arg(long, conflicts_with = "password_stdin")]
    link: bool,
}

/// Someone who is to come for the first time.
#[derive(Debug, clap::Args)]
pub(crate) struct Invited {
    /// The organization, by its identifier or short name.
    #[arg(long, value_name = "ORGANIZATION")]
    org: String,
    /// Where they get mail.
    #[arg(long, value_name = "EMAIL")]
    email: String,
    #[command(flatten)]
    settings: StoreFlags,
}

/// Whom it is about.
#[derive(Debug, clap::Args)]
struct Whose {
    /// The organization, by its identifier or short name.
    #[arg(long, value_name = "ORGANIZATION")]
    org: String,
    /// What they sign in with.
    #[arg(long, value_name = "EMAIL")]
    email: String,
    /// Read the password, at least 10 characters, from the input (default: made up, and printed).
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    settings: StoreFlags,
}

/// Does it, and prints JSON.
///
/// # Errors
///
/// When a setting or an argument is wrong, the address is taken or unknown, or the store fails.
pub(crate) fn run(order: &Order) -> Result<(), Failure> {
    let (whose, new) = match order {
        Order::Create(new) if new.invite => {
            return with_link(&new.whose.org, &new.whose.email, &new.whose.settings, Link::New(new));
        }
        Order::ResetPassword(Reset { whose, link: true }) => {
            return with_link(&whose.org, &whose.email, &whose.settings, Link::Reset);
        }
        Order::Invite(invited) => return with_link(&invited.org, &invited.email, &invited.settings, Link::Invitation),
        Order::Create(new) => (&new.whose, Some(new)),
        Order::ResetPassword(reset) => (&reset.whose, None),
    };
    let settings = config::read_for_store(&whose.settings)?;
    let email: EmailAddress = read("email", &whose.email)?;
    let made_up = match whose.password_stdin {
        true => None,
        false => Some(random_text().map_err(Failure::fault)?.split_off(40)),
    };
    let password = match &made_up {
        Some(password) => password.clone(),
        None => password_of_the_input()?,
    };
    let password = Password::new(password);
    let asked = new.map(|new| asked(new, email.clone(), password.clone())).transpose()?;
    let now = Clock::of_the_machine().now();
    let user = block_on(async {
        let store = settings.place.open().await.map_err(|error| fault(&error))?;
        let done = match asked {
            Some(asked) => admin::create_user(&store, &whose.org, asked, now).await,
            None => admin::reset_password(&store, &whose.org, &email, &password, now).await,
        };
        store.close().await;
        done.map_err(|error| not_done(&error, &whose.org))
    })?;
    let mut answer = json!({ "user_id": user.get(), "email": email });
    if let (Some(password), Value::Object(fields)) = (made_up, &mut answer) {
        fields.insert("password".to_owned(), password.into());
    }
    print_json(&answer);
    Ok(())
}

/// What a link is for.
#[derive(Clone, Copy)]
enum Link<'a> {
    /// Someone is made, and invited.
    New(&'a New),
    /// Someone is invited.
    Invitation,
    /// Someone chooses another password.
    Reset,
}

/// Makes a link, and prints it as JSON unless it is sent.
fn with_link(org: &str, email: &str, flags: &StoreFlags, link: Link<'_>) -> Result<(), Failure> {
    let settings = config::read_for_store(flags)?;
    let email: EmailAddress = read("email", email)?;
    let new = match link {
        Link::New(new) => Some((read::<Name>("name", &new.name)?, role(new)?)),
        Link::Invitation | Link::Reset => None,
    };
    let pages = Pages::at(settings.public_url.as_ref(), settings.listen);
    let delivery = Delivery { pages: &pages, by_mail: settings.mail.is_some() };
    let now = Clock::of_the_machine().now();
    let delivered = block_on(async {
        let store = settings.place.open().await.map_err(|error| fault(&error))?;
        let done = match (link, new) {
            (_, Some((name, role))) => {
                admin::create_invited(&store, org, (email.clone(), name, role), delivery, now).await
            }
            (Link::Reset, None) => admin::offer_reset(&store, org, &email, delivery, now).await,
            (_, None) => admin::invite(&store, org, &email, delivery, now).await,
        };
        store.close().await;
        done.map_err(|error| not_done(&error, org))
    })?;
    print_json(&json!({
        "user_id": delivered.user.get(),
        "email": email,
        "sent": delivered.link.is_none(),
        "link": delivered.link.as_ref().map(Password::reveal),
        "expires_at": delivered.expires_at,
    }));
    Ok(())
}

fn asked(new: &New, email: EmailAddress, password: Password) -> Result<AskedUser, Failure> {
    Ok(AskedUser { name: read::<Name>("name", &new.name)?, email, role: role(new)?, password })
}

fn role(new: &New) -> Result<Role, Failure> {
    let role = Role::parse(&new.role);
    role.ok_or_else(|| {
        Failure::usage(format!("--role is `{}`; it should be owner, admin, agent or reporter.", new.role))
    })
}

/// What was asked for cannot be, which is a mistake of usage; or the store failed.
pub(super) fn not_done(error: &NotDone, named: &str) -> Failure {
    match error {
        NotDone::Store(Error::NotFound) => nobody(named),
        NotDone::Weak(_) | NotDone::HasPassword(_) => usage(error),
        error => fault(error),
    }
}
