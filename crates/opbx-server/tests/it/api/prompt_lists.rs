//! Prompts in lists.

use super::company::Company;
use super::prompts::{upload, wav};
use serde_json::json;

#[tokio::test]
async fn prompts_are_sorted_by_what_their_files_are() {
    let company = Company::new().await;
    upload(&company, "Long", &wav(3, b'a')).await.data();
    upload(&company, "Short", &wav(1, b'a')).await.data();
    company.post("/prompts", &json!({ "name": "Said", "kind": "text", "text": "Hello" })).await.data();
    for field in ["bytes", "duration"] {
        let sorted = company.get(&format!("/prompts?sort_by={field}&sort_order=desc")).await;
        let names: Vec<_> = sorted.data().as_array().unwrap().iter().map(|prompt| prompt["name"].clone()).collect();
        assert_eq!(names, ["Long", "Short", "Said"], "{field}");
    }
}
