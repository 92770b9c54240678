#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# crossbeam-channel 0.5.6 and flume 0.10.14: when the last receiver goes, values that are queued stay until the
# last sender goes as well, but in crossbeam's unbounded channel, which destroys them with the last receiver.
# shellcheck source-path=SCRIPTDIR source=finding.bash
source "$(dirname "$0")/finding.bash"

need librust-crossbeam-channel-dev 0.5.6-1
need librust-flume-dev 0.10.14-7
if ! command -v cargo >/dev/null; then need cargo 0.66.0+ds1-1; fi

mkdir -p src .cargo
cat >.cargo/config.toml <<'CODE'
[source.crates-io]
replace-with = "installed"
[source.installed]
directory = "/usr/share/cargo/registry"
CODE
cat >Cargo.toml <<'CODE'
[package]
name = "values"
version = "0.1.0"
edition = "2021"
[dependencies]
crossbeam-channel = "0.5"
flume = { version = "0.10", default-features = false }
CODE
cat >src/main.rs <<'CODE'
struct Value;
impl Drop for Value {
    fn drop(&mut self) {
        print!("value ");
    }
}
macro_rules! ends {
    ($name:expr, $channel:expr) => {
        let (sender, receiver) = $channel;
        let _ = sender.send(Value);
        print!("{}: ", $name);
        drop(receiver);
        print!("receiver ");
        drop(sender);
        println!("sender");
    };
}
fn main() {
    ends!("crossbeam unbounded", crossbeam_channel::unbounded());
    ends!("crossbeam bounded", crossbeam_channel::bounded(4));
    ends!("flume unbounded", flume::unbounded());
    ends!("flume bounded", flume::bounded(4));
}
CODE
cargo run --quiet --offline >found 2>log || { cat log >&2; exit 1; }
of() { sed -n "s/^$1: //p" found; }
expect "crossbeam unbounded" "value receiver sender" "$(of "crossbeam unbounded")"
expect "crossbeam bounded" "receiver value sender" "$(of "crossbeam bounded")"
expect "flume unbounded" "receiver value sender" "$(of "flume unbounded")"
expect "flume bounded" "receiver value sender" "$(of "flume bounded")"
