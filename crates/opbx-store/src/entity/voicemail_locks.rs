//! Wrong PINs, and the locks that they bring.

use sea_orm::entity::prelude::*;

use crate::millis::Millis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voicemail_locks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub voicemail_box_id: i64,
    pub wrong_pins: i32,
    pub locked_until: Option<Millis>,
}

super::part_rows!(VoicemailBoxId);
