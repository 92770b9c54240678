// SPDX-License-Identifier: MIT
//
// The workloads over channels of Rust: std, and crossbeam, flume, tokio and async-channel where they are installed. The
// command line, the output and the meaning of each workload are those of the drivers in C++.

#[cfg(feature = "tokio")]
mod asyncs;
mod crew;
mod options;
mod peers;
#[cfg(any(feature = "crossbeam", feature = "flume"))]
mod selects;
mod workloads;

use options::Options;
use peers::Peer;
use std::process::exit;

fn run<P: Peer<[u64; 1]> + Peer<[u64; 8]> + Peer<[u64; 32]>>(o: &Options) {
    match o.bytes {
        64 => workloads::run::<P, 8>(o),
        256 => workloads::run::<P, 32>(o),
        _ => workloads::run::<P, 1>(o),
    }
}

fn unsupported() {
    println!("unsupported");
    exit(3)
}

fn main() {
    let o = options::parse();
    let awaits = o.workload == "coroutines" || o.workload == "pool";
    match (o.peer.as_str(), o.capacity) {
        _ if o.handles != "moved" => unsupported(),
        ("tokio", _) if o.receivers > 1 => unsupported(),
        #[cfg(feature = "tokio")]
        ("tokio", None) if awaits => asyncs::tokio_unbounded(&o),
        #[cfg(feature = "tokio")]
        ("tokio", Some(n)) if awaits && n > 0 => asyncs::tokio_bounded(&o, n),
        #[cfg(feature = "async-channel")]
        ("async-channel", n) if awaits && n != Some(0) => {
            asyncs::async_channel(&o)
        }
        _ if awaits => unsupported(),
        #[cfg(feature = "crossbeam")]
        ("crossbeam", _) if o.workload.contains("select") => selects::crossbeam(&o),
        #[cfg(feature = "flume")]
        ("flume", _) if o.workload.contains("select") => selects::flume(&o),
        _ if o.workload.contains("select") => unsupported(),
        ("std", _) if o.receivers > 1 => unsupported(),
        ("std", Some(_)) => run::<peers::StdBounded>(&o),
        ("std", None) => run::<peers::StdUnbounded>(&o),
        #[cfg(feature = "crossbeam")]
        ("crossbeam", _) => run::<peers::Crossbeam>(&o),
        #[cfg(feature = "flume")]
        ("flume", _) => run::<peers::Flume>(&o),
        _ => unsupported(),
    }
}
