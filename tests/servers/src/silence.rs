//! A way to a server that can fall silent.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// A way to the server that can turn into a black hole: connections stay open and nothing passes any more, not even the
/// news that they are closed. New connections are good again when it heals; the old ones never.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    swallows: Arc<watch::Sender<u64>>,
    blocked: Arc<watch::Sender<bool>>,
}

impl Proxy {
    /// A way to the server that listens on this socket. It ends with the runtime of its test.
    pub async fn before(socket: PathBuf) -> Self {
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

    /// From now on nothing passes, and new connections are taken and never served.
    pub fn fall_silent(&self) {
        self.blocked.send_replace(true);
        self.swallows.send_modify(|count| *count += 1);
    }

    /// The address of a database on the server, this way.
    pub fn url(&self, database: &str) -> String {
        format!("mysql://root@127.0.0.1:{}/{database}", self.port)
    }

    /// New connections are good again.
    pub fn heal(&self) {
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
