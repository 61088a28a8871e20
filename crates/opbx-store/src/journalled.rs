//! What stands in a journal beside the database and may hold a secret, such as a new PIN.

use opbx_core::id::OrganizationId;

use crate::error::Error;
use crate::platform::Platform;
use crate::seal::Purpose;

impl Platform {
    /// Seals what a caller did by keys, for the journal.
    ///
    /// # Errors
    ///
    /// [`Error::Corrupt`] when the system gives no randomness.
    pub fn seal_effect(&self, of: OrganizationId, text: &str) -> Result<Vec<u8>, Error> {
        self.store.keys.seal(Purpose::Effect, of, text)
    }

    /// Opens what [`seal_effect`](Self::seal_effect) sealed.
    ///
    /// # Errors
    ///
    /// [`Error::Corrupt`] when another secret sealed it, or nobody did.
    pub fn open_effect(&self, of: OrganizationId, sealed: &[u8]) -> Result<String, Error> {
        self.store.keys.open(Purpose::Effect, of, sealed)
    }
}
