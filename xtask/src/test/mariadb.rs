//! MariaDB, which tests start for themselves: it must be there.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::machine;

/// What the tests start. Distributions keep servers away from the search path of ordinary users.
const PROGRAMS: [&str; 3] = ["mariadbd", "mariadb-install-db", "mariadb"];
const SERVERS: [&str; 3] = ["/usr/sbin", "/usr/libexec", "/usr/local/sbin"];

/// Makes sure that it is there, and installs it from the distribution if that was asked for.
pub(super) fn provide(install: bool) -> Result<(), String> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.join(", ");
    if !install {
        return Err(format!(
            "{missing} is missing: the tests start a MariaDB of their own. \
             `cargo xtask test --install` installs it, or: apt-get install mariadb-server"
        ));
    }
    let apt = machine::on_path("apt-get").ok_or_else(|| {
        format!("{missing} is missing, and there is no apt-get to install it: install MariaDB 10.11 or newer.")
    })?;
    // A list of packages of another day names files that are gone.
    machine::run(&mut as_root(&apt, &["update", "--quiet=2"]))?;
    machine::run(&mut as_root(&apt, &["install", "--yes", "--quiet=2", "--no-install-recommends", "mariadb-server"]))?;
    let missing = self::missing();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("mariadb-server is installed, but {} is not found.", missing.join(", ")))
    }
}

fn missing() -> Vec<&'static str> {
    let is_there = |name: &&str| {
        machine::on_path(name).is_some() || SERVERS.iter().any(|folder| Path::new(folder).join(name).is_file())
    };
    PROGRAMS.into_iter().filter(|name| !is_there(name)).collect()
}

/// The command as it is for root, through sudo for everyone else.
fn as_root(program: &PathBuf, arguments: &[&str]) -> Command {
    let is_root = machine::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let mut command = match machine::on_path("sudo") {
        Some(sudo) if !is_root => {
            let mut command = Command::new(sudo);
            command.arg("--non-interactive").arg(program);
            command
        }
        _ => Command::new(program),
    };
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}
