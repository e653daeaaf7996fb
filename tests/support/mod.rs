//! A scripted HTTP server on loopback that can lie, stall and never end.
//!
//! Raw TCP on threads of its own, so that it serves tests with a runtime, without one, and whole processes. Each path
//! has a list of replies: the first request gets the first, and the last one repeats. Every request is recorded.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test server that cannot go on ends the test")]

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use url::Url;

/// The server. Its threads end with their connections; the listener's thread ends when this is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    scripts: Mutex<HashMap<String, Script>>,
    log: watch::Sender<Vec<Logged>>,
    connections: AtomicUsize,
    stopped: Mutex<bool>,
}

struct Script {
    replies: Vec<Reply>,
    served: usize,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Logged {
    /// `GET`.
    pub(crate) method: String,
    /// The request target, byte for byte.
    pub(crate) target: String,
    /// Names as sent, values verbatim.
    pub(crate) headers: Vec<(String, String)>,
    /// When its head was read.
    pub(crate) started: Instant,
    /// When its reply began to be written, which the client can't know before.
    pub(crate) answered: Option<Instant>,
    /// Which connection it came on, counted from 0.
    pub(crate) connection: usize,
    /// Bytes of the body that were written.
    pub(crate) body_bytes: usize,
}

impl Logged {
    /// The value of a header, whatever the case of its name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What to answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    delivery: Delivery,
    release: Option<Release>,
}

#[derive(Debug, Clone)]
enum Delivery {
    /// With its length, and then the next request.
    Whole,
    /// In chunks of this many bytes.
    Chunked(usize),
    /// Announced with another length, and then closed.
    Announced(u64),
    /// These bytes verbatim, head and all, and then closed.
    Raw,
    /// The body without an end announced; then nothing, until the client goes away.
    Stalled,
    /// The body over and over, with a pause after each time.
    Endless(Duration),
}

impl Reply {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::status("200 OK").body(body)
    }

    /// With code and words: `404 Not Found`.
    pub(crate) fn status(status: &str) -> Self {
        Self {
            status: status.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            delivery: Delivery::Whole,
            release: None,
        }
    }

    pub(crate) fn redirect(code: u16, location: &str) -> Self {
        Self::status(&format!("{code} Elsewhere")).header("Location", location)
    }

    /// Bytes that need not be HTTP.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { delivery: Delivery::Raw, ..Self::ok(bytes) }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn chunked(mut self, size: usize) -> Self {
        self.delivery = Delivery::Chunked(size);
        self
    }

    /// Announces another length than the body has, and closes the connection after the body.
    pub(crate) fn announced(mut self, length: u64) -> Self {
        self.delivery = Delivery::Announced(length);
        self
    }

    /// Sends the body and then nothing, and keeps the connection.
    pub(crate) fn stalled(mut self) -> Self {
        self.delivery = Delivery::Stalled;
        self
    }

    /// Sends the body for ever, with a pause after each time.
    pub(crate) fn endless(mut self, pause: Duration) -> Self {
        self.delivery = Delivery::Endless(pause);
        self
    }

    /// Answers only when released.
    pub(crate) fn after(mut self, release: &Release) -> Self {
        self.release = Some(release.clone());
        self
    }
}

/// Lets go of the replies that wait for it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Release(Arc<(Mutex<bool>, Condvar)>);

impl Release {
    pub(crate) fn now(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn wait(&self) {
        let released = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(released, |released| !*released).unwrap());
    }
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            scripts: Mutex::default(),
            log: watch::Sender::new(Vec::new()),
            connections: AtomicUsize::new(0),
            stopped: Mutex::new(false),
        });
        let server = Self { address, shared: Arc::clone(&shared) };
        thread::spawn(move || {
            for stream in listener.incoming() {
                if *shared.stopped.lock().unwrap() {
                    return;
                }
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    // The client may go away at any time; that ends the connection and is no failure of the test.
                    let _gone = shared.serve(&stream.unwrap()).is_err();
                });
            }
        });
        server
    }

    /// What to answer on a path with its query.
    pub(crate) fn on(&self, target: &str, replies: impl IntoIterator<Item = Reply>) -> &Self {
        let script = Script { replies: replies.into_iter().collect(), served: 0 };
        self.shared.scripts.lock().unwrap().insert(target.to_owned(), script);
        self
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// A URL of this server by its address.
    pub(crate) fn url(&self, target: &str) -> Url {
        self.url_at("127.0.0.1", target)
    }

    /// A URL of this server under a name, which a resolver has to know.
    pub(crate) fn url_at(&self, host: &str, target: &str) -> Url {
        Url::parse(&format!("http://{host}:{}{target}", self.address.port())).unwrap()
    }

    /// The requests so far, in the order in which they came.
    pub(crate) fn requests(&self) -> Vec<Logged> {
        self.shared.log.borrow().clone()
    }

    /// The only request so far.
    #[track_caller]
    pub(crate) fn only_request(&self) -> Logged {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.into_iter().next().unwrap()
    }

    /// The targets asked for so far.
    pub(crate) fn targets(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.target).collect()
    }

    /// Waits until so many requests have come.
    pub(crate) async fn reached(&self, count: usize) {
        self.shared.log.subscribe().wait_for(|log| log.len() >= count).await.unwrap();
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        *self.shared.stopped.lock().unwrap() = true;
        // Wakes the listener.
        let _already_gone = TcpStream::connect(self.address).is_err();
    }
}

