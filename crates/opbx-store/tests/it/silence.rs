//! A server that falls silent without closing: the connections are replaced, and work goes on.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use opbx_store::{Error, Location, Reason, Settings, Store, Tenant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

use crate::bench::{Bench, at, keys, new_organization};
use crate::mariadb;

/// A way to the server that can turn into a black hole: connections stay open and nothing passes any more, not even the
/// news that they are closed. New connections are good again when it heals; the old ones never.
struct Proxy {
    port: u16,
    swallows: Arc<watch::Sender<u64>>,
    blocked: Arc<watch::Sender<bool>>,
}

impl Proxy {
    async fn before(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let swallows = Arc::new(watch::Sender::new(0));
        let blocked = Arc::new(watch::Sender::new(false));
        let (hole, gate) = (Arc::clone(&swallows), Arc::clone(&blocked));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (socket, hole, mut gate) = (socket.clone(), hole.subscribe(), gate.subscribe());
                tokio::spawn(async move {
                    // While blocked, a connection is taken and never served.
                    gate.wait_for(|blocked| !blocked).await.unwrap();
                    relay(client, UnixStream::connect(socket).await.unwrap(), hole).await;
                });
            }
        });
        Self { port, swallows, blocked }
    }

    fn fall_silent(&self) {
        self.blocked.send_replace(true);
        self.swallows.send_modify(|count| *count += 1);
    }

    fn heal(&self) {
        self.blocked.send_replace(false);
    }
}

async fn relay(mut client: TcpStream, mut server: UnixStream, mut hole: watch::Receiver<u64>) {
    let (mut from_client, mut from_server) = ([0; 16_384], [0; 16_384]);
    loop {
        tokio::select! {
            _ = hole.changed() => break,
            read = client.read(&mut from_client) => match read {
                Ok(length) if length > 0 => server.write_all(&from_client[..length]).await.unwrap(),
                _ => return,
            },
            read = server.read(&mut from_server) => match read {
                Ok(length) if length > 0 => client.write_all(&from_server[..length]).await.unwrap(),
                _ => return,
            },
        }
    }
    // Both ends are held open for ever.
    std::future::pending::<()>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_connections_are_replaced() {
    let bench = Bench::mariadb("silence").await;
    let created = bench.store.platform().create(&new_organization('a'), at(0)).await.unwrap();
    let shown = bench.store.location().to_string();
    let database = shown.rsplit('/').next().unwrap();
    let proxy = Proxy::before(mariadb::server().socket()).await;
    let location: Location = format!("mysql://root@127.0.0.1:{}/{database}", proxy.port).parse().unwrap();
    let settings = Settings {
        deadline: Duration::from_millis(600),
        acquire: Duration::from_millis(300),
        silent_limit: 3,
        connections: 2,
    };
    let store = Store::open(location, keys(), settings).await.unwrap();
    let tenant = store.tenant(&Tenant::inside(created.organization, Reason::Webhook));
    let wanted = tenant.load_plan().await.unwrap();

    proxy.fall_silent();
    for _ in 0..2 {
        assert!(matches!(tenant.load_plan().await, Err(Error::Unavailable(_))));
    }
    assert_eq!(store.replacements(), 0, "one slow answer is no silence");
    assert!(matches!(tenant.load_plan().await, Err(Error::Unavailable(_))));
    assert_eq!(store.replacements(), 1);

    proxy.heal();
    assert_eq!(tenant.load_plan().await.unwrap(), wanted, "new connections are good");
    assert_eq!(store.replacements(), 1);
}
