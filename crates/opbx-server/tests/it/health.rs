//! What a server that needs no database says of itself.

use crate::office::Office;
use axum::body::Body;
use axum::http::{Request, StatusCode};

#[tokio::test]
async fn a_plan_file_needs_nothing_and_the_checks_say_so() {
    let office = Office::new("organization Acme US America/New_York\nextension 1001 Alice\n");
    let answer = office.send(Request::get("/health").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (answer.status, &answer.headers["content-type"]),
        (StatusCode::OK, &"application/json".parse().unwrap())
    );
    let mut report: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(report.as_object_mut().unwrap().remove("version").unwrap(), env!("CARGO_PKG_VERSION"));
    insta::assert_json_snapshot!(report, @r#"
    {
      "checks": {
        "cache": {
          "detail": "What calls share is in the memory of this process.",
          "status": "ok"
        },
        "database": {
          "detail": "A plan file is served; there is no database.",
          "status": "ok"
        },
        "queue": {
          "detail": "A plan file is served; nothing is done later.",
          "status": "ok"
        },
        "storage": {
          "detail": "A plan file is served; nothing is kept.",
          "status": "ok"
        }
      },
      "status": "ok"
    }
    "#);
}
