//! The life of a session on the recorded server.

use rstest::rstest;
use serde_json::json;
use tokio::time::Instant;
use waha::{ChatId, SessionConfig, SessionInfo, SessionStatus, WahaError};

use crate::server::{Server, silent};

async fn session(recording: &str) -> Option<SessionInfo> {
    let server = Server::playing(&[recording]);
    let session = server.waha.session().await.unwrap();
    assert_eq!(server.asked_once().line, "GET /api/sessions/default");
    session
}

#[rstest]
#[case("2026.4.1/session-stopped", SessionStatus::Stopped)]
#[case("2026.4.1/session-working", SessionStatus::Working)]
#[case("2026.4.1/session-online", SessionStatus::Working)]
#[case("2026.4.1/session-configured", SessionStatus::ScanQrCode)]
#[case("2026.4.1/session-failed", SessionStatus::Failed)]
#[tokio::test]
async fn a_session_is_read(#[case] recording: &str, #[case] status: SessionStatus) {
    let session = session(recording).await.unwrap();
    assert_eq!(session.name, "default");
    assert_eq!(session.status, status);
}

#[rstest]
#[case::not_there("2026.4.1/session-other")]
#[case::deleted("2026.4.1/session-deleted")]
#[tokio::test]
async fn a_session_that_is_not_there_is_none(#[case] recording: &str) {
    assert!(session(recording).await.is_none());
}

#[tokio::test]
async fn the_account_has_a_phone_a_lid_and_a_name() {
    let me = session("2026.4.1/session-working")
        .await
        .unwrap()
        .me
        .unwrap();
    assert_eq!(me.id, ChatId::person("393331112222"));
    assert_eq!(me.lid, Some(ChatId::new("111222333444555@lid")));
    assert_eq!(me.push_name.as_deref(), Some("Sposo"));
}

#[tokio::test]
async fn an_account_without_lid_has_none() {
    let me = session("2026.4.1/session-after-code")
        .await
        .unwrap()
        .me
        .unwrap();
    assert_eq!((me.lid, me.push_name.as_deref()), (None, Some("~")));
}

#[tokio::test]
async fn a_restricted_account_says_so() {
    // documented for 2026.7.2 and later (WAHA §2.6)
    let body = json!({"name": "default", "status": "WORKING", "me": {
        "id": "393331112222@c.us",
        "reachoutTimelock": {"enforcementType": "DEFAULT", "isActive": true, "timeEnforcementEnds": 1_785_000_000},
        "messageCapping": {"cappingStatus": "FIRST_WARNING", "totalQuota": 250, "usedQuota": 200, "cycleEnd": "1786600000"},
    }});
    let server = Server::answering(200, body.to_string());
    let me = server.waha.session().await.unwrap().unwrap().me.unwrap();
    let lock = me.reachout_timelock.unwrap();
    assert!(lock.is_active);
    assert_eq!(lock.enforcement_type.as_deref(), Some("DEFAULT"));
    assert_eq!(lock.time_enforcement_ends, Some(1_785_000_000));
    let capping = me.message_capping.unwrap();
    assert_eq!(
        (capping.total_quota, capping.used_quota),
        (Some(250), Some(200))
    );
    assert_eq!(capping.cycle_end, Some(1_786_600_000));
}

#[tokio::test]
async fn odd_members_do_not_make_a_session_unreadable() {
    let body = json!({"name": "default", "status": "DANCING", "config": "none", "me": {"pushName": 5}, "engine": 1});
    let session = Server::answering(200, body.to_string())
        .waha
        .session()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(session.status, SessionStatus::Unknown("DANCING".to_owned()));
    assert!(session.config.is_none() && session.me.is_none());
}

#[rstest]
#[case("2026.4.1/create", Ok(()))]
#[case("2026.4.1/create-without-start", Ok(()))]
#[case("2026.4.1/session-other", Err(WahaError::OnlyDefaultSession))]
#[tokio::test]
async fn a_session_is_created(#[case] recording: &str, #[case] outcome: Result<(), WahaError>) {
    let server = Server::playing(&[recording]);
    assert_eq!(
        server.waha.create(&SessionConfig::default(), true).await,
        outcome
    );
    let asked = server.asked_once();
    assert_eq!(asked.line, "POST /api/sessions");
    assert_eq!(
        asked.body,
        json!({"name": "default", "start": true, "config": {}})
    );
}

#[tokio::test]
async fn a_session_that_is_there_cannot_be_created() {
    let error = Server::playing(&["2026.4.1/create-exists"])
        .waha
        .create(&SessionConfig::default(), true)
        .await
        .unwrap_err();
    let message = "Session 'default' already exists. Use PUT to update it.".to_owned();
    assert_eq!(
        error,
        WahaError::Rejected {
            status: 422,
            message
        }
    );
}

