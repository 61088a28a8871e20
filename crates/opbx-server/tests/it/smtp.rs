//! A mail server of the tests: it speaks TLS with a certificate of its own making, and keeps what it is given.

use rcgen::{CertificateParams, KeyPair};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// How a client gets to TLS.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Protected {
    /// From the first byte.
    AtOnce,
    /// By STARTTLS.
    Later,
}

/// A mail that was taken.
#[derive(Debug)]
pub(crate) struct Mail {
    /// The addresses of its envelope, as they were said.
    pub(crate) envelope: Vec<String>,
    /// Head and body, line by line, quoted-printable undone.
    pub(crate) text: String,
    /// Whether it came over TLS.
    pub(crate) protected: bool,
    /// What the client signed in with, if it did.
    pub(crate) signed_in: Option<String>,
}

/// A server that listens.
pub(crate) struct MailServer {
    pub(crate) address: SocketAddr,
    /// What a client must trust, as PEM.
    pub(crate) certificate: Vec<u8>,
    mails: mpsc::UnboundedReceiver<Mail>,
}

impl MailServer {
    /// One that calls itself `localhost`, and says `answer` to the end of each mail.
    pub(crate) async fn start(protected: Protected, answer: &'static str) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, mails) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(served(stream, acceptor.clone(), protected, answer, sender.clone()));
            }
        });
        Self { address, certificate: certificate.pem().into_bytes(), mails }
    }

    /// The next mail.
    pub(crate) async fn mail(&mut self) -> Mail {
        let next = tokio::time::timeout(std::time::Duration::from_secs(20), self.mails.recv());
        next.await.unwrap_or_else(|_| panic!("no mail came")).unwrap()
    }

    /// Whether nothing has come that was not asked for.
    pub(crate) fn is_empty(&mut self) -> bool {
        self.mails.try_recv().is_err()
    }
}

async fn served(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    protected: Protected,
    answer: &'static str,
    mails: mpsc::UnboundedSender<Mail>,
) -> Option<()> {
    if protected == Protected::AtOnce {
        let stream = acceptor.accept(stream).await.ok()?;
        return spoken(BufReader::new(stream), true, true, answer, &mails).await.map(drop);
    }
    match spoken(BufReader::new(stream), false, true, answer, &mails).await? {
        Ended::WantsTls(stream) => {
            let stream = acceptor.accept(stream.into_inner()).await.ok()?;
            spoken(BufReader::new(stream), true, false, answer, &mails).await.map(drop)
        }
        Ended::Quit => Some(()),
    }
}

enum Ended<S> {
    WantsTls(BufReader<S>),
    Quit,
}

/// A conversation, until the client leaves or wants TLS.
async fn spoken<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: BufReader<S>,
    is_tls: bool,
    greets: bool,
    answer: &str,
    mails: &mpsc::UnboundedSender<Mail>,
) -> Option<Ended<S>> {
    if greets {
        say(&mut stream, "220 localhost ready").await?;
    }
    let (mut envelope, mut signed_in) = (Vec::new(), None);
    loop {
        let line = heard(&mut stream).await?;
        match line.split([' ', ':']).next()?.to_uppercase().as_str() {
            "EHLO" if is_tls => say(&mut stream, "250-localhost\r\n250 AUTH PLAIN").await?,
            "EHLO" => say(&mut stream, "250-localhost\r\n250 STARTTLS").await?,
            "STARTTLS" => {
                say(&mut stream, "220 go on").await?;
                return Some(Ended::WantsTls(stream));
            }
            "AUTH" => {
                signed_in = line.split(' ').nth(2).map(str::to_owned);
                say(&mut stream, "235 welcome").await?;
            }
            "MAIL" | "RCPT" => {
                envelope.push(line.split(['<', '>']).nth(1)?.to_owned());
                say(&mut stream, "250 fine").await?;
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let mut text = String::new();
                loop {
                    let line = heard(&mut stream).await?;
                    if line == "." {
                        break;
                    }
                    text.push_str(&line);
                    text.push('\n');
                }
                say(&mut stream, answer).await?;
                let (envelope, signed_in) = (std::mem::take(&mut envelope), signed_in.clone());
                if answer.starts_with('2') {
                    mails.send(Mail { envelope, text: unquoted(&text), protected: is_tls, signed_in }).ok()?;
                }
            }
            "QUIT" => {
                say(&mut stream, "221 goodbye").await?;
                return Some(Ended::Quit);
            }
            _ => say(&mut stream, "250 fine").await?,
        }
    }
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, line: &str) -> Option<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await.ok()?;
    stream.flush().await.ok()
}

async fn heard<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await.ok()? {
        0 => None,
        _ => Some(line.trim_end_matches(['\r', '\n']).to_owned()),
    }
}

/// Undoes quoted-printable: soft ends of lines, and bytes in hexadecimal.
fn unquoted(text: &str) -> String {
    let text = text.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'=' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
