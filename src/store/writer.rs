//! The writer thread: takes what has queued up as one transaction, and answers each caller after the commit.
//!
//! Each job runs in a savepoint of its own, so a failing or panicking one takes nothing with it. A failing commit
//! is everybody's failure: nothing of the batch is stored, and every caller hears so.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::thread;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::error::StoreError;
use super::open::Writer;

/// Jobs in one transaction. A larger batch saves little more and makes the first caller wait for the last job.
const BATCH: usize = 256;

/// Sends jobs to the thread. Clones share it; it ends when all are gone, or when one closes it.
#[derive(Clone)]
pub(super) struct Queue {
    sender: mpsc::Sender<Message>,
    path: PathBuf,
}

enum Message {
    Job(Box<dyn Job>),
    Close(oneshot::Sender<Result<(), StoreError>>),
}

/// One verb on its way through the thread.
trait Job: Send {
    /// Does the work and keeps the result. An error means that nothing of it may be stored.
    fn run(&mut self, db: &Connection) -> Result<(), StoreError>;
    /// Hands the result to the caller, or the error that undid it.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

impl Queue {
    /// Starts the thread, which owns `writer` from here on.
    pub(super) fn start(writer: Writer) -> Result<Self, StoreError> {
        let (sender, receiver) = mpsc::channel(BATCH);
        let path = writer.path.clone();
        let thread = thread::Builder::new().name("store".to_owned()).spawn(move || serve(writer, receiver));
        // Not joined: `close` hears from the thread itself, and a dropped store ends it.
        thread.map_err(|error| StoreError::io(&path, error))?;
        Ok(Self { sender, path })
    }

    /// Runs `work` on the thread and returns its result once it is committed.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let path = self.path.clone();
        let call = Call { path, work: Some(work), result: None, reply };
        self.sender.send(Message::Job(Box::new(call))).await.map_err(|_closed| self.closed())?;
        answer.await.unwrap_or_else(|_dropped| Err(self.closed()))
    }

    /// Does what is queued, then closes the file. Whoever calls later is refused.
    pub(super) async fn close(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.sender.send(Message::Close(reply)).await.map_err(|_closed| self.closed())?;
        answer.await.unwrap_or_else(|_dropped| Err(self.closed()))
    }

    fn closed(&self) -> StoreError {
        StoreError::Closed { path: self.path.clone() }
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("path", &self.path).finish_non_exhaustive()
    }
}

fn serve(writer: Writer, mut receiver: mpsc::Receiver<Message>) {
    let mut closers = Vec::new();
    while let Some(message) = receiver.blocking_recv() {
        let mut batch = Vec::new();
        let mut next = Some(message);
        while let Some(message) = next {
            match message {
                Message::Job(job) => batch.push(job),
                Message::Close(reply) => {
                    // What is already queued is still received.
                    receiver.close();
                    closers.push(reply);
                }
            }
            next = if batch.len() < BATCH { receiver.try_recv().ok() } else { None };
        }
        run_batch(&writer, batch);
    }
    let result = writer.close();
    if let (Err(error), true) = (&result, closers.is_empty()) {
        tracing::warn!("cannot close the store cleanly: {error}");
    }
    for closer in closers {
        // A caller that went away needs no answer.
        let _gone = closer.send(result.clone()).is_err();
    }
}

/// Runs `jobs` as one transaction and answers them all.
fn run_batch(writer: &Writer, mut jobs: Vec<Box<dyn Job>>) {
    if jobs.is_empty() {
        return;
    }
    let committed = transact(writer, &mut jobs);
    if committed.is_err() && !writer.db.is_autocommit() {
        // If this fails too, then the next BEGIN fails and says so.
        let _next_begin_tells = writer.db.execute_batch("ROLLBACK").is_err();
    }
    for job in jobs {
        job.answer(committed.clone());
    }
}

fn transact(writer: &Writer, jobs: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    let db = &writer.db;
    let run = |sql: &str| {
        let done = db.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
        done.map(drop).map_err(|error| StoreError::sqlite(&writer.path, error))
    };
    run("BEGIN IMMEDIATE")?;
    for job in jobs {
        run("SAVEPOINT job")?;
        if let Err(error) = job.run(db) {
            // A full disk or an I/O error may have rolled back everything: then it is the whole batch's.
            if db.is_autocommit() {
                return Err(error);
            }
            run("ROLLBACK TO job")?;
        }
        run("RELEASE job")?;
    }
    run("COMMIT")
}

struct Call<T, F> {
    path: PathBuf,
    work: Option<F>,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Call<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> rusqlite::Result<T> + Send,
{
    fn run(&mut self, db: &Connection) -> Result<(), StoreError> {
        let Some(work) = self.work.take() else { return Ok(()) };
        // Safe to assert: whatever the work left half done in the database is rolled back, and it owns the rest.
        let result = match catch_unwind(AssertUnwindSafe(|| work(db))) {
            Ok(result) => result.map_err(|error| StoreError::sqlite(&self.path, error)),
            Err(panic) => Err(StoreError::Panicked { path: self.path.clone(), message: panic_message(&*panic) }),
        };
        let error = result.as_ref().err().cloned();
        self.result = Some(result);
        error.map_or(Ok(()), Err)
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let result = match (committed, self.result) {
            // Its own error says more than the batch's.
            (_, Some(Err(error))) | (Err(error), _) => Err(error),
            (Ok(()), Some(Ok(value))) => Ok(value),
            (Ok(()), None) => Err(StoreError::Closed { path: self.path }),
        };
        // A caller that went away needs no answer; its work is stored all the same.
        let _gone = self.reply.send(result).is_err();
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}
