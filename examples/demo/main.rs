//! The whole flow on one machine, for somebody who has a browser and five minutes: `cargo run --example demo`.
//!
//! Three servers on three ports of 127.0.0.1: a meeting place that stands in for Jitsi Meet, a demonstration OpenID
//! provider with three people, and between them Roomkey itself, configured as an operator would.

#![expect(clippy::print_stdout, reason = "the terminal is where the demonstration says what to do")]

mod bridge;
pub(crate) mod guide;
mod meeting;
mod page;
pub(crate) mod provider;
pub(crate) mod start;

use std::error::Error;
use std::io::IsTerminal;

use self::guide::MEETINGS;
use self::provider::people::PEOPLE;
use self::start::{Demo, Ports};

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_env_filter("warn,roomkey=info")
        .with_target(false)
        .with_ansi(std::io::stdout().is_terminal())
        .init();
    let demo = Demo::bind(&Ports::USUAL)?;
    explain(&demo);
    demo.run(async {
        // Without signals there is no way to be told, and the servers run until they are killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
    .await
}

/// Says what runs where, and what will happen to whom.
fn explain(demo: &Demo) {
    println!();
    println!("  Open  {}/  in a browser on this machine, choose a meeting and log in as", demo.meetings());
    println!();
    print!("  {:<12}", "");
    for person in &PEOPLE {
        print!("{:<20}", format!("{} ({})", person.first_name(), person.groups_text()));
    }
    println!();
    for meeting in &MEETINGS {
        print!("  {:<12}", meeting.name);
        for outcome in meeting.outcomes {
            print!("{outcome:<20}");
        }
        println!();
    }
    println!();
    println!("  {}   meetings, in place of Jitsi Meet", demo.meetings());
    println!("  {}   Roomkey; its log follows", demo.roomkey());
    println!("  {}   the login provider", demo.provider());
    println!();
    println!("  Ctrl-C ends it.");
    println!();
}
