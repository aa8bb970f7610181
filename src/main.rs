//! The `roomkey` program.

use std::process::ExitCode;

use clap::Parser;
use roomkey::cli::Cli;

/// Answers are built of many small pieces, which this allocator hands out at less cost than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    Cli::parse().run()
}
