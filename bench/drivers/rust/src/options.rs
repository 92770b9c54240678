// SPDX-License-Identifier: MIT
use std::process::exit;

pub struct Options {
    pub workload: String,
    pub capacity: Option<usize>,
    pub bytes: usize,
    pub senders: usize,
    pub receivers: usize,
    pub channels: usize,
    pub messages: u64,
    pub interval_ns: u64,
    pub handles: String,
    pub peer: String,
}

fn wrong(what: &str) -> ! {
    eprintln!("wrong argument: {what}");
    exit(2)
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| wrong(text))
}

pub fn parse() -> Options {
    let mut o = Options {
        workload: String::new(),
        capacity: None,
        bytes: 8,
        senders: 1,
        receivers: 1,
        channels: 1,
        messages: 1000,
        interval_ns: 0,
        handles: "moved".to_string(),
        peer: "std".to_string(),
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name.to_string(), value.to_string()),
            None => (
                argument.clone(),
                arguments.next().unwrap_or_else(|| wrong(&argument)),
            ),
        };
        match name.as_str() {
            "--workload" => o.workload = value,
            "--capacity" if value == "unbounded" => o.capacity = None,
            "--capacity" => o.capacity = Some(number(&value)),
            "--bytes" => o.bytes = number(&value),
            "--senders" => o.senders = number(&value),
            "--receivers" => o.receivers = number(&value),
            "--channels" => o.channels = number(&value),
            "--messages" => o.messages = number(&value),
            "--interval-ns" => o.interval_ns = number(&value),
            "--handles" => o.handles = value,
            "--peer" => o.peer = value,
            _ => wrong(&name),
        }
    }
    o
}
