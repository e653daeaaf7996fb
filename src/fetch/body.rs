//! An answer's body: bytes on the wire → decoded bytes, within limits that a lying server cannot move.
//!
//! Counted here are the bytes on the wire and the decoded ones, both against the same limit; the wait for the next byte
//! has a limit of its own. At most one layer of compression is undone: layers multiply.

use std::io::{self, Cursor};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_compression::tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use bytes::{BufMut, Bytes};
use futures_util::stream::{self, Stream, StreamExt};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use thiserror::Error;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt};
use tokio::time::timeout;
use tokio_util::io::StreamReader;

use super::budget::{Body, Budget, Buffer};

/// What a body may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Bytes, on the wire and decoded.
    pub(super) max_bytes: u64,
    /// What to do with a body that is longer.
    pub(super) overlong: Overlong,
    /// Between two pieces.
    pub(super) stall: Duration,
}

/// What to do with a body that is longer than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overlong {
    /// It is no body at all.
    Refuse,
    /// Its beginning will do.
    Cut,
}

/// Why there is no body.
#[derive(Debug, Error)]
pub(super) enum BodyError {
    /// It is, or is announced to be, longer than the limit.
    #[error("the body is larger than {max_bytes} bytes")]
    TooLarge { max_bytes: u64 },
    /// Nothing came.
    #[error("the body is empty")]
    Empty,
    /// It ended before its end, or what it is compressed with is broken.
    #[error("the body is cut short or broken")]
    Broken(#[source] io::Error),
    /// No byte came for so long.
    #[error("no byte came for {} s", .stall.as_secs_f64())]
    Stalled { stall: Duration },
    /// More than one layer of compression, or one that was not offered.
    #[error("the body is encoded as `{0}`, which was not asked for")]
    Encoding(String),
}

/// The one layer of compression that is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compression {
    Gzip,
    Brotli,
    Zstd,
    /// By the standard zlib's format; some servers send the bare one.
    Deflate,
}

/// The encodings that [`read`] undoes, as `Accept-Encoding` says it.
pub(super) const ACCEPTED: &str = "gzip, br, zstd, deflate";

/// Reads the body to its end. `wire_bytes` counts along, so that it is right after a failure too.
pub(super) async fn read(
    response: reqwest::Response,
    limits: Limits,
    budget: &Budget,
    wire_bytes: &Arc<AtomicU64>,
) -> Result<Body, BodyError> {
    let compression = compression_of(response.headers())?;
    let declared = response.content_length();
    if limits.overlong == Overlong::Refuse && declared.is_some_and(|length| length > limits.max_bytes) {
        return Err(limits.exceeded());
    }
    let mut buffer = budget.buffer(usize::try_from(limits.max_bytes).unwrap_or(usize::MAX));
    let wire = wire(response, limits, Arc::clone(wire_bytes));
    let whole = match compression {
        None => {
            let expected = declared.and_then(|length| usize::try_from(length).ok()).unwrap_or(usize::MAX);
            collect(wire, expected, &mut buffer).await
        }
        Some(compression) => decode(wire, compression, &mut buffer).await,
    };
    match whole.map_err(BodyError::of)? {
        Whole::No if limits.overlong == Overlong::Refuse => Err(limits.exceeded()),
        _ if buffer.len() == 0 => Err(BodyError::Empty),
        _ => Ok(buffer.finish()),
    }
}

/// Whether a body came to its end before it came to the limit.
enum Whole {
    Yes,
    No,
}

impl Limits {
    fn exceeded(&self) -> BodyError {
        BodyError::TooLarge { max_bytes: self.max_bytes }
    }
}

impl BodyError {
    /// Finds the error that travelled inside an [`io::Error`]; any other is a broken body.
    fn of(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(Self::Broken)
    }
}

/// What `Content-Encoding` says, over all its lines.
fn compression_of(headers: &HeaderMap) -> Result<Option<Compression>, BodyError> {
    let mut found = None;
    for line in headers.get_all(CONTENT_ENCODING) {
        let line = line.to_str().unwrap_or("?");
        for name in line.split(',').map(|name| name.trim().to_ascii_lowercase()) {
            let compression = match name.as_str() {
                "" | "identity" | "none" | "utf-8" => continue, // The last two are no encodings, and are sent.
                "gzip" | "x-gzip" => Compression::Gzip,
                "br" => Compression::Brotli,
                "zstd" => Compression::Zstd,
                "deflate" => Compression::Deflate,
                _ => return Err(BodyError::Encoding(name.chars().take(40).collect())),
            };
            if found.replace(compression).is_some() {
                return Err(BodyError::Encoding(line.chars().take(40).collect()));
            }
        }
    }
    Ok(found)
}

/// The pieces as they come, counted and timed. [`BodyError`]s travel inside the [`io::Error`]s, through the decoders.
fn wire(response: reqwest::Response, limits: Limits, count: Arc<AtomicU64>) -> impl Stream<Item = io::Result<Bytes>> {
    let pieces = response.bytes_stream();
    stream::unfold((Box::pin(pieces), count), move |(mut pieces, count)| async move {
        let piece = match timeout(limits.stall, pieces.next()).await {
            Err(_elapsed) => Err(io::Error::other(BodyError::Stalled { stall: limits.stall })),
            Ok(None) => return None,
            Ok(Some(Err(error))) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, error.without_url())),
            Ok(Some(Ok(piece))) => {
                let length = piece.len() as u64;
                let before = count.fetch_add(length, Ordering::Relaxed);
                match limits.overlong {
                    Overlong::Refuse if before + length > limits.max_bytes => Err(io::Error::other(limits.exceeded())),
                    Overlong::Cut if before > limits.max_bytes => return None,
                    _ => Ok(piece),
                }
            }
        };
        Some((piece, (pieces, count)))
    })
}

