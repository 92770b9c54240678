// SPDX-License-Identifier: MIT
//
// Two tasks of tokio's runtime for one thread: one sends, the other receives.
use crate::options::Options;
use crate::workloads::{print_throughput, verify};
use std::future::Future;
use std::time::Instant;

/// Begins the receiver first, as the other drivers do.
fn run(o: &Options, send: impl Future<Output = ()> + 'static, receive: impl Future<Output = u64> + 'static) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let tasks = tokio::task::LocalSet::new();
    let began = Instant::now();
    let sum = tasks.block_on(&runtime, async {
        let received = tokio::task::spawn_local(receive);
        tokio::task::spawn_local(send);
        received.await.expect("no panic")
    });
    let took = began.elapsed();
    verify(sum, o.messages);
    print_throughput(took, o.messages);
}

pub fn tokio_bounded(o: &Options, capacity: usize) {
    let (tx, mut rx) = tokio::sync::mpsc::channel::<[u64; 1]>(capacity);
    let n = o.messages;
    let send = async move {
        for v in 0..n {
            tx.send([v]).await.expect("no receiver");
        }
    };
    run(o, send, async move {
        let mut sum = 0;
        for _ in 0..n {
            sum += rx.recv().await.expect("no sender")[0];
        }
        sum
    });
}

pub fn tokio_unbounded(o: &Options) {
    let (tx, mut rx) = tokio::sync::mpsc::unbounded_channel::<[u64; 1]>();
    let n = o.messages;
    let send = async move {
        for v in 0..n {
            tx.send([v]).expect("no receiver");
        }
    };
    run(o, send, async move {
        let mut sum = 0;
        for _ in 0..n {
            sum += rx.recv().await.expect("no sender")[0];
        }
        sum
    });
}

#[cfg(feature = "async-channel")]
pub fn async_channel(o: &Options) {
    let (tx, rx) = match o.capacity {
        Some(capacity) => async_channel::bounded::<[u64; 1]>(capacity),
        None => async_channel::unbounded(),
    };
    let n = o.messages;
    let send = async move {
        for v in 0..n {
            tx.send([v]).await.expect("no receiver");
        }
    };
    run(o, send, async move {
        let mut sum = 0;
        for _ in 0..n {
            sum += rx.recv().await.expect("no sender")[0];
        }
        sum
    });
}
