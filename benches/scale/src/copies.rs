//! Rows of the first organization, once more for each of the others.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr, Statement, TransactionTrait};
use std::fmt::Write;
use std::path::Path;

/// What an organization has rows in, parents first.
const TABLES: [&str; 5] =
    ["organizations", "organization_limits", "organization_settings", "platform_settings", "extensions"];
/// How many digests stand in one statement.
const AT_ONCE: usize = 1_000;

/// Writes an organization for each of these numbers, with this digest of its webhook key. Other columns are copied from
/// the first one, but for those that must differ.
pub(crate) async fn write(file: &Path, digests: &[(u32, [u8; 32])]) -> Result<(), DbErr> {
    let db = Database::connect(format!("sqlite:{}", file.display())).await?;
    let writing = db.begin().await?;
    note(&writing, digests).await?;
    for table in TABLES {
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for column in columns(&writing, table).await? {
            if let Some(value) = value(table, &column) {
                values.push(value.unwrap_or_else(|| format!("one.{column}")));
                names.push(column);
            }
        }
        let (names, values) = (names.join(", "), values.join(", "));
        let whose = if table == "organizations" { "id" } else { "organization_id" };
        let copy = format!(
            "INSERT INTO {table} ({names}) SELECT {values} FROM copies JOIN {table} AS one ON one.{whose} = 1 ORDER BY copies.n"
        );
        writing.execute_unprepared(&copy).await?;
    }
    writing.execute_unprepared("DROP TABLE copies").await?;
    writing.commit().await?;
    settle(&db).await
}

/// The number and the digest of every organization, beside the tables they are copied into.
async fn note(db: &DatabaseTransaction, digests: &[(u32, [u8; 32])]) -> Result<(), DbErr> {
    db.execute_unprepared("CREATE TABLE copies (n INTEGER PRIMARY KEY, digest BLOB NOT NULL)").await?;
    for some in digests.chunks(AT_ONCE) {
        let mut insert = "INSERT INTO copies VALUES ".to_owned();
        for (place, (n, digest)) in some.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            // Writing to a text does not fail.
            let _ = write!(insert, "{comma}({n},x'");
            for byte in digest {
                let _ = write!(insert, "{byte:02x}");
            }
            insert.push_str("')");
        }
        db.execute_unprepared(&insert).await?;
    }
    Ok(())
}

/// What a column of a copy holds. `None`: what the database gives it; `Some(None)`: what the first one's holds.
fn value(table: &str, column: &str) -> Option<Option<String>> {
    let own = match (table, column) {
        ("extensions", "id") => return None,
        ("organizations", "id") | (_, "organization_id") => "copies.n",
        (_, "slug") => "'o' || copies.n",
        (_, "domain") => "'o' || copies.n || '.cloudonix.example'",
        (_, "domain_uuid") => "'uuid-' || copies.n",
        (_, "webhook_key_digest") => "copies.digest",
        (_, "cdr_secret_digest") => "randomblob(32)",
        _ => return Some(None),
    };
    Some(Some(own.to_owned()))
}

async fn columns(db: &DatabaseTransaction, table: &str) -> Result<Vec<String>, DbErr> {
    let asked =
        Statement::from_string(db.get_database_backend(), format!("SELECT name FROM pragma_table_info('{table}')"));
    db.query_all_raw(asked).await?.iter().map(|row| row.try_get("", "name")).collect()
}

/// Leaves one file behind, as a server that stopped would.
async fn settle(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
    db.execute_unprepared("PRAGMA optimize").await?;
    Ok(())
}
