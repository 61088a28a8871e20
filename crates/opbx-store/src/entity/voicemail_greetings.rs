//! Greetings that were spoken and are not yet here.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voicemail_greetings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub voicemail_box_id: i64,
    pub url: String,
    pub spoken_at: Millis,
}

super::part_rows!(VoicemailBoxId);
