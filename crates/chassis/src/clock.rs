//! The only place that reads the wall clock; everybody else is handed a [`Clock`], so that tests
//! can own the time. Instants are UTC and whole milliseconds, which is what the database keeps:
//! a time that was stored and read back equals itself.

use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};
use nix::time::{ClockId, clock_gettime};

#[cfg(any(test, feature = "testing"))]
pub use self::stepping::ClockSteps;

/// Where the present comes from. Clones tell the same time.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    #[cfg(any(test, feature = "testing"))]
    Virtual(stepping::VirtualWall),
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A wall clock that starts at `origin` and follows tokio's clock, paused or not. The second
    /// value moves the wall alone, as an administrator or a time server would.
    #[cfg(any(test, feature = "testing"))]
    pub fn virtual_from(origin: DateTime<Utc>) -> (Self, ClockSteps) {
        let wall = stepping::VirtualWall::from(origin);
        let steps = wall.steps();
        (Self(Source::Virtual(wall)), steps)
    }

    /// The present, cut to whole milliseconds.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Source::System => system_now(),
            #[cfg(any(test, feature = "testing"))]
            Source::Virtual(wall) => wall.now(),
        }
        .trunc_subsecs(3)
    }

    /// Time that only runs: since the machine started, through its sleep, whatever the wall clock is set to.
    ///
    /// Two differences tell whether the wall clock was set: see [`Clock::now`].
    pub fn steady(&self) -> Duration {
        match &self.0 {
            Source::System => system_steady(),
            #[cfg(any(test, feature = "testing"))]
            Source::Virtual(wall) => wall.steady(),
        }
    }

    /// Names the run of the machine that [`Clock::steady`] belongs to; `None` where the machine does not tell.
    pub fn boot(&self) -> Option<String> {
        match &self.0 {
            Source::System => system_boot(),
            #[cfg(any(test, feature = "testing"))]
            Source::Virtual(_) => Some("virtual".to_owned()),
        }
    }

    /// Sleeps for as long as it takes from now until `t`; returns at once when `t` has passed.
    ///
    /// The length is fixed at the call: a wall clock that is set while somebody sleeps does not
    /// wake them, so callers look at [`Clock::now`] again afterwards.
    pub async fn sleep_until(&self, t: DateTime<Utc>) {
        let ahead = (t - self.now()).to_std().unwrap_or(Duration::ZERO);
        if !ahead.is_zero() {
            tokio::time::sleep(ahead).await;
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where time comes from the machine"
)]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

/// The clock that also runs while the machine sleeps; on macOS the ordinary monotonic one does.
#[cfg(target_os = "linux")]
const STEADY: ClockId = ClockId::CLOCK_BOOTTIME;
#[cfg(not(target_os = "linux"))]
const STEADY: ClockId = ClockId::CLOCK_MONOTONIC;

/// Where there is no such clock the wall clock itself: then no step is ever seen.
fn system_steady() -> Duration {
    let wall = || {
        (system_now() - DateTime::UNIX_EPOCH)
            .to_std()
            .unwrap_or_default()
    };
    clock_gettime(STEADY).map_or_else(|_| wall(), Duration::from)
}

/// The same for every container of one machine.
fn system_boot() -> Option<String> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned())
}

#[cfg(any(test, feature = "testing"))]
mod stepping {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::Duration;

    use chrono::{DateTime, TimeDelta, Utc};
    use tokio::time::Instant;

    #[derive(Clone, Debug)]
    pub(super) struct VirtualWall {
        origin: DateTime<Utc>,
        start: Instant,
        steps: ClockSteps,
    }

    impl VirtualWall {
        pub(super) fn from(origin: DateTime<Utc>) -> Self {
            Self {
                origin,
                start: Instant::now(),
                steps: ClockSteps::default(),
            }
        }

        pub(super) fn steps(&self) -> ClockSteps {
            self.steps.clone()
        }

        pub(super) fn steady(&self) -> Duration {
            self.start.elapsed()
        }

        pub(super) fn now(&self) -> DateTime<Utc> {
            let run = TimeDelta::from_std(self.start.elapsed()).expect("tests end within an age");
            self.origin + run + TimeDelta::milliseconds(self.steps.0.load(Ordering::SeqCst))
        }
    }

    /// Sets the wall clock forward or back without letting any time pass.
    #[derive(Clone, Debug, Default)]
    pub struct ClockSteps(Arc<AtomicI64>);

    impl ClockSteps {
        /// Moves the wall clock by `delta` (whole milliseconds; negative is back in time).
        pub fn step(&self, delta: TimeDelta) {
            self.0.fetch_add(delta.num_milliseconds(), Ordering::SeqCst);
        }
    }
}
