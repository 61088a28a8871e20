//! The pure core of OPBX: what a call does, decided without any I/O.
//!
//! One function, [`route::route`], answers for an organization's [`plan::RoutingPlan`], a [`call::Call`] and an
//! instant what the platform shall do, and why. Live calls, explanations, tests and the lint all ask that function.
//!
//! # Architecture invariants
//!
//! * Nothing here reads a clock, a file, the network, the environment or a random number. The instant, the zone
//!   database and what is known of numbers are arguments.
//! * Nothing here can fail on a call: whatever is missing, inactive or circular ends in a decision.
//! * No value that is not right can be held: parsing happens at the edges, into the types of this crate.
//! * Nothing here knows HTTP, SQL, JSON or a platform's payload.

pub mod ai_assistant;
pub mod blocked_caller;
pub mod bounded;
pub mod business_hours;
pub mod call;
pub mod call_log;
pub mod call_state;
pub mod caps;
pub mod conference_room;
pub mod decision;
pub mod destination;
pub mod effect;
pub mod emergency;
pub mod explain;
pub mod extension;
pub mod extension_number;
mod heap;
pub mod id;
pub mod invalid;
pub mod ivr_menu;
pub mod keys;
pub mod language;
pub mod lint;
pub mod notice;
pub mod number;
pub mod organization;
pub mod outbound_rule;
pub mod permission;
pub mod phone_number;
pub mod plan;
pub mod prompt;
pub mod region;
pub mod render;
pub mod ring_group;
pub mod route;
pub mod secret;
pub mod sip_uri;
pub mod sound;
mod spelled;
pub mod statistics;
pub mod text;
pub mod trace;
pub mod voicemail_box;
