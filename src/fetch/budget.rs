//! Memory for bodies: all that are being read or waited on together stay within one budget.
//!
//! A body's buffer grows step by step, and each step first takes its share. Taking more while holding some is how
//! deadlocks are made: when all the memory is held by bodies that wait for more, none of them ever ends. So the memory
//! is in two parts. The *pool* is shared by all. The *reserve* has room for one whole body, belongs to at most one at a
//! time, and is kept until that body is dropped; whoever has it needs nothing else to end. A body that finds the
//! pool empty waits for either.
//!
//! Why that cannot deadlock: suppose that bodies wait. If nobody has the reserve, the first of them takes it. Who has
//! it never waits here again: it reads on, which the request's timeout bounds, and is then dropped by its consumer, who
//! waits for no memory. Then the next waiting body takes it. So of those that wait, always one moves.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

/// All bodies together, as long as no single one may be larger than three quarters of it.
const BUDGET_KIB: u32 = 64 * 1024;
/// The pool's least size. With it a `max_body` beyond the rest of the budget still works, alone, at the cost of the bound:
/// it is then this and one body.
const LEAST_POOL_KIB: u32 = 16 * 1024;

/// The memory of all bodies. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    pool: Arc<Semaphore>,
    reserve: Arc<Mutex<()>>,
}

impl Budget {
    /// A budget whose reserve holds one body of `max_body` bytes.
    pub(super) fn new(max_body: u64) -> Self {
        let reserve_kib = u32::try_from(max_body.div_ceil(1024)).unwrap_or(u32::MAX);
        Self::with_pool(BUDGET_KIB.saturating_sub(reserve_kib).max(LEAST_POOL_KIB))
    }

    fn with_pool(kib: u32) -> Self {
        Self { pool: Arc::new(Semaphore::new(kib as usize)), reserve: Arc::default() }
    }

    /// A buffer that may grow to `limit` bytes. Takes nothing yet.
    pub(super) fn buffer(&self, limit: usize) -> Buffer {
        Buffer { bytes: Vec::new(), limit, share: Share::default(), budget: self.clone() }
    }
}

/// What a body holds of the budget.
#[derive(Debug, Default)]
struct Share {
    pool: Option<OwnedSemaphorePermit>,
    reserve: Option<OwnedMutexGuard<()>>,
}

/// A body that is being read. Its capacity, not only its length, is paid for.
#[derive(Debug)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    limit: usize,
    share: Share,
    budget: Budget,
}

/// The first step: most feeds fit.
const FIRST_STEP: usize = 64 * 1024;

impl Buffer {
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes still allowed.
    pub(super) fn room(&self) -> usize {
        self.limit - self.bytes.len()
    }

    /// Makes room for at least one more byte and returns the buffer to write behind its length. At the limit it does
    /// nothing. `expected` is how long the body will be, where that is known.
    pub(super) async fn grow(&mut self, expected: usize) -> &mut Vec<u8> {
        let capacity = self.bytes.capacity();
        if self.bytes.len() < capacity || capacity >= self.limit {
            return &mut self.bytes;
        }
        // A length that is only announced pays for one step: its sender may never deliver.
        let target = (capacity * 2).max(FIRST_STEP.min(expected.max(1))).min(self.limit);
        self.pay_for(target).await;
        self.bytes.reserve_exact(target - self.bytes.len());
        &mut self.bytes
    }

    /// Appends as much of `bytes` as the limit allows; whether all of it fitted.
    pub(super) async fn append(&mut self, mut bytes: &[u8], expected: usize) -> bool {
        while !bytes.is_empty() {
            let room = self.room();
            if room == 0 {
                return false;
            }
            let buffer = self.grow(expected).await;
            let step = bytes.len().min(room).min(buffer.capacity() - buffer.len());
            buffer.extend_from_slice(&bytes[..step]);
            bytes = &bytes[step..];
        }
        true
    }

