//! How a session must be configured (design §2).

use domain::waha_server::{Engine, ServerVersion};
use secrecy::ExposeSecret;
use waha::{
    GowsConfig, GowsStorage, Hmac, HmacKey, Ignore, NowebConfig, NowebStore, Retries, RetryPolicy,
    SessionConfig, WebhookConfig,
};

use crate::app::Session;

/// `message.any` alone, and not `message` too: every inbound would come twice.
const EVENTS: [&str; 7] = [
    "message.any",
    "message.ack",
    "message.edited",
    "message.reaction",
    "message.revoked",
    "message.waiting",
    "session.status",
];

pub(super) fn wanted(session: &Session, server: Option<&ServerVersion>) -> SessionConfig {
    let engine = server.map(|server| &server.engine);
    SessionConfig {
        ignore: Some(Ignore {
            status: Some(true),
            groups: Some(true),
            channels: Some(true),
            broadcast: Some(true),
            ..Ignore::default()
        }),
        noweb: (engine == Some(&Engine::NoWeb)).then(noweb),
        gows: (engine == Some(&Engine::Gows)).then(gows),
        webhooks: Some(vec![webhook(session)]),
        ..SessionConfig::default()
    }
}

/// The store must be on before the QR is scanned, else nothing can be read back.
fn noweb() -> NowebConfig {
    NowebConfig {
        mark_online: Some(false),
        store: Some(NowebStore {
            enabled: Some(true),
            full_sync: Some(false),
            ..NowebStore::default()
        }),
        ..NowebConfig::default()
    }
}

/// On by default: this only mends what somebody switched off.
fn gows() -> GowsConfig {
    GowsConfig {
        storage: Some(GowsStorage {
            messages: Some(true),
            chats: Some(true),
            ..GowsStorage::default()
        }),
        ..GowsConfig::default()
    }
}

fn webhook(session: &Session) -> WebhookConfig {
    WebhookConfig {
        url: session.door.url().expose_secret().to_owned(),
        events: EVENTS.map(str::to_owned).to_vec(),
        hmac: Some(Hmac {
            key: HmacKey(session.door.key().clone()),
        }),
        // the last wait is over half an hour: an outage of queue-api loses nothing
        retries: Some(Retries {
            policy: Some(RetryPolicy::Exponential),
            delay_seconds: Some(2.0),
            attempts: Some(10),
        }),
        ..WebhookConfig::default()
    }
}
