//! Events as text.

use pgwire::{Column, CopyFormat, Event, ServerError, TransactionStatus};

use super::tokens::quote;

/// `Done` is written by the caller, who can ask for the status.
pub fn text(event: &Event<'_>) -> String {
    match event {
        Event::Ready => "Ready".to_owned(),
        Event::Prepared {
            parameters,
            columns,
            ..
        } => {
            format!("Prepared {} {}", list(parameters.iter()), names(columns))
        }
        Event::Columns(columns) => format!("Columns {}", names(columns)),
        Event::Row(row) => {
            let values = row
                .iter()
                .map(|value| value.map_or("null".to_owned(), quote));
            let text = format!("Row {}", list(values));
            assert_eq!(row.len(), row.iter().count());
            text
        }
        Event::Complete(tag) => match tag.rows() {
            Some(rows) => format!("Complete {} rows={rows}", quote(tag.text())),
            None => format!("Complete {}", quote(tag.text())),
        },
        Event::Suspended => "Suspended".to_owned(),
        Event::CopyIn(format) => format!("CopyIn {} {}", form(format), format.columns),
        Event::CopyOut(format) => format!("CopyOut {} {}", form(format), format.columns),
        Event::CopyData(data) => format!("CopyData {}", quote(data)),
        Event::EmptyQuery => "EmptyQuery".to_owned(),
        Event::Failed(error) => format!("Failed {}", report(error)),
        Event::Notice(notice) => format!("Notice {}", report(notice)),
        Event::Notification {
            pid,
            channel,
            payload,
        } => {
            format!("Notification {pid} {} {}", quote(channel), quote(payload))
        }
        Event::Parameter { name, value } => format!("Parameter {} {}", quote(name), quote(value)),
        Event::Done => "Done".to_owned(),
        Event::Hashing(_) => unreachable!("the player hashes"),
        Event::Begun => "Begun".to_owned(),
        Event::GroupDone => "GroupDone".to_owned(),
    }
}

pub fn status(status: TransactionStatus) -> &'static str {
    match status {
        TransactionStatus::Starting => "starting",
        TransactionStatus::Idle => "idle",
        TransactionStatus::InTransaction => "in transaction",
        TransactionStatus::Failed => "failed",
    }
}

fn form(format: &CopyFormat) -> &'static str {
    if format.binary { "binary" } else { "text" }
}

fn list(items: impl Iterator<Item = impl ToString>) -> String {
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    format!("[{}]", items.join(" "))
}

fn names(columns: &[Column]) -> String {
    list(
        columns
            .iter()
            .map(|column| format!("{}:{}", column.name, column.type_oid)),
    )
}

fn report(error: &ServerError) -> String {
    let fields: Vec<String> = error
        .fields()
        .map(|(name, value)| format!("{name}={}", quote(value)))
        .collect();
    fields.join(" ")
}
