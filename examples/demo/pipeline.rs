//! The demo's way into tearsheet: one round of the real pipeline, and SQL over a read-only connection.

use std::path::Path;
use std::sync::Arc;

use tearsheet::article::rules::check_selector;
use tearsheet::clock::Clock;
use tearsheet::config::Config;
use tearsheet::daemon::reconcile::reconcile;
use tearsheet::daemon::round::{Event, Selection, round};
use tearsheet::ingest::Ingest;
use tearsheet::store::Store;
use tearsheet::store::reader::Reader;

use crate::table::Rows;

/// Polls every feed of the config that is due and visits every article that is due, as `tearsheet once` does.
pub(crate) async fn ingest(config: &Path, clock: Clock) -> Result<String, String> {
    let config = Config::load(config, check_selector).map_err(|errors| errors.to_string())?;
    let store = Store::open(&config.store.path, clock.clone()).map_err(|error| error.to_string())?;
    reconcile(&config, &store).await.map_err(|error| error.to_string())?;
    let ingest = Ingest::new(Arc::new(config), store.clone(), clock).map_err(|error| error.to_string())?;
    let (mut polls, mut visits) = (0, 0);
    let count = |event: Event<'_>| match event {
        Event::Due { .. } => {}
        Event::Polled(_) => polls += 1,
        Event::Visited(_) => visits += 1,
    };
    round(&ingest, Selection::Due, count).await.map_err(|error| error.to_string())?;
    drop(ingest);
    store.close().await.map_err(|error| error.to_string())?;
    Ok(format!("{polls} polls, {visits} visits"))
}

/// What a query answers, over a read-only connection. NULL is an empty cell.
pub(crate) fn query(database: &Path, sql: &str) -> Result<Rows, String> {
    let answer = Reader::open(database).and_then(|reader| reader.query(sql)).map_err(|error| error.to_string())?;
    Ok(Rows { columns: answer.columns, cells: answer.rows })
}
