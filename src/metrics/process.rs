//! What the process takes of the machine, by the names that all of Prometheus' clients use.

use prometheus_client::registry::Unit;

use super::exposition::Family;
use super::store::number;

/// What the system says of this process.
struct Reading {
    cpu_seconds: f64,
    memory_bytes: u64,
    files: u64,
    most_files: Option<u64>,
    began: f64,
}

pub(super) fn families() -> Vec<Family> {
    let Some(Reading { cpu_seconds, memory_bytes, files, most_files, began }) = read() else { return Vec::new() };
    let one = |value: f64| vec![(Vec::new(), value)];
    vec![
        Family::sum("process_cpu", "Time that processors spent on it.", one(cpu_seconds)).in_unit(Unit::Seconds),
        Family::gauge("process_resident_memory", "Memory that it holds.", one(number(memory_bytes)))
            .in_unit(Unit::Bytes),
        Family::gauge("process_open_fds", "Files and connections that it has open.", one(number(files))),
        Family::gauge(
            "process_max_fds",
            "How many it may have.",
            most_files.map(|most| (Vec::new(), number(most))).into_iter().collect(),
        ),
        Family::gauge("process_start_time", "When it began.", one(began)).in_unit(Unit::Seconds),
    ]
}

/// `None` where the system does not tell.
#[cfg(target_os = "linux")]
fn read() -> Option<Reading> {
    use procfs::process::{LimitValue, Process};
    use procfs::{CurrentSI, KernelStats, WithCurrentSystemInfo};

    let process = Process::myself().ok()?;
    let stat = process.stat().ok()?;
    let ticks = number(procfs::ticks_per_second());
    let most_files = match process.limits().ok()?.max_open_files.soft_limit {
        LimitValue::Unlimited => None,
        LimitValue::Value(most) => Some(most),
    };
    Some(Reading {
        cpu_seconds: number(stat.utime + stat.stime) / ticks,
        memory_bytes: stat.rss_bytes().get(),
        files: process.fd_count().ok()? as u64,
        most_files,
        began: number(KernelStats::current().ok()?.btime) + number(stat.starttime) / ticks,
    })
}

/// `None` where the system does not tell.
#[cfg(not(target_os = "linux"))]
fn read() -> Option<Reading> {
    None
}
