//! Wild plans: whatever an administrator, an import or a half-done change could leave behind. References may lead
//! nowhere, objects may be inactive, circles may close, numbers may be there twice; every single value is right by
//! itself, as the types demand.

mod calls;
mod objects;
mod outside;
mod values;

pub(crate) use self::calls::{audio, call, hostile_step, input};
pub(crate) use self::objects::group_of;
pub(crate) use self::outside::PASSWORD;
pub(crate) use self::values::{EXTENSIONS, OUTSIDE, PINS, keys, now, stranger};

use super::dice::Dice;
use opbx_core::plan::PlanSource;

/// Rows of each kind that a plan has at most.
const MOST: u64 = 6;

/// A wild plan. Each bit of `kept` keeps one row: a plan is made whole and then rows are taken away, so that a
/// reference to a row that is gone is as common as one to a row that is there, and shrinking is taking away more.
pub(crate) fn plan(dice: &mut Dice, kept: u64) -> PlanSource {
    let mut kept = Kept(kept);
    let mut plan = PlanSource::new(objects::organization(dice));
    plan.extensions = kept.rows(dice, MOST, objects::extension);
    plan.phone_numbers = kept.rows(dice, 4, objects::number);
    plan.ring_groups = kept.rows(dice, 4, objects::group);
    plan.ivr_menus = kept.rows(dice, 4, objects::menu);
    plan.business_hours = kept.rows(dice, 3, objects::hours);
    plan.holiday_lists = kept.rows(dice, 2, objects::holidays);
    plan.conference_rooms = kept.rows(dice, 3, objects::room);
    plan.voicemail_boxes = kept.rows(dice, 5, objects::voicemail_box);
    plan.prompts = kept.rows(dice, 4, objects::prompt);
    plan.ai_assistants = kept.rows(dice, 3, outside::assistant);
    plan.outbound_rules = kept.rows(dice, MOST, outside::rule);
    plan.blocked_callers = kept.rows(dice, 3, outside::blocked);
    plan
}

/// Which rows stay.
struct Kept(u64);

impl Kept {
    /// Up to `most` rows with identifiers from 1. Each is made of choices of its own, kept or not, so that the others
    /// stay what they are when it goes.
    fn rows<T>(&mut self, dice: &mut Dice, most: u64, make: impl Fn(&mut Dice, u64) -> T) -> Vec<T> {
        let mut rows = Vec::new();
        for id in 1..=most {
            let row = make(dice, id);
            if self.0 & 1 == 1 {
                rows.push(row);
            }
            self.0 >>= 1;
        }
        rows
    }
}
