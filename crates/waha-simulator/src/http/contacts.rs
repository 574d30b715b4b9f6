//! Whether a number is on WhatsApp, and the names guests go by (WAHA §6).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use http::StatusCode;
use serde_json::{Value, json};

use super::answer::{empty, ok};
use super::call::Call;
use super::refusal::Refusal;
use crate::address::ChatId;
use crate::profile::Engine;
use crate::record::RecordedCall;
use crate::waha::Waha;
use crate::world::message::Message;

pub(super) fn routes() -> Router<Arc<Waha>> {
    Router::new()
        .route("/api/contacts/check-exists", get(check_exists))
        .route("/api/checkNumberStatus", get(check_exists))
        .route("/api/contacts", get(one))
        .route("/api/contacts/all", get(all))
}

async fn check_exists(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let session = call.session_of_query(waha.profile())?;
    waha.hold_until_working(&session).await?;
    let phone = call.query.get("phone").ok_or_else(|| {
        Refusal::type_error("Cannot read properties of undefined (reading 'split')")
    })?;
    waha.be_active(&session);
    waha.note(
        &session,
        RecordedCall::NumberChecked {
            number: phone.clone(),
        },
    );
    let phone = phone.trim_start_matches('+');
    let number: String = phone.chars().filter(char::is_ascii_digit).collect();
    let exists = waha.world().network.is_on_whatsapp(&number);
    let chat = ChatId::of_phone(phone);
    Ok(ok(&match (exists, waha.profile().engine()) {
        (true, Engine::Gows) => {
            json!({"numberExists": true, "chatId": chat.as_str(), "pn": chat.as_str()})
        }
        (true, _) => json!({"numberExists": true, "chatId": chat.as_str()}),
        (false, Engine::Gows) => json!({"numberExists": false, "chatId": null}),
        (false, _) => json!({"numberExists": false}),
    }))
}

async fn all(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let session = waha.ready_for_contacts(&call).await?;
    Ok(ok(&Value::Array(waha.contacts(&session))))
}

async fn one(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let session = waha.ready_for_contacts(&call).await?;
    let id = call
        .query
        .get("contactId")
        .map(|id| ChatId::from_request(id));
    let wanted = id.as_ref().map(ChatId::as_str);
    let found = waha
        .contacts(&session)
        .into_iter()
        .find(|contact| contact["id"].as_str() == wanted);
    Ok(found.map_or_else(|| empty(StatusCode::OK), |contact| ok(&contact)))
}

impl Waha {
    async fn ready_for_contacts(self: &Arc<Self>, call: &Call) -> Result<String, Refusal> {
        let session = call.session_of_query(self.profile())?;
        self.hold_until_working(&session).await?;
        self.check_store(&session)?;
        Ok(session)
    }

    fn contacts(&self, session: &str) -> Vec<Value> {
        let contacts = self.look(session, |session| {
            let direct = |message: &&Message| !message.is_own() && !message.chat.is_group();
            let mut contacts: Vec<Value> = Vec::new();
            for message in session.store.iter().filter(direct) {
                let id = message.chat.as_str();
                if contacts.iter().all(|contact| contact["id"] != id) {
                    contacts.push(json!({"id": id, "pushname": message.push_name}));
                }
            }
            contacts
        });
        contacts.unwrap_or_default()
    }
}
