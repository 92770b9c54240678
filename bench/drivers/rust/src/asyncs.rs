// SPDX-License-Identifier: MIT
//
// Tasks of tokio's runtime, of one thread or of two: some send, others receive.
use crate::options::Options;
use crate::workloads::{print_throughput, share, verify};
use std::future::Future;
use std::time::Instant;
use tokio::runtime::{Builder, Runtime};

fn runtime(o: &Options) -> Runtime {
    if o.workload == "pool" {
        Builder::new_multi_thread().worker_threads(2).build()
    } else {
        Builder::new_current_thread().build()
    }
    .expect("a runtime")
}

/// The sum of so many messages; of any receiver, in an async block.
macro_rules! sum_of {
    ($receiver:ident, $messages:expr) => {{
        let mut sum = 0;
        for _ in $messages {
            sum += $receiver.recv().await.expect("no sender")[0];
        }
        sum
    }};
}

/// Begins those that receive first, as the other drivers do.
fn run<S, R>(o: &Options, sends: Vec<S>, receives: Vec<R>)
where
    S: Future<Output = ()> + Send + 'static,
    R: Future<Output = u64> + Send + 'static,
{
    let runtime = runtime(o);
    let began = Instant::now();
    let received: Vec<_> = receives.into_iter().map(|r| runtime.spawn(r)).collect();
    sends.into_iter().for_each(|s| drop(runtime.spawn(s)));
    let sum = runtime.block_on(async {
        let mut sum = 0;
        for one in received {
            sum += one.await.expect("no panic");
        }
        sum
    });
    let took = began.elapsed();
    verify(sum, o.messages);
    print_throughput(took, o.messages);
}

pub fn tokio_bounded(o: &Options, capacity: usize) {
    let (tx, mut rx) = tokio::sync::mpsc::channel::<[u64; 1]>(capacity);
    let send = |i| {
        let (tx, mine) = (tx.clone(), share(o.messages, o.senders, i));
        async move {
            for v in mine {
                tx.send([v]).await.expect("no receiver");
            }
        }
    };
    let n = o.messages;
    let receive = async move { sum_of!(rx, 0..n) };
    run(o, (0..o.senders).map(send).collect(), vec![receive]);
}

pub fn tokio_unbounded(o: &Options) {
    let (tx, mut rx) = tokio::sync::mpsc::unbounded_channel::<[u64; 1]>();
    let send = |i| {
        let (tx, mine) = (tx.clone(), share(o.messages, o.senders, i));
        async move {
            for v in mine {
                tx.send([v]).expect("no receiver");
            }
        }
    };
    let n = o.messages;
    let receive = async move { sum_of!(rx, 0..n) };
    run(o, (0..o.senders).map(send).collect(), vec![receive]);
}

#[cfg(feature = "async-channel")]
pub fn async_channel(o: &Options) {
    let (tx, rx) = match o.capacity {
        Some(capacity) => async_channel::bounded::<[u64; 1]>(capacity),
        None => async_channel::unbounded(),
    };
    let send = |i| {
        let (tx, mine) = (tx.clone(), share(o.messages, o.senders, i));
        async move {
            for v in mine {
                tx.send([v]).await.expect("no receiver");
            }
        }
    };
    let receive = |i| {
        let (rx, mine) = (rx.clone(), share(o.messages, o.receivers, i));
        async move { sum_of!(rx, mine) }
    };
    let receives = (0..o.receivers).map(receive).collect();
    run(o, (0..o.senders).map(send).collect(), receives);
}
