//! Ring groups: several phones that answer together.

use super::answer::instant;
use super::destination::DestinationView;
use super::form::{Fields, Rules};
use super::list::{FilterField, Values};
use super::resource::Resource;
use super::users::object;
use super::words::{RecordingWord, StatusWord, StrategyWord};
use crate::access::RingGroups;
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use opbx_core::bounded::Priority;
use opbx_core::extension::Extension;
use opbx_core::id::{ExtensionId, RingGroupId};
use opbx_core::organization::Status;
use opbx_core::ring_group::{Member, RingGroup};
use opbx_store::{Edit, ObjectKind, Stored};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// Several phones that answer together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RingGroup)]
pub(crate) struct RingGroupView {
    /// Its identifier.
    id: u64,
    /// What people call it.
    #[schema(min_length = 2, max_length = 100, example = "Sales")]
    name: String,
    /// A sentence about it, for people.
    #[schema(max_length = 1000)]
    description: Option<String>,
    /// In which order the members ring.
    strategy: StrategyWord,
    /// How long each attempt rings, in seconds.
    #[schema(minimum = 5, maximum = 300)]
    timeout: u32,
    /// How often it goes through its members.
    #[schema(minimum = 1, maximum = 9)]
    ring_turns: u32,
    /// Ring where a member's forward leads instead of the member.
    follow_forwards: bool,
    /// Who rings: 1 to 50 extensions of type `user`.
    #[schema(min_items = 1, max_items = 50)]
    members: Vec<MemberView>,
    /// Where the call goes when nobody answered.
    fallback: DestinationView,
    /// What is recorded of its calls; null: what the extension or the organization says.
    recording: Option<RecordingWord>,
    /// Put before the caller's name.
    #[schema(min_length = 1, max_length = 20)]
    caller_name_prefix: Option<String>,
    /// Who is told of calls that rang here and that nobody took; null: nobody.
    #[schema(format = Email, max_length = 254, example = json!(null))]
    missed_call_email: Option<String>,
    /// Whether it takes part in routing.
    status: StatusWord,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// A member of a ring group.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RingGroupMember)]
struct MemberView {
    /// Whose phone.
    extension_id: u64,
    /// Its place: lower rings earlier. The place in the list where nothing is said.
    #[schema(minimum = 1, maximum = 100)]
    priority: u32,
}

impl Resource for RingGroup {
    const PATH: &'static str = "ring-groups";
    const NAME: &'static str = "ring_group";
    const FILTERS: &'static [FilterField] = &[
        FilterField { name: "strategy", values: Values::Words(&["simultaneous", "round_robin", "sequential"]) },
        FilterField { name: "status", values: Values::Words(&["active", "inactive"]) },
    ];
    type Right = RingGroups;
    type View = RingGroupView;

    fn rules() -> Rules {
        Rules {
            required: &["name", "strategy", "members"],
            immutable: &[],
            read_only: &["id", "created_at", "updated_at"],
            write_only: &[],
            defaults: object(json!({
                "description": null, "timeout": 30, "ring_turns": 1, "follow_forwards": false,
                "fallback": { "type": "hangup" }, "recording": null, "caller_name_prefix": null, "missed_call_email": null,
                "status": "active",
            })),
        }
    }

    fn view(stored: &Stored<Self>) -> RingGroupView {
        let group = &stored.object;
        let member =
            |member: &Member| MemberView { extension_id: member.extension_id.get(), priority: member.priority.get() };
        RingGroupView {
            id: group.id.get(),
            name: group.name.to_string(),
            description: group.description.as_ref().map(ToString::to_string),
            strategy: group.strategy.into(),
            timeout: group.timeout.get(),
            ring_turns: group.ring_turns.get(),
            follow_forwards: group.follow_forwards,
            members: group.members.iter().map(member).collect(),
            fallback: (&group.fallback).into(),
            recording: group.recording.map(Into::into),
            caller_name_prefix: group.caller_name_prefix.as_ref().map(ToString::to_string),
            missed_call_email: group.missed_call_email.as_ref().map(ToString::to_string),
            status: group.status.into(),
            created_at: instant(stored.created_at),
            updated_at: instant(stored.updated_at),
        }
    }

    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self> {
        // Every field is read before the first one that is missing ends it, so that all mistakes are told.
        let (name, description) = (fields.name("name", 2..=100), fields.maybe_spelled("description"));
        let (status, strategy) = (fields.word("status"), fields.word("strategy"));
        let (timeout, ring_turns) = (fields.number("timeout"), fields.number("ring_turns"));
        let (follow_forwards, fallback) = (fields.flag("follow_forwards"), fields.destination("fallback"));
        let (recording, prefix) = (fields.maybe_word("recording"), fields.maybe_spelled("caller_name_prefix"));
        let (missed_call_email, members) = (fields.maybe_spelled("missed_call_email"), members(fields));
        Some(Self {
            id: before.map_or(RingGroupId::new(0), |before| before.id),
            name: name?,
            description: description?,
            status: status?,
            strategy: strategy?,
            timeout: timeout?,
            ring_turns: ring_turns?,
            follow_forwards: follow_forwards?,
            members: members?,
            fallback: fallback?,
            recording: recording?,
            caller_name_prefix: prefix?,
            missed_call_email: missed_call_email?,
        })
    }

    fn status(&mut self) -> Option<&mut Status> {
        Some(&mut self.status)
    }

    /// Members are people's phones.
    async fn check(&self, edit: &Edit, _before: Option<&Stored<Self>>) -> Result<FieldErrors, Problem> {
        let mut errors = FieldErrors::default();
        for (place, member) in self.members.iter().enumerate() {
            let extension = edit.find::<Extension>(member.extension_id.get()).await?;
            if !extension.object.is_user() {
                let text = "Only extensions of type user ring in a group.";
                errors.add(format!("members.{place}.extension_id"), FieldError::rule("not_a_user", text));
            }
        }
        Ok(errors)
    }
}

fn members(fields: &Fields<'_>) -> Option<Vec<Member>> {
    let count = fields.value("members").and_then(serde_json::Value::as_array).map_or(0, Vec::len);
    let mut next = 0;
    let members = fields.list("members", RingGroup::MAX_MEMBERS, |member| {
        member.only(&["extension_id", "priority"]);
        next += 1;
        let extension_id = member.reference("extension_id", ObjectKind::Extension, ExtensionId::new);
        let priority = match member.maybe_number("priority") {
            Some(None) => Priority::new(next),
            given => given.flatten(),
        };
        Some(Member { extension_id: extension_id?, priority: priority? })
    })?;
    if count == 0 {
        return fields.wrong("members", FieldError::invalid("a list of 1 to 50 members"));
    }
    let twice =
        |place: usize| members.iter().take(place).any(|other| other.extension_id == members[place].extension_id);
    let mut is_right = true;
    for place in (0..members.len()).filter(|place| twice(*place)) {
        fields.wrong::<()>(&format!("members.{place}.extension_id"), FieldError::twice());
        is_right = false;
    }
    is_right.then_some(members)
}
