//! What a panic said, for those who catch one: a bug costs the attempt that has it, and is told in its own words.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The message of a panic.
pub(crate) fn said(panic: &(dyn Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panic without a message")
}

/// Runs `work`; the error is what it said when it panicked. What it changed is not to be used then.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| said(&*panic).to_owned())
}

#[cfg(test)]
mod tests {
    use super::caught;

    #[test]
    fn a_panic_is_told_in_its_words() {
        assert_eq!(caught(|| 1), Ok(1));
        assert_eq!(caught(|| -> () { panic!("plain") }), Err("plain".to_owned()));
        assert_eq!(caught(|| -> () { panic!("with {}", 1) }), Err("with 1".to_owned()));
    }
}
