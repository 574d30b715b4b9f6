//! Sessions: their rows, pauses and locks.

use chrono::TimeDelta;
use domain::{
    Timestamp,
    message_status::MessageStatus,
    release::Lock,
    session::{SessionName, SessionState},
    wait::WaitReason,
};
use storage::{Changed, Commit, PauseOutcome, testing::TestDatabase};

use super::stage::{Stage, bride, groom};

#[tokio::test]
async fn a_new_session_is_disconnected_and_a_known_one_is_left_alone() {
    for db in TestDatabase::each().await {
        let now = "2026-11-23T11:00:00Z".parse().unwrap();
        let store = db.store();
        store
            .ensure_sessions(&[groom(), bride(), groom()], now)
            .await
            .unwrap();
        let sessions = store.sessions().await.unwrap();
        let names: Vec<_> = sessions.iter().map(|session| &session.name).collect();
        assert_eq!(names, [&bride(), &groom()]);
        for session in &sessions {
            assert_eq!(
                (session.state, session.since),
                (SessionState::Disconnected, now)
            );
            assert_eq!((session.lease_epoch, session.lease_owner), (0, None));
            assert_eq!((session.paused_by.as_deref(), session.lock), (None, None));
        }
        let person = Stage::person();
        store.pause(&groom(), &person, now).await.unwrap();
        store
            .ensure_sessions(&[groom()], now + TimeDelta::hours(1))
            .await
            .unwrap();
        let session = store.session(&groom()).await.unwrap().unwrap();
        assert_eq!(
            (session.paused_by.as_deref(), session.since),
            (Some("anna"), now)
        );
        let nobody = SessionName::parse("nobody").unwrap();
        assert!(store.session(&nobody).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_session_shows_its_lease_and_its_number() {
    for stage in Stage::each().await {
        let session = stage.store().session(&groom()).await.unwrap().unwrap();
        assert_eq!(session.state, SessionState::Connected);
        assert_eq!(session.lease_owner, Some(stage.owner));
        assert_eq!(session.lease_epoch, stage.epoch);
        let ends = stage.now + TimeDelta::from_std(super::stage::TTL).unwrap();
        assert_eq!(session.lease_expires_at, Some(ends));
        let number = session.own_number.expect("it is logged in");
        assert_eq!(number.digits(), "393330000001");
        assert!(session.first_connected_at.is_some());
    }
}

#[tokio::test]
async fn after_a_pause_nothing_else_leaves() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        let work = stage.taken().await;
        let (store, now, person) = (stage.store(), stage.now, Stage::person());
        let open = store.open_attempts(&groom()).await.unwrap();
        assert_eq!(open.len(), 1);
        assert_eq!((open[0].message, open[0].attempt), (id, work.attempt));
        assert_eq!((open[0].contact, open[0].epoch), (contact, stage.epoch));
        assert_eq!(
            (open[0].status, open[0].committed_at),
            (MessageStatus::Composing, None)
        );

        let paused = store.pause(&groom(), &person, now).await.unwrap();
        let expected = PauseOutcome {
            committed: vec![],
            composing: vec![(id, work.attempt)],
            known: true,
        };
        assert_eq!(paused, expected);
        match stage.commit(&work).await {
            Commit::Back(wait) => assert_eq!(wait.reason, WaitReason::SessionPaused),
            other => panic!("{other:?}"),
        }
        let (_, waiting) = stage.idle().await;
        assert_eq!(
            waiting.map(|wait| wait.reason),
            Some(WaitReason::SessionPaused)
        );
        assert!(store.resume(&groom(), &person, now).await.unwrap());
        assert_eq!(stage.taken().await.message, id);
    }
}

#[tokio::test]
async fn a_pause_tells_what_had_already_left() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        let committed = stage.committed().await;
        let paused = stage
            .store()
            .pause(&groom(), &Stage::person(), stage.now)
            .await
            .unwrap();
        assert_eq!((paused.committed, paused.composing), (vec![id], vec![]));
        let open = stage.store().open_attempts(&groom()).await.unwrap();
        assert_eq!(
            (open[0].status, open[0].attempt),
            (MessageStatus::Sending, committed.attempt)
        );
        assert_eq!(open[0].committed_at, Some(stage.now));
        assert!(
            stage
                .store()
                .open_attempts(&bride())
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(stage.store().uncertain_count(&groom()).await.unwrap(), 0);
    }
}

