//! Articles as JSON Lines: one object a line, its keys the columns of `articles` and `feeds`, `tags`.

use std::io::{self, Write};

use super::Rows;
use crate::store::export::ExportedArticle;

pub(super) struct JsonLines<'o> {
    out: &'o mut dyn Write,
}

impl<'o> JsonLines<'o> {
    pub(super) fn begin(out: &'o mut dyn Write) -> Self {
        Self { out }
    }
}

impl Rows for JsonLines<'_> {
    fn row(&mut self, article: &ExportedArticle) -> io::Result<()> {
        serde_json::to_writer(&mut *self.out, article)?;
        self.out.write_all(b"\n")
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
