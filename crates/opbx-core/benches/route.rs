//! How long a decision takes, and how much it allocates.
//!
//! The organization is the one of the goal: 200 extensions, and a number that leads through a schedule and a menu to
//! a ring group. Allocations are counted and printed; a decision may allocate for its document and its trace, and for
//! nothing else.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "the benchmark's own values are valid, and its way asks nothing"
)]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use opbx_core::business_hours::BusinessHours;
use opbx_core::call::{Call, Direction, Input, Party};
use opbx_core::decision::{Action, Decision, Routed};
use opbx_core::destination::Destination;
use opbx_core::extension::Extension;
use opbx_core::id::{BusinessHoursId, ExtensionId, IvrMenuId, OrganizationId, PhoneNumberId, RingGroupId};
use opbx_core::ivr_menu::{IvrMenu, MenuOption};
use opbx_core::number::{E164, NumberFacts, NumberKind, Numbering};
use opbx_core::organization::Organization;
use opbx_core::phone_number::PhoneNumber;
use opbx_core::plan::{PlanSource, RoutingPlan, compile};
use opbx_core::prompt::MenuPrompt;
use opbx_core::render::{PlainLinks, render};
use opbx_core::ring_group::{Member, RingGroup, Strategy};
use opbx_core::route::route;
use std::hint::black_box;

/// Every number is an ordinary one of the United States: classification is the shell's work and not measured here.
struct AllAmerican;

impl Numbering for AllAmerican {
    fn facts(&self, e164: E164) -> NumberFacts {
        NumberFacts { e164, region: "US".parse().ok(), kind: NumberKind::Ordinary, valid: true }
    }
}

fn source(extensions: u64) -> PlanSource {
    let parsed = "the benchmark's own values are valid";
    let organization = Organization::new(
        OrganizationId::new(1),
        "Bench".parse().expect(parsed),
        "US".parse().expect(parsed),
        "America/New_York".parse().expect(parsed),
    );
    let mut source = PlanSource::new(organization);
    for id in 1..=extensions {
        let number = (10_000 + id).to_string().parse().expect(parsed);
        let name = format!("Extension {id}").parse().expect(parsed);
        let mut extension = Extension::new(ExtensionId::new(id), number, name);
        extension.voicemail_enabled = id % 2 == 0;
        source.extensions.push(extension);
    }
    let members = (1..=10).map(|id| Member {
        extension_id: ExtensionId::new(id),
        priority: u32::try_from(id).ok().and_then(opbx_core::bounded::Priority::new).expect(parsed),
    });
    let group =
        RingGroup::new(RingGroupId::new(1), "Sales".parse().expect(parsed), Strategy::Sequential, members.collect());
    source.ring_groups.push(group);
    let options = ["1", "2", "3"].map(|digits| MenuOption {
        digits: digits.parse().expect(parsed),
        label: None,
        destination: Destination::RingGroup { id: RingGroupId::new(1) },
    });
    let prompt = MenuPrompt::Text { text: "For sales press 1.".parse().expect(parsed), voice: None };
    source.ivr_menus.push(IvrMenu::new(
        IvrMenuId::new(1),
        "Front".parse().expect(parsed),
        prompt,
        options.into_iter().collect(),
    ));
    let week = office_week();
    source.business_hours.push(BusinessHours::new(
        BusinessHoursId::new(1),
        "Office".parse().expect(parsed),
        week,
        Destination::IvrMenu { id: IvrMenuId::new(1) },
        Destination::Hangup,
    ));
    for id in 1..=20 {
        let number = format!("+1212555{:04}", 100 + id).parse().expect(parsed);
        let destination = Destination::BusinessHours { id: BusinessHoursId::new(1) };
        source.phone_numbers.push(PhoneNumber::new(PhoneNumberId::new(id), number, destination));
    }
    source
}

fn office_week() -> opbx_core::business_hours::WeeklySchedule {
    use jiff::civil::Weekday;
    use opbx_core::business_hours::{DayHours, MinuteOfDay, OpeningRange, OpeningRanges, WeeklySchedule};
    let time = |hour| MinuteOfDay::new(hour, 0).expect("an hour of the day");
    let mut week = WeeklySchedule::default();
    for day in [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday] {
        let ranges = vec![
            OpeningRange::new(time(9), time(12)).expect("a range"),
            OpeningRange::new(time(13), time(17)).expect("a range"),
        ];
        let ranges = OpeningRanges::new(ranges).expect("ranges apart");
        week.set_day(day, DayHours::new(true, ranges).expect("a day with ranges"));
    }
    week
}

fn compiled(extensions: u64) -> RoutingPlan {
    compile(source(extensions), &TimeZoneDatabase::bundled(), &AllAmerican).0
}

fn call() -> Call {
    let party = |text: &str| Party {
        text: text.into(),
        national: None,
        international: text.parse().ok().map(|number| AllAmerican.facts(number)),
    };
    Call::new(Direction::Inbound, party("+14155550123"), party("+12125550101"))
}

fn decided<'p>(plan: &'p RoutingPlan, call: &Call, now: Timestamp) -> Decision<'p> {
    match route(plan, call, now) {
        Routed::Decided(decision) => decision,
        Routed::Asks(question) => panic!("nothing is asked on this way: {question:?}"),
    }
}

fn benchmarks(criterion: &mut Criterion) {
    let plan = compiled(200);
    let now: Timestamp = "2026-03-10T14:12:00Z".parse().expect("an instant");
    let start = call();
    let step = decided(&plan, &start, now).actions.into_iter().find_map(|action| match action {
        Action::Gather(gather) => Some(gather.then),
        _ => None,
    });
    let mut pressed = call();
    pressed.step = step.expect("the menu asks for keys");
    pressed.input = Input { keys: Some("1".into()), ..Input::default() };

    for (name, call) in [("to the menu", &start), ("from its key to the group", &pressed)] {
        let counted = allocation_counter::measure(|| {
            black_box(route(&plan, call, now));
        });
        let trace = decided(&plan, call, now).trace.len();
        println!("allocations {name}: {} of {} bytes ({trace} trace steps)", counted.count_total, counted.bytes_total);
    }

    // The whole way is two requests: up to the menu, and from its key to the group.
    criterion.bench_function("route/hours-menu-group", |bencher| {
        bencher.iter(|| {
            black_box(route(&plan, black_box(&start), now));
            black_box(route(&plan, black_box(&pressed), now));
        });
    });
    criterion.bench_function("route/to-menu", |bencher| bencher.iter(|| black_box(route(&plan, &start, now))));
    criterion.bench_function("route/to-group", |bencher| bencher.iter(|| black_box(route(&plan, &pressed, now))));
    let decision = decided(&plan, &pressed, now);
    criterion.bench_function("render/group", |bencher| {
        bencher.iter(|| black_box(render(black_box(&decision), &plan, &PlainLinks)));
    });
    let document = render(&decision, &plan, &PlainLinks);
    let mut xml = String::with_capacity(2_048);
    criterion.bench_function("write/group", |bencher| {
        bencher.iter(|| {
            xml.clear();
            document.write_into(&mut xml);
            black_box(&xml);
        });
    });
    let zones = TimeZoneDatabase::bundled();
    for extensions in [200, 5_000] {
        let source = source(extensions);
        criterion.bench_function(&format!("compile/{extensions}-extensions"), |bencher| {
            bencher.iter_batched(
                || source.clone(),
                |source| black_box(compile(source, &zones, &AllAmerican)),
                BatchSize::LargeInput,
            );
        });
    }
}

criterion_group!(benches, benchmarks);
criterion_main!(benches);
