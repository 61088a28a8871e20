//! The file of one organization: what its plan is compiled from.
//!
//! Eight bytes that say what it is, the plan's revision, and the sealed rows as JSON. The plan itself is never written:
//! its shape is free to change.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};

use opbx_core::id::OrganizationId;
use opbx_core::plan::PlanSource;

use super::{Snapshots, Unusable};
use crate::organization::Revision;

const MAGIC: [u8; 8] = *b"OPBXpln1";
const HEAD: usize = MAGIC.len() + size_of::<u64>();

/// What a plan is compiled from, out of a snapshot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptPlan {
    /// The plan's revision.
    pub revision: Revision,
    /// Its rows.
    pub source: PlanSource,
}

/// What a plan is compiled from, as text that is not sealed yet: it holds secrets, and is not shown.
pub struct PlanText(Vec<u8>);

impl PlanText {
    /// The text of these rows.
    ///
    /// # Errors
    ///
    /// When they cannot be written as JSON.
    pub fn of(source: &PlanSource) -> Result<Self, serde_json::Error> {
        serde_json::to_vec(source).map(Self)
    }

    /// How many bytes it takes.
    pub const fn bytes(&self) -> usize {
        self.0.len()
    }
}

impl std::fmt::Debug for PlanText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PlanText({} bytes)", self.0.len())
    }
}

impl Snapshots {
    /// Writes the file of an organization.
    ///
    /// # Errors
    ///
    /// When the disk does not take it.
    pub fn write_plan(&self, organization: OrganizationId, revision: Revision, text: &PlanText) -> io::Result<()> {
        let sealed =
            self.keys.seal_within(&context(organization, revision.get()), &text.0).map_err(io::Error::other)?;
        self.put(&self.plan_file(organization), |file| {
            file.write_all(&MAGIC)?;
            file.write_all(&revision.get().to_be_bytes())?;
            file.write_all(&sealed)
        })
    }

    /// Reads the file of an organization; `None`: there is none.
    ///
    /// # Errors
    ///
    /// When what is there cannot be used.
    pub fn plan(&self, organization: OrganizationId) -> Result<Option<KeptPlan>, Unusable> {
        let file = self.plan_file(organization);
        let unusable = |reason: String| Unusable { file: file.clone(), reason };
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(None),
            Err(fault) => return Err(unusable(fault.to_string())),
        };
        let (head, sealed) = bytes.split_first_chunk::<HEAD>().ok_or_else(|| unusable("it is cut off".to_owned()))?;
        let revision =
            revision(head).ok_or_else(|| unusable("it has a form that this version does not know".to_owned()))?;
        let text = self.keys.open_within(&context(organization, revision), sealed);
        let text = text.map_err(|fault| unusable(why(&fault)))?;
        let source: PlanSource = serde_json::from_slice(&text).map_err(|fault| unusable(fault.to_string()))?;
        // Sealed for this organization, so it is of no other; its rows say so too.
        if source.organization.id != organization {
            return Err(unusable("it is of another organization".to_owned()));
        }
        Ok(Some(KeptPlan { revision: Revision::of(revision.cast_signed()), source }))
    }

    /// Which revision the file of an organization is of, as it says itself; `None`: there is none, or it is no snapshot.
    pub fn plan_revision(&self, organization: OrganizationId) -> Option<u64> {
        let mut head = [0; HEAD];
        File::open(self.plan_file(organization)).ok()?.read_exact(&mut head).ok()?;
        revision(&head)
    }
}

fn revision(head: &[u8; HEAD]) -> Option<u64> {
    let (magic, revision) = head.split_first_chunk::<8>()?;
    (*magic == MAGIC).then_some(u64::from_be_bytes(revision.try_into().ok()?))
}

fn context(organization: OrganizationId, revision: u64) -> String {
    format!("opbx/snapshot-plan/{organization}/{revision}")
}

/// The reason alone: what a secret is, nobody reads of a snapshot.
pub(super) fn why(fault: &crate::error::Error) -> String {
    match fault {
        crate::error::Error::Corrupt(cause) | crate::error::Error::Unavailable(cause) => {
            let said = cause.to_string();
            said.rsplit_once("opened: ").map_or(said.clone(), |(_, why)| why.to_owned())
        }
        other => other.to_string(),
    }
}
