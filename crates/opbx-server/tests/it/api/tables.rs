//! Files of comma-separated values: exported, edited, imported.

use super::company::{Answer, Company};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

async fn import(company: &Company, who: &str, path: &str, file: &str) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("/api/v1{path}"))
        .header("authorization", company.bearer(who))
        .header("content-type", "text/csv");
    company.send(request.body(Body::from(file.to_owned())).unwrap()).await
}

async fn export(company: &Company, resource: &str) -> String {
    let answer = company.get(&format!("/{resource}/export")).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"{resource}.csv\""));
    answer.body.as_str().unwrap().to_owned()
}

async fn plan_revision(company: &Company) -> u64 {
    company.tenant().load_plan().await.unwrap().0.get()
}

/// What each row did: `create`, `update` ….
fn actions(answer: &Answer) -> Vec<&str> {
    answer.data().as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect()
}

/// An organization with one of everything that a row can lead to.
async fn furnished() -> Company {
    let company = Company::new().await;
    let make = async |path: &str, body: Value| {
        let answer = company.post(path, &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{path}: {answer:?}");
        answer.data()["id"].clone()
    };
    let agent = company.user("agent");
    let alice = make(
        "/extensions",
        json!({ "extension_number": "1001", "name": "Alice, \"the\" Ray", "type": "user", "user_id": agent }),
    )
    .await;
    make("/extensions", json!({ "extension_number": "1002", "name": "=Bob", "type": "user" })).await;
    let sales = make(
        "/ring-groups",
        json!({ "name": "Sales > all", "strategy": "simultaneous", "members": [{ "extension_id": alice }] }),
    )
    .await;
    let prompt = make("/prompts", json!({ "name": "Welcome", "kind": "text", "text": "Hello." })).await;
    let hours = json!({ "name": "Office", "schedule": {}, "open": { "type": "busy" }, "closed": { "type": "hangup" } });
    let hours = make("/business-hours", hours).await;
    let menu = json!({ "name": "Main", "prompt": { "text": "Press 1." },
        "options": [{ "digits": "1", "destination": { "type": "extension", "id": alice } }] });
    let menu = make("/ivr-menus", menu).await;
    let room = make("/conference-rooms", json!({ "name": "Board" })).await;
    let voicemail = make("/voicemail-boxes", json!({ "name": "Reception" })).await;
    let assistant = json!({ "name": "Ada", "connection": { "type": "sip", "sip_uri": "sip:ada@ai.example" } });
    let assistant = make("/ai-assistants", assistant).await;
    let announced =
        json!({ "type": "announcement", "prompt_id": prompt, "then": { "type": "ring_group", "id": sales } });
    let places = [
        json!({ "type": "extension", "id": alice }),
        json!({ "type": "ring_group", "id": sales }),
        json!({ "type": "ivr_menu", "id": menu }),
        json!({ "type": "business_hours", "id": hours }),
        json!({ "type": "conference_room", "id": room }),
        json!({ "type": "voicemail", "id": voicemail }),
        json!({ "type": "ai_assistant", "id": assistant }),
        json!({ "type": "forward", "to": "+14155550123" }),
        json!({ "type": "announcement", "prompt_id": prompt }),
        announced.clone(),
        json!({ "type": "hangup" }),
        json!({ "type": "busy" }),
    ];
    let mut first = Value::Null;
    for (place, destination) in places.iter().enumerate() {
        let body = json!({
            "phone_number": format!("+121255501{place:02}"), "destination": destination,
            "friendly_name": if place == 0 { "-Main" } else { "Line" },
            "reject_anonymous": ([None, Some(true), Some(false)][place % 3]),
            "recording": ([None, Some("off"), Some("from_answer")][place % 3]),
        });
        let id = make("/phone-numbers", body).await;
        first = if place == 0 { id } else { first };
    }
    let kinds = [
        json!({ "type": "forward", "configuration": { "forward_to": "+14155550123" } }),
        json!({ "type": "ring_group", "configuration": { "ring_group_id": sales } }),
        json!({ "type": "ivr", "configuration": { "ivr_menu_id": menu } }),
        json!({ "type": "conference", "configuration": { "conference_room_id": room } }),
        json!({ "type": "business_hours", "configuration": { "business_hours_id": hours } }),
        json!({ "type": "voicemail", "configuration": { "voicemail_box_id": voicemail } }),
        json!({ "type": "ai_assistant", "configuration": { "ai_assistant_id": assistant } }),
        json!({ "type": "announcement", "configuration": { "prompt_id": prompt } }),
        json!({ "type": "user", "configuration": { "sip_uri": "sip:desk@phones.example" } }),
    ];
    for (place, kind) in kinds.iter().enumerate() {
        let mut body = json!({
            "extension_number": format!("20{place:02}"), "name": format!("Kind {place}"), "ring_timeout": 20 + place,
            "forward_busy": announced, "forward_no_answer": { "type": "voicemail", "id": voicemail },
            "outbound_permission": "national", "caller_id_phone_number_id": first, "recording": "off",
            "limits": { "concurrent": place, "per_minute": null, "per_day": 5, "cost_per_day": "2.50" },
        });
        for (name, value) in kind.as_object().unwrap() {
            body[name] = value.clone();
        }
        make("/extensions", body).await;
    }
    company.patch(&format!("/users/{agent}"), &json!({ "phone": "+1 212 555 0100" })).await.data();
    company
}

#[tokio::test]
async fn an_exported_file_changes_nothing_when_it_is_imported() {
    let company = furnished().await;
    for (resource, key) in [("users", "email"), ("extensions", "extension_number"), ("phone-numbers", "phone_number")] {
        let file = export(&company, resource).await;
        insta::assert_snapshot!(resource, file.replace('\r', ""));
        let before = (plan_revision(&company).await, company.get(&format!("/{resource}?per_page=100")).await);
        let entries = company.get("/audit-log").await.body["meta"]["total"].clone();
        for query in ["dry_run=true&mode=update", "mode=update", "mode=skip"] {
            let answer = import(&company, "owner", &format!("/{resource}/import?{query}"), &file).await;
            let expected = if query == "mode=skip" { "skip" } else { "unchanged" };
            assert!(actions(&answer).iter().all(|action| *action == expected), "{query}: {answer:?}");
            assert_eq!(actions(&answer).len(), file.matches('\r').count() - 1);
        }
        let after = (plan_revision(&company).await, company.get(&format!("/{resource}?per_page=100")).await);
        assert_eq!((before.0, before.1.data()), (after.0, after.1.data()));
        assert_eq!(company.get("/audit-log").await.body["meta"]["total"], entries);
        let refused = import(&company, "owner", &format!("/{resource}/import"), &file).await;
        assert_eq!(refused.errors()[format!("rows.1.{key}")], json!(["This is taken already. Choose another one."]));
    }
}

#[tokio::test]
async fn what_was_exported_can_be_made_again() {
    let company = furnished().await;
    for (resource, key) in [("phone-numbers", "phone_number"), ("extensions", "extension_number")] {
        let file = export(&company, resource).await;
        let list = format!("/{resource}?per_page=100&sort_by=name");
        let shown = |answer: &Answer| {
            let mut rows = answer.data().as_array().unwrap().clone();
            for row in &mut rows {
                for own in ["id", "created_at", "updated_at"] {
                    row.as_object_mut().unwrap().remove(own);
                }
            }
            rows.sort_by_key(|row| row[key].to_string());
            rows
        };
        let before = company.get(&list).await;
        let free: Vec<&Value> =
            before.data().as_array().unwrap().iter().filter(|row| row["name"] != "Alice, \"the\" Ray").collect();
        let mut removed = 0;
        for row in &free {
            let gone = company.delete(&format!("/{resource}/{}", row["id"])).await;
            removed += usize::from(gone.status == StatusCode::NO_CONTENT);
        }
        assert!(removed > 5, "{removed}");
        let revision = plan_revision(&company).await;
        let answer = import(&company, "owner", &format!("/{resource}/import?mode=skip"), &file).await;
        assert_eq!(actions(&answer).iter().filter(|action| **action == "create").count(), removed, "{answer:?}");
        assert_eq!(plan_revision(&company).await, revision + 1);
        assert_eq!(shown(&company.get(&list).await), shown(&before));
        assert_eq!(export(&company, resource).await.lines().count(), file.lines().count());
    }
}

#[tokio::test]
async fn a_file_is_imported_whole_or_not_at_all() {
    let company = furnished().await;
    let (revision, before) = (plan_revision(&company).await, export(&company, "extensions").await);
    let file = "extension_number,name,type,leads_to,forward_busy_type,forward_busy,user,ring_timeout,limit_concurrent\n\
        3001,Carol,user,,,,,,\n\
        30,,user,,,,,,\n\
        3003,Dan,ring_group,Nobody,moon,,nobody@acme.example,x,\n\
        3001,Carol again,user,,,,,,\n\
        3004,Eve,user\n\
        1001,Alice,user,,,,,,\n\
        3005,Fay,forward,12 34,forward,,,400,-1\n\
        3006,Gus,user,,hangup,now,,,\n\
        3007,Hal,nothing,,,x,,,\n";
    let answer = import(&company, "admin", "/extensions/import", file).await;
    insta::assert_json_snapshot!("faults", answer.errors());
    assert_eq!((plan_revision(&company).await, export(&company, "extensions").await), (revision, before));
    let told = import(&company, "admin", "/extensions/import?dry_run=true&mode=update", file).await;
    insta::assert_json_snapshot!("dry_run", told.data());
    assert_eq!(plan_revision(&company).await, revision);
}

#[tokio::test]
async fn an_import_is_one_change_with_an_entry_for_each_object() {
    let company = furnished().await;
    let revision = plan_revision(&company).await;
    let file = "\u{feff}extension_number;name;type;user;do_not_disturb\r\n\
        1001;Alice Ray;user;The.Agent;TRUE\r\n\
        3001;Carol;user;;FALSE\r\n\
        ;;;;\r\n";
    let person = company.get(&format!("/users/{}", company.user("reporter"))).await.data()["email"].clone();
    let file = file.replace("The.Agent", &person.as_str().unwrap().to_uppercase());
    let dry = import(&company, "owner", "/extensions/import?mode=update&dry_run=true", &file).await;
    assert_eq!(actions(&dry), ["update", "create"]);
    assert_eq!(dry.data()[0]["changes"]["name"], json!({ "before": "Alice, \"the\" Ray", "after": "Alice Ray" }));
    assert_eq!(plan_revision(&company).await, revision);
    let done = import(&company, "owner", "/extensions/import?mode=update", &file).await;
    assert_eq!(actions(&done), ["update", "create"]);
    assert_eq!(done.data()[0]["changes"], dry.data()[0]["changes"]);
    assert_eq!(plan_revision(&company).await, revision + 1);
    let made = company.get(&format!("/extensions/{}", done.data()[1]["id"])).await.data().clone();
    assert_eq!((&made["extension_number"], &made["name"]), (&json!("3001"), &json!("Carol")));
    let changed = company.get(&format!("/extensions/{}", done.data()[0]["id"])).await.data().clone();
    assert_eq!((&changed["user_id"], &changed["do_not_disturb"]), (&json!(company.user("reporter")), &json!(true)));
    let log = company.get("/audit-log?object_type=extension").await;
    let newest: Vec<&Value> = log.data().as_array().unwrap().iter().take(2).map(|entry| &entry["action"]).collect();
    assert_eq!(newest, ["created", "updated"]);
    assert_eq!(log.data()[0]["request_id"], log.data()[1]["request_id"]);
}

#[tokio::test]
async fn an_empty_cell_clears_and_an_absent_column_keeps() {
    let company = furnished().await;
    let file = "extension_number,ring_timeout,forward_busy_type,forward_busy,limit_per_day,recording\n2000,,,,,\n";
    let answer = import(&company, "owner", "/extensions/import?mode=update", file).await;
    assert_eq!(actions(&answer), ["update"]);
    let shown = company.get(&format!("/extensions/{}", answer.data()[0]["id"])).await.data().clone();
    for cleared in ["ring_timeout", "forward_busy", "recording"] {
        assert_eq!(shown[cleared], Value::Null, "{cleared}");
    }
    assert_eq!(shown["limits"], json!({ "concurrent": 0, "per_minute": null, "per_day": null, "cost_per_day": "2.5" }));
    assert_eq!((&shown["name"], &shown["outbound_permission"]), (&json!("Kind 0"), &json!("national")));
    // Another type leads elsewhere.
    let file = "extension_number,type,leads_to\n2000,ring_group,Sales > all\n2001,user,\n";
    let answer = import(&company, "owner", "/extensions/import?mode=update", file).await;
    assert_eq!(actions(&answer), ["update", "update"]);
    let shown = company.get(&format!("/extensions/{}", answer.data()[1]["id"])).await.data().clone();
    assert_eq!((&shown["type"], &shown["configuration"]), (&json!("user"), &json!({ "sip_uri": null })));
    let file = "extension_number,type\n2002,conference\n";
    let answer = import(&company, "owner", "/extensions/import?mode=update", file).await;
    assert_eq!(answer.errors().as_object().unwrap().keys().collect::<Vec<_>>(), ["rows.1.leads_to"]);
}

#[tokio::test]
async fn users_come_without_a_password_and_only_with_roles_that_one_may_give() {
    let company = Company::new().await;
    let file = "email,name,role\nNew@Acme.example,New Person,agent\n";
    let answer = import(&company, "admin", "/users/import", file).await;
    assert_eq!(actions(&answer), ["create"]);
    let made = company.get(&format!("/users/{}", answer.data()[0]["id"])).await.data().clone();
    assert_eq!((&made["email"], &made["role"]), (&json!("new@acme.example"), &json!("agent")));
    let again = import(&company, "admin", "/users/import?mode=update", &file.replace("New Person", "Newer")).await;
    assert_eq!(actions(&again), ["update"]);
    for file in ["email,name,role\nx@acme.example,Xavier,admin\n", "email,password\nx@acme.example,a long password\n"] {
        let answer = import(&company, "admin", "/users/import", file).await;
        assert!(matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::UNPROCESSABLE_ENTITY), "{answer:?}");
    }
    let dry =
        import(&company, "admin", "/users/import?dry_run=true", "email,name,role\nx@acme.example,Xavier,admin\n").await;
    assert_eq!((&dry.data()[0]["status"], &dry.data()[0]["action"]), (&json!(403), &json!("refuse")));
    // The last owner stays one, and an address of another organization is taken.
    let owner = company.get(&format!("/users/{}", company.user("owner"))).await.data()["email"].clone();
    let file = format!("email,role\n{},agent\n", owner.as_str().unwrap());
    let answer = import(&company, "owner", "/users/import?mode=update", &file).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let stranger = company.ask("stranger", Method::GET, "/profile", None).await.data()["email"].clone();
    let file = format!("email,name,role\n{},Stranger,agent\n", stranger.as_str().unwrap());
    let answer = import(&company, "owner", "/users/import?mode=update", &file).await;
    assert_eq!(answer.errors()["rows.1.email"], json!(["This is taken already. Choose another one."]));
}

