//! A table, written once for both engines.
//!
//! Columns have only types that the engines agree about: whole numbers, texts with a length, bytes, yes and no. Texts
//! compare byte by byte (`utf8mb4_bin`), as SQLite does by itself: `Sales` and `sales` are two names on either engine.
//! Unique keys stand inside the table, where both engines know them by the same name; MySQL has no
//! `CREATE INDEX IF NOT EXISTS`, and a step that stops half-way on MySQL, which commits every table, must be repeatable.

use sea_orm::sea_query::{
    ColumnDef, ForeignKey, ForeignKeyAction, Index, IndexCreateStatement, Table, TableCreateStatement,
};
use sea_orm::{DbBackend, Statement};

/// The columns that carry a link, and what happens when its end is deleted.
#[derive(Clone, Copy)]
pub(super) enum OnDelete {
    /// The database refuses the deletion.
    Refuse,
    /// The row goes too.
    Follow,
}

/// A table.
pub(super) struct Definition {
    name: &'static str,
    create: TableCreateStatement,
    /// Whether the rows stand in the order of the primary key, as MySQL does it by itself.
    clustered: bool,
    /// Plain indexes: inside the table on MySQL, beside it on SQLite, which has no other place for them.
    indexes: Vec<(&'static str, &'static [&'static str])>,
    /// Whether the table is there already, and only indexes are added.
    adds_only: bool,
}

impl Definition {
    pub(super) fn table(name: &'static str) -> Self {
        let mut create = Table::create();
        create.table(name).if_not_exists();
        Self { name, create, clustered: false, indexes: Vec::new(), adds_only: false }
    }

    /// What is added to a table of an earlier step: indexes.
    pub(super) fn more_of(name: &'static str) -> Self {
        Self { adds_only: true, ..Self::table(name) }
    }

    /// What every object of an organization begins with, and the key by which links inside the organization find it.
    pub(super) fn object(name: &'static str, key: &'static str) -> Self {
        Self::table(name)
            .id()
            .number("organization_id")
            .number("revision")
            .number("created_at")
            .number("updated_at")
            .unique(key, &["organization_id", "id"])
    }

    /// What every part of an object begins with.
    pub(super) fn part(name: &'static str, owner: &'static str) -> Self {
        Self::table(name).number("organization_id").number(owner)
    }

    fn column(mut self, mut column: ColumnDef, null: bool) -> Self {
        if null {
            column.null();
        } else {
            column.not_null();
        }
        self.create.col(column);
        self
    }

    /// A primary key that counts by itself and never gives a number twice.
    pub(super) fn id(mut self) -> Self {
        self.create.col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key());
        self
    }

    /// A 64-bit number: an identifier, an instant, an amount.
    pub(super) fn number(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).big_integer().take(), false)
    }

    pub(super) fn maybe_number(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).big_integer().take(), true)
    }

    /// A 32-bit number: a duration, a place, a count.
    pub(super) fn small(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).integer().take(), false)
    }

    pub(super) fn maybe_small(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).integer().take(), true)
    }

    pub(super) fn flag(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).boolean().take(), false)
    }

    pub(super) fn maybe_flag(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).boolean().take(), true)
    }

    /// A text of so many characters.
    pub(super) fn text(self, name: &'static str, length: u32) -> Self {
        self.column(ColumnDef::new(name).string_len(length).take(), false)
    }

    pub(super) fn maybe_text(self, name: &'static str, length: u32) -> Self {
        self.column(ColumnDef::new(name).string_len(length).take(), true)
    }

    /// A text up to 64 KiB.
    pub(super) fn long_text(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).text().take(), false)
    }

    pub(super) fn maybe_long_text(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).text().take(), true)
    }

    /// A text up to 16 MiB. SQLite takes any word with `text` in it for a text.
    pub(super) fn longest_text(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).custom("mediumtext").take(), false)
    }

    pub(super) fn maybe_longest_text(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).custom("mediumtext").take(), true)
    }

    /// A sealed secret, or a digest.
    pub(super) fn bytes(self, name: &'static str, length: u32) -> Self {
        self.column(ColumnDef::new(name).var_binary(length).take(), false)
    }

    pub(super) fn maybe_bytes(self, name: &'static str, length: u32) -> Self {
        self.column(ColumnDef::new(name).var_binary(length).take(), true)
    }

    pub(super) fn primary(mut self, columns: &'static [&'static str]) -> Self {
        let mut key = index_on(columns);
        self.create.primary_key(&mut key);
        self
    }

    /// A primary key in whose order the rows themselves stand: what is read by its beginning is one stretch, and there is no
    /// second tree to be written.
    pub(super) fn clustered(self, columns: &'static [&'static str]) -> Self {
        Self { clustered: true, ..self.primary(columns) }
    }

    pub(super) fn unique(mut self, name: &'static str, columns: &'static [&'static str]) -> Self {
        let mut key = index_on(columns);
        self.create.index(key.unique().name(name));
        self
    }

    pub(super) fn index(mut self, name: &'static str, columns: &'static [&'static str]) -> Self {
        self.indexes.push((name, columns));
        self
    }

    /// A link to the columns `to` of `table`.
    pub(super) fn link(
        mut self,
        name: &'static str,
        columns: &'static [&'static str],
        table: &'static str,
        to: &'static [&'static str],
        on_delete: OnDelete,
    ) -> Self {
        let mut link = ForeignKey::create();
        link.name(name).from_tbl(self.name).to_tbl(table);
        for (column, to) in columns.iter().zip(to) {
            link.from_col(*column).to_col(*to);
        }
        link.on_delete(match on_delete {
            OnDelete::Refuse => ForeignKeyAction::Restrict,
            OnDelete::Follow => ForeignKeyAction::Cascade,
        });
        self.create.foreign_key(&mut link);
        self
    }

    /// The link to the organization itself, of rows that are worth nothing without it and go with it.
    pub(super) fn goes_with_organization(self, name: &'static str) -> Self {
        self.link(name, &["organization_id"], "organizations", &["id"], OnDelete::Follow)
    }

    /// The link to the organization itself.
    pub(super) fn of_organization(self, name: &'static str) -> Self {
        self.link(name, &["organization_id"], "organizations", &["id"], OnDelete::Refuse)
    }

    pub(super) const fn adds_only(&self) -> bool {
        self.adds_only
    }

    /// The same without indexes that are there: MySQL can only be asked which.
    pub(super) fn without(mut self, there: &[String]) -> Self {
        self.indexes.retain(|(name, _)| there.iter().all(|other| other != name));
        self
    }

    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    /// The statements that make it, each of which may run again.
    pub(super) fn statements(mut self, backend: DbBackend) -> Vec<Statement> {
        if self.adds_only {
            let added = self.indexes.iter().map(|(name, columns)| {
                let mut index = index_on(columns).name(*name).table(self.name).to_owned();
                if backend != DbBackend::MySql {
                    index.if_not_exists();
                }
                backend.build(&index)
            });
            return added.collect();
        }
        if backend == DbBackend::MySql {
            for (name, columns) in &self.indexes {
                self.create.index(index_on(columns).name(*name));
            }
            self.create.engine("InnoDB").character_set("utf8mb4").collate("utf8mb4_bin");
            return vec![backend.build(&self.create)];
        }
        if self.clustered {
            self.create.extra("WITHOUT ROWID");
        }
        let beside = self
            .indexes
            .iter()
            .map(|(name, columns)| backend.build(index_on(columns).name(*name).table(self.name).if_not_exists()));
        std::iter::once(backend.build(&self.create)).chain(beside).collect()
    }
}

fn index_on(columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    for column in columns {
        index.col(*column);
    }
    index
}
