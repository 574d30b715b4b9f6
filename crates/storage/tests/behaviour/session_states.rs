//! What a session was seen doing, since when, and with which number.

use chrono::TimeDelta;
use domain::{
    chat_id::ChatId,
    release::Lock,
    session::{SessionProblem, SessionState},
    wire::{OwnAccount, Restriction},
};
use storage::SessionChange;

use super::stage::{Stage, groom, view};

#[tokio::test]
async fn a_state_is_kept_since_it_began() {
    for mut stage in Stage::each().await {
        let store = stage.store();
        let began = stage.now;
        stage.sees(&groom(), SessionState::Qr, began).await;
        stage.later(TimeDelta::minutes(5));
        let mut again = view(&groom(), SessionState::Qr, stage.now);
        again.problem = Some(SessionProblem::PasskeyRequired);
        again.server = Some("2026.4.1 GOWS".to_owned());
        let change = store
            .record_session(&groom(), &again, stage.now)
            .await
            .unwrap();
        assert_eq!(
            (change.before, change.after),
            (SessionState::Qr, SessionState::Qr)
        );
        let row = store.session(&groom()).await.unwrap().unwrap();
        assert_eq!((row.state, row.since), (SessionState::Qr, began));
        assert_eq!(row.problem, Some(SessionProblem::PasskeyRequired));
        assert_eq!(row.checked_at, Some(stage.now));
        // A view that does not know the server's version does not unlearn it.
        stage.later(TimeDelta::minutes(1));
        stage.sees(&groom(), SessionState::Qr, stage.now).await;
        let row = store.session(&groom()).await.unwrap().unwrap();
        assert_eq!(row.server.as_deref(), Some("2026.4.1 GOWS"));
    }
}

#[tokio::test]
async fn an_older_view_changes_nothing() {
    for stage in Stage::each().await {
        stage.sees(&groom(), SessionState::Qr, stage.now).await;
        let old = view(
            &groom(),
            SessionState::Failed,
            stage.now - TimeDelta::seconds(1),
        );
        let change = stage
            .store()
            .record_session(&groom(), &old, stage.now)
            .await
            .unwrap();
        let nothing = SessionChange {
            before: SessionState::Qr,
            after: SessionState::Qr,
            another_number: false,
        };
        assert_eq!(change, nothing);
        let row = stage.store().session(&groom()).await.unwrap().unwrap();
        assert_eq!(row.state, SessionState::Qr);
    }
}

/// A number keeps the day it was first connected; another number on the same session is new.
#[tokio::test]
async fn a_new_number_is_new_and_an_old_one_is_not() {
    for mut stage in Stage::each().await {
        let paired = stage.now - TimeDelta::days(30);
        let first = |row: &storage::SessionRow| {
            (
                row.own_number.clone().unwrap().digits().to_owned(),
                row.first_connected_at,
            )
        };
        let mut other = view(&groom(), SessionState::Connected, stage.now);
        other.own = Some(OwnAccount {
            chat: ChatId::Phone("393339999999".to_owned()),
            lid: None,
            name: Some("Marco".to_owned()),
        });
        stage
            .store()
            .record_session(&groom(), &other, stage.now)
            .await
            .unwrap();
        let row = stage.store().session(&groom()).await.unwrap().unwrap();
        assert_eq!(first(&row), ("393339999999".to_owned(), Some(stage.now)));
        assert_eq!(row.own_name.as_deref(), Some("Marco"));
        stage.later(TimeDelta::hours(1));
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        let row = stage.store().session(&groom()).await.unwrap().unwrap();
        assert_eq!(first(&row), ("393330000001".to_owned(), Some(paired)));
        // Away, it is still known whose it is.
        let mut away = view(&groom(), SessionState::Disconnected, stage.now);
        away.own = None;
        stage
            .store()
            .record_session(&groom(), &away, stage.now)
            .await
            .unwrap();
        let row = stage.store().session(&groom()).await.unwrap().unwrap();
        assert_eq!(first(&row), ("393330000001".to_owned(), Some(paired)));
    }
}

#[tokio::test]
async fn an_old_backlog_waits_for_a_person() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        stage.later(TimeDelta::minutes(1));
        stage
            .sees(&groom(), SessionState::Disconnected, stage.now)
            .await;
        stage.later(TimeDelta::hours(23));
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        let paused_by = async |stage: &Stage| {
            stage
                .store()
                .session(&groom())
                .await
                .unwrap()
                .unwrap()
                .paused_by
        };
        assert_eq!(paused_by(&stage).await, None);
        stage.later(TimeDelta::hours(25));
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        assert_eq!(paused_by(&stage).await.as_deref(), Some("old_backlog"));
        let told = stage.store().audit(None, 5).await.unwrap();
        assert!(
            told.items
                .iter()
                .any(|line| line.detail.as_deref() == Some("old_backlog"))
        );
        // Resumed by a person, it stays resumed.
        stage
            .store()
            .resume(&groom(), &Stage::person(), stage.now)
            .await
            .unwrap();
        stage.later(TimeDelta::minutes(1));
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        assert_eq!(paused_by(&stage).await, None);
    }
}

#[tokio::test]
async fn a_fresh_queue_needs_nobody_after_a_long_absence() {
    for mut stage in Stage::each().await {
        stage.later(TimeDelta::hours(30));
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        let row = stage.store().session(&groom()).await.unwrap().unwrap();
        assert_eq!(row.paused_by, None);
    }
}

/// A restriction in force is seen again every minute: it locks once, until the end it names.
#[tokio::test]
async fn a_restriction_in_force_locks_and_does_not_push_its_own_end() {
    for mut stage in Stage::each().await {
        let lock =
            async |stage: &Stage| stage.store().session(&groom()).await.unwrap().unwrap().lock;
        let restricted = async |stage: &Stage, until| {
            let mut seen = view(&groom(), SessionState::Connected, stage.now);
            seen.restriction = Some(Restriction { until });
            stage
                .store()
                .record_session(&groom(), &seen, stage.now)
                .await
                .unwrap();
        };
        restricted(&stage, Some(stage.now)).await;
        assert_eq!(lock(&stage).await, None);
        let first = stage.now + TimeDelta::hours(6);
        restricted(&stage, None).await;
        assert_eq!(lock(&stage).await, Some(Lock::Until(first)));
        stage.later(TimeDelta::minutes(1));
        restricted(&stage, None).await;
        assert_eq!(lock(&stage).await, Some(Lock::Until(first)));
        let named = stage.now + TimeDelta::hours(50);
        restricted(&stage, Some(named)).await;
        assert_eq!(lock(&stage).await, Some(Lock::Until(named)));
        restricted(&stage, Some(named - TimeDelta::hours(1))).await;
        assert_eq!(lock(&stage).await, Some(Lock::Until(named)));
        // Still in force after the lock: the next step.
        stage.now = named;
        restricted(&stage, None).await;
        assert_eq!(
            lock(&stage).await,
            Some(Lock::Until(named + TimeDelta::hours(24)))
        );
    }
}
