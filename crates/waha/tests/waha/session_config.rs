//! Is a PUT needed, and what would it write.

use rstest::rstest;
use serde_json::{Value, json};
use waha::{SessionConfig, WahaError};

use crate::server::Server;

fn config(json: Value) -> SessionConfig {
    serde_json::from_value(json).unwrap()
}

/// What the integration sets.
fn wanted() -> SessionConfig {
    config(wanted_json())
}

fn wanted_json() -> Value {
    json!({
        "ignore": {"status": true, "groups": true, "channels": true, "broadcast": true},
        "noweb": {"store": {"enabled": true, "fullSync": false}, "markOnline": false},
        "gows": {"storage": {"messages": true}},
        "webhooks": [{
            "url": "http://integration:8081/webhooks/groom/s3cr3t",
            "events": ["session.status", "message.any"],
            "hmac": {"key": "sess-secret"},
            "retries": {"policy": "exponential", "delaySeconds": 2, "attempts": 10},
        }],
    })
}

/// `wanted`, with the value at `pointer` replaced.
fn with(pointer: &str, value: Value) -> SessionConfig {
    let mut json = wanted_json();
    *json.pointer_mut(pointer).unwrap() = value;
    config(json)
}

/// `wanted`, without the member.
fn without(parent: &str, key: &str) -> SessionConfig {
    let mut json = wanted_json();
    json.pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(key);
    config(json)
}

#[test]
fn what_is_as_wanted_needs_no_put() {
    assert!(!wanted().differs_from(&wanted()));
}

#[test]
fn what_the_server_adds_does_not_count() {
    let mut json = wanted_json();
    json["debug"] = json!(false);
    json["noweb"]["more"] = json!(1);
    json["webhooks"]
        .as_array_mut()
        .unwrap()
        .push(json!({"url": "http://other", "events": ["message"]}));
    json["webhooks"][0]["retries"]["delaySeconds"] = json!(2.0);
    json["webhooks"][0]["events"] = json!(["message.any", "session.status"]);
    assert!(!config(json).differs_from(&wanted()));
}

#[rstest]
#[case::nothing(SessionConfig::default())]
#[case::store(with("/noweb/store/enabled", json!(false)))]
#[case::online(with("/noweb/markOnline", json!(true)))]
#[case::noweb(without("", "noweb"))]
#[case::store_key(without("/noweb", "store"))]
#[case::ignore(with("/ignore/groups", json!(false)))]
#[case::gows(with("/gows/storage/messages", json!(false)))]
#[case::no_ignore(without("", "ignore"))]
#[case::no_gows(without("", "gows"))]
#[case::one_flag(without("/ignore", "channels"))]
#[case::webhooks(without("", "webhooks"))]
#[case::url(with("/webhooks/0/url", json!("http://elsewhere")))]
#[case::events(with("/webhooks/0/events", json!(["message.any"])))]
#[case::key(with("/webhooks/0/hmac/key", json!("old")))]
#[case::unsigned(without("/webhooks/0", "hmac"))]
#[case::attempts(with("/webhooks/0/retries/attempts", json!(3)))]
#[case::twice(with("/webhooks", json!([wanted_json()["webhooks"][0], wanted_json()["webhooks"][0]])))]
fn what_is_otherwise_needs_a_put(#[case] here: SessionConfig) {
    assert!(here.differs_from(&wanted()));
    assert!(
        !here.overlaid_with(&wanted()).differs_from(&wanted()),
        "and is right after it"
    );
}

#[test]
fn metadata_counts_when_it_is_set() {
    let wanted = config(json!({"metadata": {"who": "groom"}}));
    assert!(SessionConfig::default().differs_from(&wanted));
    assert!(config(json!({"metadata": {"who": "bride"}})).differs_from(&wanted));
    assert!(!config(json!({"metadata": {"who": "groom", "x": "y"}})).differs_from(&wanted));
}

