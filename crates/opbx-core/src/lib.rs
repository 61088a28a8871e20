//! The pure core of OPBX: what a call does, decided without any I/O.

pub mod ai_assistant;
pub mod blocked_caller;
pub mod bounded;
pub mod business_hours;
pub mod caps;
pub mod conference_room;
pub mod destination;
pub mod extension;
pub mod extension_number;
pub mod id;
pub mod invalid;
pub mod ivr_menu;
pub mod keys;
pub mod language;
pub mod number;
pub mod organization;
pub mod outbound_rule;
pub mod phone_number;
pub mod plan;
pub mod prompt;
pub mod region;
pub mod ring_group;
pub mod secret;
pub mod sip_uri;
mod spelled;
pub mod text;
pub mod voicemail_box;
