//! The calls of the demo.

/// A call, what its people do, and the same in the words of `opbx explain`.
pub(super) struct Call {
    pub(super) title: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) script: &'static str,
    pub(super) digits: Option<&'static str>,
    pub(super) results: Option<&'static str>,
}

pub(super) const CALLS: &[Call] = &[
    Call {
        title: "The treatment room calls the front desk",
        from: "1004",
        to: "3000",
        script: "1002 answers after 6, talks 40",
        digits: None,
        results: Some("completed"),
    },
    // Open, nobody presses a key and the group rings; closed, a message is left: one script for both.
    Call {
        title: "A patient calls the practice and presses nothing; where that leads depends on the hour",
        from: "+14155550123",
        to: "+12125550100",
        script: "stays silent; speaks 9 and hangs up; 1001 answers after 8, talks 65",
        digits: Some(",,"),
        results: Some("completed"),
    },
    Call {
        title: "Alice calls Carol, who is out",
        from: "1001",
        to: "1003",
        script: "stays silent; speaks 8 and presses #",
        digits: None,
        results: Some("no-answer"),
    },
    Call {
        title: "Alice calls a number outside, as people dial it",
        from: "1001",
        to: "(202) 555-0173",
        script: "+12025550173 answers after 4, talks 30",
        digits: None,
        results: Some("completed"),
    },
];
