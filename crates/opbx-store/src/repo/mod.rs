//! The objects of a plan and their rows: how each is written, and how it is read again.
//!
//! A file for each kind says what only it knows: its columns, its parts, its places. What is the same for all
//! (insert, update, remove) is written once, in `write`.

mod ai_assistant;
mod blocked_caller;
mod business_hours;
mod conference_room;
mod days;
mod extension;
mod gathered;
mod holiday_list;
mod ivr_menu;
mod object;
mod outbound_rule;
mod phone_number;
mod prompt;
mod ring_group;
mod voicemail_box;
mod write;

pub(crate) use self::extension::caps;
pub(crate) use self::gathered::{Gathered, Sealing};
pub(crate) use self::object::Object;
pub(crate) use self::write::{furnish, insert, put_place, remove, strip, update};
