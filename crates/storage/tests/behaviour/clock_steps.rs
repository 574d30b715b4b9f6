//! The wall clock of the machine is set: what the limits count keeps its distance to the present.

use chrono::TimeDelta;
use domain::{
    Timestamp, chat_id::ChatId, clock_reading::ClockReading, ids::WorkerId, session::SessionState,
};
use storage::{ClockWatch, Lease, Recorded};

use super::stage::{Stage, TTL, bride, chat, groom, inbound, view};

const SEND: &str = "SELECT ended_at AS value FROM send_reservation";
const OUT: &str = "SELECT last_out_at AS value FROM contact_session";
const IN: &str = "SELECT last_in_at AS value FROM contact_session";
const GAP: &str = "SELECT automatic_gap_until AS value FROM session_number WHERE session = 'groom'";

/// The machine's clock: how far it was set altogether, and in which run of the machine.
pub(super) struct Machine {
    boot: &'static str,
    set: TimeDelta,
}

impl Machine {
    pub(super) const fn started() -> Self {
        Self {
            boot: "first",
            set: TimeDelta::zero(),
        }
    }

    pub(super) fn set(&mut self, stage: &mut Stage, by: TimeDelta) {
        self.set += by;
        stage.now += by;
    }

    fn reading(&self, stage: &Stage) -> ClockReading {
        ClockReading {
            boot: Some(self.boot.to_owned()),
            ahead_ms: self.set.num_milliseconds(),
            at: stage.now,
        }
    }

    /// The holder of the lease reads the clock; by how much it was set.
    pub(super) async fn holder(&self, stage: &Stage, watch: &ClockWatch) -> TimeDelta {
        let reading = self.reading(stage);
        let (store, session) = (stage.store(), groom());
        let followed = watch.follow_as_holder(&store, &session, reading);
        followed.await.expect("the database")
    }

    /// Another service reads it.
    async fn beside(&self, stage: &Stage, watch: &ClockWatch) -> TimeDelta {
        let reading = self.reading(stage);
        let (store, session) = (stage.store(), groom());
        let followed = watch.follow_beside_holder(&store, &session, reading);
        followed.await.expect("the database")
    }
}

async fn ago(stage: &Stage) -> Vec<i64> {
    let mut ago = Vec::new();
    for sql in [SEND, OUT, IN, GAP] {
        let at = stage.int(sql).await.expect("a time");
        ago.push(stage.now.timestamp_millis() - at);
    }
    ago
}

async fn after_a_send(stage: &mut Stage) {
    let contact = stage.writer(1).await;
    stage.queue(contact).await;
    stage.sent("RAW").await;
}

#[tokio::test]
async fn moves_what_is_counted_when_the_clock_is_set_either_way() {
    for mut stage in Stage::each().await {
        after_a_send(&mut stage).await;
        let (mut machine, watch) = (Machine::started(), ClockWatch::default());
        assert_eq!(machine.holder(&stage, &watch).await, TimeDelta::zero());
        let before = ago(&stage).await;
        for hours in [5, -9, 48, -48] {
            machine.set(&mut stage, TimeDelta::hours(hours));
            assert_eq!(
                machine.holder(&stage, &watch).await,
                TimeDelta::hours(hours)
            );
            assert_eq!(ago(&stage).await, before, "after {hours} hours");
        }
    }
}

/// A long queue waits for its guests' first words. What is that old is compared with nothing.
#[tokio::test]
async fn leaves_what_no_rule_counts_any_more_when_the_clock_is_set() {
    for mut stage in Stage::each().await {
        let guest = stage.guest(1).await;
        let (old, new) = (stage.queue(guest).await, stage.queue(guest).await);
        let queued = (stage.now - TimeDelta::days(16)).timestamp_millis();
        for status in ["pending", "failed"] {
            let sql = format!(
                "UPDATE whatsapp_message_queue SET queued_at = {queued}, status = '{status}' WHERE id = '{old}'"
            );
            stage.tamper(&sql).await;
            let (mut machine, watch) = (Machine::started(), ClockWatch::default());
            machine.holder(&stage, &watch).await;
            let before = stage.row(new).await.queued_at;
            machine.set(&mut stage, TimeDelta::hours(1));
            machine.holder(&stage, &watch).await;
            let moved = before + TimeDelta::hours(1);
            assert_eq!(stage.row(new).await.queued_at, moved);
            let left = stage.row(old).await.queued_at;
            assert_eq!(left.timestamp_millis(), queued, "{status}");
            machine.set(&mut stage, TimeDelta::hours(-1));
            machine.holder(&stage, &watch).await;
        }
    }
}

