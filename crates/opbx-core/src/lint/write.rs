//! Where each kind of object leads, and when calls take which way. It follows the files of [`route`](crate::route).

use super::graph::{Edge, End, Graph, Taken};
use super::object::Object;
use super::way::Way;
use crate::ai_assistant::{AiAssistant, Connection};
use crate::business_hours::OverrideMode;
use crate::destination::ForwardTarget;
use crate::extension::Extension;
use crate::id::PromptId;
use crate::plan::{Group, Hours, Menu};
use crate::prompt::MenuPrompt;
use crate::route::Target;
use crate::trace::{Node, NodeKind, Param};

/// The edges that begin at an object.
pub(super) fn edges_of<'p>(graph: &Graph<'p>, object: Object<'p>) -> Vec<Edge<'p>> {
    let mut edges = Edges { graph, edges: Vec::new() };
    match object {
        Object::Number(row) => edges.lead((&row.destination).into(), &Lead::new(Way::Destination, Taken::Now)),
        Object::Extension(row) => edges.of_extension(row),
        Object::Blocked(row) => {
            if let Some(destination) = &row.destination {
                edges.lead(destination.into(), &Lead::new(Way::Destination, Taken::Now));
            }
        }
        Object::Organization(row) => edges.plays(row.recording_notice, Way::RecordingNotice, true),
        Object::Group(group) => edges.of_group(group),
        Object::Menu(menu) => edges.of_menu(menu),
        Object::Hours(hours) => edges.of_hours(hours),
        Object::Assistant(row) => edges.of_assistant(row),
        Object::Box(row) => edges.plays(row.greeting, Way::Greeting, true),
        Object::Room(_) | Object::Prompt(_) => {}
    }
    // A schedule that is put aside is closed; what else is put aside lets no call pass.
    if !object.is_active() && !matches!(object, Object::Hours(_)) {
        for edge in &mut edges.edges {
            edge.taken = Taken::Never;
        }
    }
    edges.edges
}

/// How something is written.
#[derive(Clone)]
struct Lead<'p> {
    way: Way,
    taken: Taken,
    detail: Option<(&'static str, Param<'p>)>,
    /// The extension whose forward it is.
    by: Option<&'p Extension>,
}

impl Lead<'_> {
    const fn new(way: Way, taken: Taken) -> Self {
        Self { way, taken, detail: None, by: None }
    }
}

struct Edges<'g, 'p> {
    graph: &'g Graph<'p>,
    edges: Vec<Edge<'p>>,
}

