//! The writer thread: takes what has queued up as one transaction, and answers each caller after the commit.
//!
//! The jobs of a batch run one after the other without savepoints, since each of those makes FTS5 write out what it has.
//! When one fails or panics, the batch is rolled back and run again with a savepoint around each, so that it takes nothing
//! with it. That is why a job is `Fn`: it may be run several times and counts once. A failing commit is everybody's failure.
//!
//! What another program holds locked, and a full disk, is no failure of any job: with [`Patience::Endless`] the thread
//! says so once, keeps the batch, and tries again each second until it passes or the store is closed. Callers wait
//! meanwhile, the queue fills, and nothing new is begun: nobody needs to know.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::error::StoreError;
use super::open::Writer;
use super::pulse::Pulse;
use super::values::Patience;
use crate::panics;

/// Jobs in one transaction. A larger batch saves little more and makes the first caller wait for the last job.
const BATCH: usize = 256;

/// Between two attempts to write what could not be written.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// How long a lock is waited for by those who do not wait for ever.
pub(super) const LOCK_PATIENCE: Duration = Duration::from_secs(10);

/// Sends jobs to the thread. Clones share it; it ends when all are gone, or when one closes it.
#[derive(Clone)]
pub(super) struct Queue {
    sender: mpsc::Sender<Message>,
    pulse: Arc<Pulse>,
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
    pub(super) fn start(writer: Writer, patience: Patience) -> Result<Self, StoreError> {
        let (sender, receiver) = mpsc::channel(BATCH);
        let path = writer.path.clone();
        let pulse = Arc::new(Pulse::default());
        let thread = Thread { writer, patience, pulse: Arc::clone(&pulse) };
        let thread = thread::Builder::new().name("store".to_owned()).spawn(move || thread.serve(receiver));
        // Not joined: `close` hears from the thread itself, and a dropped store ends it.
        thread.map_err(|error| StoreError::io(&path, error))?;
        Ok(Self { sender, pulse, path })
    }

