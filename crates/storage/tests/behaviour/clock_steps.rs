//! The wall clock of the machine is set: what the limits count keeps its distance to the present.

use chrono::TimeDelta;

use super::stage::{Stage, groom};

const SEND: &str = "SELECT ended_at AS value FROM send_reservation";
const OUT: &str = "SELECT last_out_at AS value FROM contact_session";
const IN: &str = "SELECT last_in_at AS value FROM contact_session";
const GAP: &str =
    "SELECT automatic_gap_until AS value FROM whatsapp_session_status WHERE name = 'groom'";

async fn set(stage: &mut Stage, by: TimeDelta) -> bool {
    stage.now += by;
    let claimer = stage.claimer();
    stage
        .store()
        .clock_was_set(&groom(), claimer.owner, claimer.epoch, by, stage.now)
        .await
        .expect("the database")
}

async fn ago(stage: &Stage) -> Vec<i64> {
    let mut ago = Vec::new();
    for sql in [SEND, OUT, IN, GAP] {
        let at = stage.int(sql).await.expect("a time");
        ago.push(stage.now.timestamp_millis() - at);
    }
    ago
}

#[tokio::test]
async fn what_is_counted_moves_along_both_ways() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage.sent("RAW").await;
        let before = ago(&stage).await;
        for hours in [5, -9] {
            assert!(set(&mut stage, TimeDelta::hours(hours)).await);
            assert_eq!(ago(&stage).await, before, "after {hours} hours");
        }
    }
}

#[tokio::test]
async fn who_lost_the_session_moves_nothing() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage.sent("RAW").await;
        let before = stage.int(SEND).await;
        stage
            .tamper("UPDATE whatsapp_session_status SET lease_epoch = lease_epoch + 1")
            .await;
        assert!(!set(&mut stage, TimeDelta::hours(1)).await);
        assert_eq!(stage.int(SEND).await, before);
    }
}
