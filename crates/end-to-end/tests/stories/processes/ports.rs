//! Ports for programs that must be found again at the same place after a restart.

use std::{
    net::TcpListener,
    sync::atomic::{AtomicU16, Ordering},
};

/// Below the ports that systems hand out by themselves: nobody's outgoing connection takes one of
/// these while its program is down.
const FIRST: u16 = 12_000;
const COUNT: u16 = 18_000;
/// Each test process begins somewhere else: they run side by side.
const STRIDE: u32 = 127;

static TAKEN: AtomicU16 = AtomicU16::new(0);

/// The next port on loopback that nobody listens on.
pub(crate) fn free() -> u16 {
    let offset = std::process::id().wrapping_mul(STRIDE) % u32::from(COUNT);
    let offset = u16::try_from(offset).expect("smaller than the count");
    for _ in 0..COUNT {
        let port = FIRST + (offset + TAKEN.fetch_add(1, Ordering::Relaxed) % COUNT) % COUNT;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no free port on loopback");
}
