//! Organizations: made, listed, suspended, and found by what the platform knows them by.

use opbx_core::id::OrganizationId;
use opbx_core::organization::OrganizationStatus;
use opbx_store::{Constraint, Error, NewOrganization};

use crate::bench::{Bench, at, new_organization, on_both};
use crate::changing::{Changing, author};

on_both! {
    organizations_are_made_and_found;
    what_is_taken_names_its_field;
    a_suspended_organization_says_so_in_its_plan;
    the_directory_knows_everyone_and_notices_every_change;
}

async fn organizations_are_made_and_found(bench: &Bench) {
    let platform = bench.store.platform();
    let a = platform.create(&new_organization('a'), &author(), at(0)).await.unwrap();
    let b = platform.create(&new_organization('b'), &author(), at(0)).await.unwrap();
    assert_ne!(a.organization, b.organization);
    assert_ne!(a.owner, b.owner);

    let slugs: Vec<String> = platform.list().await.unwrap().into_iter().map(|found| found.slug).collect();
    assert_eq!(slugs, ["acme-a", "acme-b"]);
    assert_eq!(platform.named("acme-b").await.unwrap().id, b.organization);
    assert_eq!(platform.named(&b.organization.to_string()).await.unwrap().name.as_str(), "Acme b");
    assert!(matches!(platform.named("acme-c").await, Err(Error::NotFound)));

    let (a, b) = (Some(a.organization), Some(b.organization));
    assert_eq!(platform.by_domain("A.Cloudonix.Example").await.unwrap(), a);
    assert_eq!(platform.by_domain("c.cloudonix.example").await.unwrap(), None);
    assert_eq!(platform.by_domain_uuid("uuid-b").await.unwrap(), b);
    assert_eq!(platform.by_webhook_key("webhook-key-of-b", at(0)).await.unwrap(), b);
    assert_eq!(platform.by_webhook_key("Webhook-key-of-b", at(0)).await.unwrap(), None);
    assert_eq!(platform.by_webhook_key("", at(0)).await.unwrap(), None);
    assert_eq!(platform.by_cdr_secret("the-cdr-secret-of-a").await.unwrap(), a);
    assert_eq!(platform.by_cdr_secret("webhook-key-of-a").await.unwrap(), None, "another purpose, another digest");
    assert_eq!(platform.webhook_key(a.unwrap()).await.unwrap().reveal(), "webhook-key-of-a");
}

async fn what_is_taken_names_its_field(bench: &Bench) {
    let platform = bench.store.platform();
    platform.create(&new_organization('a'), &author(), at(0)).await.unwrap();
    let taken = new_organization('a');
    let new = || new_organization('b');
    let mut owner = new().owner;
    owner.iter_mut().for_each(|owner| owner.email = "OLIVE@A.example".parse().unwrap());
    let cases = [
        (NewOrganization { slug: taken.slug, ..new() }, Constraint::Slug, "slug"),
        (NewOrganization { domain: taken.domain, ..new() }, Constraint::Domain, "domain"),
        (NewOrganization { domain_uuid: taken.domain_uuid, ..new() }, Constraint::DomainUuid, "domain_uuid"),
        (NewOrganization { webhook_key: taken.webhook_key, ..new() }, Constraint::WebhookKey, "webhook_key"),
        (NewOrganization { owner, ..new() }, Constraint::Email, "email"),
    ];
    for (new, constraint, field) in cases {
        let refused = platform.create(&new, &author(), at(1)).await.unwrap_err();
        assert!(refused.is_conflict(constraint), "{field}: {refused:?}");
        assert_eq!(constraint.field(), Some(field));
    }
    assert_eq!(platform.list().await.unwrap().len(), 1, "nothing of what was refused is there");
}

async fn a_suspended_organization_says_so_in_its_plan(bench: &Bench) {
    let tenant = bench.organization('a').await;
    let (first, plan) = tenant.load_plan().await.unwrap();
    assert_eq!(plan.organization.status, OrganizationStatus::Active);
    let suspended = tenant.set_status(OrganizationStatus::Suspended, at(1)).await.unwrap().unwrap();
    assert_eq!(suspended.get(), first.get() + 1);
    assert_eq!(tenant.set_status(OrganizationStatus::Suspended, at(2)).await.unwrap(), None, "nothing changed");
    let (revision, plan) = tenant.load_plan().await.unwrap();
    assert_eq!((revision, plan.organization.status), (suspended, OrganizationStatus::Suspended));
    let resumed = tenant.set_status(OrganizationStatus::Active, at(3)).await.unwrap().unwrap();
    assert_eq!(resumed.get(), first.get() + 2);
    let nobody = bench.inside(OrganizationId::new(99));
    assert!(matches!(nobody.set_status(OrganizationStatus::Active, at(3)).await, Err(Error::NotFound)));
}

async fn the_directory_knows_everyone_and_notices_every_change(bench: &Bench) {
    let platform = bench.store.platform();
    let empty = platform.standing().await.unwrap();
    let a = platform.create(&new_organization('a'), &author(), at(0)).await.unwrap().organization;
    let b = platform.create(&new_organization('b'), &author(), at(0)).await.unwrap().organization;
    let two = platform.standing().await.unwrap();
    assert_ne!(two, empty);
    assert_eq!(platform.standing().await.unwrap(), two, "nothing has changed");

    let before = bench.store.statements();
    let listed = platform.directory(OrganizationId::new(0)).await.unwrap();
    assert_eq!(platform.directory(b).await.unwrap(), [], "that was all");
    assert_eq!(platform.directory(a).await.unwrap(), listed[1..]);
    assert!(bench.store.statements() - before < 10, "a few queries, however many organizations");
    assert_eq!(listed.iter().map(|one| one.organization).collect::<Vec<_>>(), [a, b]);
    let [first, ..] = &listed[..] else { panic!("two organizations") };
    assert_eq!(first.domain.as_deref(), Some("a.cloudonix.example"));
    assert_eq!(first.domain_uuid.as_deref(), Some("uuid-a"));
    let [digest] = platform.webhook_digests("webhook-key-of-a")[..] else { panic!("one secret, one digest") };
    assert_eq!(first.key, Some(digest));
    assert_eq!(platform.listed(a).await.unwrap().as_ref(), Some(first));
    assert_eq!(platform.listed(OrganizationId::new(99)).await.unwrap(), None);

    bench.inside(b).set_status(OrganizationStatus::Suspended, at(1)).await.unwrap();
    assert_ne!(platform.standing().await.unwrap(), two);
    let revisions = platform.revisions().await.unwrap();
    let plans: Vec<u64> = revisions.iter().map(|one| one.plan.get()).collect();
    assert_eq!(plans, [first.plan.get(), listed[1].plan.get() + 1]);
    assert_eq!(platform.listed(b).await.unwrap().unwrap().plan.get(), listed[1].plan.get() + 1);

    let places = platform.standing().await.unwrap();
    let tenant = bench.inside(a);
    let address = Some("https://pbx.acme.example".to_owned());
    tenant.connect(|settings| settings.public_url = address, at(2), at(2)).await.unwrap();
    assert_ne!(platform.standing().await.unwrap(), places);
    let moved = platform.listed(a).await.unwrap().unwrap();
    assert_eq!((moved.public_url.as_deref(), moved.place > first.place), (Some("https://pbx.acme.example"), true));
    tenant.connect(|settings| settings.public_url = None, at(3), at(3)).await.unwrap();
    assert_eq!(platform.listed(a).await.unwrap().unwrap().public_url, None);
}
