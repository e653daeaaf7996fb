//! Articles as CSV (RFC 4180): a header, then a row an article. NULL is empty, a list is a JSON array.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};
use serde_json::Value;

use super::Rows;
use crate::store::export::ExportedArticle;

pub(super) struct Csv<'o> {
    writer: Writer<&'o mut dyn Write>,
}

impl<'o> Csv<'o> {
    pub(super) fn begin(out: &'o mut dyn Write, columns: &[&str]) -> io::Result<Self> {
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
        writer.write_record(columns)?;
        Ok(Self { writer })
    }
}

impl Rows for Csv<'_> {
    fn row(&mut self, article: &ExportedArticle) -> io::Result<()> {
        for value in article.values() {
            self.writer.write_field(cell(value).as_bytes())?;
        }
        // Nothing more: the end of the row.
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        value => Cow::Owned(value.to_string()),
    }
}
