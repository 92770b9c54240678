// SPDX-License-Identifier: MIT
use crate::crew::Crew;
use crate::options::Options;
use crate::peers::{Peer, Rx, Tx};
use std::process::exit;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

extern "C" {
    /// The CPU time of this process, in microseconds.
    fn clock() -> std::os::raw::c_long;
}

fn cpu_time() -> u64 {
    // SAFETY: the function of the C library; it takes nothing, and threads may call it.
    unsafe { clock() as u64 }
}

const BATCH: u64 = 1000;

pub fn run<P: Peer<[u64; W]>, const W: usize>(o: &Options) {
    match o.workload.as_str() {
        "seq" => sequential::<P, W>(o),
        "spsc" | "mpsc" | "mpmc" => throughput::<P, W>(o),
        "pingpong" => ping_pong::<P, W>(o),
        "latency" => latency::<P, W>(o),
        "blocked" | "slow" => slow::<P, W>(o),
        _ => {
            eprintln!("no such workload: {}", o.workload);
            exit(2)
        }
    }
}

pub fn message<const W: usize>(value: u64) -> [u64; W] {
    let mut words = [0; W];
    words[0] = value;
    words
}

/// The messages of one of `parts` threads.
pub fn share(messages: u64, parts: usize, part: usize) -> std::ops::Range<u64> {
    let at = |i: usize| messages * i as u64 / parts as u64;
    at(part)..at(part + 1)
}

/// What came out must be what went in: the numbers from 0 to n - 1.
pub fn verify(sum: u64, messages: u64) {
    if sum != messages * (messages - 1) / 2 {
        eprintln!("wrong sum of messages");
        exit(1)
    }
}

pub fn print_throughput(took: Duration, messages: u64) {
    println!(
        "{{\"ns_per_message\": {:.3}}}",
        took.as_nanos() as f64 / messages as f64
    );
}

/// n handles: the one given, and copies of it.
fn handles<H>(first: H, n: usize, another: impl Fn(&H) -> H) -> Vec<H> {
    let mut all: Vec<H> = (1..n).map(|_| another(&first)).collect();
    all.push(first);
    all
}

fn sequential<P: Peer<[u64; W]>, const W: usize>(o: &Options) {
    let (tx, rx) = P::make(o.capacity);
    let mut sum = 0;
    let began = Instant::now();
    for first in (0..o.messages).step_by(BATCH as usize) {
        let end = (first + BATCH).min(o.messages);
        for v in first..end {
            tx.send(message(v));
        }
        for _ in first..end {
            sum += rx.recv()[0];
        }
    }
    let took = began.elapsed();
    verify(sum, o.messages);
    print_throughput(took, o.messages);
}

fn throughput<P: Peer<[u64; W]>, const W: usize>(o: &Options) {
    let (tx, rx) = P::make(o.capacity);
    let total = Arc::new(AtomicU64::new(0));
    let mut threads = Crew::new(o.senders + o.receivers);
    for (i, tx) in handles(tx, o.senders, Clone::clone).into_iter().enumerate() {
        let mine = share(o.messages, o.senders, i);
        threads.sends(move || mine.for_each(|v| tx.send(message(v))));
    }
    for (i, rx) in handles(rx, o.receivers, Rx::another)
        .into_iter()
        .enumerate()
    {
        let mine = share(o.messages, o.receivers, i);
        let total = total.clone();
        threads.receives(move || {
            let sum = mine.map(|_| rx.recv()[0]).sum();
            total.fetch_add(sum, Ordering::Relaxed);
        });
    }
    let took = threads.finish();
    verify(total.load(Ordering::Relaxed), o.messages);
    print_throughput(took, o.messages);
}

fn ping_pong<P: Peer<[u64; W]>, const W: usize>(o: &Options) {
    let (ping_tx, ping_rx) = P::make(o.capacity);
    let (pong_tx, pong_rx) = P::make(o.capacity);
    let n = o.messages;
    let total = Arc::new(AtomicU64::new(0));
    let result = total.clone();
    let mut threads = Crew::new(2);
    threads.sends(move || (0..n).for_each(|_| pong_tx.send(ping_rx.recv())));
    threads.receives(move || {
        let mut sum = 0;
        for v in 0..n {
            ping_tx.send(message(v));
            sum += pong_rx.recv()[0];
        }
        result.store(sum, Ordering::Relaxed);
    });
    let took = threads.finish();
    verify(total.load(Ordering::Relaxed), n);
    print_throughput(took, n);
}

fn latency<P: Peer<[u64; W]>, const W: usize>(o: &Options) {
    let (tx, rx) = P::make(o.capacity);
    let (n, interval) = (o.messages, o.interval_ns);
    let waits = Arc::new(Mutex::new(vec![0u64; n as usize]));
    let result = waits.clone();
    let epoch = Instant::now();
    let now = move || epoch.elapsed().as_nanos() as u64;
    let mut threads = Crew::new(2);
    threads.sends(move || {
        let began = now();
        for i in 0..n {
            let due = began + i * interval;
            let mut sent = now();
            while sent < due {
                sent = now();
            }
            tx.send(message(sent));
        }
    });
    threads.receives(move || {
        for wait in result.lock().unwrap().iter_mut() {
            let sent = rx.recv()[0];
            *wait = now() - sent;
        }
    });
    threads.finish();
    let mut waits = waits.lock().unwrap();
    waits.sort_unstable();
    let at = |permille: usize| waits[(waits.len() - 1) * permille / 1000];
    let (p50, p99, p999, max) = (at(500), at(990), at(999), at(1000));
    println!("{{\"p50\": {p50}, \"p99\": {p99}, \"p99.9\": {p999}, \"max\": {max}}}");
}

/// A message now and then; a receiver that is blocked for long is the case of one message.
fn slow<P: Peer<[u64; W]>, const W: usize>(o: &Options) {
    let (tx, rx) = P::make(o.capacity);
    let (n, interval) = (o.messages, Duration::from_nanos(o.interval_ns));
    let [total, before, after]: [Arc<AtomicU64>; 3] = Default::default();
    let (result, began, ended) = (total.clone(), before.clone(), after.clone());
    let mut threads = Crew::new(2);
    threads.sends(move || {
        began.store(cpu_time(), Ordering::Relaxed);
        for v in 0..n {
            sleep(interval);
            tx.send(message(v));
        }
    });
    threads.receives(move || {
        let sum = (0..n).map(|_| rx.recv()[0]).sum();
        ended.store(cpu_time(), Ordering::Relaxed);
        result.store(sum, Ordering::Relaxed);
    });
    let took = threads.finish();
    let cpu_us = after.load(Ordering::Relaxed) - before.load(Ordering::Relaxed);
    verify(total.load(Ordering::Relaxed), n);
    let (cpu_ms, wall_ms) = (cpu_us as f64 / 1e3, took.as_secs_f64() * 1e3);
    println!("{{\"cpu_ms\": {cpu_ms:.3}, \"wall_ms\": {wall_ms:.3}}}");
}
