//! Users as rows of a file. A row that makes one makes someone who has to be invited: no file holds a password.

use super::super::ApiState;
use super::super::table::{Column, Names, Tabular, everything};
use super::change::{change_user, make_user, shown};
use crate::access::{Caller, Users};
use crate::problem::Problem;
use opbx_core::id::UserId;
use opbx_core::permission::Grant;
use opbx_store::{Edit, Stored, User};
use serde_json::{Map, Value};

/// Users as rows.
#[derive(Debug)]
pub(crate) struct UserRows;

impl Tabular for UserRows {
    const PATH: &'static str = "users";
    type Right = Users;
    const COLUMNS: &'static [Column] = &[
        Column::Text("email"),
        Column::Text("name"),
        Column::Text("role"),
        Column::Text("status"),
        Column::Text("phone"),
    ];
    const KEY: &'static str = "email";
    type Object = Stored<User>;

    /// Everyone, or oneself for those who may see no other.
    async fn all(api: &ApiState, caller: &Caller, grant: Grant) -> Result<(Vec<Map<String, Value>>, Names), Problem> {
        let tenant = api.tenant(caller);
        let users = match (grant, caller.user) {
            (Grant::All, _) => tenant.users(&everything()).await?.items,
            (_, Some(me)) => vec![tenant.user(me).await?],
            (_, None) => return Err(Problem::Forbidden),
        };
        let mut names = Names::default();
        names.learn_people(&users);
        Ok((users.iter().map(shown).collect(), names))
    }

    async fn names(edit: &Edit, _caller: &Caller) -> Result<Names, Problem> {
        let mut names = Names::default();
        names.learn_people(&edit.users(&everything()).await?.items);
        Ok(names)
    }

    fn known(names: &Names, key: &str) -> Option<u64> {
        names.person(key)
    }

    fn learn(names: &mut Names, object: &Stored<User>) {
        names.learn_people([object]);
    }

    async fn find(edit: &Edit, id: u64) -> Result<Stored<User>, Problem> {
        Ok(edit.user(UserId::new(id)).await?)
    }

    fn id(object: &Stored<User>) -> u64 {
        object.object.id.get()
    }

    fn shown(object: &Stored<User>) -> Map<String, Value> {
        shown(object)
    }

    async fn make(
        edit: &mut Edit,
        caller: &Caller,
        grant: Grant,
        body: &Map<String, Value>,
    ) -> Result<Stored<User>, Problem> {
        make_user(edit, caller, grant, body).await
    }

    async fn change(
        edit: &mut Edit,
        caller: &Caller,
        grant: Grant,
        before: &Stored<User>,
        body: &Map<String, Value>,
    ) -> Result<Stored<User>, Problem> {
        change_user(edit, caller, grant, before, body).await
    }
}
