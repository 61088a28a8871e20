//! Plans sketched in code, and what the lint says of them.

mod forwards;
mod laws;
mod leads;
mod loops;
mod player;
mod settings;
mod words;

use super::{finding_text, lint, path_text};
use crate::ai_assistant::{AiAssistant, Connection};
use crate::blocked_caller::BlockedCaller;
use crate::business_hours::{BusinessHours, DayHours, OpeningRange, OpeningRanges, WeeklySchedule};
use crate::conference_room::ConferenceRoom;
use crate::destination::Destination;
use crate::extension::{Extension, ExtensionKind};
use crate::id::{
    AiAssistantId, BlockedCallerId, BusinessHoursId, ConferenceRoomId, ExtensionId, IvrMenuId, OrganizationId,
    OutboundRuleId, PhoneNumberId, PromptId, RingGroupId, VoicemailBoxId,
};
use crate::ivr_menu::{IvrMenu, MenuOption};
use crate::notice::Language;
use crate::number::{E164, NumberFacts, NumberKind, Numbering};
use crate::organization::{Organization, Status};
use crate::outbound_rule::{CallerIdPolicy, OutboundRule, PermissionClasses};
use crate::phone_number::PhoneNumber;
use crate::plan::{PlanSource, RoutingPlan, compile};
use crate::prompt::{MenuPrompt, Prompt, PromptKind};
use crate::ring_group::{Member, RingGroup, Strategy};
use crate::sound::Sound;
use crate::text::Name;
use crate::voicemail_box::VoicemailBox;
use jiff::civil::Weekday;
use jiff::tz::TimeZoneDatabase;

/// +1 is the US, +44 Britain; nothing else exists.
struct TwoCountries;

impl Numbering for TwoCountries {
    fn facts(&self, e164: E164) -> NumberFacts {
        let text = e164.to_string();
        let region = if text.starts_with("+1") { "US" } else { "GB" };
        let valid = text.starts_with("+1") || text.starts_with("+44");
        NumberFacts { e164, region: region.parse().ok(), kind: NumberKind::Ordinary, valid }
    }
}

/// A plan in the making. Objects are told by small identifiers; extension 1 has the number 201, number 1 is
/// +12125550101, and names are the kind and the identifier.
#[derive(Clone)]
struct Sketch(PlanSource);

fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn name(kind: &str, id: u64) -> Name {
    parsed(&format!("{kind}{id}"))
}

fn inactive(status: &mut Status) {
    *status = Status::Inactive;
}

/// What is left to say of an object that needs no more.
fn plain<T>(_: &mut T) {}

impl Sketch {
    fn new() -> Self {
        let organization =
            Organization::new(OrganizationId::new(1), parsed("Acme"), parsed("US"), parsed("America/New_York"));
        Self(PlanSource::new(organization))
    }

    fn organization(mut self, change: impl FnOnce(&mut Organization)) -> Self {
        change(&mut self.0.organization);
        self
    }

    fn number(mut self, id: u64, destination: Destination, change: impl FnOnce(&mut PhoneNumber)) -> Self {
        let mut row = PhoneNumber::new(PhoneNumberId::new(id), parsed(&format!("+121255501{id:02}")), destination);
        change(&mut row);
        self.0.phone_numbers.push(row);
        self
    }

    fn extension(mut self, id: u64, change: impl FnOnce(&mut Extension)) -> Self {
        let mut row = Extension::new(ExtensionId::new(id), parsed(&format!("{}", 200 + id)), name("E", id));
        change(&mut row);
        self.0.extensions.push(row);
        self
    }

    fn group(mut self, id: u64, members: &[u64], change: impl FnOnce(&mut RingGroup)) -> Self {
        let priority = crate::bounded::Priority::literal::<1>();
        let members = members.iter().map(|id| Member { extension_id: ExtensionId::new(*id), priority }).collect();
        let mut row = RingGroup::new(RingGroupId::new(id), name("G", id), Strategy::Sequential, members);
        change(&mut row);
        self.0.ring_groups.push(row);
        self
    }

    fn menu(mut self, id: u64, options: &[(&str, Destination)], change: impl FnOnce(&mut IvrMenu)) -> Self {
        let option = |(keys, destination): &(&str, Destination)| MenuOption {
            digits: parsed(keys),
            label: None,
            destination: destination.clone(),
        };
        let prompt = MenuPrompt::Text { text: parsed("Press a key"), voice: None };
        let options = options.iter().map(option).collect();
        let mut row = IvrMenu::new(IvrMenuId::new(id), name("M", id), prompt, options);
        change(&mut row);
        self.0.ivr_menus.push(row);
        self
    }

    /// Open on Mondays from nine to five.
    fn hours(
        mut self,
        id: u64,
        open: Destination,
        closed: Destination,
        change: impl FnOnce(&mut BusinessHours),
    ) -> Self {
        let ranges = OpeningRanges::new(vec![OpeningRange::new(parsed("09:00"), parsed("17:00")).unwrap()]).unwrap();
        let mut week = WeeklySchedule::default();
        week.set_day(Weekday::Monday, DayHours::new(true, ranges).unwrap());
        let mut row = BusinessHours::new(BusinessHoursId::new(id), name("H", id), week, open, closed);
        change(&mut row);
        self.0.business_hours.push(row);
        self
    }

