//! A file that was sent: as the body, or as a part of a form.

use super::super::ApiState;
use super::super::body::{Kind, content_type, read};
use super::MOST_ROWS;
use super::cells::armed;
use super::columns::{Column, type_column};
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use std::collections::HashMap;

/// A file of comma-separated values.
#[derive(Debug)]
pub(crate) struct Upload(Bytes);

impl FromRequest<ApiState> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &ApiState) -> Result<Self, Problem> {
        let kind = content_type(request.headers());
        let (parts, body) = request.into_parts();
        match kind.as_str() {
            "text/csv" => Ok(Self(read(body, Kind::Upload).await?)),
            "multipart/form-data" => {
                let body = Body::from(read(body, Kind::Upload).await?);
                of_form(Request::from_parts(parts, body), api).await
            }
            _ => Err(Problem::UnsupportedMediaType("text/csv or multipart/form-data")),
        }
    }
}

/// The part `file` of a form.
async fn of_form(mut request: Request, api: &ApiState) -> Result<Upload, Problem> {
    // The body was read by now, up to our own limit.
    DefaultBodyLimit::disable().apply(&mut request);
    let wrong = || Problem::BadRequest("The form cannot be read.".into());
    let mut form = Multipart::from_request(request, api).await.map_err(|_| wrong())?;
    while let Some(part) = form.next_field().await.map_err(|_| wrong())? {
        if part.name() == Some("file") {
            return part.bytes().await.map(Upload).map_err(|_| wrong());
        }
    }
    Err(Problem::Invalid(FieldErrors::one("file", FieldError::required())))
}

/// Which columns a file has, and where.
#[derive(Debug)]
pub(super) struct Header(HashMap<String, usize>);

impl Header {
    /// Where a column is.
    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.0.get(column).copied()
    }
}

/// The cells of a row, with its number: the first one below the header is 1.
pub(super) type NumberedRow = (usize, Result<Vec<String>, FieldError>);

/// What a file holds.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) header: Header,
    /// Its rows; empty ones are left out.
    pub(super) rows: Vec<NumberedRow>,
}

impl Upload {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// [`Problem::BadRequest`] for what is no text, [`Problem::Invalid`] for a wrong header or too many rows.
    pub(super) fn sheet(&self, columns: &[Column], key: &str) -> Result<Sheet, Problem> {
        let text = std::str::from_utf8(&self.0);
        let text = text.map_err(|_| Problem::BadRequest("The file is not text in UTF-8.".into()))?;
        // Spreadsheets put a mark before it, and use semicolons where a comma stands in numbers.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let first_line = text.lines().next().unwrap_or_default();
        let delimiter = if first_line.contains(';') && !first_line.contains(',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
        let mut records = reader.into_records();
        let unreadable = |_| Problem::BadRequest("The file cannot be read.".into());
        let first = records.next().transpose().map_err(unreadable)?;
        let first = first.ok_or_else(|| Problem::Invalid(FieldErrors::one("file", FieldError::required())))?;
        let header = header(&first, columns, key).map_err(Problem::Invalid)?;
        let mut rows = Vec::new();
        for (place, record) in records.enumerate() {
            if place == MOST_ROWS {
                let error = FieldError::invalid("at most 5,000 rows in a file");
                return Err(Problem::Invalid(FieldErrors::one("rows", error)));
            }
            let record = record.map_err(unreadable)?;
            if record.iter().all(str::is_empty) {
                continue;
            }
            let cells = if record.len() == first.len() {
                Ok(record.iter().map(|cell| armed(cell).to_owned()).collect())
            } else {
                let text = format!("This row has {} cells, and the header {}.", record.len(), first.len());
                Err(FieldError::rule("cells", text))
            };
            rows.push((place + 1, cells));
        }
        Ok(Sheet { header, rows })
    }
}

fn header(first: &csv::StringRecord, columns: &[Column], key: &str) -> Result<Header, FieldErrors> {
    let known: Vec<String> = columns.iter().flat_map(Column::names).collect();
    let (mut places, mut errors) = (HashMap::new(), FieldErrors::default());
    for (place, name) in first.iter().map(str::trim).enumerate() {
        let path = || format!("columns.{name}");
        if !known.iter().any(|known| known == name) {
            let expected = known.join(", ");
            errors.add(
                path(),
                FieldError::rule("unknown_field", format!("There is no such column. There are {expected}.")),
            );
        } else if places.insert(name.to_owned(), place).is_some() {
            errors.add(path(), FieldError::twice());
        }
    }
    let mut needed = vec![key.to_owned()];
    for column in columns {
        if let Column::Destination(field) = column
            && places.contains_key(*field)
        {
            needed.push(type_column(field));
        }
    }
    for name in needed {
        if !places.contains_key(&name) {
            errors.add(format!("columns.{name}"), FieldError::required());
        }
    }
    if errors.is_empty() { Ok(Header(places)) } else { Err(errors) }
}
