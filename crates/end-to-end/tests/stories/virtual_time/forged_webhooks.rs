//! Somebody who is not our WAHA posts to us: whatever they post, the database stays as it is, to the last column.

use std::time::Duration;

use bytes::Bytes;
use chassis::Outbound;
use http::{Request, StatusCode};
use rstest::rstest;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use whatsapp_integration::config::WebhookSecret;

use super::{
    setup::Setup,
    system::{System, secret, session},
};

const ZIA: &str = "393470000001";

fn webhooks() -> WebhookSecret {
    WebhookSecret::new(secret("webhooks")).expect("strong enough")
}

fn path(name: &str) -> String {
    let part = webhooks().path_part(&session(name));
    format!("/webhooks/{name}/{}", part.expose_secret())
}

/// The signature that the WAHA of that session makes.
fn signed(name: &str, body: &[u8]) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let key = webhooks().signing_key(&session(name));
    let mut mac = Hmac::<sha2::Sha512>::new_from_slice(key.expose_secret().as_bytes())
        .expect("a key of any length");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

async fn post(system: &System, path: &str, body: &[u8], signature: Option<String>) -> StatusCode {
    let mut request = Request::post(path).header("content-type", "application/json");
    if let Some(signature) = signature {
        request = request.header("x-webhook-hmac", signature);
    }
    let request = request
        .body(Bytes::copy_from_slice(body))
        .expect("a request");
    let peer = Outbound::in_process(system.webhooks.clone());
    let answer = peer.call(request, Duration::from_mins(1)).await;
    answer.expect("an answer").status()
}

fn event(kind: &str, payload: &Value, now: i64) -> Vec<u8> {
    let event = json!({
        "id": format!("evt_{kind}"), "timestamp": now, "event": kind, "session": "default", "payload": payload,
    });
    event.to_string().into_bytes()
}

/// One of each that would change something.
fn events(now: i64, own_raw: &str, their_raw: &str) -> Vec<Vec<u8>> {
    let chat = format!("{ZIA}@c.us");
    let message = |raw: &str, body: &str| {
        json!({
            "id": format!("false_{chat}_{raw}"), "timestamp": now / 1000, "from": chat, "fromMe": false, "body": body,
            "hasMedia": false,
        })
    };
    let mut reaction = message("REACTION", "");
    reaction["reaction"] = json!({"text": "👎", "messageId": format!("true_{chat}_{own_raw}")});
    let mut edited = message("EDIT", "STOP");
    edited["editedMessageId"] = json!(their_raw);
    let revoked =
        json!({"after": message("REVOKE", ""), "before": null, "revokedMessageId": their_raw});
    let ack =
        json!({"id": format!("true_{chat}_{own_raw}"), "from": chat, "fromMe": true, "ack": 4});
    vec![
        event("message.any", &message("FORGED", "Scrivetemi pure"), now),
        event("message.any", &message("FORGED2", "STOP"), now),
        event("message.ack", &ack, now),
        event("message.reaction", &reaction, now),
        event("message.edited", &edited, now),
        event("message.revoked", &revoked, now),
        event(
            "session.status",
            &json!({"name": "default", "status": "FAILED"}),
            now,
        ),
    ]
}

/// A system in which a guest wrote and got a message, at rest.
async fn at_rest(database: TestDatabase) -> (System, String, String) {
    let mut system = System::start(database, Setup::default()).await;
    system.on_the_list("Zia Pina", ZIA).await;
    let theirs = system.waha("groom").guest(ZIA).write("Ciao");
    let id = system
        .enqueue("groom", &format!("+{ZIA}"), "Benvenuta!")
        .await;
    system.until(&id, "sent", Duration::from_mins(5)).await;
    let ours = system.waha("groom").phone(ZIA)[0].raw_id.clone();
    tokio::time::sleep(Duration::from_mins(10)).await;
    system.stop_worker().await;
    (system, ours, theirs)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Forgery {
    Unsigned,
    NotASignature,
    /// Signed as the WAHA of the other session signs.
    OfTheOtherSession,
    /// A genuine signature of another body.
    OfAnotherBody,
    /// A genuine signature, and one byte of the body changed on the way.
    Changed,
    /// Genuine, but at an address that nobody knows.
    WrongSecret,
    /// Genuine, but at the other session's address.
    OtherDoor,
}

impl Forgery {
    async fn post(self, system: &System, body: &[u8]) -> StatusCode {
        let (groom, bride) = (path("groom"), path("bride"));
        let genuine = Some(signed("groom", body));
        match self {
            Self::Unsigned => post(system, &groom, body, None).await,
            Self::NotASignature => post(system, &groom, body, Some("0".repeat(128))).await,
            Self::OfTheOtherSession => {
                post(system, &groom, body, Some(signed("bride", body))).await
            }
            Self::OfAnotherBody => post(system, &groom, body, Some(signed("groom", b"{}"))).await,
            Self::Changed => {
                let mut changed = body.to_vec();
                changed.push(b' ');
                post(system, &groom, &changed, genuine).await
            }
            Self::WrongSecret => {
                let wrong = format!("/webhooks/groom/{}", "0".repeat(64));
                post(system, &wrong, body, genuine).await
            }
            Self::OtherDoor => post(system, &bride, body, genuine).await,
        }
    }

    fn answer(self) -> StatusCode {
        match self {
            Self::WrongSecret => StatusCode::NOT_FOUND,
            _ => StatusCode::UNAUTHORIZED,
        }
    }
}

const FORGERIES: [Forgery; 7] = [
    Forgery::Unsigned,
    Forgery::NotASignature,
    Forgery::OfTheOtherSession,
    Forgery::OfAnotherBody,
    Forgery::Changed,
    Forgery::WrongSecret,
    Forgery::OtherDoor,
];

#[rstest]
#[case::sqlite(false)]
#[case::postgres(true)]
#[tokio::test(start_paused = true)]
async fn what_is_not_from_our_waha_changes_nothing(#[case] postgres: bool) {
    let database = if postgres {
        TestDatabase::postgres().await
    } else {
        TestDatabase::sqlite().await
    };
    let (system, ours, theirs) = at_rest(database).await;
    let bodies = events(system.clock.now().timestamp_millis(), &ours, &theirs);
    let before = system.database.dump().await;
    assert!(before.len() > 20, "the dump holds something: {before:#?}");
    for forgery in FORGERIES {
        for body in &bodies {
            assert_eq!(
                forgery.post(&system, body).await,
                forgery.answer(),
                "{forgery:?}"
            );
        }
        let after = system.database.dump().await;
        assert_eq!(before, after, "{forgery:?}");
    }
    // The same bodies as our WAHA posts them do change something: so nothing above was harmless by itself.
    for body in &bodies[..6] {
        let (path, signature) = (path("groom"), signed("groom", body));
        let before = system.database.dump().await;
        let answer = post(&system, &path, body, Some(signature.clone())).await;
        assert_eq!(answer, StatusCode::OK);
        let after = system.database.dump().await;
        assert_ne!(before, after, "{}", String::from_utf8_lossy(body));
        // And a second time, byte for byte the same, they do not.
        let answer = post(&system, &path, body, Some(signature)).await;
        assert_eq!(answer, StatusCode::OK);
        assert_eq!(
            system.database.dump().await,
            after,
            "{}",
            String::from_utf8_lossy(body)
        );
    }
}
