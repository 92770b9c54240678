// SPDX-License-Identifier: MIT
//
// The workloads in which threads wait in several channels at once.

use crate::crew::Crew;
use crate::options::Options;
use crate::workloads::{print_throughput, share, verify};
use std::process::exit;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::Instant;

fn wrong(what: &str) -> ! {
    eprintln!("{what}");
    exit(1)
}

#[cfg(feature = "flume")]
fn unsupported() -> ! {
    println!("unsupported");
    exit(3)
}

/// One thread sends to the channels in turn, and selects. Or it only looks.
fn alone(o: &Options, mut send: impl FnMut(usize, u64), mut recv: impl FnMut() -> Option<u64>) {
    let looks = o.workload == "try_select";
    let mut sum = 0;
    let began = Instant::now();
    for v in 0..o.messages {
        if looks {
            sum += if recv().is_none() { v } else { 1 };
        } else {
            send(v as usize % o.channels, v);
            sum += recv().unwrap();
        }
    }
    let took = began.elapsed();
    verify(sum, o.messages);
    print_throughput(took, o.messages);
}

/// Threads with jobs that send a message and that receive one; each thread makes its own.
fn among_many<S: FnMut(u64), R: FnMut() -> u64>(
    o: &Options,
    sender: impl Fn(usize) -> S + Clone + Send + 'static,
    receiver: impl Fn() -> R + Clone + Send + 'static,
) {
    let total = Arc::new(AtomicU64::new(0));
    let mut threads = Crew::new(o.senders + o.receivers);
    for i in 0..o.senders {
        let (mine, sender) = (share(o.messages, o.senders, i), sender.clone());
        threads.sends(move || mine.for_each(sender(i)));
    }
    for i in 0..o.receivers {
        let (mine, receiver) = (share(o.messages, o.receivers, i), receiver.clone());
        let total = total.clone();
        threads.receives(move || {
            let mut recv = receiver();
            total.fetch_add(mine.map(|_| recv()).sum(), Ordering::Relaxed);
        });
    }
    let took = threads.finish();
    verify(total.load(Ordering::Relaxed), o.messages);
    print_throughput(took, o.messages);
}

#[cfg(feature = "crossbeam")]
pub fn crossbeam(o: &Options) {
    use crossbeam_channel::{bounded, select, unbounded, Select};

    let n = if o.workload.starts_with("select_") { o.senders } else { o.channels };
    let (tx, rx): (Vec<_>, Vec<_>) = (0..n)
        .map(|_| o.capacity.map_or_else(unbounded::<u64>, bounded))
        .unzip();
    match (o.workload.as_str(), n) {
        ("select", 2) => alone(
            o,
            |i, v| tx[i].send(v).unwrap(),
            || select! { recv(rx[0]) -> m => m.ok(), recv(rx[1]) -> m => m.ok() },
        ),
        ("select", 4) => alone(
            o,
            |i, v| tx[i].send(v).unwrap(),
            || {
                select! {
                    recv(rx[0]) -> m => m.ok(), recv(rx[1]) -> m => m.ok(),
                    recv(rx[2]) -> m => m.ok(), recv(rx[3]) -> m => m.ok(),
                }
            },
        ),
        ("try_select", 2) => alone(
            o,
            |_, _| (),
            || select! { recv(rx[0]) -> m => m.ok(), recv(rx[1]) -> m => m.ok(), default => None },
        ),
        ("try_select", 4) => alone(
            o,
            |_, _| (),
            || {
                select! {
                    recv(rx[0]) -> m => m.ok(), recv(rx[1]) -> m => m.ok(),
                    recv(rx[2]) -> m => m.ok(), recv(rx[3]) -> m => m.ok(),
                    default => None,
                }
            },
        ),
        ("select_rx" | "select_both", _) => {
            // A Select that is made once borrows its channels for as long as the program runs.
            let (tx, rx): (&'static Vec<_>, &'static Vec<_>) =
                (Box::leak(Box::new(tx)), Box::leak(Box::new(rx)));
            let receiver = move || {
                let mut all = Select::new();
                rx.iter().for_each(|r| {
                    all.recv(r);
                });
                move || {
                    let chosen = all.select();
                    let i = chosen.index();
                    chosen.recv(&rx[i]).unwrap()
                }
            };
            let both = o.workload == "select_both";
            let sender = move |i: usize| {
                let mut all = Select::new();
                tx.iter().for_each(|t| {
                    all.send(t);
                });
                move |v| {
                    if both {
                        let chosen = all.select();
                        let i = chosen.index();
                        chosen.send(&tx[i], v).unwrap()
                    } else {
                        tx[i].send(v).unwrap()
                    }
                }
            };
            among_many(o, sender, receiver)
        }
        _ => wrong("2 or 4 channels"),
    }
}

#[cfg(feature = "flume")]
pub fn flume(o: &Options) {
    use flume::{bounded, unbounded, Receiver, Selector};

    fn receive_one_of(rx: &[Receiver<u64>]) -> u64 {
        rx.iter()
            .fold(Selector::new(), |s, r| s.recv(r, |m| m.unwrap()))
            .wait()
    }

    let n = if o.workload == "select_rx" { o.senders } else { o.channels };
    let (tx, rx): (Vec<_>, Vec<_>) = (0..n)
        .map(|_| o.capacity.map_or_else(unbounded::<u64>, bounded))
        .unzip();
    match o.workload.as_str() {
        "select" => alone(o, |i, v| tx[i].send(v).unwrap(), || Some(receive_one_of(&rx))),
        "select_rx" => {
            let keep = (tx.clone(), rx.clone());
            let receiver = move || {
                let rx = rx.clone();
                move || receive_one_of(&rx)
            };
            let sender = move |i: usize| {
                let tx = tx[i].clone();
                move |v| tx.send(v).unwrap()
            };
            among_many(o, sender, receiver);
            drop(keep)
        }
        // `try_select`: it has no such thing. `select_both`: a run of seconds may not end within minutes.
        _ => unsupported(),
    }
}
