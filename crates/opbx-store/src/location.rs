//! Where the data is: a file, or the address of a server.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sea_orm::sqlx::mysql::MySqlConnectOptions;

/// Where the data is.
#[derive(Clone)]
pub enum Location {
    /// A SQLite file.
    File(PathBuf),
    /// A MariaDB or MySQL server.
    Server(Box<MySqlConnectOptions>),
}

/// A database address that cannot be one.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LocationError {
    /// Its scheme is none of ours.
    #[error("a database address begins with sqlite:, mysql: or mariadb:")]
    Scheme,
    /// A SQLite address without a file.
    #[error("a SQLite address names a file, like sqlite:/var/lib/opbx/opbx.db")]
    NoFile,
    /// The address of a server that is not well formed.
    #[error("a server's address looks like mysql://user:password@host:3306/opbx")]
    Server,
    /// The address of a server that names no database.
    #[error("the server's address names no database, like mysql://user:password@host:3306/opbx")]
    NoDatabase,
}

impl Location {
    /// The file that a data directory has when no address is given.
    pub fn in_data_dir(data_dir: &Path) -> Self {
        Self::File(data_dir.join("opbx.db"))
    }

    /// The file, if it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Server(_) => None,
        }
    }
}

impl FromStr for Location {
    type Err = LocationError;

    fn from_str(url: &str) -> Result<Self, LocationError> {
        if let Some(file) = url.strip_prefix("sqlite:") {
            let file = file.strip_prefix("//").unwrap_or(file);
            // Options behind a question mark would set what durability and isolation rest on.
            return if file.is_empty() || file.contains('?') || file == ":memory:" {
                Err(LocationError::NoFile)
            } else {
                Ok(Self::File(file.into()))
            };
        }
        if !url.starts_with("mysql://") && !url.starts_with("mariadb://") {
            return Err(LocationError::Scheme);
        }
        let options = MySqlConnectOptions::from_str(url).map_err(|_| LocationError::Server)?;
        match options.get_database() {
            Some(name) if !name.is_empty() => Ok(Self::Server(Box::new(options))),
            _ => Err(LocationError::NoDatabase),
        }
    }
}

/// Without the password: it is read in logs.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "sqlite:{}", path.display()),
            Self::Server(options) => {
                let database = options.get_database().unwrap_or_default();
                let (user, host, port) = (options.get_username(), options.get_host(), options.get_port());
                write!(f, "mysql://{user}@{host}:{port}/{database}")
            }
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_shown_without_their_password() {
        let shown = |url: &str| url.parse::<Location>().map(|location| location.to_string());
        assert_eq!(shown("sqlite:data/opbx.db").unwrap(), "sqlite:data/opbx.db");
        assert_eq!(shown("sqlite:///var/lib/opbx.db").unwrap(), "sqlite:/var/lib/opbx.db");
        assert_eq!(shown("mariadb://opbx:secret@db:3307/pbx").unwrap(), "mysql://opbx@db:3307/pbx");
    }

    #[test]
    fn what_is_no_address_says_what_would_be() {
        let refused = |url: &str| url.parse::<Location>().unwrap_err();
        assert_eq!(refused("postgres://db/pbx"), LocationError::Scheme);
        assert_eq!(refused("sqlite:"), LocationError::NoFile);
        assert_eq!(refused("sqlite:opbx.db?mode=memory"), LocationError::NoFile);
        assert_eq!(refused("mysql://opbx@db:notaport/pbx"), LocationError::Server);
        assert_eq!(refused("mysql://opbx@db"), LocationError::NoDatabase);
    }
}
