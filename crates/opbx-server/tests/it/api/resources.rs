//! What holds for every resource: made, shown, sent back, changed, removed; and what is refused of it.

use super::company::Company;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

/// Extensions 1001 and 1002, and 1003 that leads to a number outside.
async fn furnished() -> Company {
    let company = Company::new().await;
    let items = json!({ "items": [
        { "extension_number": "1001", "name": "Alice", "type": "user", "user_id": company.user("agent") },
        { "extension_number": "1002", "name": "Bob", "type": "user" },
        { "extension_number": "1003", "name": "Away", "type": "forward", "configuration": { "forward_to": "+14155550123" } },
    ] });
    assert_eq!(company.post("/extensions", &items).await.status, StatusCode::CREATED);
    company
}

struct Case {
    path: &'static str,
    /// The least that is needed to make one.
    least: Value,
    /// A change of it, as it is shown afterwards.
    change: Value,
    /// What is refused.
    wrong: Value,
}

fn cases() -> Vec<Case> {
    vec![
        Case {
            path: "phone-numbers",
            least: json!({ "phone_number": "+12125550100", "destination": { "type": "extension", "id": 1 } }),
            change: json!({ "destination": { "type": "busy" }, "friendly_name": "Main", "reject_anonymous": true }),
            wrong: json!({ "phone_number": "212 555 0100", "destination": { "type": "extension", "id": 99 },
                "recording": "always", "caller_name_prefix": "" }),
        },
        Case {
            path: "ring-groups",
            least: json!({ "name": "Sales", "strategy": "round_robin", "members": [{ "extension_id": 1 }, { "extension_id": 2 }] }),
            change: json!({ "members": [{ "extension_id": 2, "priority": 7 }], "timeout": 45,
                "fallback": { "type": "extension", "id": 1 } }),
            wrong: json!({ "name": "S", "strategy": "all", "timeout": 4, "ring_turns": 10, "fallback": { "type": "moon" },
                "members": [{ "extension_id": 1, "x": 1 }, { "extension_id": 77 }, { "priority": 0 }, 5, { "extension_id": 1 }] }),
        },
        Case {
            path: "ivr-menus",
            least: json!({ "name": "Main", "prompt": { "text": "Press 1." },
                "options": [{ "digits": "1", "destination": { "type": "extension", "id": 1 } }] }),
            change: json!({ "max_timeout": 9, "direct_dial": true, "direct_dial_exclude": [2],
                "silence_prompt": { "text": "Are you there?", "voice": null } }),
            wrong: json!({ "name": "", "prompt": { "prompt_id": 4, "text": "both" }, "max_turns": 0,
                "direct_dial_exclude": [1, 1, 99], "options": [
                    { "digits": "1", "destination": { "type": "hangup" } },
                    { "digits": "12", "destination": { "type": "hangup", "id": 1 } },
                    { "digits": "x" },
                ] }),
        },
        Case {
            path: "business-hours",
            least: json!({ "name": "Office", "open": { "type": "extension", "id": 1 }, "closed": { "type": "hangup" },
                "schedule": { "monday": { "enabled": true, "ranges": [{ "start": "09:00", "end": "17:00" }] } } }),
            change: json!({ "timezone": "Europe/Berlin", "override": { "mode": "closed", "until": null, "reason": "Party" },
                "exceptions": [{ "date": "2026-12-25", "name": "Christmas", "type": "closed", "ranges": [],
                    "destination": { "type": "busy" } }] }),
            wrong: json!({ "name": "", "open": {}, "closed": { "type": "extension", "id": 99 }, "timezone": "x y",
                "holiday_list_ids": [5], "override": { "mode": "maybe" },
                "schedule": {
                    "monday": { "enabled": true, "ranges": [] },
                    "tuesday": { "enabled": true, "ranges": [{ "start": "09:00", "end": "12:00" }, { "start": "11:00", "end": "13:00" }] },
                    "wednesday": { "enabled": true, "ranges": [{ "start": "9", "end": "25:00" }] },
                    "someday": {},
                },
                "exceptions": [
                    { "date": "2026-02-30", "name": "Never", "type": "closed" },
                    { "date": "2026-12-25", "name": "Christmas", "type": "closed", "ranges": [{ "start": "09:00", "end": "12:00" }] },
                    { "date": "2026-12-26", "name": "", "type": "special_hours" },
                ] }),
        },
        Case {
            path: "holiday-lists",
            least: json!({ "name": "Holidays" }),
            change: json!({ "days": [{ "date": "2026-12-24", "name": "Eve", "type": "special_hours",
                "ranges": [{ "start": "09:00", "end": "12:00" }] }] }),
            wrong: json!({ "name": "H", "days": [
                { "date": "2026-12-25", "name": "Christmas", "type": "closed" },
                { "date": "2026-12-25", "name": "Again", "type": "closed" },
            ] }),
        },
        Case {
            path: "prompts",
            least: json!({ "name": "Hello", "kind": "text", "text": "Hello." }),
            change: json!({ "text": "Good day." }),
            wrong: json!({ "name": "", "kind": "remote", "url": "http://169.254.169.254/latest", "text": "no" }),
        },
        Case {
            path: "outbound-rules",
            least: json!({ "name": "World" }),
            change: json!({ "countries": ["US", "DE"], "prefixes": ["+1212"], "strip": 1, "prepend": "011",
                "caller_id": { "policy": "anonymous" }, "permissions": ["international"], "min_length": 8 }),
            wrong: json!({ "name": "", "countries": ["usa", 5], "prefixes": ["1212"], "min_length": 0, "strip": 17,
                "caller_id": { "policy": "number", "phone_number_id": 9 }, "permissions": ["all"] }),
        },
        Case {
            path: "ai-assistants",
            least: json!({ "name": "Ada", "connection": { "type": "sip", "sip_uri": "sip:ada@ai.example" } }),
            change: json!({ "connection": { "type": "stream", "url": "wss://ai.example/x", "parameters": { "lang": "en" } } }),
            wrong: json!({ "name": "Ada", "connection": { "type": "service", "provider": "", "password": "x", "x": 1 } }),
        },
        Case {
            path: "conference-rooms",
            least: json!({ "name": "Board" }),
            change: json!({ "max_participants": 12, "mute_on_entry": true }),
            wrong: json!({ "name": "Board", "max_participants": 251, "pin": "12", "wait_for_host": 1 }),
        },
        Case {
            path: "voicemail-boxes",
            least: json!({ "name": "Reception" }),
            change: json!({ "extension_id": 1, "email": "reception@acme.example", "email_mode": "attach" }),
            wrong: json!({ "name": "R", "extension_id": 99, "greeting_prompt_id": 5, "max_length": 5, "email": "x",
                "email_mode": "fax", "pin": "123" }),
        },
        Case {
            path: "blocked-callers",
            least: json!({ "pattern": "+1900" }),
            change: json!({ "reason": "Costs", "destination": { "type": "busy" }, "expires_at": "2027-01-01T00:00:00.000Z" }),
            wrong: json!({ "pattern": "1900", "expires_at": "soon", "destination": { "type": "voicemail", "id": 8 } }),
        },
    ]
}

