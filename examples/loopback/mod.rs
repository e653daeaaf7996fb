//! The smallest HTTP/1.1 server that the examples need: an accept loop over hyper, for peers on this machine.

use std::convert::Infallible;
use std::future::Future;

use bytes::Bytes;
use http::header::{ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// What a server says.
pub(crate) type Answer = Response<Full<Bytes>>;

/// Answers every request with what `respond` says, until the returned future is dropped.
///
/// A connection from another machine is closed unheard, whatever address the listener is bound to.
pub(crate) async fn serve<R, F>(listener: TcpListener, respond: R)
where
    R: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, peer)) = accepted else { continue };
                if !peer.ip().is_loopback() {
                    continue;
                }
                // Answers are written whole, so waiting for more to send would only delay them.
                let _no_delay = stream.set_nodelay(true).is_ok();
                let respond = respond.clone();
                connections.spawn(async move {
                    let service = service_fn(move |request| {
                        let answer = respond(request);
                        async move { Ok::<_, Infallible>(answer.await) }
                    });
                    // A client that hangs up in the middle is its own business.
                    let _hung_up = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await
                        .is_err();
                });
            }
            Some(_ended) = connections.join_next() => {}
        }
    }
}

/// A document with its validators, or 304 when the request's headers show that it is known (RFC 9110 section 13.2.2).
pub(crate) fn document(
    request: &HeaderMap,
    body: Bytes,
    media_type: &'static str,
    etag: Option<HeaderValue>,
    last_modified: Option<&'static str>,
) -> Answer {
    let last_modified = last_modified.map(HeaderValue::from_static);
    let known = match request.get(IF_NONE_MATCH) {
        Some(sent) => etag.as_ref() == Some(sent),
        None => last_modified.is_some() && last_modified.as_ref() == request.get(IF_MODIFIED_SINCE),
    };
    let (status, body) = if known { (StatusCode::NOT_MODIFIED, Bytes::new()) } else { (StatusCode::OK, body) };
    let mut answer = text(status, media_type, body);
    let validators = [(ETAG, etag), (LAST_MODIFIED, last_modified)];
    answer.headers_mut().extend(validators.into_iter().filter_map(|(name, value)| Some((name, value?))));
    answer
}

/// An answer with a body of this type and nothing else.
pub(crate) fn text(status: StatusCode, media_type: &'static str, body: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(http::header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    answer
}
