//! What tests share: a server with documents, and a call to it.

use cloudonix_sim::{Call, Exchange, People, Settings, Switches, Transcript};

use crate::server::{Reply, Server};

/// A call from outside, to an application whose first document is at `/voice`.
pub(crate) fn inbound() -> Call {
    Call::inbound("+14155550123", "+12125550100")
}

/// A server that answers these paths with documents of these verbs.
pub(crate) async fn serving(documents: &[(&str, &str)]) -> Server {
    let server = Server::start().await;
    for (path, verbs) in documents {
        server.on(path, Reply::verbs(verbs));
    }
    server
}

pub(crate) fn settings(server: &Server, switches: Switches) -> Settings {
    Settings { switches, ..Settings::new(format!("{}/voice", server.origin), "acme.example", 0) }
}

/// Places a call to this server.
pub(crate) async fn placed(server: &Server, switches: Switches, call: Call, people: People) -> Transcript {
    Exchange::new(settings(server, switches)).unwrap().place(call, people).await
}

/// A call from outside to an application with these documents.
pub(crate) async fn played(documents: &[(&str, &str)], people: People) -> Transcript {
    played_with(documents, people, Switches::default()).await
}

/// The same, with other answers to what nobody knows.
pub(crate) async fn played_with(documents: &[(&str, &str)], people: People, switches: Switches) -> Transcript {
    placed(&serving(documents).await, switches, inbound(), people).await
}

/// A call to an application with one document.
pub(crate) async fn heard(verbs: &str, people: People) -> Transcript {
    played(&[("/voice", verbs)], people).await
}

/// Compares the text of a transcript without its first line (who calls whom) and its first request, which are always the same.
#[track_caller]
pub(crate) fn reads(transcript: &Transcript, expected: &str) {
    let text = transcript.to_string();
    let lines: Vec<&str> = text.lines().skip(2).collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert!(lines == expected, "it reads\n\n{}\n\nand not\n\n{}\n", lines.join("\n"), expected.join("\n"));
}
