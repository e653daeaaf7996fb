//! What a bomb costs in memory: a process of its own, since the peak is the whole process's.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "the helpers of a test may end it")]

mod support;

use std::fs;
use std::time::Duration;

use async_compression::tokio::write::GzipEncoder;
use tearsheet::clock::Clock;
use tearsheet::config::{FetchSettings, PrivateNetworks};
use tearsheet::fetch::{Fetcher, Purpose, Request};
use tearsheet::model::failure::ErrorClass;
use tearsheet::model::outcome::Validators;
use tearsheet::model::secret::SecretUrl;
use tokio::io::AsyncWriteExt;

use support::{Reply, Server};

#[tokio::test]
async fn a_gibibyte_in_a_mebibyte_costs_no_more_than_the_limit() {
    const MEMBER: usize = 16 << 20;
    let mut encoder = GzipEncoder::new(Vec::new());
    encoder.write_all(&vec![0; MEMBER]).await.unwrap();
    encoder.shutdown().await.unwrap();
    let bomb = encoder.into_inner().repeat((1 << 30) / MEMBER);
    assert!(bomb.len() < 2 << 20, "{}", bomb.len());

    let server = Server::start();
    server.on("/", [Reply::ok(bomb).header("Content-Encoding", "gzip")]);
    let settings = FetchSettings {
        contact: String::new(),
        concurrency: 8,
        host_delay: Duration::ZERO,
        host_concurrency: 8,
        timeout: Duration::from_mins(1),
        max_body: 32 << 20,
        private_networks: PrivateNetworks::Allowed,
        proxy: None,
    };
    let fetcher = Fetcher::new(&settings, &[], Clock::system()).unwrap();
    let request = Request {
        url: SecretUrl::plain(server.url("/")),
        purpose: Purpose::Feed,
        validators: Validators::default(),
        headers: Vec::new(),
        basic_auth: None,
    };
    let before = peak_kib();
    let mut attempts = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (fetcher, request) = (fetcher.clone(), request.clone());
        attempts.spawn(async move { fetcher.fetch(&request).await });
    }
    while let Some(attempt) = attempts.join_next().await {
        assert_eq!(attempt.unwrap().result.unwrap_err().class, ErrorClass::TooLarge);
    }
    // All eight together: 64 MiB of bodies. The allocator may hold an old buffer beside the grown one for a while, which is
    // up to half as much again; decoders, connections and the server are the rest.
    let cost = peak_kib() - before;
    assert!(cost < 128 * 1024, "{cost} KiB");
}

fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