/// Either the pause comes first and nothing is committed, or the pause tells that it was.
#[tokio::test]
async fn pause_and_commit_at_once_agree() {
    for mut stage in Stage::each().await {
        for n in 1..=10 {
            let contact = stage.writer(n).await;
            let id = stage
                .queue_with(contact, |message| message.send_now = true)
                .await;
            let work = stage.taken().await;
            let (one, two, now) = (stage.store(), stage.store(), stage.now);
            let (person, worker, groom) = (Stage::person(), stage.worker.clone(), groom());
            let (paused, committed) = tokio::join!(
                one.pause(&groom, &person, now),
                two.commit(worker.claimer(), &work, None, now)
            );
            let (paused, committed) = (paused.unwrap(), committed.unwrap());
            if committed == Commit::Committed {
                assert_eq!(paused.committed, [id]);
                stage
                    .finish(work.attempt, super::stage::accepted(&format!("RAW{n}")))
                    .await;
            } else {
                assert!(matches!(committed, Commit::Back(_)), "{committed:?}");
                assert_eq!(paused.committed, []);
                one.cancel(id, &person, now).await.unwrap();
            }
            one.resume(&groom, &person, now).await.unwrap();
            stage.later(TimeDelta::minutes(1));
            stage.take_lease().await;
        }
    }
}

#[tokio::test]
async fn a_lock_is_never_made_shorter_and_a_person_takes_it_away() {
    for stage in Stage::each().await {
        let (store, now, groom) = (stage.store(), stage.now, groom());
        let at = |hours| Lock::Until(now + TimeDelta::hours(hours));
        for (lock, expected) in [(at(6), at(6)), (at(2), at(6)), (at(24), at(24))] {
            store.lock(&groom, lock, "463", now).await.unwrap();
            let session = store.session(&groom).await.unwrap().unwrap();
            assert_eq!(
                (session.lock, session.lock_reason.as_deref()),
                (Some(expected), Some("463"))
            );
        }
        for lock in [Lock::Person, at(48)] {
            store.lock(&groom, lock, "two refusals", now).await.unwrap();
            let session = store.session(&groom).await.unwrap().unwrap();
            assert_eq!(session.lock, Some(Lock::Person));
        }
        assert!(store.unlock(&groom, &Stage::person(), now).await.unwrap());
        let session = store.session(&groom).await.unwrap().unwrap();
        assert_eq!((session.lock, session.lock_reason), (None, None));
        let other = store.session(&bride()).await.unwrap().unwrap();
        assert_eq!(other.lock, None);
    }
}