#[tokio::test]
async fn each_is_made_shown_sent_back_changed_and_removed() {
    let company = furnished().await;
    for Case { path, least, change, .. } in cases() {
        let made = company.post(&format!("/{path}"), &least).await;
        assert_eq!(made.status, StatusCode::CREATED, "{path}: {made:?}");
        insta::assert_json_snapshot!(format!("{path}-made"), made.data());
        let one = format!("/{path}/{}", made.data()["id"]);
        let shown = company.get(&one).await;
        assert_eq!((shown.data(), shown.header("etag")), (made.data(), made.header("etag")), "{path}");
        let again = company.ask("owner", Method::PUT, &one, Some(shown.data())).await;
        assert_eq!((again.data(), again.header("etag")), (made.data(), made.header("etag")), "{path}: sent back");
        let changed = company.patch(&one, &change).await;
        for (name, value) in change.as_object().unwrap() {
            assert_eq!(&changed.data()[name], value, "{path}: {name}");
        }
        assert_eq!(company.get(&one).await.data(), changed.data(), "{path}");
        let list = company.get(&format!("/{path}")).await;
        assert_eq!((&list.body["meta"]["total"], &list.body["data"][0]), (&json!(1), changed.data()), "{path}");
        assert_eq!(company.delete(&one).await.status, StatusCode::NO_CONTENT, "{path}");
        assert_eq!(company.get(&one).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn every_mistake_in_each_is_told_with_its_field() {
    let company = furnished().await;
    for Case { path, wrong, .. } in cases() {
        let refused = company.post(&format!("/{path}"), &wrong).await;
        insta::assert_json_snapshot!(format!("{path}-wrong"), refused.errors());
        let empty = company.post(&format!("/{path}"), &json!({})).await;
        assert!(!empty.errors().as_object().unwrap().is_empty(), "{path}");
        assert_eq!(company.get(&format!("/{path}")).await.body["meta"]["total"], 0, "{path}");
    }
}

#[tokio::test]
async fn a_name_or_number_is_taken_once() {
    let company = furnished().await;
    for Case { path, least, .. } in cases() {
        assert_eq!(company.post(&format!("/{path}"), &least).await.status, StatusCode::CREATED);
        let taken = company.post(&format!("/{path}"), &least).await;
        assert_eq!(taken.errors().as_object().unwrap().len(), 1, "{path}: {taken:?}");
    }
    // A phone number is taken in the whole installation.
    let number = json!({ "phone_number": "+12125550100", "destination": { "type": "hangup" } });
    let elsewhere = company.ask("stranger", Method::POST, "/phone-numbers", Some(&number)).await;
    assert_eq!(elsewhere.errors()["phone_number"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_something_leads_to_stays_and_says_why() {
    let company = furnished().await;
    for Case { path, least, .. } in cases() {
        assert_eq!(company.post(&format!("/{path}"), &least).await.status, StatusCode::CREATED);
    }
    let refused = company.delete("/extensions/1").await;
    assert_eq!((refused.status, &refused.body["code"]), (StatusCode::CONFLICT, &json!("in_use")));
    insta::assert_json_snapshot!(refused.body["references"], @r#"
    [
      {
        "id": 1,
        "name": "+12125550100",
        "path": "destination",
        "type": "phone_number"
      },
      {
        "id": 1,
        "name": "Sales",
        "path": "members",
        "type": "ring_group"
      },
      {
        "id": 1,
        "name": "Office",
        "path": "open",
        "type": "business_hours"
      },
      {
        "id": 1,
        "name": "Main",
        "path": "option:1",
        "type": "ivr_menu"
      }
    ]
    "#);
    let members = json!({ "members": [{ "extension_id": 3 }] });
    let refused = company.patch("/ring-groups/1", &members).await;
    assert_eq!(refused.errors().as_object().unwrap().keys().collect::<Vec<_>>(), ["members.0.extension_id"]);
    let filtered = company.get("/phone-numbers?destination_type=extension").await;
    assert_eq!(filtered.body["meta"]["total"], 1);
    assert_eq!(company.get("/phone-numbers?destination_type=busy").await.body["meta"]["total"], 0);
}

#[tokio::test]
async fn pins_are_shown_at_their_own_address_only_and_each_reading_is_logged() {
    let company = furnished().await;
    let room = json!({ "name": "Board", "pin": "1234", "host_pin": "9876", "wait_for_host": true });
    let made = company.post("/conference-rooms", &room).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert!(!made.body.to_string().contains("1234"));
    let pins = company.ask("admin", Method::GET, "/conference-rooms/1/pins", None).await;
    assert_eq!(pins.data(), &json!({ "pin": "1234", "host_pin": "9876" }));
    let renamed = company.patch("/conference-rooms/1", &json!({ "name": "Boardroom" })).await;
    assert_eq!(renamed.status, StatusCode::OK);
    assert_eq!(
        company.get("/conference-rooms/1/pins").await.data(),
        pins.data(),
        "a change of something else keeps them"
    );
    for (body, field) in [
        (json!({ "host_pin": "1234" }), "host_pin"),
        (json!({ "host_pin": null }), "wait_for_host"),
        (json!({ "pin": "x" }), "pin"),
        (json!({ "x": 1 }), "x"),
    ] {
        let refused = company.ask("owner", Method::PUT, "/conference-rooms/1/pins", Some(&body)).await;
        assert_eq!(refused.errors().as_object().unwrap().keys().collect::<Vec<_>>(), [field], "{body}");
    }
    let cleared = company.ask("owner", Method::PUT, "/conference-rooms/1/pins", Some(&json!({ "pin": null }))).await;
    assert_eq!(cleared.data(), &json!({ "pin": null, "host_pin": "9876" }));
    assert_eq!(company.ask("agent", Method::GET, "/conference-rooms/1/pins", None).await.status, StatusCode::FORBIDDEN);
    let log = company.get("/audit-log?object_type=conference_room").await;
    let told: Vec<&str> =
        log.body["data"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(told, ["secret_read", "updated", "secret_read", "updated", "secret_read", "created"]);
    assert!(!log.body.to_string().contains("1234") && !log.body.to_string().contains("9876"));
}

#[tokio::test]
async fn a_schedule_merges_by_weekday() {
    let company = furnished().await;
    let hours = cases().into_iter().find(|case| case.path == "business-hours").unwrap();
    company.post("/business-hours", &hours.least).await;
    let day = json!({ "enabled": true, "ranges": [{ "start": "22:00", "end": "06:00" }] });
    let changed = company.patch("/business-hours/1", &json!({ "schedule": { "friday": day } })).await;
    let schedule = &changed.data()["schedule"];
    assert_eq!((&schedule["friday"], &schedule["monday"]), (&day, &hours.least["schedule"]["monday"]));
    assert_eq!(schedule["sunday"], json!({ "enabled": false, "ranges": [] }));
}

#[tokio::test]
async fn rules_stand_in_order_and_are_put_into_another() {
    let company = furnished().await;
    for name in ["one", "two", "three"] {
        assert_eq!(company.post("/outbound-rules", &json!({ "name": name })).await.status, StatusCode::CREATED);
    }
    let names = async || -> Vec<String> {
        let list = company.get("/outbound-rules?sort_by=position").await;
        list.body["data"].as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names().await, ["one", "two", "three"]);
    let order = async |ids: Value| {
        company.ask("owner", Method::PUT, "/outbound-rules/order", Some(&json!({ "ids": ids }))).await.status
    };
    assert_eq!(order(json!([3, 1, 2])).await, StatusCode::OK);
    assert_eq!(names().await, ["three", "one", "two"]);
    for wrong in [json!([1, 2]), json!([1, 2, 2]), json!([1, 2, 9]), json!("1")] {
        assert_eq!(order(wrong.clone()).await, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let bounds = company.patch("/outbound-rules/1", &json!({ "min_length": 9, "max_length": 8 })).await;
    assert_eq!(bounds.errors()["max_length"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_password_of_an_assistant_is_kept_until_it_is_said_and_never_shown() {
    let company = furnished().await;
    let sip = |more: Value| {
        let mut connection = json!({ "type": "sip", "sip_uri": "sip:ada@ai.example", "username": "opbx" });
        connection.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "name": "Ada", "connection": connection })
    };
    let made = company.post("/ai-assistants", &sip(json!({ "password": "hush-hush" }))).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let has_password = async || {
        let source = company.tenant().load_plan().await.unwrap().1;
        format!("{:?}", source.ai_assistants[0].connection).contains("Password(hidden)")
    };
    assert!(has_password().await);
    company.patch("/ai-assistants/1", &sip(json!({}))).await;
    assert!(has_password().await, "what is not said stays");
    company.patch("/ai-assistants/1", &sip(json!({ "password": null }))).await;
    assert!(!has_password().await);
    let log = company.get("/audit-log?object_type=ai_assistant").await;
    for answer in [&made, &company.get("/ai-assistants/1").await, &log] {
        assert!(!answer.body.to_string().contains("hush"), "{answer:?}");
    }
    assert_eq!(log.body["data"][0]["before"]["connection"]["password"], "********");
}

#[tokio::test]
async fn agents_run_their_own_extension_and_box_and_no_other() {
    let company = furnished().await;
    for name in ["Alice's box", "Bob's box"] {
        company.post("/voicemail-boxes", &json!({ "name": name, "pin": "4711" })).await;
    }
    company.patch("/voicemail-boxes/1", &json!({ "extension_id": 1 })).await;
    company.patch("/voicemail-boxes/2", &json!({ "extension_id": 2 })).await;
    for (path, body, status) in [
        ("/extensions/1", json!({ "do_not_disturb": true, "forward_busy": { "type": "voicemail", "id": 1 } }), 200),
        ("/extensions/1", json!({ "name": "Boss" }), 403),
        ("/extensions/1", json!({ "outbound_permission": "international" }), 403),
        ("/extensions/2", json!({ "do_not_disturb": true }), 403),
        ("/voicemail-boxes/1", json!({ "email": "alice@acme.example" }), 200),
        ("/voicemail-boxes/1", json!({ "max_messages": 1000 }), 403),
        ("/voicemail-boxes/2", json!({ "email": "alice@acme.example" }), 403),
        ("/ring-groups/1", json!({ "timeout": 5 }), 403),
    ] {
        let answer = company.ask("agent", Method::PATCH, path, Some(&body)).await;
        assert_eq!(answer.status, status, "{path} {body}: {answer:?}");
    }
    for (path, status) in [("/voicemail-boxes/1/pin", 200), ("/voicemail-boxes/2/pin", 403)] {
        assert_eq!(company.ask("agent", Method::GET, path, None).await.status, status, "{path}");
    }
    let own = company.ask("agent", Method::PUT, "/voicemail-boxes/1/pin", Some(&json!({ "pin": "0815" }))).await;
    assert_eq!(own.data(), &json!({ "pin": "0815" }));
}
