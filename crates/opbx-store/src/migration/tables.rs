//! Which tables a database holds; the one question that each engine wants asked in its own words.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// The names of all tables and views, without the engine's own.
pub(crate) async fn tables(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::MySql => {
            "SELECT CAST(table_name AS CHAR) AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1"
        }
        _ => {
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1"
        }
    };
    db.query_all_raw(Statement::from_string(backend, sql))
        .await?
        .into_iter()
        .map(|row| row.try_get("", "name"))
        .collect()
}

/// The names of the indexes of a table, in the words of MySQL.
pub(super) async fn indexes(db: &impl ConnectionTrait, table: &str) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT DISTINCT CAST(index_name AS CHAR) AS name FROM information_schema.statistics \
        WHERE table_schema = DATABASE() AND table_name = ?";
    let asked = Statement::from_sql_and_values(db.get_database_backend(), sql, [table.into()]);
    db.query_all_raw(asked).await?.into_iter().map(|row| row.try_get("", "name")).collect()
}
