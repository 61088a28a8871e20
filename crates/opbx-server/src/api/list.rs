//! Lists: what a query asks for, and a page with its place among the others.

use super::ApiState;
use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use opbx_store::{Filter, FilterValue, Page, Query};
use serde::Serialize;
use serde_json::{Value, json};

/// How many objects a page holds when nothing is said.
const PER_PAGE: u64 = 20;
/// The most objects of a page.
const MOST_PER_PAGE: u64 = 100;

/// A field that a list can be filtered by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FilterField {
    pub(crate) name: &'static str,
    pub(crate) values: Values,
}

/// What a filter can be compared with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Values {
    /// One of these words.
    Words(&'static [&'static str]),
    /// An identifier.
    Number,
    /// Yes or no.
    Flag,
}

impl FilterField {
    /// How the description shows it.
    pub(crate) fn schema(&self) -> Value {
        match self.values {
            Values::Words(words) => json!({ "type": "string", "enum": words }),
            Values::Number => json!({ "type": "integer", "format": "int64", "minimum": 1 }),
            Values::Flag => json!({ "type": "boolean" }),
        }
    }

    fn read(&self, text: &str) -> Result<FilterValue, Problem> {
        let value = match self.values {
            Values::Words(words) => words.contains(&text).then(|| FilterValue::Word(text.to_owned())),
            Values::Number => text.parse().ok().filter(|number| *number > 0).map(FilterValue::Number),
            Values::Flag => match text {
                "true" | "1" => Some(FilterValue::Flag(true)),
                "false" | "0" => Some(FilterValue::Flag(false)),
                _ => None,
            },
        };
        value.ok_or_else(|| Problem::BadRequest(format!("The filter {} cannot be read.", self.name).into()))
    }
}

/// The parameters of a query, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct QueryParameters(Vec<(String, String)>);

impl FromRequestParts<ApiState> for QueryParameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

impl QueryParameters {
    /// The value of a parameter; of several the last.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What page of a list is asked for. What is out of range is put into it; what is unknown is as if it were not there.
    ///
    /// # Errors
    ///
    /// For a filter whose value is none.
    pub(crate) fn page(&self, filters: &[FilterField]) -> Result<ListQuery, Problem> {
        let number = |name| self.get(name).and_then(|text| text.parse::<i64>().ok());
        let page = number("page").unwrap_or(1).clamp(1, i64::from(u32::MAX)).unsigned_abs();
        let per_page =
            number("per_page").map_or(PER_PAGE, |number| number.clamp(1, MOST_PER_PAGE as i64).unsigned_abs());
        let mut chosen = Vec::new();
        for filter in filters {
            if let Some(text) = self.get(filter.name).filter(|text| !text.is_empty()) {
                chosen.push(Filter { field: filter.name, value: filter.read(text)? });
            }
        }
        let query = Query {
            filters: chosen,
            search: self.get("search").map(|text| text.trim().chars().take(200).collect()),
            sort_by: self.get("sort_by").map(str::to_owned),
            descending: self.get("sort_order").is_some_and(|order| order.eq_ignore_ascii_case("desc")),
            offset: (page - 1) * per_page,
            limit: per_page,
        };
        Ok(ListQuery { query, page, per_page })
    }
}

/// The page that is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ListQuery {
    pub(crate) query: Query,
    page: u64,
    per_page: u64,
}

impl ListQuery {
    /// Whether a text is one that is searched for.
    pub(crate) fn finds(&self, text: &str) -> bool {
        self.query.search.as_ref().is_none_or(|searched| text.to_lowercase().contains(&searched.to_lowercase()))
    }

    /// The answer out of everything there is: for lists that are short, and sorted as people want them.
    pub(crate) fn answer_all<T, V: Serialize>(&self, all: Vec<T>, view: impl FnMut(T) -> V) -> Response {
        let total = all.len() as u64;
        let (before, most) = (usize::try_from(self.query.offset), usize::try_from(self.query.limit));
        let items = all.into_iter().skip(before.unwrap_or(usize::MAX)).take(most.unwrap_or(usize::MAX)).collect();
        self.answer(Page { items, total }, view)
    }

    /// The answer: the page, and its place among the others.
    pub(crate) fn answer<T, V: Serialize>(&self, page: Page<T>, view: impl FnMut(T) -> V) -> Response {
        let total = page.total;
        let data: Vec<V> = page.items.into_iter().map(view).collect();
        let meta = self.meta(total, data.len());
        super::answer::json(&json!({ "data": data, "meta": meta })).into_response()
    }

    /// The place of a page among the others.
    pub(crate) fn meta(&self, total: u64, shown: usize) -> Value {
        let first = (self.page - 1) * self.per_page + 1;
        let last = first + shown as u64 - 1;
        let (from, to) = if shown == 0 { (None, None) } else { (Some(first), Some(last)) };
        json!({
            "current_page": self.page,
            "per_page": self.per_page,
            "total": total,
            "last_page": total.div_ceil(self.per_page).max(1),
            "from": from,
            "to": to,
        })
    }
}

/// `meta` of a list in the description.
pub(crate) fn list_schema(item: &Value) -> Value {
    let number = json!({ "type": "integer", "format": "int64" });
    let place = json!({ "type": ["integer", "null"], "format": "int64" });
    json!({
        "type": "object",
        "required": ["data", "meta"],
        "properties": {
            "data": { "type": "array", "items": item },
            "meta": {
                "type": "object",
                "required": ["current_page", "per_page", "total", "last_page", "from", "to"],
                "properties": {
                    "current_page": number, "per_page": number, "total": number, "last_page": number,
                    "from": place, "to": place,
                },
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> ListQuery {
        let parameters = QueryParameters(form_urlencoded::parse(query.as_bytes()).into_owned().collect());
        parameters.page(&[FilterField { name: "status", values: Values::Words(&["active", "inactive"]) }]).unwrap()
    }

    #[test]
    fn what_is_out_of_range_is_put_into_it() {
        for (query, page, per_page) in [
            ("", 1, 20),
            ("page=3&per_page=50", 3, 50),
            ("page=0&per_page=0", 1, 1),
            ("page=-5&per_page=1000", 1, 100),
            ("page=x&per_page=y", 1, 20),
        ] {
            let asked = asked(query);
            assert_eq!((asked.page, asked.per_page), (page, per_page), "{query}");
            assert_eq!(asked.query.offset, (page - 1) * per_page);
        }
    }

    #[test]
    fn a_filter_that_is_none_is_refused() {
        assert_eq!(asked("status=active").query.filters.len(), 1);
        assert!(asked("status=").query.filters.is_empty());
        let parameters = QueryParameters(vec![("status".into(), "x".into())]);
        let filter = FilterField { name: "status", values: Values::Words(&["active"]) };
        assert!(parameters.page(&[filter]).is_err());
    }
}