#[tokio::test]
async fn moves_it_once_when_two_services_see_the_step() {
    for mut stage in Stage::each().await {
        after_a_send(&mut stage).await;
        let (mut machine, worker, api) = (
            Machine::started(),
            ClockWatch::default(),
            ClockWatch::default(),
        );
        machine.holder(&stage, &worker).await;
        machine.beside(&stage, &api).await;
        let before = ago(&stage).await;
        machine.set(&mut stage, TimeDelta::hours(3));
        assert_eq!(machine.beside(&stage, &api).await, TimeDelta::hours(3));
        assert_eq!(machine.holder(&stage, &worker).await, TimeDelta::hours(3));
        assert_eq!(ago(&stage).await, before);
    }
}

#[tokio::test]
async fn moves_it_when_the_clock_was_set_while_no_worker_ran() {
    for mut stage in Stage::each().await {
        after_a_send(&mut stage).await;
        let mut machine = Machine::started();
        machine.holder(&stage, &ClockWatch::default()).await;
        let before = ago(&stage).await;
        machine.set(&mut stage, TimeDelta::hours(-2));
        let by = machine.holder(&stage, &ClockWatch::default()).await;
        assert_eq!(by, TimeDelta::hours(-2));
        assert_eq!(ago(&stage).await, before);
    }
}

#[tokio::test]
async fn moves_it_when_a_restarted_machine_is_behind_its_own_past() {
    for mut stage in Stage::each().await {
        after_a_send(&mut stage).await;
        let mut machine = Machine::started();
        machine.holder(&stage, &ClockWatch::default()).await;
        let before = ago(&stage).await;
        machine.boot = "second";
        machine.set(&mut stage, TimeDelta::days(-2));
        // Another service does not judge across a restart: two machines may share the database.
        let beside = machine.beside(&stage, &ClockWatch::default()).await;
        assert_eq!(beside, TimeDelta::zero());
        let by = machine.holder(&stage, &ClockWatch::default()).await;
        assert_eq!(by, TimeDelta::days(-2));
        assert_eq!(ago(&stage).await, before);
    }
}

/// No step was found for ten hours: only the renewal of the lease tells how late it was.
#[tokio::test]
async fn moves_it_when_a_restarted_machine_is_behind_the_last_renewal_of_the_lease() {
    for mut stage in Stage::each().await {
        after_a_send(&mut stage).await;
        let mut machine = Machine::started();
        machine.holder(&stage, &ClockWatch::default()).await;
        stage.later(TimeDelta::hours(10));
        let (store, lease) = (stage.store(), [(groom(), stage.epoch)]);
        let renewed = store.renew_leases(stage.owner, &lease, TTL, stage.now);
        assert_eq!(renewed.await.unwrap(), [groom()]);
        let before = ago(&stage).await;
        machine.boot = "second";
        machine.set(&mut stage, TimeDelta::hours(-2));
        let by = machine.holder(&stage, &ClockWatch::default()).await;
        assert_eq!(by, TimeDelta::hours(-2));
        assert_eq!(ago(&stage).await, before);
    }
}

#[tokio::test]
async fn keeps_a_view_when_the_clock_went_back_an_hour() {
    for mut stage in Stage::each().await {
        stage
            .sees(&groom(), SessionState::Disconnected, stage.now)
            .await;
        stage.now -= TimeDelta::hours(1);
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        let row = stage.store().session(&groom()).await.unwrap().unwrap();
        assert_eq!(row.state, SessionState::Connected);
        assert_eq!(row.checked_at, Some(stage.now));
    }
}