#[tokio::test]
async fn who_may_read_exports_and_who_may_write_imports() {
    let company = furnished().await;
    let whole = export(&company, "extensions").await;
    let reporter = company.ask("reporter", Method::GET, "/extensions/export", None).await;
    // A reporter sees identifiers of people, as in lists, and not their addresses.
    assert!(whole.contains("agent@") && !reporter.body.as_str().unwrap().contains("agent@"));
    assert_eq!(reporter.body.as_str().unwrap().lines().count(), whole.lines().count());
    let own = company.ask("agent", Method::GET, "/users/export", None).await;
    assert_eq!(own.body.as_str().unwrap().lines().count(), 2);
    for who in ["agent", "reporter"] {
        for resource in ["users", "extensions", "phone-numbers"] {
            let answer = import(&company, who, &format!("/{resource}/import?dry_run=true"), "x").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who} {resource}");
        }
    }
    let foreign = company.ask("stranger", Method::GET, "/extensions/export", None).await;
    assert_eq!(foreign.body.as_str().unwrap().lines().count(), 1);
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_with_what_is_wrong() {
    let company = Company::new().await;
    let send = async |kind: &str, body: Vec<u8>| {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/extensions/import")
            .header("authorization", company.bearer("owner"))
            .header("content-type", kind);
        company.send(request.body(Body::from(body)).unwrap()).await
    };
    assert_eq!(send("application/json", b"{}".to_vec()).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(send("text/csv", vec![0xff, 0xfe]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(send("multipart/form-data", b"x".to_vec()).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(send("text/csv", vec![b'x'; 20 * 1024 * 1024 + 1]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    for (file, path) in [
        ("", "file"),
        ("name,type\nAlice,user\n", "columns.extension_number"),
        ("extension_number,colour\n1001,red\n", "columns.colour"),
        ("extension_number,name,name\n1001,a,b\n", "columns.name"),
        ("extension_number,forward_busy\n1001,1002\n", "columns.forward_busy_type"),
    ] {
        let answer = send("text/csv", file.into()).await;
        assert_eq!(answer.errors().as_object().unwrap().keys().collect::<Vec<_>>(), [path], "{file}");
    }
    let long = format!("extension_number,name,type\n{}", "1001,Alice,user\n".repeat(5_001));
    assert!(send("text/csv", long.into()).await.errors()["rows"].is_array());
    for query in ["dry_run=maybe", "mode=merge"] {
        let answer = import(&company, "owner", &format!("/extensions/import?{query}"), "extension_number\n").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
    // A form, as a browser sends it, with a field before the file.
    let form = "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n\
        --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\nContent-Type: application/vnd.ms-excel\r\n\r\n\
        extension_number,name,type\r\n1001,Alice,user\r\n\r\n--b--\r\n";
    let answer = send("multipart/form-data; boundary=b", form.into()).await;
    assert_eq!(actions(&answer), ["create"]);
    let answer = send("multipart/form-data; boundary=b", form.replace("\"file\"", "\"data\"").into()).await;
    assert!(answer.errors()["file"].is_array());
}

#[tokio::test]
async fn an_import_that_is_sent_again_with_its_key_happens_once() {
    let company = Company::new().await;
    let send = async |query: &str| {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/api/v1/extensions/import{query}"))
            .header("authorization", company.bearer("owner"))
            .header("content-type", "text/csv")
            .header("idempotency-key", "the-first");
        company.send(request.body(Body::from("extension_number,name,type\n1001,Alice,user\n")).unwrap()).await
    };
    let first = send("").await;
    assert_eq!(actions(&first), ["create"]);
    assert_eq!(send("").await.data(), first.data());
    // The same file with another question is another request.
    assert_eq!(send("?dry_run=true").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_organization_gets_no_more_extensions_by_a_file_than_otherwise() {
    let company = Company::new().await;
    company.allow_extensions(2).await;
    let file = "extension_number,name,type\n1001,A,user\n1002,B,user\n1003,C,user\n";
    let answer = import(&company, "owner", "/extensions/import", file).await;
    assert_eq!((answer.status, &answer.body["code"]), (StatusCode::CONFLICT, &json!("limit_reached")));
    assert_eq!(export(&company, "extensions").await.lines().count(), 1);
    let dry = import(&company, "owner", "/extensions/import?dry_run=true", file).await;
    assert_eq!(actions(&dry), ["create", "create", "refuse"]);
    assert_eq!(dry.data()[2]["status"], 409);
}

#[tokio::test]
async fn rows_lead_to_each_other_whatever_their_order() {
    let company = Company::new().await;
    let file = "extension_number,name,type,forward_busy_type,forward_busy\n\
        1001,Alice,user,extension,1002\n1002,Bob,user,extension,1001\n1003,Carol,user,extension,1003\n";
    let dry = import(&company, "owner", "/extensions/import?dry_run=true", file).await;
    let done = import(&company, "owner", "/extensions/import", file).await;
    for answer in [&dry, &done] {
        assert_eq!(actions(answer), ["create"; 3]);
    }
    assert_eq!(
        export(&company, "extensions").await.lines().map(|line| line.split(',').nth(12).unwrap()).collect::<Vec<_>>(),
        ["forward_busy", "1002", "1001", "1003"]
    );
    // What the file does not make after all is not there, and then neither is the rest.
    let revision = plan_revision(&company).await;
    let file = "extension_number,name,type,forward_busy_type,forward_busy\n\
        2001,Alice,user,extension,2002\n2002,Bob,moon,,\n";
    let answer = import(&company, "owner", "/extensions/import", file).await;
    assert_eq!(answer.errors().as_object().unwrap().keys().collect::<Vec<_>>(), ["rows.1.forward_busy", "rows.2.type"]);
    assert_eq!(plan_revision(&company).await, revision);
}

/// Texts that a spreadsheet, a separator or a quote could change.
const AWKWARD: &[&str] = &[
    "=1+1",
    "'=1+1",
    "''=1+1",
    "+1 212",
    "+12125550100",
    "-5",
    "@a",
    "'a'",
    "'",
    "\"",
    "a,b",
    "a;b",
    " a",
    "a ",
    "a\"b\"",
    "{",
    "{\"prompt_id\":1}",
    "null",
    "TRUE",
    "0012",
    "Zoë 日本",
    "\u{feff}a",
    "#1",
    "a:b > c",
];

#[tokio::test]
async fn every_text_comes_back_as_it_was() {
    let company = Company::new().await;
    for (place, text) in AWKWARD.iter().enumerate() {
        let prompt = json!({ "name": text, "kind": "text", "text": "Hello." });
        let prompt = company.post("/prompts", &prompt).await;
        assert_eq!(prompt.status, StatusCode::CREATED, "{text}: {prompt:?}");
        let number = json!({
            "phone_number": format!("+121255502{place:02}"), "friendly_name": text,
            "destination": { "type": "announcement", "prompt_id": prompt.data()["id"] },
        });
        assert_eq!(company.post("/phone-numbers", &number).await.status, StatusCode::CREATED, "{text}");
        let user = json!({ "name": format!("{text}{text}"), "email": format!("u{place}@acme.example"), "role": "agent",
            "phone": format!("{text}\n\t{text}") });
        assert_eq!(company.post("/users", &user).await.status, StatusCode::CREATED, "{text}");
    }
    company.patch(&format!("/users/{}", company.user("agent")), &json!({ "phone": "" })).await.data();
    for resource in ["phone-numbers", "users"] {
        let file = export(&company, resource).await;
        let answer = import(&company, "owner", &format!("/{resource}/import?mode=update"), &file).await;
        assert!(actions(&answer).iter().all(|action| *action == "unchanged"), "{answer:?}");
        // And made anew from the file alone.
        let list = company.get(&format!("/{resource}?per_page=100&sort_by=id")).await.data().clone();
        let mut removed = 0;
        for object in list.as_array().unwrap() {
            let gone = company.delete(&format!("/{resource}/{}", object["id"])).await;
            removed += usize::from(gone.status == StatusCode::NO_CONTENT && object["phone"] != "");
        }
        assert!(removed >= AWKWARD.len());
        let answer = import(&company, "owner", &format!("/{resource}/import?mode=skip"), &file).await;
        assert!(actions(&answer).iter().filter(|action| **action == "create").count() >= removed, "{answer:?}");
        let sorted = |file: &str| {
            let mut rows: Vec<String> = file.split("\r\n").map(str::to_owned).collect();
            rows.sort();
            rows
        };
        assert_eq!(sorted(&export(&company, resource).await), sorted(&file));
    }
}

#[tokio::test]
async fn one_file_is_imported_at_a_time() {
    let company = Company::new().await;
    // Somebody else is changing the organization: an import waits for them.
    let changing = company.tenant().edit(crate::bench::author(), company.now()).await.unwrap();
    let file = |number: &str| format!("extension_number,name,type\n{number},Alice,user\n");
    let (one, other) = (file("1001"), file("1002"));
    let mut one = std::pin::pin!(import(&company, "owner", "/extensions/import", &one));
    let mut other = std::pin::pin!(import(&company, "owner", "/extensions/import", &other));
    // Whichever comes second is told to come again.
    let (refused, rest) = tokio::select! {
        answer = &mut one => (answer, other),
        answer = &mut other => (answer, one),
    };
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "10"));
    drop(changing);
    assert_eq!(actions(&rest.await), ["create"]);
    let again = import(&company, "owner", "/extensions/import", &file("1003")).await;
    assert_eq!(actions(&again), ["create"]);
}
