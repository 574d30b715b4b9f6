//! What open pages are told: everything once, in the order of the commits.

use domain::{Timestamp, config::GlobalConfig, session::SessionName};
use storage::{Actor, LiveEvent, LiveKind, testing::TestDatabase};

fn now() -> Timestamp {
    "2026-11-23T11:00:00Z".parse().expect("a time")
}

fn groom() -> SessionName {
    SessionName::parse("groom").expect("a name")
}

fn subjects(events: &[LiveEvent]) -> Vec<&str> {
    events.iter().map(|event| event.subject.as_str()).collect()
}

#[tokio::test]
async fn a_reader_goes_on_where_it_was() {
    for db in TestDatabase::each().await {
        let store = db.store();
        store.ensure_sessions(&[groom()], now()).await.unwrap();
        let start = store.live_end().await.unwrap();
        let me = Actor::new("test");
        store.pause(&groom(), &me, now()).await.unwrap();
        store.resume(&groom(), &me, now()).await.unwrap();

        let events = store.live_after(start, 10).await.unwrap();
        assert_eq!(subjects(&events), ["groom", "groom"]);
        assert!(events.iter().all(|event| event.kind == LiveKind::Session));
        let first = events[0].cursor;
        let text = first.to_string();
        assert_eq!(text.parse(), Ok(first), "{text}");
        assert_eq!(store.live_after(first, 10).await.unwrap(), events[1..]);
        assert_eq!(store.live_after(start, 1).await.unwrap(), events[..1]);
        let end = store.live_end().await.unwrap();
        assert!(store.live_after(end, 10).await.unwrap().is_empty());
        assert!(store.live_is_kept(start).await.unwrap());
        assert_eq!(store.live_newest().await.unwrap(), Some(events[1].cursor));
    }
}

#[tokio::test]
async fn what_is_written_again_as_it_was_is_no_news() {
    for db in TestDatabase::each().await {
        let store = db.store();
        store.ensure_sessions(&[groom()], now()).await.unwrap();
        let start = store.live_end().await.unwrap();
        db.execute(
            "UPDATE whatsapp_session_status SET checked_at = 5, lease_epoch = lease_epoch + 1",
        )
        .await
        .unwrap();
        assert!(store.live_after(start, 10).await.unwrap().is_empty());
    }
}

/// A transaction that began first commits last: a reader that has seen the later one must still be told of it.
#[tokio::test]
async fn nothing_is_missed_or_repeated_when_transactions_commit_out_of_order() {
    let db = TestDatabase::postgres().await;
    let store = db.store();
    let bride = SessionName::parse("bride").expect("a name");
    store
        .ensure_sessions(&[groom(), bride.clone()], now())
        .await
        .unwrap();
    let mut seen = store.live_end().await.unwrap();
    let mut told = Vec::new();

    let mut slow = db.begin().await;
    slow.execute("UPDATE whatsapp_session_status SET paused_by = 'slow' WHERE name = 'groom'")
        .await;
    store
        .pause(&bride, &Actor::new("quick"), now())
        .await
        .unwrap();
    for _ in 0..2 {
        let events = store.live_after(seen, 10).await.unwrap();
        seen = events.last().map_or(seen, |event| event.cursor);
        told.extend(events);
    }
    slow.commit().await;
    for _ in 0..2 {
        let events = store.live_after(seen, 10).await.unwrap();
        seen = events.last().map_or(seen, |event| event.cursor);
        told.extend(events);
    }

    let mut subjects = subjects(&told);
    subjects.sort_unstable();
    assert_eq!(subjects, ["bride", "groom"]);
}

#[tokio::test]
async fn what_was_forgotten_is_known_to_be() {
    for db in TestDatabase::each().await {
        let store = db.store();
        store.ensure_sessions(&[groom()], now()).await.unwrap();
        let start = store.live_end().await.unwrap();
        for _ in 0..3 {
            store
                .pause(&groom(), &Actor::new("a"), now())
                .await
                .unwrap();
            store
                .resume(&groom(), &Actor::new("a"), now())
                .await
                .unwrap();
        }
        db.execute("DELETE FROM live_event WHERE position <= 4")
            .await
            .unwrap();
        assert!(!store.live_is_kept(start).await.unwrap());
        let newest = store.live_newest().await.unwrap().unwrap();
        assert!(store.live_is_kept(newest).await.unwrap());
        let config = GlobalConfig::default();
        store.prune(&config, now()).await.unwrap();
        assert_eq!(store.live_newest().await.unwrap(), Some(newest));
    }
}