async fn collect(
    wire: impl Stream<Item = io::Result<Bytes>>,
    expected: usize,
    buffer: &mut Buffer,
) -> io::Result<Whole> {
    let mut wire = pin!(wire);
    while let Some(piece) = wire.next().await {
        if !buffer.append(&piece?, expected).await {
            return Ok(Whole::No);
        }
    }
    Ok(Whole::Yes)
}

/// RFC 9659: what a web server compresses needs a window of at most 8 MiB. The format itself allows many times that,
/// and the decoder would allocate it.
const ZSTD_WINDOW_LOG: u32 = 23;

async fn decode(
    wire: impl Stream<Item = io::Result<Bytes>>,
    compression: Compression,
    buffer: &mut Buffer,
) -> io::Result<Whole> {
    let mut wire = pin!(StreamReader::new(wire));
    let mut head = Vec::with_capacity(2);
    (&mut wire).take(2).read_to_end(&mut head).await?;
    if head.is_empty() {
        return Ok(Whole::Yes);
    }
    let is_zlib = is_zlib_header(&head);
    let mut wire = Cursor::new(head).chain(wire);
    let whole = match compression {
        Compression::Gzip => gunzip(&mut wire, buffer).await,
        Compression::Brotli => pour(BrotliDecoder::new(&mut wire), buffer).await,
        Compression::Zstd => {
            let window = [DParameter::window_log_max(ZSTD_WINDOW_LOG)];
            pour(ZstdDecoder::with_params(&mut wire, &window), buffer).await
        }
        Compression::Deflate if is_zlib => pour(ZlibDecoder::new(&mut wire), buffer).await,
        Compression::Deflate => pour(DeflateDecoder::new(&mut wire), buffer).await,
    }?;
    if let Whole::Yes = whole {
        read_out(&mut wire).await?;
    }
    Ok(whole)
}

/// More members than any server writes; each costs a decoder, and an empty one is 20 bytes on the wire.
const MAX_GZIP_MEMBERS: usize = 1000;

/// RFC 1952 section 2.2: members follow one another. What follows and is none is padding, and ignored as browsers do.
async fn gunzip(wire: &mut (impl AsyncBufRead + Unpin), buffer: &mut Buffer) -> io::Result<Whole> {
    for _ in 0..MAX_GZIP_MEMBERS {
        let whole = pour(GzipDecoder::new(&mut *wire), buffer).await?;
        if matches!(whole, Whole::No) || !matches!(wire.fill_buf().await?, [0x1f] | [0x1f, 0x8b, ..]) {
            return Ok(whole);
        }
    }
    Ok(Whole::Yes)
}

/// RFC 1950: deflate with a window of at most 32 KiB, and a check that makes the two bytes a multiple of 31.
fn is_zlib_header(head: &[u8]) -> bool {
    matches!(head, [method, flags] if method & 0x0f == 8 && method >> 4 <= 7
        && u16::from_be_bytes([*method, *flags]).is_multiple_of(31))
}

/// Decodes into the buffer to the end, or until the limit is passed.
async fn pour(decoder: impl AsyncRead, buffer: &mut Buffer) -> io::Result<Whole> {
    /// A piece of work between two looks at the limits.
    const STEP: usize = 64 * 1024;
    let mut decoder = pin!(decoder);
    while buffer.room() > 0 {
        let step = buffer.room().min(STEP);
        let bytes = buffer.grow(usize::MAX).await;
        if decoder.read_buf(&mut bytes.limit(step)).await? == 0 {
            return Ok(Whole::Yes);
        }
    }
    let beyond = decoder.read(&mut [0]).await?;
    Ok(if beyond == 0 { Whole::Yes } else { Whole::No })
}

/// Reads what follows the compressed data: a connection can be used again only when its answer is at the end, and an
/// announced length that is not kept is found here.
async fn read_out(wire: &mut (impl AsyncBufRead + Unpin)) -> io::Result<()> {
    loop {
        let length = wire.fill_buf().await?.len();
        if length == 0 {
            return Ok(());
        }
        wire.consume(length);
    }
}

#[cfg(test)]
mod tests {
    use http::header::CONTENT_ENCODING;
    use http::{HeaderMap, HeaderValue};

    use super::{Compression, compression_of, is_zlib_header};

    #[track_caller]
    fn check(lines: &[&'static str], expected: Result<Option<Compression>, &str>) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(CONTENT_ENCODING, HeaderValue::from_static(line));
        }
        let found = compression_of(&headers).map_err(|error| error.to_string());
        assert_eq!(found, expected.map_err(|name| format!("the body is encoded as `{name}`, which was not asked for")));
    }

    #[test]
    fn one_known_layer_is_undone() {
        check(&[], Ok(None));
        check(&[""], Ok(None));
        check(&["identity"], Ok(None));
        check(&["GZip"], Ok(Some(Compression::Gzip)));
        check(&["identity, x-gzip"], Ok(Some(Compression::Gzip)));
        check(&["br"], Ok(Some(Compression::Brotli)));
        check(&["gzip, gzip"], Err("gzip, gzip"));
        check(&["gzip", "br"], Err("br"));
        check(&["compress"], Err("compress"));
    }

    #[test]
    fn zlib_is_told_from_bare_deflate() {
        assert!(is_zlib_header(&[0x78, 0x9c]) && is_zlib_header(&[0x78, 0x01]) && is_zlib_header(&[0x78, 0xda]));
        assert!(!is_zlib_header(&[0x4b, 0x4c]) && !is_zlib_header(&[0x78]) && !is_zlib_header(&[]));
    }
}