#[test]
fn a_put_keeps_what_others_set() {
    let here = config(json!({
        "proxy": {"server": "p:3128"},
        "metadata": {"tenant": "a1"},
        "noweb": {"markOnline": true, "future": {"x": 1}},
        "webhooks": [
            {"url": "http://other", "events": ["message"], "future": true},
            {"url": "http://integration:8081/webhooks/groom/s3cr3t", "events": ["message"]},
        ],
    }));
    let put = serde_json::to_value(here.overlaid_with(&wanted())).unwrap();
    assert_eq!(put["proxy"], json!({"server": "p:3128"}));
    assert_eq!(put["metadata"], json!({"tenant": "a1"}));
    assert_eq!(
        put["noweb"],
        json!({"markOnline": false, "store": {"enabled": true, "fullSync": false}, "future": {"x": 1}})
    );
    let mut ours = wanted_json()["webhooks"][0].clone();
    ours["retries"]["delaySeconds"] = json!(2.0);
    assert_eq!(
        put["webhooks"],
        json!([ours, {"url": "http://other", "events": ["message"], "future": true}])
    );
}

#[tokio::test]
async fn a_recorded_configuration_survives_reading_and_writing() {
    let server = Server::playing(&["2026.4.1/session-configured", "2026.4.1/put"]);
    let read = server
        .waha
        .session()
        .await
        .unwrap()
        .unwrap()
        .config
        .unwrap();
    server.waha.put_config(&read).await.unwrap();
    let put = server.asked().remove(1);
    assert_eq!(put.line, "PUT /api/sessions/default");
    let expected = json!({"config": {
        "metadata": {"who": "sposo"},
        "ignore": {"status": true, "groups": true, "channels": true, "broadcast": true},
        "noweb": {"markOnline": false, "store": {"enabled": true, "fullSync": false}},
        "webhooks": [{
            "url": "http://127.0.0.1:3991/sess/groom",
            "events": ["session.status", "message"],
            "hmac": {"key": "sess-secret"},
            "retries": {"policy": "constant", "delaySeconds": 1.0, "attempts": 2},
            "customHeaders": [{"name": "X-My", "value": "v"}],
        }],
    }});
    assert_eq!(put.body, expected);
}

#[tokio::test]
async fn what_a_server_fills_in_by_itself_needs_no_put() {
    let server = Server::playing(&["2026.4.1/put-unknown-keys"]);
    let read = server
        .waha
        .session()
        .await
        .unwrap()
        .unwrap()
        .config
        .unwrap();
    let put = config(json!({"noweb": {"store": {"enabled": true, "fullSync": false}}}));
    assert!(!read.differs_from(&put), "`markOnline` was filled in");
}

#[tokio::test]
async fn a_refused_configuration_says_which_key() {
    let error = Server::playing(&["2026.4.1/put-unknown-event"])
        .waha
        .put_config(&wanted())
        .await
        .unwrap_err();
    let WahaError::Rejected {
        status: 400,
        message,
    } = error
    else {
        panic!("{error:?}")
    };
    let begins = "config.webhooks.0.each value in events must be one of ";
    assert!(message.starts_with(begins), "{message}");
    assert_eq!(message.chars().count(), 200);
}

#[test]
fn no_secret_of_it_is_shown() {
    let mut json = wanted_json();
    json["proxy"] = json!({"password": "pr0xy"});
    json["noweb"]["later"] = json!("t0ken");
    json["webhooks"][0]["customHeaders"] =
        json!([{"name": "Authorization", "value": "Bearer b3arer"}]);
    let config = config(json);
    let shown = format!("{config:?} {:?}", config.webhooks.as_ref().unwrap()[0].hmac);
    for secret in ["sess-secret", "s3cr3t", "pr0xy", "t0ken", "b3arer"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(
        shown.contains("message.any") && shown.contains("proxy"),
        "{shown}"
    );
}
