//! Why a session is FAILED, the lock of a number that may be banned, and the pause of an operation on a session.

use chrono::TimeDelta;
use domain::{
    release::Lock,
    session::{SessionProblem, SessionState},
};
use storage::{OLD_BACKLOG, SessionRow};

use super::stage::{Stage, groom, view};

async fn row(stage: &Stage) -> SessionRow {
    stage.store().session(&groom()).await.unwrap().unwrap()
}

/// The session is seen in that state, a second later, and WAHA tells that problem.
async fn seen(stage: &mut Stage, now: SessionState, told: Option<SessionProblem>) -> SessionRow {
    stage.later(TimeDelta::seconds(1));
    let mut seen = view(&groom(), now, stage.now);
    seen.problem = told;
    stage
        .store()
        .record_session(&groom(), &seen, stage.now)
        .await
        .unwrap();
    row(stage).await
}

#[tokio::test]
async fn the_state_before_tells_why_it_failed_where_waha_does_not() {
    for mut stage in Stage::each().await {
        let failed = seen(&mut stage, SessionState::Failed, None).await;
        assert_eq!(failed.problem, None, "unlinked, or anything else");
        seen(&mut stage, SessionState::Qr, None).await;
        let refused = seen(&mut stage, SessionState::Failed, None).await;
        assert_eq!(refused.problem, None, "a phone may have scanned");
        seen(&mut stage, SessionState::Qr, None).await;
        stage.later(TimeDelta::seconds(160));
        for _ in 0..2 {
            let failed = seen(&mut stage, SessionState::Failed, None).await;
            assert_eq!(failed.problem, Some(SessionProblem::CodesUsedUp));
        }
        let outdated = Some(SessionProblem::ClientOutdated);
        seen(&mut stage, SessionState::Failed, outdated).await;
        let still = seen(&mut stage, SessionState::Failed, None).await;
        assert_eq!(still.problem, outdated, "the event alone tells it");
        let connecting = seen(&mut stage, SessionState::Connecting, None).await;
        assert_eq!(connecting.problem, None);
    }
}

/// WAHA refused a send because the session waits for a scan. No QR code was seen, so none was used up.
#[tokio::test]
async fn a_refused_send_does_not_count_as_a_qr_code() {
    for mut stage in Stage::each().await {
        stage
            .tamper("UPDATE whatsapp_session_status SET state = 'qr' WHERE name = 'groom'")
            .await;
        let failed = seen(&mut stage, SessionState::Failed, None).await;
        assert_eq!(failed.problem, None);
    }
}

#[tokio::test]
async fn a_banned_number_is_locked_until_a_person_unlocks_it() {
    for mut stage in Stage::each().await {
        let restricted = Some(SessionProblem::Restricted);
        let failed = seen(&mut stage, SessionState::Failed, restricted).await;
        assert_eq!(
            (failed.problem, failed.lock),
            (restricted, Some(Lock::Person))
        );
        let (store, person) = (stage.store(), Stage::person());
        store.unlock(&groom(), &person, stage.now).await.unwrap();
        let still = seen(&mut stage, SessionState::Failed, restricted).await;
        assert_eq!(
            (still.problem, still.lock),
            (restricted, None),
            "locked once"
        );
        let back = seen(&mut stage, SessionState::Connected, None).await;
        assert_eq!((back.problem, back.lock), (None, None));
    }
}

#[tokio::test]
async fn the_pause_of_an_operation_ends_with_it_and_a_persons_pause_does_not() {
    for stage in Stage::each().await {
        let (store, now, person) = (stage.store(), stage.now, Stage::person());
        let begin = async || {
            store
                .begin_operation(&groom(), &person, "session.link", now)
                .await
                .unwrap();
        };
        begin().await;
        assert_eq!(
            row(&stage).await.paused_by.as_deref(),
            Some(storage::OPERATION)
        );
        // nothing must leave before the operation has ended, whatever a person presses
        assert!(store.resume(&groom(), &person, now).await.unwrap());
        assert_eq!(
            row(&stage).await.paused_by.as_deref(),
            Some(storage::OPERATION)
        );
        store.end_operation(&groom()).await.unwrap();
        assert_eq!(row(&stage).await.paused_by, None);
        // a person pauses during the next one, and before the one after
        begin().await;
        store.pause(&groom(), &person, now).await.unwrap();
        store.end_operation(&groom()).await.unwrap();
        begin().await;
        store.end_operation(&groom()).await.unwrap();
        assert_eq!(row(&stage).await.paused_by.as_deref(), Some("anna"));
        let audit = store.audit(None, 10).await.unwrap().items;
        let links = audit.iter().filter(|line| line.action == "session.link");
        assert_eq!(links.count(), 3);
    }
}

/// The connection comes back while an operation on the session runs: its pause must not hide the old backlog.
#[tokio::test]
async fn an_old_backlog_is_paused_also_during_an_operation() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        seen(&mut stage, SessionState::Connected, None).await;
        stage.queue(contact).await;
        seen(&mut stage, SessionState::Disconnected, None).await;
        stage.later(TimeDelta::hours(26));
        let (store, person) = (stage.store(), Stage::person());
        store
            .begin_operation(&groom(), &person, "session.link", stage.now)
            .await
            .unwrap();
        seen(&mut stage, SessionState::Connected, None).await;
        store.end_operation(&groom()).await.unwrap();
        assert_eq!(row(&stage).await.paused_by.as_deref(), Some(OLD_BACKLOG));
    }
}