    fn room(mut self, id: u64, change: impl FnOnce(&mut ConferenceRoom)) -> Self {
        let mut row = ConferenceRoom::new(ConferenceRoomId::new(id), name("R", id));
        change(&mut row);
        self.0.conference_rooms.push(row);
        self
    }

    fn voicemail(mut self, id: u64, change: impl FnOnce(&mut VoicemailBox)) -> Self {
        let mut row = VoicemailBox::new(VoicemailBoxId::new(id), name("B", id));
        change(&mut row);
        self.0.voicemail_boxes.push(row);
        self
    }

    fn prompt(mut self, id: u64, change: impl FnOnce(&mut Prompt)) -> Self {
        let mut row = Prompt {
            id: PromptId::new(id),
            name: name("P", id),
            status: Status::Active,
            kind: PromptKind::Upload,
            sound: Sound::Absent,
        };
        change(&mut row);
        self.0.prompts.push(row);
        self
    }

    fn assistant(mut self, id: u64, fallback: Destination, change: impl FnOnce(&mut AiAssistant)) -> Self {
        let connection = Connection::Sip { sip_uri: parsed("bot@example.com"), credentials: None };
        let mut row = AiAssistant {
            id: AiAssistantId::new(id),
            name: name("A", id),
            status: Status::Active,
            connection,
            fallback,
        };
        change(&mut row);
        self.0.ai_assistants.push(row);
        self
    }

    fn blocked(mut self, id: u64, destination: Option<Destination>) -> Self {
        self.0.blocked_callers.push(BlockedCaller {
            id: BlockedCallerId::new(id),
            pattern: parsed(&format!("+1415{id}")),
            reason: None,
            destination,
            expires_at: None,
            status: Status::Active,
        });
        self
    }

    /// Lets out what its countries admit.
    fn rule(mut self, id: u64, countries: &[&str], change: impl FnOnce(&mut OutboundRule)) -> Self {
        let mut row = OutboundRule {
            id: OutboundRuleId::new(id),
            name: name("O", id),
            position: 1,
            countries: countries.iter().map(|country| parsed(country)).collect(),
            prefixes: Vec::new(),
            min_length: None,
            max_length: None,
            strip: crate::bounded::StripLength::literal::<0>(),
            prepend: parsed(""),
            trunk: None,
            caller_id: CallerIdPolicy::Extension,
            permissions: PermissionClasses::default(),
            allow_premium: false,
            status: Status::Active,
        };
        change(&mut row);
        self.0.outbound_rules.push(row);
        self
    }

    fn plan(&self) -> RoutingPlan {
        compile(self.0.clone(), &TimeZoneDatabase::bundled(), &TwoCountries).0
    }

    /// Each finding in a line: severity, code, path.
    fn findings(&self) -> Vec<String> {
        let plan = self.plan();
        let line = |finding: &super::Finding<'_>| {
            let path = path_text(&finding.path, Language::English).replace(['“', '”'], "");
            format!("{} {}: {path}", finding.severity.word(), finding.code.code())
        };
        lint(&plan).iter().map(line).collect()
    }

    /// Each finding in its sentence.
    fn sentences(&self, language: Language) -> Vec<String> {
        lint(&self.plan()).iter().map(|finding| finding_text(finding, language)).collect()
    }
}

/// Compares findings with the lines expected.
macro_rules! finds {
    ($sketch:expr $(, $line:literal)* $(,)?) => {
        assert_eq!($sketch.findings(), Vec::<String>::from([$($line.to_owned()),*]))
    };
}
use finds;

fn extension(id: u64) -> Destination {
    Destination::Extension { id: ExtensionId::new(id) }
}

fn group(id: u64) -> Destination {
    Destination::RingGroup { id: RingGroupId::new(id) }
}

fn menu(id: u64) -> Destination {
    Destination::IvrMenu { id: IvrMenuId::new(id) }
}

fn hours(id: u64) -> Destination {
    Destination::BusinessHours { id: BusinessHoursId::new(id) }
}

fn room(id: u64) -> Destination {
    Destination::ConferenceRoom { id: ConferenceRoomId::new(id) }
}

fn voicemail(id: u64) -> Destination {
    Destination::Voicemail { id: VoicemailBoxId::new(id) }
}

fn assistant(id: u64) -> Destination {
    Destination::AiAssistant { id: AiAssistantId::new(id) }
}

fn forward(to: &str) -> Destination {
    Destination::Forward { to: parsed(to) }
}

fn play(prompt: u64, then: Option<Destination>) -> Destination {
    Destination::Announcement { prompt_id: PromptId::new(prompt), then: then.map(Box::new) }
}

/// Makes an extension one that leads to a forward.
fn forwards_to(to: &str) -> impl FnOnce(&mut Extension) + use<> {
    let forward_to = parsed(to);
    move |row| row.kind = ExtensionKind::Forward { forward_to }
}
