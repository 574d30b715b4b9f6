//! The simulated server: its world, its switches, its record, and the few verbs every other module is written in.
//! No lock is ever held across an await.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chassis::{Clock, Dice};
use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::address::ChatId;
use crate::config::{Peers, SimulatorConfig};
use crate::gates::Gates;
use crate::misbehaviour::{Misbehaviour, Switches};
use crate::profile::Profile;
use crate::record::{Posted, Recorded, RecordedCall};
use crate::shapes::{Lens, View};
use crate::world::World;
use crate::world::session::Session;

pub(crate) struct Waha {
    pub(crate) config: SimulatorConfig,
    pub(crate) gates: Gates,
    /// Receivers of webhooks over the network that were posted to before.
    pub(crate) receivers: Peers,
    clock: Clock,
    dice: Dice,
    world: Mutex<World>,
    switches: Mutex<Switches>,
    record: Mutex<Vec<Recorded>>,
    posted: Mutex<Vec<Posted>>,
    changes: watch::Sender<u64>,
    /// Ends when the process is restarted; requests and retries in hand end with it.
    life: Mutex<CancellationToken>,
}

impl Waha {
    pub(crate) fn new(config: SimulatorConfig, clock: Clock, dice: Dice) -> Arc<Self> {
        let mut world = World::new(clock.now());
        world
            .owners
            .insert(config.session.clone(), config.owner.clone());
        if config.profile.is_core() {
            world.session_or_new("default");
        }
        Arc::new(Self {
            config,
            gates: Gates::default(),
            receivers: Peers::new(),
            clock,
            dice,
            world: Mutex::new(world),
            switches: Mutex::default(),
            record: Mutex::default(),
            posted: Mutex::default(),
            changes: watch::Sender::new(0),
            life: Mutex::default(),
        })
    }

    pub(crate) const fn profile(&self) -> Profile {
        self.config.profile
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn roll<T>(&self, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        self.dice.roll(draw)
    }

    /// One of WAHA's own waits, as recorded times the configured scale.
    pub(crate) async fn wait(&self, recorded: Duration) {
        tokio::time::sleep(self.scaled(recorded)).await;
    }

    pub(crate) fn scaled(&self, recorded: Duration) -> Duration {
        recorded.mul_f64(self.config.time_scale.max(0.0))
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        locked(&self.world)
    }

    /// Reads something of a session, if it exists.
    pub(crate) fn look<T>(&self, session: &str, read: impl FnOnce(&Session) -> T) -> Option<T> {
        self.world().session(session).map(read)
    }

    /// Changes a session, if it exists, and tells those who wait for a change.
    pub(crate) fn change<T>(
        &self,
        session: &str,
        change: impl FnOnce(&mut Session) -> T,
    ) -> Option<T> {
        let done = self.world().session_mut(session).map(change);
        self.note_change();
        done
    }

    /// Wakes everybody in [`Waha::until`].
    pub(crate) fn note_change(&self) {
        self.changes
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Waits until `reached` holds, looking again at every change.
    pub(crate) async fn until(&self, reached: impl Fn(&Self) -> bool) {
        let mut changes = self.changes.subscribe();
        while !reached(self) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Counts changes.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Whether the session is still in the run it was in when `run` was read.
    pub(crate) fn is_run(&self, session: &str, run: u64) -> bool {
        self.look(session, |session| session.run) == Some(run)
    }

    /// The own number of a session, for shapes; empty when nobody is logged in.
    pub(crate) fn own_number(&self, session: &str) -> String {
        let number = |session: &Session| session.login.as_ref().map(|login| login.number.clone());
        self.look(session, number).flatten().unwrap_or_default()
    }

    pub(crate) const fn lens<'a>(&self, own: &'a str, view: View) -> Lens<'a> {
        Lens {
            profile: self.config.profile,
            own,
            view,
        }
    }

    pub(crate) fn note(&self, session: &str, what: RecordedCall) {
        let entry = Recorded {
            at: self.now(),
            session: session.to_owned(),
            what,
        };
        locked(&self.record).push(entry);
        self.note_change();
    }

    pub(crate) fn record(&self) -> Vec<Recorded> {
        locked(&self.record).clone()
    }

    pub(crate) fn has_recorded(&self, is_it: impl Fn(&RecordedCall) -> bool) -> bool {
        locked(&self.record).iter().any(|entry| is_it(&entry.what))
    }

    pub(crate) fn note_post(&self, post: Posted) {
        locked(&self.posted).push(post);
        self.note_change();
    }

    pub(crate) fn posted(&self) -> Vec<Posted> {
        locked(&self.posted).clone()
    }

    pub(crate) fn switches(&self) -> MutexGuard<'_, Switches> {
        locked(&self.switches)
    }

    /// Uses up one occasion of the first fitting switch.
    pub(crate) fn takes(
        &self,
        chat: Option<&ChatId>,
        wanted: impl Fn(&Misbehaviour) -> bool,
    ) -> Option<Misbehaviour> {
        self.switches().take(chat, wanted)
    }

    pub(crate) fn life(&self) -> CancellationToken {
        locked(&self.life).clone()
    }

    /// Ends everything in hand and begins a new process life.
    pub(crate) fn next_life(&self) {
        let last = std::mem::replace(&mut *locked(&self.life), CancellationToken::new());
        last.cancel();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // a panicking test must not hide behind a poisoned lock; the data is only ever appended or replaced whole
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
