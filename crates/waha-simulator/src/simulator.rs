//! The handle tests and the binary hold: WAHA's API on one side, the human side on the other, and the record of both.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use chassis::{Clock, Dice};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::config::{Owner, SimulatorConfig};
use crate::control;
use crate::gates::{Gate, Step};
use crate::http;
use crate::lifecycle::{NothingToScan, PasskeyDemand};
use crate::misbehaviour::{Misbehaviour, Switch};
use crate::people::Guest;
use crate::profile::Profile;
use crate::record::{Delivered, Posted, Recorded, RecordedCall};
use crate::snapshot::Snapshot;
use crate::waha::Waha;
use crate::world::session::{Refused, Status, Timelock};

/// A simulated WAHA with its people. Clones are the same simulator. Verbs of the human side need a tokio runtime.
#[derive(Clone)]
pub struct Simulator {
    waha: Arc<Waha>,
    /// The session the human side acts on.
    session: String,
}

impl Simulator {
    /// A server that was just started.
    pub fn new(config: SimulatorConfig, clock: Clock, dice: Dice) -> Self {
        let session = config.session.clone();
        Self {
            waha: Waha::new(config, clock, dice),
            session,
        }
    }

    /// The same server later: what its version keeps is there, what it forgets is not.
    pub fn resume(config: SimulatorConfig, clock: Clock, dice: Dice, snapshot: Snapshot) -> Self {
        let simulator = Self::new(config, clock, dice);
        simulator.waha.resume(snapshot);
        simulator
    }

    /// What is to be remembered when the program ends.
    pub fn snapshot(&self) -> Snapshot {
        self.waha.snapshot()
    }

    /// WAHA's HTTP API, for a listener or for calls in this process.
    pub fn router(&self) -> Router {
        http::router(&self.waha)
    }

    /// The human side over HTTP (`/control/…`), for other processes.
    pub fn control_router(&self) -> Router {
        control::router(self)
    }

    /// Which version and engine this is.
    pub fn profile(&self) -> Profile {
        self.waha.profile()
    }

    /// The same simulator with the human side of another session, whose QR `owner` scans. Several sessions need a profile newer than 2026.4.1.
    #[must_use]
    pub fn for_session(&self, session: &str, owner: Owner) -> Self {
        self.waha.world().owners.insert(session.to_owned(), owner);
        self.on(session)
    }

    /// The human side of a session whose owner is known already.
    pub(crate) fn on(&self, session: &str) -> Self {
        Self {
            waha: Arc::clone(&self.waha),
            session: session.to_owned(),
        }
    }

    // --- the session, without its API ---

    /// The session's status; none when there is no such session.
    pub fn status(&self) -> Option<Status> {
        self.waha.status(&self.session)
    }

    /// Whether guests see the account as online.
    pub fn is_online(&self) -> bool {
        self.waha.look(&self.session, |session| session.online) == Some(Some(true))
    }

    /// Waits until the session has this status.
    pub async fn until_status(&self, status: Status) {
        self.waha
            .until(|waha| waha.status(&self.session) == Some(status))
            .await;
    }

    /// Waits until the session is WORKING and somebody is told of incoming messages.
    pub async fn until_listened_to(&self) {
        let told = |waha: &Waha| {
            let subscribed = |event| waha.has_subscriber(&self.session, event);
            subscribed("message") || subscribed("message.any")
        };
        let working = |waha: &Waha| waha.status(&self.session) == Some(Status::Working);
        self.waha.until(|waha| working(waha) && told(waha)).await;
    }

    /// The session has been linked before: its login is on disk, and a start needs no scan.
    pub fn remember_login(&self) {
        self.waha.remember_login(&self.session);
    }

    /// The session is configured with `config`, linked and WORKING, without any of the waiting.
    pub fn work_at_once(&self, config: Value) {
        self.waha.remember_login(&self.session);
        self.waha.change(&self.session, |session| {
            session.settle_down();
            session.config = Some(config);
            session.statuses.clear();
        });
        self.waha.connect(&self.session);
    }

    /// The session's configuration, as a call would show it.
    pub fn configuration(&self) -> Value {
        let config = self
            .waha
            .look(&self.session, |session| session.config.clone());
        config.flatten().unwrap_or_default()
    }

    /// The session runs on with this configuration: WAHA forgot ours, or somebody else wrote it.
    pub fn forget_configuration_for(&self, config: Value) {
        self.waha
            .change(&self.session, |session| session.config = Some(config));
    }

    /// The session stops, and stays so until somebody starts it.
    pub async fn stop(&self) {
        self.waha.end(&self.session).await;
    }

    // --- the owner ---

    /// The owner scans the QR that is shown.
    pub fn scan_qr(&self) -> Result<(), NothingToScan> {
        self.waha.scan(&self.session)
    }

    /// The owner types a pairing code.
    pub fn type_pairing_code(&self, code: &str) -> Result<(), NothingToScan> {
        self.waha.type_code(&self.session, code)
    }

    /// WhatsApp asks for a passkey at every link from now on; none ends that.
    pub fn demand_passkey(&self, demand: impl Into<Option<PasskeyDemand>>) {
        let demands = &mut self.waha.world().passkey_demands;
        match demand.into() {
            Some(demand) => demands.insert(self.session.clone(), demand),
            None => demands.remove(&self.session),
        };
    }

