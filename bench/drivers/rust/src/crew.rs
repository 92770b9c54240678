// SPDX-License-Identifier: MIT
//
// Threads that start together, and the time from their start to the last receive.

use std::sync::{Arc, Barrier};
use std::thread::{spawn, JoinHandle};
use std::time::{Duration, Instant};

pub struct Crew {
    start: Arc<Barrier>,
    threads: Vec<(bool, JoinHandle<(Instant, Instant)>)>,
}

impl Crew {
    pub fn new(threads: usize) -> Self {
        Crew {
            start: Arc::new(Barrier::new(threads)),
            threads: Vec::new(),
        }
    }

    pub fn sends(&mut self, job: impl FnOnce() + Send + 'static) {
        self.launch(job, false)
    }

    pub fn receives(&mut self, job: impl FnOnce() + Send + 'static) {
        self.launch(job, true)
    }

    /// Waits for all. The clock starts with the first thread that passes the barrier.
    pub fn finish(self) -> Duration {
        let times: Vec<_> = self
            .threads
            .into_iter()
            .map(|(receives, thread)| (receives, thread.join().expect("a thread panicked")))
            .collect();
        let began = times.iter().map(|(_, (began, _))| *began).min().unwrap();
        let ended = times
            .iter()
            .filter(|(receives, _)| *receives)
            .map(|(_, (_, e))| *e)
            .max();
        ended.unwrap() - began
    }

    fn launch(&mut self, job: impl FnOnce() + Send + 'static, receives: bool) {
        let start = self.start.clone();
        let thread = spawn(move || {
            start.wait();
            let began = Instant::now();
            job();
            (began, Instant::now())
        });
        self.threads.push((receives, thread));
    }
}
