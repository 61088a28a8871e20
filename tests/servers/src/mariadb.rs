//! A MariaDB of our own: in a temporary directory, on a socket, gone when the tests are.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Starts the server, again when it ended and a line comes, and stops it when the pipe from the tests closes, however these end; then its directory goes too.
const KEEPER: &str = r#"
run() {
    "$1" --no-defaults --user="$3" --datadir="$2/data" --socket="$2/socket" --skip-networking --pid-file="$2/pid" \
        --log-error="$2/log" --tmpdir="$2" --innodb-log-file-size=4M --innodb-buffer-pool-size=64M \
        --innodb-flush-log-at-trx-commit=0 --innodb-flush-method=nosync --sync-frm=0 --innodb-doublewrite=0 \
        --performance-schema=OFF --max-connections=400 &
    server=$!
}
run "$@"
while read -r line; do
    if [ "$line" = stop ]; then
        kill "$server"
        wait "$server"
    else
        run "$@"
    fi
done
kill "$server" 2>/dev/null
wait "$server"
rm -rf "$2"
"#;

/// A running server.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    keeper: Child,
}

/// The server of this process; the first test that needs it starts it.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        std::env::split_paths(&path).chain(["/usr/sbin", "/usr/libexec", "/usr/local/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join(name)).find(|file| file.is_file()).unwrap_or_else(|| {
        panic!(
            "{name} is not installed. The tests start a MariaDB of their own: \
             `cargo xtask test --install` installs it, or: apt-get install mariadb-server"
        )
    })
}

impl Server {
    /// A server of one test's own, which it may stop.
    pub fn start() -> Self {
        let (install, server) = (program("mariadb-install-db"), program("mariadbd"));
        // Root must say that it means it; everyone else may only name themselves.
        let user = Command::new("id").arg("-un").output().unwrap();
        let user = String::from_utf8(user.stdout).unwrap().trim().to_owned();
        let folder = tempfile::Builder::new().prefix("opbx-mariadb-").tempdir().unwrap().keep();
        let installed = Command::new(install)
            .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
            .args(["--innodb-log-file-size=4M", "--innodb-flush-log-at-trx-commit=0"])
            // Nothing here outlives the tests, so nothing waits for a disk.
            .args(["--innodb-flush-method=nosync", "--sync-frm=0", "--innodb-doublewrite=0"])
            .arg(format!("--user={user}"))
            .arg(format!("--datadir={}", folder.join("data").display()))
            // A server that starts clears away the temporary tables it finds, also another server's.
            .arg(format!("--tmpdir={}", folder.display()))
            .output()
            .unwrap();
        assert!(installed.status.success(), "mariadb-install-db: {}", String::from_utf8_lossy(&installed.stderr));
        let keeper = Command::new("sh")
            .args(["-c", KEEPER, "sh"])
            .args([server.as_path(), folder.as_path()])
            .arg(&user)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { folder, keeper };
        server.wait();
        server
    }

    /// Ends it; its data stays.
    pub fn stop(&self) {
        self.tell("stop\n");
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.folder.join("pid").exists() || std::os::unix::net::UnixStream::connect(self.socket()).is_ok() {
            assert!(Instant::now() < deadline, "mariadbd does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Starts it again after it was stopped.
    pub fn start_again(&self) {
        self.tell("start\n");
        self.wait();
    }

    fn tell(&self, line: &str) {
        let mut keeper = self.keeper.stdin.as_ref().unwrap();
        keeper.write_all(line.as_bytes()).unwrap();
    }

    /// Where it listens.
    pub fn socket(&self) -> PathBuf {
        self.folder.join("socket")
    }

    fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while std::os::unix::net::UnixStream::connect(self.socket()).is_err() {
            let log = || std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "mariadbd does not answer:\n{}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Makes an empty database and answers its address.
    pub fn new_database(&self, name: &str) -> String {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name: String = format!("t{count}_{name}").chars().take(60).collect();
        self.sql("", &format!("CREATE DATABASE `{name}`"));
        format!("mysql://root@localhost/{name}?socket={}", self.socket().display())
    }

    /// Says something to the server by its own client, past everything of ours.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let said = Command::new(program("mariadb"))
            .args(["--no-defaults", "--user=root", "--batch", "--skip-column-names"])
            .arg(format!("--socket={}", self.socket().display()))
            .args(["--execute", sql, database])
            .output()
            .unwrap();
        assert!(said.status.success(), "{sql}: {}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8_lossy(&said.stdout).trim().to_owned()
    }
}