    async fn pay_for(&mut self, capacity: usize) {
        if self.share.reserve.is_some() {
            return;
        }
        let paid = self.share.pool.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let missing = kib(capacity).saturating_sub(u32::try_from(paid).unwrap_or(u32::MAX));
        let pool = Arc::clone(&self.budget.pool).acquire_many_owned(missing);
        tokio::select! {
            biased;
            permit = pool => {
                let permit = permit.expect("the pool is never closed");
                match &mut self.share.pool {
                    Some(share) => share.merge(permit),
                    None => self.share.pool = Some(permit),
                }
            }
            reserve = Arc::clone(&self.budget.reserve).lock_owned() => self.share.reserve = Some(reserve),
        }
    }

    /// The body as read, with what it paid for and does not need given back.
    pub(super) fn finish(mut self) -> Body {
        self.bytes.shrink_to_fit();
        if let Some(pool) = &mut self.share.pool {
            let surplus = pool.num_permits().saturating_sub(kib(self.bytes.capacity()) as usize);
            drop(pool.split(surplus));
        }
        Body { bytes: self.bytes, _share: self.share }
    }
}

fn kib(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX)
}

/// A decoded body. Holds its share of the budget for bodies until it is dropped: do not fetch while holding one.
pub struct Body {
    bytes: Vec<u8>,
    _share: Share,
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::task::JoinSet;

    use super::{BUDGET_KIB, Body, Budget, LEAST_POOL_KIB};

    const KIB: usize = 1024;

    async fn read(budget: Budget, size: usize) -> Body {
        let mut buffer = budget.buffer(size);
        let piece = vec![7; 16 * KIB];
        while buffer.room() > 0 {
            let step = buffer.room().min(piece.len());
            assert!(buffer.append(&piece[..step], usize::MAX).await);
            tokio::task::yield_now().await;
        }
        buffer.finish()
    }

    #[tokio::test]
    async fn bodies_that_grow_side_by_side_beyond_the_budget_all_end() {
        let budget = Budget::with_pool(512);
        let mut readers = JoinSet::new();
        for _ in 0..64 {
            readers.spawn(read(budget.clone(), 500 * KIB));
        }
        let all = async {
            while let Some(body) = readers.join_next().await {
                assert_eq!(body.unwrap().len(), 500 * KIB);
            }
        };
        tokio::time::timeout(Duration::from_mins(1), all).await.expect("the readers hold each other up");
        assert_eq!(budget.pool.available_permits(), 512);
        assert!(budget.reserve.try_lock().is_ok());
    }

    #[tokio::test]
    async fn a_body_larger_than_the_pool_works_alone() {
        let budget = Budget::with_pool(64);
        let body = read(budget.clone(), 1000 * KIB).await;
        assert!(budget.reserve.try_lock().is_err(), "the reserve is kept until the body is dropped");
        drop(body);
        assert!(budget.reserve.try_lock().is_ok());
    }

    #[tokio::test]
    async fn a_finished_body_holds_what_it_needs() {
        let budget = Budget::with_pool(512);
        let body = read(budget.clone(), 3 * KIB).await;
        assert_eq!(budget.pool.available_permits(), 509);
        drop(body);
        assert_eq!(budget.pool.available_permits(), 512);
    }

    #[tokio::test]
    async fn a_buffer_takes_no_more_than_its_limit() {
        let mut buffer = Budget::with_pool(512).buffer(100 * KIB);
        assert!(!buffer.append(&vec![1; 101 * KIB], 1).await);
        assert_eq!((buffer.len(), buffer.room()), (100 * KIB, 0));
        assert_eq!(buffer.finish().len(), 100 * KIB);
    }

    #[test]
    fn pool_and_reserve_are_the_budget() {
        let pool = |max_body: u64| Budget::new(max_body).pool.available_permits();
        assert_eq!(pool(16 << 20), 48 * 1024);
        assert_eq!(pool(0), BUDGET_KIB as usize);
        assert_eq!(pool(1 << 30), LEAST_POOL_KIB as usize);
        assert_eq!(pool(u64::MAX), LEAST_POOL_KIB as usize);
    }
}