impl Shared {
    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let connection = self.connections.fetch_add(1, Ordering::SeqCst);
        let mut reader = BufReader::new(stream);
        while let Some(request) = read_head(&mut reader, connection)? {
            let reply = self.reply_to(&request.target);
            let mut index = 0;
            self.log.send_modify(|log| {
                index = log.len();
                log.push(request);
            });
            if let Some(release) = &reply.release {
                release.wait();
            }
            self.log.send_modify(|log| log[index].answered = Some(Instant::now()));
            let mut body_bytes = 0;
            let keeps_open = write_reply(stream, &mut reader, &reply, &mut body_bytes);
            self.log.send_modify(|log| log[index].body_bytes = body_bytes);
            if !keeps_open? {
                return Ok(());
            }
        }
        Ok(())
    }

    fn reply_to(&self, target: &str) -> Reply {
        let mut scripts = self.scripts.lock().unwrap();
        let Some(script) = scripts.get_mut(target) else { return Reply::status("404 Not Found") };
        let reply = script.replies[script.served.min(script.replies.len() - 1)].clone();
        script.served += 1;
        reply
    }
}

fn read_head(reader: &mut BufReader<&TcpStream>, connection: usize) -> io::Result<Option<Logged>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end_matches(['\r', '\n']);
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned()));
    }
    Ok(Some(Logged { method, target, headers, started: Instant::now(), answered: None, connection, body_bytes: 0 }))
}

/// Writes a reply; whether the connection stays open for the next request.
fn write_reply(
    mut stream: &TcpStream,
    reader: &mut BufReader<&TcpStream>,
    reply: &Reply,
    body_bytes: &mut usize,
) -> io::Result<bool> {
    if let Delivery::Raw = reply.delivery {
        stream.write_all(&reply.body)?;
        return Ok(false);
    }
    let mut head = Vec::new();
    write!(head, "HTTP/1.1 {}\r\n", reply.status)?;
    for (name, value) in &reply.headers {
        write!(head, "{name}: {value}\r\n")?;
    }
    let has_body = !reply.status.starts_with("304") && !reply.status.starts_with("204");
    match &reply.delivery {
        Delivery::Whole if has_body => write!(head, "Content-Length: {}\r\n", reply.body.len())?,
        Delivery::Announced(length) => write!(head, "Content-Length: {length}\r\nConnection: close\r\n")?,
        Delivery::Chunked(_) => write!(head, "Transfer-Encoding: chunked\r\n")?,
        Delivery::Whole | Delivery::Raw | Delivery::Stalled | Delivery::Endless(_) => {}
    }
    head.extend_from_slice(b"\r\n");
    if let Delivery::Whole = reply.delivery {
        // One segment, as servers do: measurements hang on it.
        head.extend_from_slice(&reply.body);
        stream.write_all(&head)?;
        *body_bytes = reply.body.len();
        return Ok(true);
    }
    stream.write_all(&head)?;
    let mut send = |bytes: &[u8]| {
        stream.write_all(bytes)?;
        *body_bytes += bytes.len();
        Ok::<(), io::Error>(())
    };
    match reply.delivery {
        Delivery::Chunked(size) => {
            for chunk in reply.body.chunks(size.max(1)) {
                send(&[format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat())?;
            }
            send(b"0\r\n\r\n")?;
            Ok(true)
        }
        Delivery::Stalled => {
            send(&reply.body)?;
            // Blocks until the client closes; it has nothing more to say.
            let _gone = reader.read(&mut [0]).is_err();
            Ok(false)
        }
        Delivery::Endless(pause) => loop {
            send(&reply.body)?;
            thread::sleep(pause);
        },
        Delivery::Announced(_) | Delivery::Whole | Delivery::Raw => {
            send(&reply.body)?;
            Ok(false)
        }
    }
}
