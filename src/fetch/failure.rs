//! Errors of the client, the guard and the body → [`Failure`]s: a class to go by, and a message that names the URL as the
//! config shows it.
//!
//! The client's own messages never get into one: they may repeat the URL, and with it a secret.

use std::error::Error;
use std::io;

use super::body::BodyError;
use super::guard::Blocked;
use super::resolve::ResolveError;
use crate::model::failure::{ErrorClass, Failure};

/// What can go wrong with one request, before it is told to people.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) class: ErrorClass,
    /// What happened, without the URL.
    pub(super) what: String,
}

impl Trouble {
    pub(super) fn new(class: ErrorClass, what: impl Into<String>) -> Self {
        Self { class, what: what.into() }
    }

    /// Puts in front what was asked for, in words that may be shown.
    pub(super) fn at(self, shown: &str) -> Failure {
        Failure { class: self.class, message: format!("cannot fetch {shown}: {}", self.what) }
    }
}

impl From<Blocked> for Trouble {
    fn from(blocked: Blocked) -> Self {
        Self::new(ErrorClass::Blocked, blocked.to_string())
    }
}

impl From<BodyError> for Trouble {
    fn from(error: BodyError) -> Self {
        let class = match &error {
            BodyError::TooLarge { .. } => ErrorClass::TooLarge,
            BodyError::Empty => ErrorClass::Empty,
            BodyError::Broken(_) | BodyError::Encoding(_) => ErrorClass::Truncated,
            BodyError::Stalled { .. } => ErrorClass::Timeout,
        };
        Self::new(class, with_first_cause(&error))
    }
}

/// A request that brought no answer.
impl From<reqwest::Error> for Trouble {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        if error.is_builder() {
            return Self::new(ErrorClass::Blocked, "no HTTP request can carry this URL");
        }
        for cause in causes(&error) {
            if let Some(resolve) = cause.downcast_ref::<ResolveError>() {
                return resolve.into();
            }
            if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
                return Self::new(ErrorClass::Tls, tls.to_string());
            }
        }
        if error.is_timeout() {
            return Self::new(ErrorClass::Timeout, "the connection took too long");
        }
        let what = if error.is_connect() { "no connection" } else { "the connection broke before an answer" };
        let cause = causes(&error).last().map(ToString::to_string);
        Self::new(ErrorClass::Connect, cause.map_or(what.to_owned(), |cause| format!("{what}: {cause}")))
    }
}

impl From<&ResolveError> for Trouble {
    fn from(error: &ResolveError) -> Self {
        let class = match error {
            ResolveError::Blocked(_) => ErrorClass::Blocked,
            ResolveError::Failed(_) | ResolveError::NoAddress => ErrorClass::Dns,
        };
        Self::new(class, with_first_cause(error))
    }
}

fn with_first_cause(error: &(dyn Error + 'static)) -> String {
    match causes(error).last() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// The causes of an error, nearest first, without itself. An [`io::Error`] made of another error hides it from `source`.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(cause(error), |error| cause(*error))
}

fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
