//! Secrets that are made up.

/// A text that nobody can guess: 32 random bytes in hexadecimal.
pub(crate) fn random_text() -> Result<String, String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|fault| format!("The system gives no random numbers: {fault}."))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
