//! Which domain a report is about, as far as it says.

use super::fields::Fields;
use super::value::{identifier, whole};

/// What a report says about its domain.
///
/// It proves nothing: whoever knows the address of a receiver can write any name here.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Domain {
    /// The name, `acme.cloudonix.net`.
    pub name: Option<String>,
    /// The identifier, a UUID in text.
    pub uuid: Option<String>,
    /// The number that the REST interface has for it.
    pub id: Option<u64>,
}

impl Domain {
    /// Reads `domain` (a name, or an object as in the REST interface of 2021), `domainId`, and what a record has below `owner`.
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut domain = Self { id: fields.optional(&["domainId"], whole), ..Self::default() };
        match fields.object_if_one("domain") {
            Some(object) => domain.fill(fields, object),
            None => domain.name = fields.optional(&["domain", "domainNameOrId"], identifier),
        }
        if let Some(mut owner) = fields.object("owner") {
            if let Some(object) = owner.object("domain") {
                domain.fill(&mut owner, object);
            }
            fields.close(owner);
        }
        domain
    }

    fn fill(&mut self, outer: &mut Fields<'_>, mut object: Fields<'_>) {
        self.name = self.name.take().or_else(|| object.optional(&["name", "domain"], identifier));
        self.uuid = self.uuid.take().or_else(|| object.optional(&["uuid"], identifier));
        self.id = self.id.or_else(|| object.optional(&["id"], whole));
        outer.close(object);
    }
}