#[tokio::test]
async fn takes_a_lease_whose_end_lies_hours_ahead_when_the_clock_went_back() {
    for mut stage in Stage::each().await {
        stage.now -= TimeDelta::days(2);
        let other = WorkerId::new(stage.now, &mut stage.dice);
        let lease = stage
            .store()
            .take_lease(&groom(), other, TTL, stage.now)
            .await
            .unwrap();
        assert!(matches!(lease, Lease::Taken { .. }), "{lease:?}");
    }
}

async fn first_word(stage: &Stage, raw: &str, at: Timestamp) -> Recorded {
    let mut word = inbound(chat(9), raw, at);
    word.body = Some("Ciao".to_owned());
    let (store, session) = (stage.store(), bride());
    let recorded = store.record_message(&session, &word, stage.now);
    recorded.await.expect("the database")
}

/// The bride's phone is linked for the first time.
async fn pair(stage: &Stage) {
    let mut linked = view(&bride(), SessionState::Connected, stage.now);
    let own = linked
        .own
        .as_mut()
        .expect("connected sessions have a number");
    own.chat = ChatId::Phone("393470009999".to_owned());
    let (store, session) = (stage.store(), bride());
    let recorded = store.record_session(&session, &linked, stage.now);
    recorded.await.expect("the database");
}

#[tokio::test]
async fn counts_a_first_word_when_the_clock_was_set_forward_before_the_pairing() {
    for mut stage in Stage::each().await {
        stage.guest(9).await;
        let (mut machine, watch) = (Machine::started(), ClockWatch::default());
        let follow = async |machine: &Machine, stage: &Stage| {
            let reading = machine.reading(stage);
            let (store, session) = (stage.store(), bride());
            let followed = watch.follow_as_holder(&store, &session, reading);
            followed.await.expect("the database")
        };
        follow(&machine, &stage).await;
        let told_by_whatsapp = stage.now + TimeDelta::minutes(30);
        machine.set(&mut stage, TimeDelta::days(2));
        stage.later(TimeDelta::minutes(20));
        follow(&machine, &stage).await;
        pair(&stage).await;
        stage.later(TimeDelta::minutes(10));
        let word = first_word(&stage, "IN", told_by_whatsapp).await;
        assert!(
            matches!(word, Recorded::Inbound { new: true, .. }),
            "{word:?}"
        );
        // History from before the pairing is still that.
        let older = first_word(&stage, "OLD", told_by_whatsapp - TimeDelta::hours(1)).await;
        assert_eq!(older, Recorded::BeforePairing);
    }
}

#[tokio::test]
async fn counts_a_first_word_when_the_clock_was_set_back_after_the_pairing() {
    for mut stage in Stage::each().await {
        stage.guest(9).await;
        let mut machine = Machine::started();
        machine.set(&mut stage, TimeDelta::days(2));
        let watch = ClockWatch::default();
        let reading = machine.reading(&stage);
        watch
            .follow_as_holder(&stage.store(), &bride(), reading)
            .await
            .unwrap();
        pair(&stage).await;
        stage.later(TimeDelta::minutes(10));
        machine.set(&mut stage, TimeDelta::days(-2));
        let reading = machine.reading(&stage);
        watch
            .follow_as_holder(&stage.store(), &bride(), reading)
            .await
            .unwrap();
        let word = first_word(&stage, "IN", stage.now).await;
        assert!(
            matches!(word, Recorded::Inbound { new: true, .. }),
            "{word:?}"
        );
        let older = first_word(&stage, "OLD", stage.now - TimeDelta::hours(1)).await;
        assert_eq!(older, Recorded::BeforePairing);
    }
}

/// Whether the first guest's newest word counts as newer than the newest send to them.
async fn wrote_since(stage: &Stage) -> bool {
    let (last_in, last_out) = (stage.int(IN).await, stage.int(OUT).await);
    last_in.expect("a time") > last_out.expect("a time")
}