impl<'p> Edges<'_, 'p> {
    /// Adds a destination: an edge to where it ends, and one to each prompt that is played before.
    fn lead(&mut self, mut target: Target<'p>, lead: &Lead<'p>) {
        let mut through = Vec::new();
        while let Target::Announcement(prompt, then) = target {
            let played = if lead.taken == Taken::Never { Taken::Never } else { Taken::Uses };
            let end = self.object(NodeKind::Prompt, prompt.get());
            self.push(lead, played, &through, end, then.is_some());
            let Some(then) = then else { return };
            through.push(prompt);
            target = then.into();
        }
        let end = self.end(target);
        self.push(lead, lead.taken, &through, end, false);
        if let (Target::Forward(_), Some(edge)) = (target, self.edges.last_mut()) {
            edge.is_forward = true;
        }
    }

    fn push(&mut self, lead: &Lead<'p>, taken: Taken, through: &[PromptId], end: End<'p>, can_be_spared: bool) {
        self.edges.push(Edge {
            way: lead.way,
            detail: lead.detail.clone(),
            taken,
            through: through.to_vec(),
            end,
            by: lead.by,
            // Whatever an extension's forward leads to, a box too, is reached by a forward.
            is_forward: lead.by.is_some(),
            can_be_spared,
        });
    }

    /// Adds a prompt of the library that is played.
    fn plays(&mut self, prompt: Option<PromptId>, way: Way, can_be_spared: bool) {
        if let Some(prompt) = prompt {
            let end = self.object(NodeKind::Prompt, prompt.get());
            self.push(&Lead::new(way, Taken::Uses), Taken::Uses, &[], end, can_be_spared);
        }
    }

    fn of_extension(&mut self, row: &'p Extension) {
        let own_box = self.graph.plan.box_of(row.id).map(|own| self.object(NodeKind::VoicemailBox, own.id.get()));
        let takes_messages = row.voicemail_enabled && row.is_user();
        if let Some(own_box) = own_box {
            // A box that takes no messages of its extension is still opened from it, by a feature code.
            let way = if takes_messages { Way::Voicemail } else { Way::OwnBox };
            self.push(&Lead::new(way, Taken::Uses), Taken::Uses, &[], own_box, true);
        }
        if let Some(target) = Target::of(&row.kind) {
            let by = matches!(target, Target::Forward(_)).then_some(row);
            self.lead(target, &Lead { by, ..Lead::new(Way::Type, Taken::Now) });
        }
        // Forwards of an extension that is no person's phone are not followed.
        let unless = |hindered: bool| match (row.is_user(), hindered) {
            (false, _) => Taken::Never,
            (true, true) => Taken::Later,
            (true, false) => Taken::Now,
        };
        let always = row.forward_always.is_some();
        let forwards = [
            (&row.forward_always, Way::ForwardAlways, unless(false)),
            (&row.forward_busy, Way::ForwardBusy, unless(always)),
            (&row.forward_no_answer, Way::ForwardNoAnswer, unless(always || row.do_not_disturb)),
            (&row.forward_unreachable, Way::ForwardUnreachable, unless(always || row.do_not_disturb)),
        ];
        for (destination, way, taken) in forwards {
            if let Some(destination) = destination {
                self.lead(destination.into(), &Lead { by: Some(row), ..Lead::new(way, taken) });
            }
        }
    }

    fn of_group(&mut self, group: &'p Group) {
        for member in &group.members {
            let end = self.object(NodeKind::Extension, member.get());
            self.push(&Lead::new(Way::Member, Taken::Uses), Taken::Uses, &[], end, true);
        }
        self.lead((&group.row.fallback).into(), &Lead::new(Way::Fallback, Taken::Now));
    }

    fn of_menu(&mut self, menu: &'p Menu) {
        let row = &menu.row;
        let library = |prompt: &MenuPrompt| match prompt {
            MenuPrompt::Library { prompt_id } => Some(*prompt_id),
            MenuPrompt::Text { .. } => None,
        };
        self.plays(library(&row.prompt), Way::Prompt, false);
        self.plays(row.invalid_prompt.as_ref().and_then(library), Way::InvalidPrompt, true);
        self.plays(row.silence_prompt.as_ref().and_then(library), Way::SilencePrompt, true);
        for option in &row.options {
            let detail = Some(("keys", Param::Owned(option.digits.as_str().into())));
            self.lead((&option.destination).into(), &Lead { detail, ..Lead::new(Way::Option, Taken::ByKey) });
        }
        self.lead((&row.failover).into(), &Lead::new(Way::Failover, Taken::Now));
    }

    fn of_hours(&mut self, hours: &'p Hours) {
        let over = hours.schedule.by_hand();
        let lasts = over.until.is_none();
        let (open, closed) = if !hours.status.is_active() {
            (Taken::Never, Taken::Now)
        } else if over.mode == OverrideMode::Open && lasts {
            (Taken::Now, Taken::Later)
        } else if over.mode == OverrideMode::Closed && lasts
            || over.mode != OverrideMode::Open && hours.schedule.never_opens()
        {
            (Taken::Later, Taken::Now)
        } else {
            (Taken::Now, Taken::Now)
        };
        let exception = match (hours.status.is_active(), over.mode == OverrideMode::Auto || !lasts) {
            (false, _) => Taken::Never,
            (true, false) => Taken::Later,
            (true, true) => Taken::Now,
        };
        self.lead((&hours.open).into(), &Lead::new(Way::Open, open));
        self.lead((&hours.closed).into(), &Lead::new(Way::Closed, closed));
        for day in hours.schedule.special_days() {
            if let Some(destination) = &day.destination {
                let detail = Some(("date", Param::Date(day.date)));
                self.lead(destination.into(), &Lead { detail, ..Lead::new(Way::Exception, exception) });
            }
        }
    }

    fn of_assistant(&mut self, row: &'p AiAssistant) {
        // A stream that ends goes on to hang up; only a dial can fail.
        let taken = if matches!(row.connection, Connection::Stream { .. }) { Taken::Never } else { Taken::Now };
        self.lead((&row.fallback).into(), &Lead::new(Way::Fallback, taken));
    }

    fn object(&self, kind: NodeKind, id: u64) -> End<'p> {
        self.graph.place(kind, id).map_or_else(|| End::Missing(Node::missing(kind, id)), End::Place)
    }

    fn end(&self, target: Target<'p>) -> End<'p> {
        match target {
            Target::Extension(id) => self.object(NodeKind::Extension, id.get()),
            Target::RingGroup(id) => self.object(NodeKind::RingGroup, id.get()),
            Target::IvrMenu(id) => self.object(NodeKind::IvrMenu, id.get()),
            Target::BusinessHours(id) => self.object(NodeKind::BusinessHours, id.get()),
            Target::ConferenceRoom(id) => self.object(NodeKind::ConferenceRoom, id.get()),
            Target::Voicemail(id) => self.object(NodeKind::VoicemailBox, id.get()),
            Target::AiAssistant(id) => self.object(NodeKind::AiAssistant, id.get()),
            Target::Announcement(prompt, _) => self.object(NodeKind::Prompt, prompt.get()),
            Target::Forward(to) => self.forward(to),
            Target::Hangup | Target::Busy => End::Nothing,
        }
    }

    /// Where a forward ends: inside, where it names an own extension or number.
    fn forward(&self, to: &'p ForwardTarget) -> End<'p> {
        let plan = self.graph.plan;
        let inside = match to {
            ForwardTarget::Sip(_) => return End::Phone(to),
            ForwardTarget::Extension(number) => {
                plan.extension_by_number(*number).map(|row| (NodeKind::Extension, row.id.get()))
            }
            ForwardTarget::Number(number) => match (plan.own_number(*number), plan.forward_facts(*number)) {
                (Some(own), _) => Some((NodeKind::PhoneNumber, own.id.get())),
                (None, Some(facts)) => return End::Outside(to, facts),
                (None, None) => None,
            },
        };
        inside.map_or_else(|| End::Missing(Node::forward(to)), |(kind, id)| self.object(kind, id))
    }
}
