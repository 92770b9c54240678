// SPDX-License-Identifier: MIT
use std::sync::mpsc;

pub trait Tx<T>: Clone + Send + 'static {
    fn send(&self, value: T);
}

pub trait Rx<T>: Send + Sized + 'static {
    fn recv(&self) -> T;
    /// A second receiver, where there can be one.
    fn another(&self) -> Self;
}

pub trait Peer<T> {
    type Tx: Tx<T>;
    type Rx: Rx<T>;
    fn make(capacity: Option<usize>) -> (Self::Tx, Self::Rx);
}

macro_rules! sender {
    ($library:ident, $sender:ident) => {
        impl<T: Send + 'static> Tx<T> for $library::$sender<T> {
            fn send(&self, value: T) {
                $library::$sender::send(self, value)
                    .ok()
                    .expect("no receiver")
            }
        }
    };
}

macro_rules! receiver {
    ($library:ident, $another:expr) => {
        impl<T: Send + 'static> Rx<T> for $library::Receiver<T> {
            fn recv(&self) -> T {
                $library::Receiver::recv(self).expect("no sender")
            }
            fn another(&self) -> Self {
                $another(self)
            }
        }
    };
}

sender!(mpsc, Sender);
sender!(mpsc, SyncSender);
receiver!(mpsc, |_| unreachable!("a single receiver"));

pub struct StdBounded;

impl<T: Send + 'static> Peer<T> for StdBounded {
    type Tx = mpsc::SyncSender<T>;
    type Rx = mpsc::Receiver<T>;
    fn make(capacity: Option<usize>) -> (Self::Tx, Self::Rx) {
        mpsc::sync_channel(capacity.expect("bounded"))
    }
}

pub struct StdUnbounded;

impl<T: Send + 'static> Peer<T> for StdUnbounded {
    type Tx = mpsc::Sender<T>;
    type Rx = mpsc::Receiver<T>;
    fn make(_: Option<usize>) -> (Self::Tx, Self::Rx) {
        mpsc::channel()
    }
}

macro_rules! peer {
    ($peer:ident, $library:ident) => {
        sender!($library, Sender);
        receiver!($library, Clone::clone);

        pub struct $peer;

        impl<T: Send + 'static> Peer<T> for $peer {
            type Tx = $library::Sender<T>;
            type Rx = $library::Receiver<T>;
            fn make(capacity: Option<usize>) -> (Self::Tx, Self::Rx) {
                match capacity {
                    Some(n) => $library::bounded(n),
                    None => $library::unbounded(),
                }
            }
        }
    };
}

#[cfg(feature = "crossbeam")]
peer!(Crossbeam, crossbeam_channel);

#[cfg(feature = "flume")]
peer!(Flume, flume);