    /// Runs `work` on the thread and returns its result once it is committed.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let call = Call { path: self.path.clone(), work, result: None, reply };
        self.sender.send(Message::Job(Box::new(call))).await.map_err(|_closed| self.closed())?;
        answer.await.unwrap_or_else(|_dropped| Err(self.closed()))
    }

    /// Does what is queued, then closes the file. Whoever calls later is refused, and what waits to be written fails.
    pub(super) async fn close(&self) -> Result<(), StoreError> {
        self.pulse.stop_waiting();
        let (reply, answer) = oneshot::channel();
        self.sender.send(Message::Close(reply)).await.map_err(|_closed| self.closed())?;
        answer.await.unwrap_or_else(|_dropped| Err(self.closed()))
    }

    /// The thread's signs of life.
    pub(super) fn pulse(&self) -> &Pulse {
        &self.pulse
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

struct Thread {
    writer: Writer,
    patience: Patience,
    pulse: Arc<Pulse>,
}

impl Thread {
    fn serve(self, mut receiver: mpsc::Receiver<Message>) {
        let mut closers = Vec::new();
        while let Some(message) = receiver.blocking_recv() {
            self.pulse.beat();
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
            self.run_batch(batch);
            self.pulse.rest();
        }
        let result = self.writer.close();
        if let (Err(error), true) = (&result, closers.is_empty()) {
            tracing::warn!("cannot close the store cleanly: {error}");
        }
        for closer in closers {
            // A caller that went away needs no answer.
            let _gone = closer.send(result.clone()).is_err();
        }
    }

    /// Runs `jobs` as one transaction, waiting where that helps, and answers them all.
    fn run_batch(&self, mut jobs: Vec<Box<dyn Job>>) {
        if jobs.is_empty() {
            return;
        }
        // Two looks at the file system for each batch; else all would go into a file that nobody can find any more.
        if !self.writer.is_in_place() {
            let displaced = StoreError::Displaced { path: self.writer.path.clone() };
            for job in jobs {
                job.answer(Err(displaced.clone()));
            }
            return;
        }
        let began = Instant::now();
        let committed = loop {
            match self.transact(&mut jobs) {
                Err(error) if self.is_worth_waiting(&error, began) => {
                    self.pulse.suffer(&error);
                    if self.pulse.is_told_to_stop_after(TRY_AGAIN_AFTER) {
                        break self.transact(&mut jobs);
                    }
                }
                result => break result,
            }
        };
        if committed.is_ok() {
            self.pulse.recover();
        }
        for job in jobs {
            job.answer(committed.clone());
        }
    }

    fn is_worth_waiting(&self, error: &StoreError, began: Instant) -> bool {
        match self.patience {
            Patience::Endless => error.may_pass() && !self.pulse.is_told_to_stop(),
            Patience::Short => matches!(error, StoreError::Busy { .. }) && began.elapsed() < LOCK_PATIENCE,
        }
    }

    /// Runs the batch; once more, apart, when a job of it failed.
    fn transact(&self, jobs: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        match self.run_together(jobs) {
            Err(Failed::Job) => self.undone(self.run_apart(jobs)),
            Err(Failed::Batch(error)) => self.undone(Err(error)),
            Ok(()) => Ok(()),
        }
    }

    fn run_together(&self, jobs: &mut [Box<dyn Job>]) -> Result<(), Failed> {
        self.sql("BEGIN IMMEDIATE").map_err(Failed::Batch)?;
        for job in &mut *jobs {
            if let Err(error) = job.run(&self.writer.db) {
                // A lock or a full disk is the whole batch's.
                let failed = if error.may_pass() { Failed::Batch(error) } else { Failed::Job };
                self.roll_back();
                return Err(failed);
            }
        }
        self.sql("COMMIT").map_err(Failed::Batch)
    }

    fn run_apart(&self, jobs: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        self.sql("BEGIN IMMEDIATE")?;
        for job in jobs {
            self.sql("SAVEPOINT job")?;
            if let Err(error) = job.run(&self.writer.db) {
                // A full disk or an I/O error may have rolled back everything: then it is the whole batch's.
                if error.may_pass() || self.writer.db.is_autocommit() {
                    return Err(error);
                }
                self.sql("ROLLBACK TO job")?;
            }
            self.sql("RELEASE job")?;
        }
        self.sql("COMMIT")
    }

    /// Leaves no transaction behind a failure.
    fn undone(&self, result: Result<(), StoreError>) -> Result<(), StoreError> {
        if result.is_err() {
            self.roll_back();
        }
        result
    }

    fn roll_back(&self) {
        if !self.writer.db.is_autocommit() {
            // If this fails too, then the next BEGIN fails and says so.
            let _next_begin_tells = self.writer.db.execute_batch("ROLLBACK").is_err();
        }
    }

    fn sql(&self, sql: &str) -> Result<(), StoreError> {
        let done = self.writer.db.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
        done.map(drop).map_err(|error| StoreError::sqlite(&self.writer.path, error))
    }
}

/// What failed of a batch.
enum Failed {
    /// One of the jobs: the others can do without it.
    Job,
    /// All of it.
    Batch(StoreError),
}

struct Call<T, F> {
    path: PathBuf,
    work: F,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Call<T, F>
where
    T: Send,
    F: Fn(&Connection) -> rusqlite::Result<T> + Send,
{
    fn run(&mut self, db: &Connection) -> Result<(), StoreError> {
        // Safe to assert: whatever the work left half done in the database is rolled back, and it owns the rest.
        let result = match catch_unwind(AssertUnwindSafe(|| (self.work)(db))) {
            Ok(result) => result.map_err(|error| StoreError::sqlite(&self.path, error)),
            Err(panic) => {
                Err(StoreError::Panicked { path: self.path.clone(), message: panics::said(&*panic).to_owned() })
            }
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