#[tokio::test]
async fn who_steered_what_is_written_down() {
    for stage in Stage::each().await {
        let (store, now, groom) = (stage.store(), stage.now, groom());
        let person = Stage::person();
        store.pause(&groom, &person, now).await.unwrap();
        store.resume(&groom, &person, now).await.unwrap();
        store.lock(&groom, Lock::Person, "463", now).await.unwrap();
        store.unlock(&groom, &person, now).await.unwrap();
        let audit = store.audit(None, 10).await.unwrap().items;
        let lines: Vec<_> = audit
            .iter()
            .rev()
            .map(|line| {
                (
                    line.actor.as_str(),
                    line.action.as_str(),
                    line.detail.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            lines,
            [
                ("anna", "session.pause", None),
                ("anna", "session.resume", None),
                ("worker", "session.lock", Some("463")),
                ("anna", "session.unlock", None),
            ]
        );
        assert!(audit.iter().all(|line| line.subject == "groom"));
    }
}

#[tokio::test]
async fn a_session_that_does_not_exist_cannot_be_steered() {
    for stage in Stage::each().await {
        let (store, now, person) = (stage.store(), stage.now, Stage::person());
        let nobody = SessionName::parse("nobody").unwrap();
        assert!(!store.pause(&nobody, &person, now).await.unwrap().known);
        assert!(!store.resume(&nobody, &person, now).await.unwrap());
        assert!(!store.unlock(&nobody, &person, now).await.unwrap());
        assert!(store.lock(&nobody, Lock::Person, "463", now).await.is_err());
        assert!(store.session_facts(&nobody, now).await.unwrap().is_none());
        assert!(store.audit(None, 10).await.unwrap().items.is_empty());
    }
}

#[tokio::test]
async fn whoever_pauses_an_old_backlog_does_not_hide_it() {
    for stage in Stage::each().await {
        let sql =
            "UPDATE whatsapp_session_status SET paused_by = 'old_backlog' WHERE name = 'groom'";
        stage.tamper(sql).await;
        let (store, now, person) = (stage.store(), stage.now, Stage::person());
        assert!(store.pause(&groom(), &person, now).await.unwrap().known);
        let paused_by = async || store.session(&groom()).await.unwrap().unwrap().paused_by;
        assert_eq!(paused_by().await.as_deref(), Some(storage::OLD_BACKLOG));
        assert!(store.resume(&groom(), &person, now).await.unwrap());
        store.pause(&groom(), &person, now).await.unwrap();
        assert_eq!(paused_by().await.as_deref(), Some("anna"));
    }
}

/// A failure that somebody leaves at that asks for nobody, until it is tried again and fails once more.
async fn leave_what_failed(stage: &Stage, ever: Timestamp) {
    let (store, now, person) = (stage.store(), stage.now, Stage::person());
    let failed = "SELECT id AS value FROM whatsapp_message_queue WHERE status = 'failed'";
    let id = stage.text(failed).await.unwrap().parse().unwrap();
    let Changed::Done(left) = store.leave_failed(id, &person, now).await.unwrap() else {
        panic!("it had failed");
    };
    assert_eq!(left.failure_left_at, Some(now));
    assert_eq!(store.attention(&groom(), ever).await.unwrap().failed, 0);
    let Changed::Done(again) = store.retry(id, &person, now).await.unwrap() else {
        panic!("it had failed");
    };
    assert_eq!(again.failure_left_at, None);
    let refused = store.leave_failed(id, &person, now).await.unwrap();
    assert!(matches!(refused, Changed::WrongStatus(_)));
    let sql = format!("UPDATE whatsapp_message_queue SET status = 'failed' WHERE id = '{id}'");
    stage.tamper(&sql).await;
    assert_eq!(store.attention(&groom(), ever).await.unwrap().failed, 1);
}

#[tokio::test]
async fn what_waits_for_a_person_is_counted_for_each_session() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let since = stage.now - TimeDelta::days(7);
        let none = storage::Attention::default();
        let store = stage.store();
        assert_eq!(store.attention(&groom(), since).await.unwrap(), none);
        for change in [
            "status = 'failed', committed_at = 1",
            "wait_reason = 'put_aside', wait_ends = 'person:review', due = 0, eligible_at = NULL",
            "wait_reason = 'put_aside', wait_ends = 'person:review', due = 0, eligible_at = NULL",
            "wait_reason = 'quiet_hours', wait_ends = 'at', due = 0, eligible_at = 1",
        ] {
            let id = stage.queue(contact).await;
            let sql = format!("UPDATE whatsapp_message_queue SET {change} WHERE id = '{id}'");
            stage.tamper(&sql).await;
        }
        let found = store.attention(&groom(), since).await.unwrap();
        assert_eq!((found.uncertain, found.failed, found.aside), (0, 0, 2));
        let ever = "1970-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(store.attention(&groom(), ever).await.unwrap().failed, 1);
        leave_what_failed(&stage, ever).await;
        assert_eq!(store.attention(&bride(), ever).await.unwrap(), none);

        assert_eq!(store.suspended_contacts().await.unwrap(), 0);
        stage.tamper("UPDATE contact SET suspended_at = 1").await;
        assert_eq!(store.suspended_contacts().await.unwrap(), 1);
        stage.tamper("UPDATE contact SET opted_out_at = 2").await;
        assert_eq!(store.suspended_contacts().await.unwrap(), 0);
    }
}
