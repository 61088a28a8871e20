//! `POST /business-hours/{id}/duplicate`: the same schedule once more, under a free name.

use super::super::ApiState;
use super::super::answer::created;
use super::super::resource::{Id, Resource, version};
use super::BusinessHoursView;
use crate::access::{BusinessHours as BusinessHoursRight, Create, Permit};
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use opbx_core::business_hours::BusinessHours;
use opbx_core::id::BusinessHoursId;
use opbx_core::text::Name;
use opbx_store::{Kind, Query};
use std::collections::HashSet;

/// The most schedules whose names are compared with.
const MOST_COMPARED: u64 = 1_000;
/// The longest name, in characters.
const LONGEST_NAME: usize = 255;

/// `POST /business-hours/{id}/duplicate`.
pub(super) async fn duplicate(
    State(api): State<ApiState>,
    permit: Permit<Create<BusinessHoursRight>>,
    id: Id,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let mut edit = api.edit(&permit.caller).await?;
    let original = edit.find::<BusinessHours>(id.0).await?.object;
    let base = base(original.name.as_str()).to_owned();
    // Nobody else changes the organization while the edit is open, so what is free here stays free.
    let alike = Query { search: Some(base.clone()), limit: MOST_COMPARED, ..Query::default() };
    let alike = edit.page::<BusinessHours>(&alike).await?;
    let taken: HashSet<String> = alike.items.into_iter().map(|stored| stored.object.name.to_string()).collect();
    let name = free_name(&base, &taken).ok_or_else(|| Problem::Conflict("No name is free for it.".into()))?;
    let made = edit.create(BusinessHours { id: BusinessHoursId::new(0), name, ..original }).await?;
    api.commit(&permit.caller, edit).await?;
    let location = format!("/api/v1/{}/{}", BusinessHours::PATH, made.object.number());
    Ok(version(&made).on(created(&BusinessHoursView::of(&made), &location)))
}

/// A name without the number of a copy: `Office (2)` is a copy of `Office`.
fn base(name: &str) -> &str {
    let number = name.strip_suffix(')').and_then(|name| name.rsplit_once(" ("));
    match number {
        Some((base, number)) if !base.is_empty() && number.parse::<u32>().is_ok_and(|number| number > 1) => base,
        _ => name,
    }
}

/// The first of `base (2)`, `base (3)` … that is not taken; a long base is cut.
fn free_name(base: &str, taken: &HashSet<String>) -> Option<Name> {
    (2..=taken.len() as u64 + 2).find_map(|number| {
        let suffix = format!(" ({number})");
        let room = LONGEST_NAME - suffix.chars().count();
        let name: String = base.chars().take(room).collect::<String>() + &suffix;
        if taken.contains(&name) { None } else { name.parse().ok() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_a_copy_is_a_copy_of_the_original() {
        for (name, of) in [
            ("Office", "Office"),
            ("Office (2)", "Office"),
            ("Office (17)", "Office"),
            ("Office (1)", "Office (1)"),
            ("Office (north)", "Office (north)"),
            (" (2)", " (2)"),
        ] {
            assert_eq!(base(name), of, "{name}");
        }
    }

    #[test]
    fn the_first_free_number_is_taken_and_a_long_name_is_cut() {
        let taken = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<HashSet<_>>();
        let name = |base: &str, names: &[&str]| free_name(base, &taken(names)).unwrap().to_string();
        assert_eq!(name("Office", &["Office"]), "Office (2)");
        assert_eq!(name("Office", &["Office", "Office (2)", "Office (3)", "Office (5)"]), "Office (4)");
        let long = "ö".repeat(255);
        assert_eq!(name(&long, &[]).chars().count(), 255);
    }
}
