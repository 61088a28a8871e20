//! The HTTP floor: what a voice request costs before anybody thinks about it.
//!
//! The server's stack as `opbx serve` puts it together (allocator, runtime, listener, router, graceful stop), reading
//! the whole body and answering one fixed document. The difference to the server is what OPBX itself does.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::routing::any;
use axum::serve::ListenerExt;
use http_body_util::BodyExt;
use std::hint::black_box;
use std::io;
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the captured request is answered with by the sample plan, with an address of the same length.
const DOCUMENT: &[u8] = include_bytes!("document.xml");

fn main() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("listening on http://{}", listener.local_addr()?);
        let listener = listener.tap_io(|stream| {
            // A stream that keeps its delay shows in the latencies.
            let _ = stream.set_nodelay(true);
        });
        let router = Router::new().route("/api/voice/route", any(answer));
        axum::serve(listener, router).with_graceful_shutdown(std::future::pending()).await
    })
}

/// The load takes nothing but a 200: a body that did not arrive would end the measurement.
async fn answer(request: Request) -> Result<Response<Body>, StatusCode> {
    let body = request.into_body().collect().await.map_err(|_| StatusCode::BAD_REQUEST)?;
    black_box(body.to_bytes());
    let mut response = Response::new(Body::from(Bytes::from_static(DOCUMENT)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    Ok(response)
}
