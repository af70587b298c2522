//! Ports for the servers of tests.

use std::net::TcpListener;
use std::sync::Mutex;

/// Where the next search for free ports begins: no port is given to two tests of this process.
static NEXT_PORT: Mutex<u16> = Mutex::new(0);

/// Ports that nobody listens on: all held at the same time, so that no two are the same, and
/// below those that a system hands out by itself, so that no other test takes one meanwhile.
pub fn free_ports<const N: usize>() -> [u16; N] {
    let mut next = NEXT_PORT.lock().unwrap();
    let first = 20_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    let held: Vec<TcpListener> = (first.max(*next)..32_768)
        .filter_map(|port| TcpListener::bind(("127.0.0.1", port)).ok())
        .take(N)
        .collect();
    let ports: Vec<u16> = held
        .iter()
        .map(|listener| listener.local_addr().unwrap().port())
        .collect();
    *next = ports.last().map_or(first, |last| last + 1);
    ports.try_into().unwrap()
}
