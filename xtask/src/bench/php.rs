//! The PHP floor: nginx, PHP-FPM and Redis doing the least that a PBX in PHP must for each call.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::process::used_by;
use super::programs::Programs;
use super::voice::{BODY, CONNECTIONS, SECONDS};
use crate::{demo, machine};

/// The names that the program has, newest first.
const FPM: [&str; 5] = ["php-fpm", "php-fpm8.4", "php-fpm8.3", "php-fpm8.2", "php-fpm8.1"];
const DOCUMENT: &str = "benches/voice/src/document.xml";
const PATIENCE: Duration = Duration::from_secs(10);

/// The three servers, running until this is dropped.
pub(super) struct Php {
    address: String,
    servers: Vec<Server>,
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // Told and not killed: nginx and PHP-FPM would leave their workers behind.
        let told = Command::new("kill").arg(self.0.id().to_string()).status();
        if !told.is_ok_and(|status| status.success()) {
            // It has ended by itself, or ends now.
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

impl Php {
    /// Starts them on a free port, with everything they write in a folder of their own.
    pub(super) fn start() -> Result<Self, String> {
        let [fpm, nginx, redis] = programs()?;
        let folder = machine::target_dir().join("bench/php");
        let failed = |fault: std::io::Error| format!("{}: {fault}", folder.display());
        fs::create_dir_all(&folder).map_err(failed)?;
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).map_err(failed)?.to_string();
        let document = machine::root().join(DOCUMENT);
        let place = folder.display().to_string();
        for (name, template) in [
            ("index.php", include_str!("php/index.php")),
            ("fpm.conf", include_str!("php/fpm.conf")),
            ("nginx.conf", include_str!("php/nginx.conf")),
        ] {
            let text = template.replace("@PLACE@", &place).replace("@LISTEN@", &address);
            let text = text.replace("@DOCUMENT@", &document.display().to_string());
            fs::write(folder.join(name), text).map_err(failed)?;
        }
        let socket = format!("{place}/redis.sock");
        let commands = [
            start(&redis, &["--port", "0", "--unixsocket", &socket, "--save", "", "--appendonly", "no"], &folder)?,
            // As root it has to be allowed to be root.
            start(&fpm, &["-R", "-F", "-O", "-y", &format!("{place}/fpm.conf")], &folder)?,
            start(&nginx, &["-p", &place, "-c", &format!("{place}/nginx.conf")], &folder)?,
        ];
        let php = Self { address, servers: commands.into_iter().collect() };
        php.answers()?;
        Ok(php)
    }

    fn answers(&self) -> Result<(), String> {
        let since = Instant::now();
        loop {
            match crate::request::post(&self.address, "/api/voice/route", demo::KEY, "{\"Session\":\"1\",\"To\":\"2\"}")
            {
                Ok(_) => return Ok(()),
                Err(fault) if since.elapsed() > PATIENCE => return Err(fault),
                Err(_) => thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// The CPU time of all three for each request, in µs.
    pub(super) fn measure(&self, programs: &Programs, ticks: f64) -> Result<f64, String> {
        let used = || -> Result<Duration, String> {
            let each = self.servers.iter().map(|server| used_by(server.0.id(), ticks));
            each.sum()
        };
        let before = used()?;
        let mut load = programs.command("voice-load");
        load.args([&self.address, demo::KEY, BODY, CONNECTIONS, SECONDS]);
        let said: serde_json::Value =
            serde_json::from_str(&machine::read(&mut load)?).map_err(|fault| fault.to_string())?;
        let requests =
            said["requests"].as_f64().filter(|requests| *requests > 0.0).ok_or("The load made no request.")?;
        Ok(used()?.saturating_sub(before).as_secs_f64() * 1e6 / requests)
    }
}

fn start(program: &Path, arguments: &[&str], folder: &Path) -> Result<Server, String> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(Server).map_err(|fault| format!("`{}` could not be started: {fault}", machine::shown(&command)))
}

/// PHP-FPM, nginx and Redis, or what is missing.
fn programs() -> Result<[PathBuf; 3], String> {
    let find = |name: &str| {
        let system = Path::new("/usr/sbin").join(name);
        machine::on_path(name).or_else(|| system.is_file().then_some(system))
    };
    let (fpm, nginx, redis) = (FPM.into_iter().find_map(find), find("nginx"), find("redis-server"));
    let extension = fpm.as_ref().map(|fpm| machine::read(Command::new(fpm).arg("-m")).unwrap_or_default());
    let has_redis = extension.is_some_and(|modules| modules.lines().any(|module| module == "redis"));
    match (fpm, nginx, redis) {
        (Some(fpm), Some(nginx), Some(redis)) if has_redis => Ok([fpm, nginx, redis]),
        (fpm, nginx, redis) => {
            let there = [fpm.is_some(), has_redis, nginx.is_some(), redis.is_some()];
            let names = ["php-fpm", "php-redis", "nginx-light", "redis-server"];
            let missing: Vec<&str> =
                names.into_iter().zip(there).filter(|(_, there)| !there).map(|(name, _)| name).collect();
            Err(format!("The PHP floor needs what is not here. On Debian: apt-get install {}", missing.join(" ")))
        }
    }
}
