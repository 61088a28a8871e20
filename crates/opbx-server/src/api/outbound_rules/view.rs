//! An outbound rule as it is shown.

use super::super::answer::instant;
use super::super::words::StatusWord;
use opbx_core::bounded::NumberLength;
use opbx_core::outbound_rule::{CallerIdPolicy, OutboundRule};
use opbx_store::Stored;
use serde::Serialize;
use utoipa::ToSchema;

/// Which numbers may be dialled, by whom, over which trunk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutboundRule)]
pub(crate) struct OutboundRuleView {
    /// Its identifier.
    id: u64,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// Its place among the rules; where nothing is said, the last one.
    position: u32,
    /// The countries it serves; none: all.
    #[schema(example = json!(["US", "CA"]))]
    countries: Vec<String>,
    /// The beginnings of numbers it serves; none: all.
    #[schema(example = json!(["+1212"]))]
    prefixes: Vec<String>,
    /// The fewest digits a number may have.
    #[schema(minimum = 1, maximum = 15)]
    min_length: Option<u32>,
    /// The most digits a number may have.
    #[schema(minimum = 1, maximum = 15)]
    max_length: Option<u32>,
    /// How many characters are dropped from the left, the `+` included.
    #[schema(minimum = 0, maximum = 16)]
    strip: u32,
    /// What is dialled before the rest.
    #[schema(pattern = "^[0-9+*#]{0,16}$")]
    prepend: String,
    /// The trunk it uses; null: the platform chooses.
    trunk: Option<String>,
    /// What the called side sees.
    caller_id: CallerIdView,
    /// Whose calls it serves.
    permissions: Vec<ClassWord>,
    /// Whether numbers that cost extra may use it.
    allow_premium: bool,
    /// Whether it takes part.
    status: StatusWord,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// What the called side sees.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "policy", rename_all = "snake_case")]
#[schema(as = CallerId)]
enum CallerIdView {
    /// The number of the calling extension, else the organization's first.
    Extension,
    /// A number of the organization.
    Number {
        /// Which one.
        phone_number_id: u64,
    },
    /// Nothing.
    Anonymous,
}

/// Whose calls a rule serves, by their outbound permission.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PermissionClass)]
enum ClassWord {
    /// Of those that may dial inside the country.
    National,
    /// Of those that may dial abroad.
    International,
}

impl OutboundRuleView {
    pub(super) fn of(stored: &Stored<OutboundRule>) -> Self {
        let rule = &stored.object;
        let classes = [
            (rule.permissions.national, ClassWord::National),
            (rule.permissions.international, ClassWord::International),
        ];
        Self {
            id: rule.id.get(),
            name: rule.name.to_string(),
            position: rule.position,
            countries: rule.countries.iter().map(ToString::to_string).collect(),
            prefixes: rule.prefixes.iter().map(ToString::to_string).collect(),
            min_length: rule.min_length.map(NumberLength::get),
            max_length: rule.max_length.map(NumberLength::get),
            strip: rule.strip.get(),
            prepend: rule.prepend.to_string(),
            trunk: rule.trunk.as_ref().map(ToString::to_string),
            caller_id: match rule.caller_id {
                CallerIdPolicy::Extension => CallerIdView::Extension,
                CallerIdPolicy::Number { phone_number_id } => {
                    CallerIdView::Number { phone_number_id: phone_number_id.get() }
                }
                CallerIdPolicy::Anonymous => CallerIdView::Anonymous,
            },
            permissions: classes.into_iter().filter_map(|(is_served, word)| is_served.then_some(word)).collect(),
            allow_premium: rule.allow_premium,
            status: rule.status.into(),
            created_at: instant(stored.created_at),
            updated_at: instant(stored.updated_at),
        }
    }
}
