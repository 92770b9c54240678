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

pub trait Peer {
    type Tx<T: Send + 'static>: Tx<T>;
    type Rx<T: Send + 'static>: Rx<T>;
    fn make<T: Send + 'static>(capacity: Option<usize>) -> (Self::Tx<T>, Self::Rx<T>);
}

macro_rules! sender {
    ($library:ident, $sender:ident) => {
        impl<T: Send + 'static> Tx<T> for $library::$sender<T> {
            fn send(&self, value: T) {
                $library::$sender::send(self, value).ok().expect("no receiver")
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

impl Peer for StdBounded {
    type Tx<T: Send + 'static> = mpsc::SyncSender<T>;
    type Rx<T: Send + 'static> = mpsc::Receiver<T>;
    fn make<T: Send + 'static>(capacity: Option<usize>) -> (Self::Tx<T>, Self::Rx<T>) {
        mpsc::sync_channel(capacity.expect("bounded"))
    }
}

pub struct StdUnbounded;

impl Peer for StdUnbounded {
    type Tx<T: Send + 'static> = mpsc::Sender<T>;
    type Rx<T: Send + 'static> = mpsc::Receiver<T>;
    fn make<T: Send + 'static>(_: Option<usize>) -> (Self::Tx<T>, Self::Rx<T>) {
        mpsc::channel()
    }
}

macro_rules! peer {
    ($peer:ident, $library:ident) => {
        sender!($library, Sender);
        receiver!($library, Clone::clone);

        pub struct $peer;

        impl Peer for $peer {
            type Tx<T: Send + 'static> = $library::Sender<T>;
            type Rx<T: Send + 'static> = $library::Receiver<T>;
            fn make<T: Send + 'static>(capacity: Option<usize>) -> (Self::Tx<T>, Self::Rx<T>) {
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
