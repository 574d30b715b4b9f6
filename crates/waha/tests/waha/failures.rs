//! Why a session is FAILED, in whatever shape it is told.

use rstest::rstest;
use serde_json::{Value, json};
use waha::{Event, EventKind, FailureCause as Cause, SessionInfo};

#[rstest]
#[case(json!(null), None)]
#[case(json!({}), None)]
#[case(json!({"code": "ABCD-EFGH", "timeout": 60000}), None)]
#[case(json!({"engine": "GOWS", "grpc": {"client": "READY", "stream": "READY"}, "gows": {"found": true, "connected": false}}), None)]
#[case(json!({"reason": "some other error", "code": 500}), None)]
#[case(json!({"at": 1_764_640_401, "count": 403}), None)]
#[case(json!({"loggedOut": false, "banned": null, "outdated": 0, "restricted": ""}), None)]
#[case(json!("timeout"), None)]
#[case(json!({"grpc": {"client": "READY", "stream": "timeout"}}), None)]
#[case(json!({"state": "timeout", "event": "reconnect"}), None)]
#[case(json!({"id": "403", "node": "101:8080"}), None)]
#[case(json!({"reason": "403"}), Some(Cause::Restricted))]
#[case(json!({"error": "connect failure: 406: logged out for unknown reason"}), Some(Cause::Restricted))]
#[case(json!({"Event": "timeout"}), Some(Cause::CodesUsedUp))]
#[case(json!({"error": "QR refs attempts ended"}), Some(Cause::CodesUsedUp))]
#[case(json!({"reason": "401: logged out from another device"}), Some(Cause::Unlinked))]
#[case(json!({"LoggedOut": {"OnConnect": false, "Reason": 0}}), Some(Cause::Unlinked))]
#[case(json!({"tag": "stream:error", "attrs": {"type": "device_removed"}}), Some(Cause::Unlinked))]
#[case(json!({"state": "UNPAIRED"}), Some(Cause::Unlinked))]
#[case(json!({"Event": "err-client-outdated", "Error": null}), Some(Cause::ClientOutdated))]
#[case(json!("405: client is out of date"), Some(Cause::ClientOutdated))]
#[case(json!({"reason": 409}), Some(Cause::ClientOutdated))]
#[case(json!({"Code": 101, "Expire": 3_600_000_000_000_i64}), Some(Cause::Restricted))]
#[case(json!({"OnConnect": true, "Reason": 403}), Some(Cause::Restricted))]
#[case(json!("403: primary device was logged out"), Some(Cause::Restricted))]
#[case(json!("406: logged out for unknown reason"), Some(Cause::Restricted))]
#[case(json!([{"message": "You've been temporarily banned: 104"}]), Some(Cause::Restricted))]
#[case(json!({"error": "logged out", "detail": "account temporarily banned"}), Some(Cause::Restricted))]
fn finds_the_cause_in_any_shape(#[case] data: Value, #[case] cause: Option<Cause>) {
    assert_eq!(Cause::find(&data), cause, "{data}");
}

#[test]
fn a_session_tells_its_cause_only_while_it_is_failed() {
    let info = |status: &str| -> SessionInfo {
        let told =
            json!({"name": "default", "status": status, "data": {"reason": "client outdated"}});
        serde_json::from_value(told).unwrap()
    };
    assert_eq!(info("FAILED").failure_cause(), Some(Cause::ClientOutdated));
    assert_eq!(info("STARTING").failure_cause(), None);
}

/// Recorded: 2026.4.1 tells nothing with the FAILED of an unlinked phone.
#[test]
fn the_recorded_release_does_not_say_why() {
    let body = json!({
        "id": "evt_1", "timestamp": 1_795_393_467_174_i64, "event": "session.status", "session": "default",
        "me": {"id": "393331112222@c.us", "pushName": "Sposo", "lid": "111222333444555@lid"},
        "payload": {"name": "default", "status": "FAILED", "statuses": [
            {"status": "WORKING", "timestamp": 1_795_393_466_151_i64}, {"status": "FAILED", "timestamp": 1_795_393_467_173_i64}]},
        "engine": "NOWEB", "environment": {"version": "2026.4.1", "engine": "NOWEB", "tier": "CORE", "browser": null}
    });
    let event = Event::parse(body.to_string().as_bytes()).unwrap();
    let EventKind::SessionStatus { data, .. } = event.kind else {
        panic!("{:?}", event.kind);
    };
    assert_eq!(data.as_ref().and_then(Cause::find), None);
}
