//! The rows, one file for each table. They never leave this crate: what goes out are values of the core.
#![expect(unreachable_pub, reason = "sea-orm's derives write `pub`, and a type cannot be less public than its entity")]

pub(crate) mod ai_assistants;
pub(crate) mod api_tokens;
pub(crate) mod audit_entries;
pub(crate) mod audit_heads;
pub(crate) mod blocked_callers;
pub(crate) mod business_hours;
pub(crate) mod business_hours_days;
pub(crate) mod business_hours_exception_ranges;
pub(crate) mod business_hours_exceptions;
pub(crate) mod business_hours_holiday_lists;
pub(crate) mod business_hours_ranges;
pub(crate) mod call_deliveries;
pub(crate) mod call_evidence;
pub(crate) mod call_keys;
pub(crate) mod call_legs;
pub(crate) mod call_recordings;
pub(crate) mod call_texts;
pub(crate) mod calls;
pub(crate) mod conference_rooms;
pub(crate) mod decisions;
pub(crate) mod destinations;
pub(crate) mod extension_missed_mail;
pub(crate) mod extensions;
pub(crate) mod holiday_list_days;
pub(crate) mod holiday_list_ranges;
pub(crate) mod holiday_lists;
pub(crate) mod idempotent_answers;
pub(crate) mod installation_tokens;
pub(crate) mod ivr_menu_exclusions;
pub(crate) mod ivr_menu_options;
pub(crate) mod ivr_menus;
pub(crate) mod jobs;
pub(crate) mod one_time_codes;
pub(crate) mod organization_control;
pub(crate) mod organization_limits;
pub(crate) mod organization_retention;
pub(crate) mod organization_settings;
pub(crate) mod organizations;
pub(crate) mod outbound_rules;
pub(crate) mod payload_marks;
pub(crate) mod phone_numbers;
pub(crate) mod platform_settings;
pub(crate) mod prompt_files;
pub(crate) mod prompts;
pub(crate) mod recovery_codes;
pub(crate) mod ring_group_members;
pub(crate) mod ring_group_missed_mail;
pub(crate) mod ring_groups;
pub(crate) mod second_factors;
pub(crate) mod sessions;
pub(crate) mod statistics_cuts;
pub(crate) mod statistics_hours;
pub(crate) mod statistics_shares;
pub(crate) mod users;
pub(crate) mod voicemail_boxes;
pub(crate) mod voicemail_greetings;
pub(crate) mod voicemail_locks;
pub(crate) mod voicemail_messages;

use sea_orm::{EntityTrait, PrimaryKeyTrait};

/// Rows that belong to an organization.
pub(crate) trait TenantRow: EntityTrait<Model: Sync, ActiveModel: Send> {
    /// The column that says to which.
    const ORGANIZATION: Self::Column;
}

/// The rows of a kind of object: they have an identifier of their own and a revision.
pub(crate) trait ObjectRow: TenantRow<PrimaryKey: PrimaryKeyTrait<ValueType = i64>> {
    const ID: Self::Column;
    const REVISION: Self::Column;
    const CREATED_AT: Self::Column;
    const UPDATED_AT: Self::Column;
}

/// The rows of the parts of an object.
pub(crate) trait PartRow: TenantRow {
    /// The column that says whose part it is.
    const OWNER: Self::Column;
}

/// The rows that have a file with sound in the storage, or will have one.
pub(crate) trait FileRow: TenantRow {
    /// Where the storage keeps the file.
    const BLOB_KEY: Self::Column;
    /// How long it is.
    const BYTES: Self::Column;
}

/// The rows of what is recorded in calls, each known by an identity of its own.
pub(crate) trait RecordedRow: FileRow {
    const ID: Self::Column;
    /// What the platform's reports of it have in common.
    const IDENTITY: Self::Column;
}

/// What every entity ends with: no relations. Rows are joined in the code that assembles a plan, whose number of
/// queries is fixed.
macro_rules! plain_rows {
    () => {
        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}
    };
}

macro_rules! object_rows {
    () => {
        super::plain_rows!();

        impl super::TenantRow for Entity {
            const ORGANIZATION: Column = Column::OrganizationId;
        }

        impl super::ObjectRow for Entity {
            const ID: Column = Column::Id;
            const REVISION: Column = Column::Revision;
            const CREATED_AT: Column = Column::CreatedAt;
            const UPDATED_AT: Column = Column::UpdatedAt;
        }
    };
}

macro_rules! part_rows {
    ($owner:ident) => {
        super::plain_rows!();

        impl super::TenantRow for Entity {
            const ORGANIZATION: Column = Column::OrganizationId;
        }

        impl super::PartRow for Entity {
            const OWNER: Column = Column::$owner;
        }
    };
}

macro_rules! file_rows {
    () => {
        impl super::FileRow for Entity {
            const BLOB_KEY: Column = Column::BlobKey;
            const BYTES: Column = Column::Bytes;
        }
    };
}

macro_rules! recorded_rows {
    () => {
        super::file_rows!();

        impl super::RecordedRow for Entity {
            const ID: Column = Column::Id;
            const IDENTITY: Column = Column::Identity;
        }
    };
}

use {file_rows, object_rows, part_rows, plain_rows, recorded_rows};
