//! What one whole login costs Roomkey (link, redirect, callback, token request, verification, signing, session, redirect),
//! and one link that is opened with a session (redirect).
//!
//! `cargo bench --bench end_to_end` starts the program itself on one core, and the provider and the load on another, and
//! reads what the kernel charges the program (`/proc/PID/stat`). Each login is another person's; 64 are under way at a time.
//! With sessions that end soon it tells whether memory and store stay flat over any number of them:
//!
//! ```text
//! ROOMKEY_SESSION__LIFETIME=1m ROOMKEY_SESSION__IDLE=1m cargo bench --bench end_to_end -- --logins 1000000 --algorithm EdDSA
//! ```
//!
//! ```text
//! cargo bench --bench end_to_end -- [--logins N] [--warm N] [--algorithm RS256|ES256|EdDSA] [--abandoned N] [--roomkey PATH]
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark stops at the first thing amiss"
)]

mod load;
mod process;
mod provider;

use std::time::{Duration, Instant};

use process::Process;
use provider::{Algorithm, Provider};

/// Logins under way at a time.
const SIDE_BY_SIDE: usize = 64;

struct Arguments {
    logins: usize,
    warm: usize,
    abandoned: usize,
    algorithm: Algorithm,
    roomkey: String,
}

fn main() {
    let arguments = arguments();
    process::pin_to(1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, measure(&arguments));
}

fn arguments() -> Arguments {
    let mut arguments = Arguments {
        logins: 20_000,
        warm: 100_000,
        abandoned: 100_000,
        algorithm: Algorithm::Rs256,
        roomkey: env!("CARGO_BIN_EXE_roomkey").to_owned(),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("an option has a value");
        match word.as_str() {
            "--logins" => arguments.logins = value().parse().unwrap(),
            "--warm" => arguments.warm = value().parse().unwrap(),
            "--abandoned" => arguments.abandoned = value().parse().unwrap(),
            "--algorithm" => arguments.algorithm = value().parse().unwrap(),
            "--roomkey" => arguments.roomkey = value(),
            // `cargo bench` and `cargo test` pass options of their own.
            _ => {}
        }
    }
    arguments
}

async fn measure(arguments: &Arguments) {
    let provider = Provider::start(arguments.algorithm).await;
    let started = Instant::now();
    let roomkey = Process::start(&arguments.roomkey, provider.issuer()).await;
    let first_answer = started.elapsed();
    let at_rest = roomkey.resident();
    println!("first answer     {:>9.1} ms after start", first_answer.as_secs_f64() * 1e3);
    println!("logins by {:?}, {SIDE_BY_SIDE} at a time", arguments.algorithm);
    println!("resident at rest {:>9.1} MiB", mebibytes(at_rest));

    let before = roomkey.resident();
    load::abandoned(&roomkey, arguments.abandoned, SIDE_BY_SIDE).await;
    println!(
        "resident         {:>9.1} MiB before and {:.1} MiB after {} abandoned logins",
        mebibytes(before),
        mebibytes(roomkey.resident()),
        arguments.abandoned
    );

    load::logins(&roomkey, &provider, 2_000, SIDE_BY_SIDE).await;
    let (cpu_before, began) = (roomkey.cpu(), Instant::now());
    for tenth in 1..=10 {
        load::logins(&roomkey, &provider, arguments.logins / 10, SIDE_BY_SIDE).await;
        let (resident, stored) = (mebibytes(roomkey.resident()), mebibytes(roomkey.stored()));
        println!("    resident     {resident:>9.1} MiB, store {stored:.1} MiB after {tenth}/10");
    }
    report("login", arguments.logins, began.elapsed(), roomkey.cpu() - cpu_before);

    let (cpu_before, began) = (roomkey.cpu(), Instant::now());
    load::warm_joins(&roomkey, &provider, arguments.warm, SIDE_BY_SIDE).await;
    report("warm join", arguments.warm, began.elapsed(), roomkey.cpu() - cpu_before);
    println!("resident         {:>9.1} MiB after all", mebibytes(roomkey.resident()));
}

#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
fn report(what: &str, count: usize, took: Duration, cpu: Duration) {
    let (count, took, cpu) = (count as f64, took.as_secs_f64(), cpu.as_secs_f64());
    println!("{:<16} {:>9.1} µs of CPU, the mean of {count}", what, cpu * 1e6 / count);
    println!("    a second     {:>9.0} (core {:.0} % busy)", count / took, 100.0 * cpu / took);
    println!("    one core's   {:>9.0} a second", count / cpu);
}

#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
