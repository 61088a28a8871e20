//! What callers change by feature codes holds from the next call on.

use crate::office::{Office, posted, said};

const PLAN: &str = "\
organization Acme US America/New_York
extension 1001 Alice outbound national
extension 1002 Bob
extension 1003 Carol
extension 3000 Sales -> group Sales
group Sales all at once
  1001 1002
number +12125550100 -> hangup
rule World for national
";

#[tokio::test]
async fn do_not_disturb_counts_on_the_next_call() {
    let office = Office::new(PLAN);
    assert_eq!(office.call("1003", "3000", "subscriber").await.rings(), ["1001", "1002"]);
    assert!(office.call("1001", "*78", "subscriber").await.document().contains("Do not disturb is on."));
    assert_eq!(office.call("1003", "3000", "subscriber").await.rings(), ["1002"]);
    assert!(office.call("1001", "*79", "subscriber").await.document().contains("Do not disturb is off."));
    assert_eq!(office.call("1003", "3000", "subscriber").await.rings(), ["1001", "1002"]);
}

#[tokio::test]
async fn a_forward_is_set_and_taken_back() {
    let office = Office::new(PLAN);
    office.call("1001", "*721002", "subscriber").await.document();
    assert_eq!(office.call("1003", "1001", "subscriber").await.rings(), ["1002"]);
    let document = office.call("1001", "*72(202) 555-0173", "subscriber").await.document();
    assert!(document.contains("1 2 0 2 5 5 5 0 1 7 3"), "{document}");
    assert_eq!(office.call("1003", "1001", "subscriber").await.rings(), ["+12025550173"]);
    office.call("1001", "*73", "subscriber").await.document();
    assert_eq!(office.call("1003", "1001", "subscriber").await.rings(), ["1001"]);
}

#[tokio::test]
async fn one_organization_changes_nothing_in_another() {
    use crate::office::{OTHER, OTHER_KEY};
    let office = Office::new(PLAN);
    office.call("1001", "*78", "subscriber").await.document();
    let mut body = said("1003", "3000", "subscriber");
    body["Domain"] = OTHER.into();
    let answer = office.send(posted("/api/voice/route", OTHER_KEY, &body)).await;
    assert_eq!(answer.rings(), ["1001", "1002"]);
}
