//! What people call the objects of an organization, both ways.

use opbx_core::plan::PlanSource;
use opbx_store::{ObjectKind, Stored, User};
use std::collections::{HashMap, HashSet};

/// Names and identifiers of everything that a row can lead to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    names: HashMap<(ObjectKind, u64), String>,
    ids: HashMap<(ObjectKind, String), u64>,
    /// People by address; empty for those who may not know them.
    people: HashMap<String, u64>,
    addresses: HashMap<u64, String>,
    /// What rows further down will make.
    expected: HashSet<(ObjectKind, String)>,
}

impl Names {
    /// The names of a plan.
    pub(crate) fn of(plan: &PlanSource) -> Self {
        use ObjectKind as Kind;
        let mut names = Self::default();
        let extensions = plan.extensions.iter().map(|it| (it.id.get(), it.number.to_string()));
        names.learn_all(Kind::Extension, extensions);
        let numbers = plan.phone_numbers.iter().map(|it| (it.id.get(), it.number.to_string()));
        names.learn_all(Kind::PhoneNumber, numbers);
        names.learn_all(Kind::RingGroup, plan.ring_groups.iter().map(|it| (it.id.get(), it.name.to_string())));
        names.learn_all(Kind::BusinessHours, plan.business_hours.iter().map(|it| (it.id.get(), it.name.to_string())));
        names.learn_all(Kind::IvrMenu, plan.ivr_menus.iter().map(|it| (it.id.get(), it.name.to_string())));
        let rooms = plan.conference_rooms.iter().map(|it| (it.id.get(), it.name.to_string()));
        names.learn_all(Kind::ConferenceRoom, rooms);
        names.learn_all(Kind::VoicemailBox, plan.voicemail_boxes.iter().map(|it| (it.id.get(), it.name.to_string())));
        names.learn_all(Kind::AiAssistant, plan.ai_assistants.iter().map(|it| (it.id.get(), it.name.to_string())));
        names.learn_all(Kind::Prompt, plan.prompts.iter().map(|it| (it.id.get(), it.name.to_string())));
        names
    }

    fn learn_all(&mut self, kind: ObjectKind, objects: impl Iterator<Item = (u64, String)>) {
        for (id, name) in objects {
            self.learn(kind, id, name);
        }
    }

    /// Notes an object.
    pub(crate) fn learn(&mut self, kind: ObjectKind, id: u64, name: String) {
        self.ids.insert((kind, name.clone()), id);
        self.names.insert((kind, id), name);
    }

    /// Notes that a row further down will make an object of this name.
    pub(crate) fn expect(&mut self, kind: ObjectKind, name: String) {
        self.expected.insert((kind, name));
    }

    /// Whether a row further down will make an object of this name.
    pub(super) fn is_expected(&self, kind: ObjectKind, name: &str) -> bool {
        self.expected.contains(&(kind, name.to_owned()))
    }

    /// Nothing more will be made.
    pub(super) fn expect_nothing(&mut self) {
        self.expected.clear();
    }

    /// Notes people.
    pub(crate) fn learn_people<'u>(&mut self, people: impl IntoIterator<Item = &'u Stored<User>>) {
        for person in people {
            let (id, address) = (person.object.id.get(), person.object.email.to_string());
            self.people.insert(address.clone(), id);
            self.addresses.insert(id, address);
        }
    }

    /// What people call an object; its identifier where it has no name.
    pub(super) fn name(&self, kind: ObjectKind, id: u64) -> String {
        self.names.get(&(kind, id)).cloned().unwrap_or_else(|| id.to_string())
    }

    /// The object that people call so.
    pub(crate) fn id(&self, kind: ObjectKind, name: &str) -> Option<u64> {
        self.ids.get(&(kind, name.to_owned())).copied()
    }

    /// The address of a person; their identifier for those who may not know it.
    pub(super) fn address(&self, id: u64) -> String {
        self.addresses.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// The person of an address.
    pub(crate) fn person(&self, address: &str) -> Option<u64> {
        self.people.get(&address.trim().to_lowercase()).copied()
    }
}
