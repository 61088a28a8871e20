//! How much of what is costly goes on at once. Whoever comes on top is told when to come again, and holds nothing meanwhile.

use crate::problem::Problem;
use opbx_core::id::OrganizationId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many files of rows are imported at once, by anyone: on SQLite everyone else who changes something waits for one.
const IMPORTS: usize = 1;
/// How many files are uploaded at once into an organization.
const UPLOADS: usize = 4;
/// How many exports of calls an organization reads at once: each may take a minute of a processor.
const EXPORTS: usize = 2;
/// When an import may be tried again, in seconds; the longest takes a minute.
const AFTER_IMPORT: u32 = 10;
/// When an upload may be tried again, in seconds.
const AFTER_UPLOAD: u32 = 5;
/// When an export may be tried again, in seconds.
const AFTER_EXPORT: u32 = 10;

/// The places of a server. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Gates {
    imports: Arc<Semaphore>,
    uploads: Places,
    exports: Places,
}

impl Default for Gates {
    fn default() -> Self {
        Self { imports: Arc::new(Semaphore::new(IMPORTS)), uploads: Places::default(), exports: Places::default() }
    }
}

impl Gates {
    /// Begins an import, which ends when the answer is dropped.
    ///
    /// # Errors
    ///
    /// [`Problem::Busy`].
    pub(crate) fn import(&self) -> Result<SemaphorePermit<'_>, Problem> {
        self.imports.try_acquire().map_err(|_| Problem::Busy { after: AFTER_IMPORT })
    }

    /// Begins an upload of an organization, which ends when the answer is dropped.
    ///
    /// # Errors
    ///
    /// [`Problem::Busy`].
    pub(crate) fn upload(&self, of: OrganizationId) -> Result<Place, Problem> {
        self.uploads.take(of, UPLOADS).ok_or(Problem::Busy { after: AFTER_UPLOAD })
    }

    /// Begins an export of an organization's calls, which ends when the answer is dropped.
    ///
    /// # Errors
    ///
    /// [`Problem::Busy`].
    pub(crate) fn export(&self, of: OrganizationId) -> Result<Place, Problem> {
        self.exports.take(of, EXPORTS).ok_or(Problem::Busy { after: AFTER_EXPORT })
    }
}

/// How many places each organization has taken; only of those that have one.
#[derive(Clone, Debug, Default)]
struct Places(Arc<Mutex<HashMap<OrganizationId, usize>>>);

impl Places {
    fn take(&self, of: OrganizationId, most: usize) -> Option<Place> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(of).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { among: self.clone(), of })
    }
}

/// The place of something that goes on.
#[derive(Debug)]
pub(crate) struct Place {
    among: Places,
    of: OrganizationId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.among.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.of) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.of);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_at_once_and_the_place_of_one_that_ended_is_free() {
        let gates = Gates::default();
        let (one, other) = (OrganizationId::new(1), OrganizationId::new(2));
        let mut going: Vec<Place> = (0..UPLOADS).map(|_| gates.upload(one).unwrap()).collect();
        assert_eq!(gates.upload(one).unwrap_err(), Problem::Busy { after: AFTER_UPLOAD });
        assert!(gates.upload(other).is_ok(), "another organization has places of its own");
        going.pop();
        going.push(gates.upload(one).unwrap());
        going.clear();
        assert!(gates.uploads.0.lock().unwrap().is_empty());

        let import = gates.import().unwrap();
        assert_eq!(gates.clone().import().unwrap_err(), Problem::Busy { after: AFTER_IMPORT });
        drop(import);
        assert!(gates.import().is_ok());
    }
}