#[rstest]
#[case("2026.4.1/start")]
#[case("2026.4.1/start-already")]
#[tokio::test]
async fn starting_is_harmless_when_it_runs(#[case] recording: &str) {
    let server = Server::playing(&[recording]);
    assert_eq!(server.waha.start().await, Ok(()));
    assert_eq!(server.asked_once().line, "POST /api/sessions/default/start");
}

#[tokio::test]
async fn stop_restart_and_logout_are_one_call_each() {
    let server = Server::playing(&["2026.4.1/stop", "2026.4.1/restart", "2026.4.1/logout"]);
    server.waha.stop().await.unwrap();
    server.waha.restart().await.unwrap();
    server.waha.logout().await.unwrap();
    let lines: Vec<_> = server.asked().into_iter().map(|asked| asked.line).collect();
    let path = "POST /api/sessions/default";
    assert_eq!(
        lines,
        [
            format!("{path}/stop"),
            format!("{path}/restart"),
            format!("{path}/logout")
        ]
    );
}

#[tokio::test]
async fn stopping_what_is_deleted_is_answered_with_nothing() {
    assert_eq!(
        Server::playing(&["2026.4.1/stop-deleted"])
            .waha
            .stop()
            .await,
        Ok(())
    );
}

#[tokio::test]
async fn two_operations_at_once_are_refused_with_a_reason() {
    let error = Server::playing(&["2026.4.1/restart-locked"])
        .waha
        .restart()
        .await
        .unwrap_err();
    let message = "async-lock timed out in queue default".to_owned();
    assert_eq!(
        error,
        WahaError::Rejected {
            status: 500,
            message
        }
    );
}

#[tokio::test]
async fn a_time_lock_is_unreadable_where_it_cannot_be_asked() {
    let server = Server::playing(&["2026.4.1/timelock-no-route"]);
    assert_eq!(server.waha.timelock().await, Err(WahaError::NotImplemented));
    assert_eq!(
        server.asked_once().line,
        "GET /api/sessions/default/timelock"
    );
}

#[rstest]
#[case(
    r#"{"enforcementType":"DEFAULT","isActive":true,"timeEnforcementEnds":1785000000}"#,
    Some(true)
)]
#[case(r#"{"reachoutTimelock":{"isActive":false}}"#, Some(false))]
#[case(r#"{"reachoutTimelock":null}"#, None)]
#[case("null", None)]
#[case("", None)]
#[tokio::test]
async fn a_time_lock_is_read_bare_or_wrapped(#[case] body: &str, #[case] active: Option<bool>) {
    let lock = Server::answering(200, body).waha.timelock().await.unwrap();
    assert_eq!(lock.map(|lock| lock.is_active), active);
}

#[tokio::test]
async fn a_restriction_in_an_unknown_shape_is_unreadable() {
    for body in [r#"{"locked":true}"#, "[]", "true"] {
        let server = Server::answering(200, body);
        let read = server.waha.timelock().await;
        assert_eq!(read, Err(WahaError::Unreadable), "{body}");
    }
}

#[rstest]
#[case(
    r#"{"cappingStatus":"CAPPED","totalQuota":250,"cycleEnd":1786600000}"#,
    Some("CAPPED")
)]
#[case(r#"{"messageCapping":{"cappingStatus":"NONE"}}"#, Some("NONE"))]
#[case("null", None)]
#[case("", None)]
#[tokio::test]
async fn a_capping_is_read_bare_or_wrapped(#[case] body: &str, #[case] status: Option<&str>) {
    let server = Server::answering(200, body);
    let capping = server.waha.capping().await.unwrap();
    assert_eq!(capping.and_then(|c| c.capping_status).as_deref(), status);
    let line = server.asked_once().line;
    assert_eq!(line, "GET /api/sessions/default/capping");
}

#[tokio::test(start_paused = true)]
async fn session_operations_have_twice_the_time_of_other_calls() {
    let (waha, _peer) = silent();
    let config = SessionConfig::default();
    let start = Instant::now();
    assert_eq!(waha.session().await.unwrap_err(), WahaError::TimedOut);
    assert_eq!(start.elapsed().as_secs(), 20);
    for operation in [
        waha.stop().await,
        waha.restart().await,
        waha.logout().await,
        waha.put_config(&config).await,
    ] {
        assert_eq!(operation, Err(WahaError::TimedOut));
    }
    assert_eq!(start.elapsed().as_secs(), 20 + 4 * 40);
}
