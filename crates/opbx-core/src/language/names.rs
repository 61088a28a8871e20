//! What the objects of a plan are called, by their identifiers: what a printed reference says.

use super::kind::Kind;
use super::text;
use crate::plan::PlanSource;
use std::collections::HashMap;

/// The printed names of a plan.
pub(super) struct Names<'s> {
    source: &'s PlanSource,
    places: HashMap<(Kind, u64), usize>,
}

impl<'s> Names<'s> {
    pub(super) fn new(source: &'s PlanSource) -> Self {
        let mut places = HashMap::new();
        let mut add = |kind: Kind, ids: &mut dyn Iterator<Item = u64>| {
            places.extend(ids.enumerate().map(|(place, id)| ((kind, id), place)));
        };
        add(Kind::Extension, &mut source.extensions.iter().map(|it| it.id.get()));
        add(Kind::Hours, &mut source.business_hours.iter().map(|it| it.id.get()));
        add(Kind::Holidays, &mut source.holiday_lists.iter().map(|it| it.id.get()));
        add(Kind::Group, &mut source.ring_groups.iter().map(|it| it.id.get()));
        add(Kind::Menu, &mut source.ivr_menus.iter().map(|it| it.id.get()));
        add(Kind::Room, &mut source.conference_rooms.iter().map(|it| it.id.get()));
        add(Kind::Box, &mut source.voicemail_boxes.iter().map(|it| it.id.get()));
        add(Kind::Prompt, &mut source.prompts.iter().map(|it| it.id.get()));
        add(Kind::Assistant, &mut source.ai_assistants.iter().map(|it| it.id.get()));
        add(Kind::Number, &mut source.phone_numbers.iter().map(|it| it.id.get()));
        Self { source, places }
    }

    /// How the object is referred to. One that does not exist gets a name that cannot be one by chance, so that the
    /// reader of the text is told about it.
    pub(super) fn of(&self, kind: Kind, id: u64) -> String {
        let name = self.places.get(&(kind, id)).and_then(|&place| self.at(kind, place));
        name.unwrap_or_else(|| text::quoted(&format!("missing {} {id}", kind.word())))
    }

    fn at(&self, kind: Kind, place: usize) -> Option<String> {
        let source = self.source;
        let name = match kind {
            Kind::Extension => return Some(source.extensions.get(place)?.number.to_string()),
            Kind::Number => return Some(source.phone_numbers.get(place)?.number.to_string()),
            Kind::Hours => &source.business_hours.get(place)?.name,
            Kind::Holidays => &source.holiday_lists.get(place)?.name,
            Kind::Group => &source.ring_groups.get(place)?.name,
            Kind::Menu => &source.ivr_menus.get(place)?.name,
            Kind::Room => &source.conference_rooms.get(place)?.name,
            Kind::Box => &source.voicemail_boxes.get(place)?.name,
            Kind::Prompt => &source.prompts.get(place)?.name,
            Kind::Assistant => &source.ai_assistants.get(place)?.name,
            _ => return None,
        };
        Some(text::name(name.as_str()).into_owned())
    }
}
