//! IVR menus: a prompt, and keys that lead somewhere.

mod read;
mod view;

pub(crate) use self::view::IvrMenuView;

use super::form::{Fields, Rules};
use super::list::{FilterField, Values};
use super::resource::Resource;
use super::users::object;
use crate::access::IvrMenus;
use opbx_core::ivr_menu::IvrMenu;
use opbx_core::organization::Status;
use opbx_store::Stored;
use serde_json::json;

impl Resource for IvrMenu {
    const PATH: &'static str = "ivr-menus";
    const NAME: &'static str = "ivr_menu";
    const FILTERS: &'static [FilterField] =
        &[FilterField { name: "status", values: Values::Words(&["active", "inactive"]) }];
    type Right = IvrMenus;
    type View = IvrMenuView;

    fn rules() -> Rules {
        Rules {
            required: &["name", "prompt", "options"],
            immutable: &[],
            read_only: &["id", "created_at", "updated_at"],
            write_only: &[],
            defaults: object(json!({
                "max_timeout": 5, "inter_digit_timeout": 3, "max_turns": 3, "direct_dial": false,
                "direct_dial_exclude": [], "invalid_prompt": null, "silence_prompt": null,
                "failover": { "type": "hangup" }, "status": "active",
            })),
        }
    }

    fn view(stored: &Stored<Self>) -> IvrMenuView {
        IvrMenuView::of(stored)
    }

    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self> {
        read::menu(fields, before)
    }

    fn status(&mut self) -> Option<&mut Status> {
        Some(&mut self.status)
    }
}
