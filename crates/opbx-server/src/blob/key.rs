//! Keys of files: whose they are, and a text that nobody can guess and nothing else had.

use opbx_core::id::OrganizationId;
use std::fmt;
use std::str::FromStr;

/// How many random bytes stand in a key.
const RANDOM: usize = 16;

/// The key of a file: `7/0123456789abcdef0123456789abcdef`. Only numbers and hexadecimal digits, so that it is a path that
/// leads nowhere else wherever it was read.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct BlobKey {
    organization: OrganizationId,
    name: [u8; RANDOM],
}

/// A text that is no key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not the key of a file")]
pub(crate) struct NotAKey;

impl BlobKey {
    /// A key that nothing had yet.
    pub(super) fn draw(organization: OrganizationId) -> Result<Self, getrandom::Error> {
        let mut name = [0; RANDOM];
        getrandom::fill(&mut name)?;
        Ok(Self { organization, name })
    }

    /// Whose it is.
    pub(crate) const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The name of the file among those of its organization.
    pub(super) fn name(&self) -> String {
        self.name.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The key of a file by its name among those of its organization.
    pub(super) fn named(organization: OrganizationId, name: &str) -> Result<Self, NotAKey> {
        let digits = name.len() == 2 * RANDOM && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let mut bytes = [0; RANDOM];
        for (place, byte) in bytes.iter_mut().enumerate() {
            let text = name.get(2 * place..2 * place + 2).filter(|_| digits).ok_or(NotAKey)?;
            *byte = u8::from_str_radix(text, 16).map_err(|_| NotAKey)?;
        }
        Ok(Self { organization, name: bytes })
    }
}

impl FromStr for BlobKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let (organization, name) = text.split_once('/').ok_or(NotAKey)?;
        let number: u64 = organization.parse().map_err(|_| NotAKey)?;
        let key = Self::named(OrganizationId::new(number), name)?;
        // One spelling for each: `+7` and `007` are numbers too.
        if key.to_string() == text { Ok(key) } else { Err(NotAKey) }
    }
}

impl fmt::Display for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.organization, self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written_and_nothing_else_is() {
        let key = BlobKey::draw(OrganizationId::new(7)).unwrap();
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        assert_ne!(BlobKey::draw(OrganizationId::new(7)).unwrap(), key);
        let name = key.name();
        for bad in [
            String::new(),
            name.clone(),
            format!("+7/{name}"),
            format!("07/{name}"),
            format!("7/{}", name.to_uppercase().replace(|digit: char| digit.is_ascii_digit(), "A")),
            format!("7/../{name}"),
            format!("../7/{name}"),
            format!("7/{name}0"),
            "7/../../../../etc/passwd".to_owned(),
        ] {
            assert_eq!(bad.parse::<BlobKey>(), Err(NotAKey), "{bad}");
        }
    }
}
