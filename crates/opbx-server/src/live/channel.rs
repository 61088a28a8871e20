//! The channels that there are, and what they are called.

use opbx_core::id::{ExtensionId, OrganizationId, UserId};
use std::fmt;

/// Where events go: everyone who subscribed to it gets them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Channel {
    /// Everyone of an organization; who is there is known to all of them.
    Organization(OrganizationId),
    /// One person.
    User(OrganizationId, UserId),
    /// Whoever is concerned with one extension.
    Extension(OrganizationId, ExtensionId),
}

impl Channel {
    /// Whose it is.
    pub(crate) const fn organization(self) -> OrganizationId {
        match self {
            Self::Organization(of) | Self::User(of, _) | Self::Extension(of, _) => of,
        }
    }

    /// What clients call it.
    pub(crate) const fn name(self) -> ChannelName {
        match self {
            Self::Organization(of) => ChannelName::Organization(of),
            Self::User(_, user) => ChannelName::User(user),
            Self::Extension(_, extension) => ChannelName::Extension(extension),
        }
    }
}

/// What clients call a channel. It does not say whose it is: that is known of whoever asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum ChannelName {
    /// `presence-org.{id}`
    Organization(OrganizationId),
    /// `private-user.{id}`
    User(UserId),
    /// `private-extension.{id}`
    Extension(ExtensionId),
}

const ORGANIZATION: &str = "presence-org.";
const USER: &str = "private-user.";
const EXTENSION: &str = "private-extension.";

impl ChannelName {
    /// Reads a name; `None`: there is no such channel.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let of = |prefix| text.strip_prefix(prefix).and_then(number);
        of(ORGANIZATION)
            .map(|id| Self::Organization(OrganizationId::new(id)))
            .or_else(|| of(USER).map(|id| Self::User(UserId::new(id))))
            .or_else(|| of(EXTENSION).map(|id| Self::Extension(ExtensionId::new(id))))
    }

    /// The channel of that name in an organization; `None`: the name is another organization's.
    pub(crate) fn inside(self, of: OrganizationId) -> Option<Channel> {
        match self {
            Self::Organization(named) => (named == of).then_some(Channel::Organization(of)),
            Self::User(user) => Some(Channel::User(of, user)),
            Self::Extension(extension) => Some(Channel::Extension(of, extension)),
        }
    }
}

/// A number as we write it: one channel has one name.
fn number(text: &str) -> Option<u64> {
    let is_ours = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    // As columns count.
    text.parse().ok().filter(|id| is_ours && i64::try_from(*id).is_ok())
}

impl fmt::Display for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization(id) => write!(f, "{ORGANIZATION}{id}"),
            Self::User(id) => write!(f, "{USER}{id}"),
            Self::Extension(id) => write!(f, "{EXTENSION}{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_has_one_name() {
        for name in ["presence-org.1", "private-user.42", "private-extension.9223372036854775807"] {
            assert_eq!(ChannelName::read(name).unwrap().to_string(), name);
        }
        for other in [
            "",
            "org.1",
            "presence-org.",
            "presence-org.0",
            "presence-org.01",
            "presence-org.+1",
            "presence-org.1 ",
            "presence-org.x",
            "private-org.1",
            "presence-user.1",
            "private-encrypted-user.1",
            "private-extension.9223372036854775808",
        ] {
            assert_eq!(ChannelName::read(other), None, "{other}");
        }
    }

    #[test]
    fn the_name_of_another_organization_is_no_channel_here() {
        let acme = OrganizationId::new(1);
        let inside = |name| ChannelName::read(name).unwrap().inside(acme);
        assert_eq!(inside("presence-org.1"), Some(Channel::Organization(acme)));
        assert_eq!(inside("presence-org.2"), None);
        assert_eq!(inside("private-user.7"), Some(Channel::User(acme, UserId::new(7))));
    }
}
