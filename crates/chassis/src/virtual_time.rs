//! For tests in virtual time whose code also waits for something real: a thread, a database, a
//! child process. Tokio's paused clock jumps to the next timer whenever the runtime is idle, and
//! does not see such work; a [`Hold`] keeps it still meanwhile.

use std::sync::mpsc;

use tokio::runtime::Handle;

/// While a value lives, the paused clock does not advance by itself. Outside a paused runtime it
/// has no effect.
#[derive(Debug)]
pub struct Hold {
    /// Closed by the drop, which ends the blocking task.
    _release: Option<mpsc::Sender<()>>,
}

impl Hold {
    /// Holds the clock of the current runtime from now on.
    pub fn new() -> Self {
        let release = Handle::try_current().ok().map(|runtime| {
            let (release, released) = mpsc::channel::<()>();
            // tokio does not advance a paused clock while a blocking task runs
            runtime.spawn_blocking(move || released.recv());
            release
        });
        Self { _release: release }
    }
}

impl Default for Hold {
    fn default() -> Self {
        Self::new()
    }
}
