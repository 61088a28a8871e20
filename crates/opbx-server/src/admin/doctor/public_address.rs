//! The address at which the platform reaches the server.

use super::Finding;
use crate::admin::chain;
use crate::public_url::PublicUrl;
use axum::http::Uri;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use std::net::IpAddr;
use std::time::Duration;

const CHECK: &str = "public_url";
/// How long it may take to find the address, and to be answered.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn finding(public_url: Option<&PublicUrl>) -> Finding {
    let Some(url) = public_url else {
        return Finding::warning(
            CHECK,
            "The public address is not set: documents hold paths, and no file can be fetched from here.",
            "Set OPBX_PUBLIC_URL to the address at which the platform reaches this server.",
        );
    };
    let Some(uri) = url.as_str().parse::<Uri>().ok() else {
        return Finding::fault(
            CHECK,
            format!("{url} is no address."),
            "Set OPBX_PUBLIC_URL like https://pbx.example.com.",
        );
    };
    let host = uri.host().unwrap_or_default().to_owned();
    if let Err(text) = resolves(&host).await {
        return Finding::fault(CHECK, text, "Enter the name in your DNS, or correct OPBX_PUBLIC_URL.");
    }
    match ask(url).await {
        Err(fault) => Finding::warning(
            CHECK,
            format!("{url} does not answer from here: {fault}."),
            "Start the server, and see that its proxy and firewall let requests through; from elsewhere it may answer.",
        ),
        Ok(false) => Finding::warning(
            CHECK,
            format!("{url} answers, and is not OPBX."),
            "See that its proxy leads to this server, and that OPBX_PUBLIC_URL is the right address.",
        ),
        Ok(true) if uri.scheme_str() == Some("https") || is_here(&host) => {
            Finding::ok(CHECK, format!("{url} is answered by OPBX."))
        }
        Ok(true) => Finding::warning(
            CHECK,
            format!("{url} is answered by OPBX, and is not encrypted: whoever listens learns the webhook key."),
            "Put a proxy with a certificate before it, and use https.",
        ),
    }
}

async fn resolves(host: &str) -> Result<(), String> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let looked = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((bare, 0))).await;
    match looked.map(|found| found.map(Iterator::count)) {
        Ok(Ok(1..)) => Ok(()),
        Ok(Ok(0)) => Err(format!("The name {host} has no address.")),
        Ok(Err(fault)) => Err(format!("The name {host} cannot be found: {fault}.")),
        Err(_) => Err(format!("The name {host} was not found in {} seconds.", PATIENCE.as_secs())),
    }
}

/// Whether the address is answered as OPBX answers.
async fn ask(url: &PublicUrl) -> Result<bool, String> {
    // The second time it is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().timeout(PATIENCE).redirect(Policy::none()).build();
    let asked = async {
        let answer = client?.get(format!("{url}/livez")).send().await?;
        let status = answer.status();
        Ok::<_, reqwest::Error>((status, answer.bytes().await?))
    };
    let (status, body) = asked.await.map_err(|fault| chain(&fault.without_url()))?;
    Ok(status == StatusCode::OK && *body == *br#"{"status":"alive"}"#)
}

/// Whether nothing leaves the machine on the way there.
fn is_here(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
