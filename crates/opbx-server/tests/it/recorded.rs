//! What was decided is kept, and no call waits for it.

use crate::bench::{Bench, author, domain, key, noon};
use crate::office::posted;
use crate::stored::within_two_seconds;
use axum::body::Body;
use axum::http::Request;
use opbx_core::explain::{Script, decision_story};
use opbx_core::id::OrganizationId;
use opbx_core::notice::Language;
use opbx_core::plan::compile;
use opbx_server::admin::{Decisions, Error, Extent, KeptDecision};
use opbx_server::clock::zones;
use opbx_server::explanation::{Asked, explanation, nothing_known};
use opbx_server::numbering::PhoneNumbers;
use opbx_server::record_view::RecordView;
use opbx_server::{Counts, TraceDetail};
use opbx_store::{Reason, Tenant};
use serde_json::json;

const ALL: Extent = Extent::Latest(1_000);

impl Bench {
    /// What is kept, once that is so much.
    async fn kept(&self, count: u64) -> Vec<KeptDecision> {
        within_two_seconds(async || self.office.recorder().counts().recorded >= count).await;
        let kept = Decisions::of(&self.store, None).await.unwrap().read(None, ALL).await.unwrap();
        assert_eq!(kept.len() as u64, count, "{kept:#?}");
        assert_eq!(self.office.recorder().counts(), Counts { recorded: count, dropped: 0, queued: 0 });
        kept
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_decision_is_kept_with_its_document_its_time_and_its_trace() {
    let bench = Bench::new(&['a']).await;
    let first = bench.sales('a').await;
    let said = json!({"Session": "session-0", "From": "1099", "To": "3000", "Direction": "subscriber",
        "Domain": domain('a'), "DialCallStatus": "no-answer"});
    let second = bench.office.send(posted(&first.action(), &key('a'), &said)).await;
    let kept = bench.kept(2).await;
    for (kept, answer) in kept.iter().zip([&first, &second]) {
        assert_eq!((kept.organization, kept.call_id.as_str()), (OrganizationId::new(1), "session-0"));
        assert_eq!((kept.from.as_str(), kept.to.as_str()), ("1099", "3000"));
        assert_eq!(kept.document, answer.body);
        assert!(kept.micros > 0);
    }
    assert_eq!((kept[0].place.as_str(), kept[0].outcome.as_str()), ("start", "ring_group"));
    assert_eq!(kept[1].place, "ring_group");
    assert_eq!(kept[0].at, "2026-03-09T14:00:00Z".parse().unwrap());
    insta::assert_snapshot!(kept[0].trace);
    let mut view = RecordView::new(kept[0].clone(), Language::English).unwrap();
    view.micros = 312;
    view.document = first.document();
    insta::assert_snapshot!("told", view.told(Language::English));
    view.document = String::new();
    insta::assert_json_snapshot!("view", view);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_kept_is_told_as_it_is_explained() {
    let bench = Bench::new(&['a']).await;
    let tenant = bench.store.tenant(&Tenant::inside(OrganizationId::new(1), Reason::Command));
    let text = "organization Front US America/New_York\nextension 1001 Alice\nextension 1002 Bob\nextension 1099 Carol\n\
        hours Office\n  mon-fri 09:00-17:00\n  2026-03-09 closed\n  open -> extension 1001\n  closed -> hangup\n\
        hours Always\n  mon-sun 00:00-24:00\n  open -> group Sales\n  closed -> hangup\n\
        extension 3000 Sales -> hours Office\nextension 3001 Late -> hours Always\n\
        group Sales all at once\n  1001 1002\n";
    let source = opbx_core::language::parse(text, &zones()).unwrap_or_else(|problems| panic!("{problems:?}")).source;
    let scope = opbx_store::Scope { organization: true, prune: true, dry_run: false };
    let author = author();
    let changes =
        opbx_store::Changes { source: &source, scope, author: &author, settings: |_| serde_json::Value::Null };
    tenant.apply(changes, noon()).await.unwrap();
    let dialled = ["3000", "3001", "1002", "1099", "4711", "*78", "*99", "911", "+12125550100", ""];
    within_two_seconds(async || {
        bench.asked(Some(&domain('a')), &key('a'), "1099", "3001").await.rings() == ["1001", "1002"]
    })
    .await;
    let before = bench.office.recorder().counts();
    let (_, source) = tenant.load_plan().await.unwrap();
    for to in dialled {
        bench.asked(Some(&domain('a')), &key('a'), "1001", to).await.document();
    }
    let before = before.recorded + before.queued as u64;
    let kept = bench.kept(before + dialled.len() as u64).await;
    let (plan, _) = compile(source, &zones(), &PhoneNumbers::of("US".parse().unwrap()));
    for (kept, to) in kept.into_iter().skip(usize::try_from(before).unwrap()).zip(dialled) {
        let direction = Some(opbx_core::call::Direction::Subscriber);
        let asked = Asked { from: "1001", to, direction, at: kept.at, script: Script::default() };
        let explained = explanation(&plan, asked, &mut |question| nothing_known(question));
        for language in Language::ALL {
            let story = decision_story(&explained.decisions[0], language);
            let told = RecordView::new(kept.clone(), language).unwrap().told(language);
            assert!(told.contains(&story), "{to}\n{story}\n{told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_tells_a_terminal_nothing() {
    let bench = Bench::new(&['a']).await;
    bench.asked(Some(&domain('a')), &key('a'), "\u{1b}[2J\n1001", "\u{7}3000").await.document();
    let kept = bench.kept(1).await;
    assert_eq!((kept[0].from.as_str(), kept[0].to.as_str()), ("\u{1b}[2J\n1001", "\u{7}3000"));
    let told = RecordView::new(kept[0].clone(), Language::English).unwrap().told(Language::English);
    assert!(!told.contains(|letter: char| letter.is_control() && letter != '\n'), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_given_again_is_not_kept_again() {
    let bench = Bench::new(&['a']).await;
    let said =
        json!({"Session": "one", "From": "1099", "To": "3000", "Direction": "subscriber", "Domain": domain('a')});
    for _ in 0..3 {
        bench.office.send(posted("/api/voice/route", &key('a'), &said)).await.document();
    }
    bench.sales('a').await;
    let kept = bench.kept(2).await;
    assert_eq!((kept[0].call_id.as_str(), kept[1].call_id.as_str()), ("one", "session-0"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn apologies_and_refused_steps_are_kept_and_strangers_are_not() {
    let bench = Bench::new(&['a']).await;
    let garbage = Request::post("/api/voice/route").header("Authorization", format!("Bearer {}", key('a')));
    let garbage = garbage.header("X-Cx-Domain", domain('a')).body(Body::from("garbage")).unwrap();
    let apology = bench.office.send(garbage).await;
    let said = json!({"Session": "two", "Domain": domain('a')});
    let refused = bench.office.send(posted("/api/voice/continue/nonsense", &key('a'), &said)).await;
    bench.office.send(posted("/api/voice/route", "a-key-that-nobody-has", &said)).await.problem();
    let kept = bench.kept(2).await;
    let told =
        |kept: &KeptDecision| (kept.call_id.clone(), kept.place.clone(), kept.outcome.clone(), kept.trace.clone());
    assert_eq!(told(&kept[0]), (String::new(), "start".into(), "apology".into(), "[]".into()));
    assert_eq!(told(&kept[1]), ("two".into(), "step".into(), "step_expired".into(), "[]".into()));
    assert_eq!((&kept[0].document, &kept[1].document), (&apology.body, &refused.body));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_is_shown_its_own() {
    let bench = Bench::new(&['a', 'b']).await;
    for letter in ['a', 'b', 'a'] {
        bench.sales(letter).await;
    }
    bench.kept(3).await;
    for (named, sessions) in [("acme-a", &["session-0", "session-2"][..]), ("2", &["session-1"])] {
        let decisions = Decisions::of(&bench.store, Some(named)).await.unwrap();
        let calls = decisions.read(None, ALL).await.unwrap().into_iter().map(|kept| kept.call_id);
        assert_eq!(calls.collect::<Vec<_>>(), sessions);
        assert_eq!(decisions.read(Some("session-0"), ALL).await.unwrap().len(), usize::from(named != "2"));
    }
    assert!(matches!(Decisions::of(&bench.store, Some("acme-c")).await, Err(Error::NotFound)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trimmed_trace_tells_which_rules_spoke() {
    let bench = Bench::tracing(&['a'], TraceDetail::Trimmed).await;
    let answer = bench.sales('a').await;
    let kept = bench.kept(1).await;
    assert_eq!(kept[0].document, answer.body);
    insta::assert_snapshot!(kept[0].trace);
    let mut view = RecordView::new(kept[0].clone(), Language::English).unwrap();
    (view.micros, view.document) = (312, answer.document());
    insta::assert_snapshot!("trimmed_told", view.told(Language::English));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_kept_when_it_is_off() {
    let bench = Bench::tracing(&['a'], TraceDetail::Off).await;
    bench.sales('a').await;
    let before = bench.store.statements();
    bench.sales('a').await;
    assert_eq!(bench.office.recorder().counts(), Counts::default());
    assert!(bench.store.statements() - before < 3, "the poll asks one now and then");
    let kept = Decisions::of(&bench.store, None).await.unwrap().read(None, ALL).await.unwrap();
    assert_eq!(kept, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_go_on_while_the_store_is_away_and_are_kept_when_it_is_back() {
    let bench = Bench::new(&['a']).await;
    bench.sales('a').await;
    bench.kept(1).await;
    let elsewhere = bench.folder.path().join("elsewhere.db");
    std::fs::rename(bench.file(), &elsewhere).unwrap();
    for _ in 0..40 {
        assert_eq!(bench.sales('a').await.rings(), ["1001", "1002"]);
    }
    assert_eq!(bench.office.recorder().counts(), Counts { recorded: 1, dropped: 0, queued: 40 });
    std::fs::rename(&elsewhere, bench.file()).unwrap();
    let kept = bench.kept(41).await;
    assert!(kept.iter().map(|kept| kept.call_id.clone()).eq((0..41).map(|call| format!("session-{call}"))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_in_a_document_reaches_the_platform_and_nobody_else() {
    use opbx_core::ai_assistant::{AiAssistant, Connection, Credentials};
    use opbx_core::destination::Destination;
    use opbx_core::extension::{Extension, ExtensionKind};
    use opbx_core::id::{AiAssistantId, ExtensionId};
    use opbx_core::organization::Status;
    use opbx_core::secret::Password;
    let bench = Bench::new(&['a']).await;
    let tenant = bench.store.tenant(&Tenant::inside(OrganizationId::new(1), Reason::Command));
    let credentials =
        Credentials { username: "opbx".parse().unwrap(), password: Some(Password::new("hush-hush".to_owned())) };
    let assistant = AiAssistant {
        id: AiAssistantId::new(0),
        name: "Ada".parse().unwrap(),
        status: Status::Active,
        connection: Connection::Sip { sip_uri: "sip:ada@ai.example".parse().unwrap(), credentials: Some(credentials) },
        fallback: Destination::Hangup,
    };
    let mut edit = tenant.edit(author(), noon()).await.unwrap();
    let ai_assistant_id = edit.create(assistant).await.unwrap().object.id;
    let extension = Extension {
        kind: ExtensionKind::AiAssistant { ai_assistant_id },
        ..Extension::new(ExtensionId::new(0), "1500".parse().unwrap(), "Ada".parse().unwrap())
    };
    edit.create(extension).await.unwrap();
    edit.commit().await.unwrap();
    let mut answer = None;
    within_two_seconds(async || {
        let got = bench.asked(Some(&domain('a')), &key('a'), "1099", "1500").await;
        let reached = got.body.contains(">ada@ai.example<");
        answer = Some(got);
        reached
    })
    .await;
    assert!(answer.unwrap().body.contains("hush-hush"));
    within_two_seconds(async || bench.office.recorder().counts().queued == 0).await;
    let kept = Decisions::of(&bench.store, None).await.unwrap().read(None, ALL).await.unwrap();
    let last = &kept.last().unwrap().document;
    assert!(last.contains(">ada@ai.example<") && last.contains("password=\"***\""), "{last}");
    assert!(kept.iter().all(|kept| !kept.document.contains("hush") && !kept.trace.contains("hush")));
}
