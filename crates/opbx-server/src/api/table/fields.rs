//! From the cells of a row to the body that the JSON address takes.

use super::cells::cells;
use super::columns::{Column, Part, configuration_of, leads_to, type_column};
use super::file::Header;
use super::names::Names;
use crate::field_errors::{FieldError, FieldErrors};
use opbx_store::ObjectKind;
use serde_json::{Map, Value, json};

/// A row of a file, and what is there already of its object.
pub(super) struct Row<'r> {
    header: &'r Header,
    cells: &'r [String],
    current: Option<Current<'r>>,
    names: &'r Names,
    body: Map<String, Value>,
    /// Whether something had to be left out, because a row further down makes it.
    waits: bool,
    errors: FieldErrors,
}

/// What a row asks for.
pub(super) struct Asked {
    /// The body.
    pub(super) body: Map<String, Value>,
    /// Whether it leads to what a row further down makes, and is to be read again after that.
    pub(super) waits: bool,
}

/// An object that is there.
struct Current<'r> {
    shown: &'r Map<String, Value>,
    /// By column.
    cells: Map<String, Value>,
}

/// The body that a row asks for: what is not in the file stays, and so does what is in it as an export would say it.
pub(super) fn asked(
    columns: &[Column],
    header: &Header,
    row: &[String],
    shown: Option<&Map<String, Value>>,
    names: &Names,
) -> Result<Asked, FieldErrors> {
    let current = shown.map(|shown| {
        let header = columns.iter().flat_map(Column::names);
        let cells = header.zip(cells(columns, shown, names).into_iter().map(Value::from)).collect();
        Current { shown, cells }
    });
    let (body, errors) = (Map::new(), FieldErrors::default());
    let mut row = Row { header, cells: row, current, names, body, waits: false, errors };
    for column in columns {
        row.read(column);
    }
    let Row { body, waits, errors, .. } = row;
    if errors.is_empty() { Ok(Asked { body, waits }) } else { Err(errors) }
}