    /// The owner removes the linked device on the phone.
    pub fn unlink_from_phone(&self) {
        self.waha.unlink(&self.session);
    }

    /// Somebody logs the session out and links another account, as in WAHA's own dashboard; here without any waiting. What the store
    /// holds stays in it.
    pub fn link_at_once(&self, owner: Owner) {
        self.waha.link_at_once(&self.session, owner);
    }

    /// The owner writes to a number on the own phone; the answer is the raw id.
    pub fn type_by_hand(&self, number: &str, text: &str) -> String {
        self.waha.type_by_hand(&self.session, number, text)
    }

    // --- the guests ---

    /// The guest with this number (digits, country code first).
    pub fn guest(&self, number: &str) -> Guest {
        Guest::new(&self.waha, &self.session, number)
    }

    /// WhatsApp confirms an own message up to `level` (−1 ERROR … 4 PLAYED). False when it was never sent.
    pub fn ack(&self, raw_id: &str, level: i8) -> bool {
        self.waha.ack(raw_id, level)
    }

    /// What the phone of this number has shown, oldest first.
    pub fn phone(&self, number: &str) -> Vec<Delivered> {
        self.waha.phone(number)
    }

    /// The texts of messages that WhatsApp took from the session and put on no phone, in no order.
    pub fn swallowed(&self) -> Vec<String> {
        self.waha.swallowed(&self.session)
    }

    /// What all phones have shown, oldest first.
    pub fn all_deliveries(&self) -> Vec<Delivered> {
        self.waha.world().network.delivered.clone()
    }

    // --- the record ---

    /// Every call that matters, oldest first, of all sessions.
    pub fn record(&self) -> Vec<Recorded> {
        self.waha.record()
    }

    /// Every attempt to post a webhook, oldest first.
    pub fn posted(&self) -> Vec<Posted> {
        self.waha.posted()
    }

    /// Counts the changes of anything, so that one can wait for the next.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.waha.changes()
    }

    /// Waits until the record has an entry that `is_it`.
    pub async fn until_recorded(&self, is_it: impl Fn(&RecordedCall) -> bool) {
        self.waha.until(|waha| waha.has_recorded(&is_it)).await;
    }

    // --- trouble ---

    /// Turns a misbehaviour on: a bare one for one occasion, otherwise as its [`Switch`] says.
    pub fn misbehave(&self, switch: impl Into<Switch>) {
        self.waha.switches().turn_on(switch.into());
    }

    /// Takes every misbehaviour back; webhooks that were held back are posted now.
    pub fn behave(&self) {
        self.waha.switches().clear();
        self.waha.note_change();
    }

    /// What went wrong because it was asked to, once for each occasion.
    pub fn misbehaved(&self) -> Vec<Misbehaviour> {
        self.waha.switches().acted()
    }

    /// Places a gate: the next arrival at `step` stops there.
    pub fn gate(&self, step: Step) -> Gate {
        self.waha.gates.place(step)
    }

    /// The network is away for `time`: sends fail, then STARTING again and again, then WORKING and the backlog.
    pub fn lose_network(&self, time: Duration) {
        self.waha.lose_network(&self.session, time);
    }

    /// The session is STOPPED for `time`, and starts by itself.
    pub fn flap(&self, time: Duration) {
        self.waha.flap(&self.session, time);
    }

    /// WhatsApp refuses the session, which is FAILED, now and after each start. `told`: WAHA says why.
    pub fn refuse(&self, refused: Refused, told: bool) {
        self.waha.refuse(&self.session, refused, told);
    }

    /// Reading the store answers 422 now, and after each of the next `starts` of the session.
    pub fn refuse_store(&self, starts: u32) {
        self.waha.change(&self.session, |session| {
            session.store_refused = Some(starts);
        });
    }

    /// STARTING until somebody restarts the session.
    pub fn get_stuck(&self) {
        self.waha.get_stuck(&self.session);
    }

    /// Kills the process and starts it again, forgetting what this version forgets.
    pub fn restart(&self) {
        self.waha.restart_process();
    }

    /// WhatsApp restricts the account until `ends`: no new chats. None lifts it. `session.status` is posted again with it (2026.7.2 and later).
    pub fn restrict(&self, ends: Option<DateTime<Utc>>) {
        let lock = self.waha.change(&self.session, |session| {
            let before = session.timelock.as_ref().map(|lock| lock.ends);
            let lock = Timelock {
                active: ends.is_some(),
                ends: ends.or(before).unwrap_or_default(),
            };
            session.timelock = Some(lock.clone());
            crate::shapes::session_info::timelock(&lock)
        });
        if self.waha.profile().is_newest() {
            self.waha
                .tell_status(&self.session, &json!({"reachoutTimelock": lock}));
        }
    }

    /// WhatsApp caps the account's messages: `status` (`NONE`, `FIRST_WARNING`, …), `totalQuota` and the end of the cycle in unix
    /// seconds. `session.status` is posted again with it. GOWS only.
    pub fn cap(&self, status: &str, total: i64, cycle_end: i64) {
        let capping = crate::shapes::session_info::capping(status, total, cycle_end);
        self.waha.change(&self.session, |session| {
            session.capping = Some(capping.clone());
        });
        self.waha
            .tell_status(&self.session, &json!({"messageCapping": capping}));
    }
}