#[tokio::test]
async fn counts_a_word_as_newer_than_the_last_send_when_the_clock_was_set_forward() {
    for hours in [1, 48] {
        for mut stage in Stage::each().await {
            after_a_send(&mut stage).await;
            let (mut machine, watch) = (Machine::started(), ClockWatch::default());
            machine.holder(&stage, &watch).await;
            let told = stage.now + TimeDelta::minutes(5);
            machine.set(&mut stage, TimeDelta::hours(hours));
            machine.holder(&stage, &watch).await;
            stage.later(TimeDelta::minutes(5));
            stage.writes(1, told).await;
            assert!(wrote_since(&stage).await, "after {hours} hours");
        }
    }
}

#[tokio::test]
async fn believes_a_clock_that_was_set_right_when_a_fresh_word_agrees_with_it() {
    for mut stage in Stage::each().await {
        after_a_send(&mut stage).await;
        let (mut machine, watch) = (Machine::started(), ClockWatch::default());
        machine.holder(&stage, &watch).await;
        machine.set(&mut stage, TimeDelta::hours(1));
        machine.holder(&stage, &watch).await;
        stage.later(TimeDelta::minutes(5));
        let fresh = stage.now - TimeDelta::seconds(2);
        stage.writes(1, fresh).await;
        assert_eq!(stage.int(IN).await, Some(fresh.timestamp_millis()));
        // A late one keeps its own time from then on.
        stage.later(TimeDelta::hours(3));
        let late = stage.now - TimeDelta::hours(2);
        stage.writes(1, late).await;
        assert_eq!(stage.int(IN).await, Some(late.timestamp_millis()));
    }
}

/// An hour that was believed for more than a week is not doubted again because of two seconds.
#[tokio::test]
async fn doubts_only_the_steps_of_the_last_week() {
    for mut stage in Stage::each().await {
        let (mut machine, watch) = (Machine::started(), ClockWatch::default());
        machine.holder(&stage, &watch).await;
        let ahead = async |stage: &Stage| {
            let facts = stage.store().session_facts(&groom(), stage.now).await;
            let doubt = facts.unwrap().unwrap().clock_doubt;
            doubt.map_or(0, |doubt| doubt.ahead.as_secs())
        };
        for (days, seconds, expected) in [(0, 3600, 3600), (8, 2, 2), (1, 3, 5)] {
            stage.later(TimeDelta::days(days));
            machine.holder(&stage, &watch).await;
            machine.set(&mut stage, TimeDelta::seconds(seconds));
            machine.holder(&stage, &watch).await;
            assert_eq!(ahead(&stage).await, expected, "after {seconds} more");
        }
    }
}

/// The groom sent a minute ago. Only the bride's worker has noticed yet that the clock was set.
#[tokio::test]
async fn keeps_the_cool_down_on_both_sessions_when_one_of_them_follows_the_clock() {
    for mut stage in Stage::each().await {
        after_a_send(&mut stage).await;
        let (mut machine, watch) = (Machine::started(), ClockWatch::default());
        machine.holder(&stage, &watch).await;
        let before = ago(&stage).await;
        let follow = async |machine: &Machine, stage: &Stage| {
            let (store, session) = (stage.store(), bride());
            let followed = watch.follow_as_holder(&store, &session, machine.reading(stage));
            followed.await.expect("the database")
        };
        assert_eq!(follow(&machine, &stage).await, TimeDelta::zero());
        for (boot, hours) in [("first", 2), ("first", -3), ("second", -4)] {
            machine.boot = boot;
            machine.set(&mut stage, TimeDelta::hours(hours));
            assert_eq!(follow(&machine, &stage).await, TimeDelta::hours(hours));
            assert_eq!(ago(&stage).await, before, "{boot} {hours}");
            // The groom's own worker sees it later; nothing moves twice.
            machine.holder(&stage, &watch).await;
            assert_eq!(ago(&stage).await, before, "{boot} {hours} again");
        }
    }
}