impl Row<'_> {
    /// The cell of a column; `None` where the file has no such column.
    fn cell(&self, column: &str) -> Option<String> {
        self.header.place(column).map(|place| self.cells.get(place).cloned().unwrap_or_default())
    }

    /// The same where it says something new: of an object that is there something else, of a new one anything.
    fn news(&self, column: &str) -> Option<String> {
        let cell = self.cell(column)?;
        match &self.current {
            Some(current) => (current.cells.get(column) != Some(&Value::from(cell.as_str()))).then_some(cell),
            None => (!cell.is_empty()).then_some(cell),
        }
    }

    fn wrong(&mut self, column: &str, error: FieldError) {
        self.errors.add(column, error);
    }

    fn say(&mut self, field: &str, value: Value) {
        self.body.insert(field.to_owned(), value);
    }

    fn read(&mut self, column: &Column) {
        match column {
            Column::Text(field) => {
                if let Some(cell) = self.news(field) {
                    self.say(field, text(cell));
                }
            }
            Column::Number(field) => {
                if let Some(cell) = self.news(field) {
                    self.say(field, number(cell));
                }
            }
            Column::Flag(field) => {
                if let Some(cell) = self.news(field) {
                    self.say(field, flag(cell));
                }
            }
            Column::Part(part) => self.read_part(*part),
            Column::Reference { column, field, kind } => {
                if let Some(cell) = self.news(column)
                    && let Some(value) = self.reference(column, *kind, &cell)
                {
                    self.say(field, value);
                }
            }
            Column::Person { column, field } => self.read_person(column, field),
            Column::Destination(field) => self.read_destination(field),
            Column::LeadsTo(column) => self.read_configuration(column),
        }
    }

    /// A nested object is replaced whole: the parts that the row does not name are taken from what is there.
    fn read_part(&mut self, part: Part) {
        let Some(cell) = self.news(part.column) else { return };
        let value = if part.is_number { number(cell) } else { text(cell) };
        let there = self.current.as_ref().and_then(|current| current.shown.get(part.object)).cloned();
        let object = self.body.entry(part.object).or_insert_with(|| there.unwrap_or_else(|| json!({})));
        object[part.part] = value;
    }

    /// An object by its name; an empty cell is none.
    fn reference(&mut self, column: &str, kind: ObjectKind, name: &str) -> Option<Value> {
        if name.is_empty() {
            return Some(Value::Null);
        }
        let id = self.names.id(kind, name).or_else(|| self.names.id(kind, name.trim()));
        if id.is_none() {
            self.wrong(column, nothing_called(kind, name));
        }
        id.map(Value::from)
    }

    fn read_person(&mut self, column: &str, field: &str) {
        let Some(cell) = self.news(column) else { return };
        let cell = cell.trim();
        let value = match self.names.person(cell) {
            Some(id) => Value::from(id),
            None if cell.is_empty() => Value::Null,
            // An identifier, as an export says it to those who may not read users.
            None if cell.bytes().all(|byte| byte.is_ascii_digit()) => number(cell.to_owned()),
            None => {
                let text = format!("There is no user {cell} in this organization.");
                return self.wrong(column, FieldError::rule("not_found", text));
            }
        };
        self.say(field, value);
    }

    fn read_destination(&mut self, field: &str) {
        let kind = type_column(field);
        if self.news(&kind).is_none() && self.news(field).is_none() {
            return;
        }
        let word = self.cell(&kind).unwrap_or_default().trim().to_owned();
        let to = self.cell(field).unwrap_or_default();
        if word.is_empty() {
            if to.is_empty() {
                self.say(field, Value::Null);
            } else {
                self.wrong(&kind, FieldError::required());
            }
            return;
        }
        if let Some(place) = self.destination(field, &word, &to) {
            self.say(field, place);
        }
    }

    fn destination(&mut self, column: &str, word: &str, to: &str) -> Option<Value> {
        let Some(kind) = leads_to(word) else {
            return match word {
                "forward" => Some(json!({ "type": word, "to": text(to.to_owned()) })),
                "hangup" | "busy" if !to.is_empty() => {
                    let error = FieldError::rule("not_allowed", format!("A destination of type {word} leads nowhere."));
                    self.wrong(column, error);
                    None
                }
                // What is no type is told by whoever reads the body.
                _ => Some(json!({ "type": word })),
            };
        };
        let id = if word == "announcement" { "prompt_id" } else { "id" };
        if to.is_empty() {
            self.wrong(column, FieldError::required());
            return None;
        }
        if let Some(known) = self.names.id(kind, to).or_else(|| self.names.id(kind, to.trim())) {
            return Some(json!({ "type": word, id: known }));
        }
        if self.names.is_expected(kind, to.trim()) {
            self.waits = true;
            return None;
        }
        match serde_json::from_str::<Value>(to) {
            Ok(Value::Object(mut place)) => {
                place.insert("type".to_owned(), word.into());
                Some(place.into())
            }
            _ => {
                self.wrong(column, nothing_called(kind, to));
                None
            }
        }
    }

    /// What the type of an extension leads to. Another type leads elsewhere, also where the file does not say where.
    fn read_configuration(&mut self, column: &str) {
        let (new_type, new_to) = (self.news("type"), self.news(column));
        if new_type.is_none() && new_to.is_none() {
            return;
        }
        let there = self.current.as_ref().and_then(|current| current.cells.get("type")).and_then(Value::as_str);
        let word = self.cell("type").or_else(|| there.map(str::to_owned)).unwrap_or_default();
        let to = self.cell(column).unwrap_or_default();
        // A word that is no type is told by whoever reads the body.
        let Some((part, kind)) = configuration_of(word.trim()) else { return };
        let value = match kind {
            Some(kind) => self.reference(column, kind, &to),
            None => Some(text(to)),
        };
        if let Some(value) = value {
            self.say("configuration", json!({ part: value }));
        }
    }
}

fn nothing_called(kind: ObjectKind, name: &str) -> FieldError {
    let kind = kind.word().replace('_', " ");
    FieldError::rule("not_found", format!("There is no {kind} {name} in this organization."))
}

/// A text; nothing where the cell is empty.
fn text(cell: String) -> Value {
    if cell.is_empty() { Value::Null } else { cell.into() }
}

/// A whole number. What is none stays a text, and is refused by whoever reads the body.
fn number(cell: String) -> Value {
    match cell.trim().parse::<u64>() {
        Ok(number) => number.into(),
        Err(_) => text(cell),
    }
}

/// Yes or no, as people and spreadsheets write it.
fn flag(cell: String) -> Value {
    match cell.trim().to_ascii_lowercase().as_str() {
        "true" => true.into(),
        "false" => false.into(),
        _ => text(cell),
    }
}
