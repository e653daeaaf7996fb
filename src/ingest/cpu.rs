//! Work that keeps a core busy: on blocking threads, behind one permit a core.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use tokio::sync::Semaphore;

use crate::model::failure::{ErrorClass, Failure};

/// The CPU permits. Parsing takes one after the network's permit was given back, and before the store is asked.
#[derive(Debug, Clone)]
pub(super) struct Cpu {
    permits: Arc<Semaphore>,
}

impl Cpu {
    pub(super) fn new() -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self { permits: Arc::new(Semaphore::new(cores)) }
    }

    /// Runs `work` on a blocking thread. A panic in it (a bug, or a dependency's) costs this attempt only.
    #[expect(clippy::disallowed_methods, reason = "the one place that starts blocking work, with its permit in hand")]
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.expect("the semaphore is never closed");
        let task = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        task.await.map_err(|error| Failure { class: ErrorClass::Panic, message: panic_message(error) })
    }
}

fn panic_message(error: tokio::task::JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else { return "the work was cancelled".to_owned() };
    super::panic_text(panic.as_ref())
}

#[cfg(test)]
mod tests {
    use super::{Cpu, ErrorClass, Failure};

    #[tokio::test]
    async fn a_panic_costs_its_attempt_and_no_permit() {
        let cpu = Cpu::new();
        let permits = cpu.permits.available_permits();
        let failed = cpu.run(|| -> u8 { panic!("no {}", "bells") }).await;
        let message = "internal error: no bells".to_owned();
        assert_eq!(failed, Err(Failure { class: ErrorClass::Panic, message }));
        assert_eq!(cpu.permits.available_permits(), permits);
        assert_eq!(cpu.run(|| 7).await, Ok(7));
    }
}
