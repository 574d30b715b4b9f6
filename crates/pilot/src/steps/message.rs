//! One message of the run: queueing it, and waiting for what becomes of it.

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::run::{Pilot, text};
use crate::tester::{Question, Tester};

/// A reply waits for pauses and typing only; an automatic message for the pause after the last one, too.
const MINUTES: u64 = 15;

/// Queues a reply of that session to the other phone; the message's id.
pub(super) async fn enqueue<T: Tester>(
    pilot: &Pilot<'_, T>,
    index: usize,
    body: &str,
) -> Result<String, Failure> {
    let message = json!({
        "session": pilot.sessions[index],
        "contact": pilot.guests[index].contact,
        "text": body,
        "lane": "reply",
    });
    let operation = "queueing a message";
    let queued = pilot
        .api
        .post(operation, "/messages", Some(message))
        .await?;
    text(&queued, operation, "id")
}

async fn read<T: Tester>(pilot: &Pilot<'_, T>, id: &str) -> Result<Value, Failure> {
    let path = format!("/messages/{id}");
    pilot.api.get("reading a message", &path).await
}

/// Sends a reply of that session to the other phone, which shows it once.
pub(super) async fn reaches<T: Tester>(
    pilot: &mut Pilot<'_, T>,
    index: usize,
    body: &str,
) -> Result<(), Failure> {
    let id = enqueue(pilot, index, body).await?;
    until_delivered(pilot, &id).await?;
    arrived_once(pilot, index, body).await
}

/// Waits until WhatsApp's server has the message.
pub(super) async fn until_sent<T: Tester>(
    pilot: &mut Pilot<'_, T>,
    id: &str,
) -> Result<(), Failure> {
    until(pilot, id, "a message was sent", "sent_at").await
}

/// Waits until the message has reached a device.
pub(super) async fn until_delivered<T: Tester>(
    pilot: &mut Pilot<'_, T>,
    id: &str,
) -> Result<(), Failure> {
    until(pilot, id, "a receipt for a message", "delivered_at").await
}

/// Whether a receipt came already.
pub(super) async fn is_delivered<T: Tester>(
    pilot: &Pilot<'_, T>,
    id: &str,
) -> Result<bool, Failure> {
    Ok(read(pilot, id).await?["delivered_at"].is_string())
}

async fn until<T: Tester>(
    pilot: &mut Pilot<'_, T>,
    id: &str,
    what: &'static str,
    field: &'static str,
) -> Result<(), Failure> {
    let mut said = Value::Null;
    let look = async |pilot: &mut Pilot<'_, T>| {
        let message = read(pilot, id).await?;
        let why = &message["wait"]["sentence"];
        if let Some(sentence) = why.as_str().filter(|_| *why != said) {
            pilot.tester.note(&format!("… it waits: {sentence}"));
            said = why.clone();
        }
        if message[field].is_string() {
            return Ok(Some(()));
        }
        match message["status"].as_str() {
            Some("failed") => Err(Failure::Ended("failed")),
            Some("uncertain") => Err(Failure::Ended("uncertain")),
            Some("cancelled") => Err(Failure::Ended("cancelled")),
            _ => Ok(None),
        }
    };
    pilot.until(what, MINUTES, look).await
}

/// The person says whether the other phone shows the message once.
pub(super) async fn arrived_once<T: Tester>(
    pilot: &mut Pilot<'_, T>,
    index: usize,
    text: &str,
) -> Result<(), Failure> {
    let phone = pilot.other(index).to_owned();
    let question = Question::ArrivedOnce {
        phone: &phone,
        text,
    };
    if pilot.tester.confirms(question).await {
        Ok(())
    } else {
        Err(Failure::Denied("the message is on the phone exactly once"))
    }
}
