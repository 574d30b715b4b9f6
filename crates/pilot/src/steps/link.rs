//! Linking both phones, and linking one again after it was unlinked on the phone.

use serde_json::{Value, json};

use super::{Outcome, message};
use crate::failure::Failure;
use crate::run::{Pilot, text};
use crate::tester::{Question, Task, Tester};
use crate::transcript::Server;

/// A person looks for the phone, opens WhatsApp and scans; WhatsApp may ask for a passkey.
const MINUTES: u64 = 20;

/// Links what is not linked yet.
pub(crate) async fn link<T: Tester>(pilot: &mut Pilot<'_, T>) -> Outcome {
    let mut scanned = false;
    let mut views = Vec::new();
    for index in 0..2 {
        let view = pilot.session(index).await?;
        ask_first(pilot, index, &view).await?;
        scanned |= !is_connected(&view);
        views.push(until_connected(pilot, index, false).await?);
    }
    if views[0]["own_number"] == views[1]["own_number"] {
        return Err(Failure::Unfit("both sessions are linked to one number"));
    }
    if let Some(server) = common_server(&views) {
        pilot.transcript.learn_server(server);
    }
    Ok(if scanned {
        "linked by a scan"
    } else {
        "both were linked already"
    })
}

/// Removes the linked device on the first phone, links it again, and sends without any other step.
pub(crate) async fn link_again<T: Tester>(pilot: &mut Pilot<'_, T>) -> Outcome {
    let phone = pilot.sessions[0].clone();
    pilot.tester.show(&Task::Unlink { phone: &phone });
    let look = async |pilot: &mut Pilot<'_, T>| {
        let unlinked = !is_connected(&pilot.session(0).await?);
        Ok(unlinked.then_some(()))
    };
    let what = "the session noticed that it was unlinked";
    pilot.until(what, MINUTES, look).await?;
    let view = until_connected(pilot, 0, true).await?;
    if !view["paused"].is_null() {
        return Err(Failure::Unfit("sending did not resume by itself"));
    }
    message::reaches(pilot, 0, "Pilot: linked again.").await?;
    Ok("linked by one press and a scan, sending resumed by itself")
}

/// Presses *Link* whenever the session neither connects nor shows a QR code; a person does what it waits for otherwise. `unlinked`: the
/// tester has just removed the linked device, so WAHA need not tell the cause.
async fn press_link<T: Tester>(
    pilot: &mut Pilot<'_, T>,
    index: usize,
    unlinked: bool,
) -> Result<(), Failure> {
    let phone = pilot.sessions[index].clone();
    let path = format!("/sessions/{phone}/link");
    let body = json!({ "phone_shows_no_restriction": unlinked });
    let linking = pilot.api.post("linking a phone", &path, Some(body)).await?;
    let waits_for = linking["waits_for"].as_str();
    if !matches!(waits_for, Some("person" | "phone")) {
        return Ok(());
    }
    let advice = text(&linking, "linking a phone", "sentence")?;
    let advice = Task::Advice {
        phone: &phone,
        advice: &advice,
    };
    let done = Question::IsDone { phone: &phone };
    asked(pilot, &advice, done, "what linking waits for is done").await?;
    if waits_for == Some("phone") {
        let body = json!({ "phone_shows_no_restriction": true });
        pilot.api.post("linking a phone", &path, Some(body)).await?;
    }
    Ok(())
}

/// Asks before a session is linked whose WAHA has a known defect, tells no release, or does not say why it failed: that may be a ban.
async fn ask_first<T: Tester>(
    pilot: &mut Pilot<'_, T>,
    index: usize,
    view: &Value,
) -> Result<(), Failure> {
    let phone = pilot.sessions[index].clone();
    let question = match (view["problem"].as_str(), view["state"].as_str()) {
        (Some("known_bad" | "version_unknown"), _) => Question::GoesOn { phone: &phone },
        (None, Some("failed")) => Question::IsDone { phone: &phone },
        _ => return Ok(()),
    };
    let advice = text(view, "reading a session", "advice")?;
    let advice = Task::Advice {
        phone: &phone,
        advice: &advice,
    };
    asked(pilot, &advice, question, "the session may be used as it is").await
}

async fn asked<T: Tester>(
    pilot: &mut Pilot<'_, T>,
    advice: &Task<'_>,
    question: Question<'_>,
    what: &'static str,
) -> Result<(), Failure> {
    pilot.tester.show(advice);
    let agreed = pilot.tester.confirms(question).await;
    agreed.then_some(()).ok_or(Failure::Denied(what))
}

/// Presses *Link* and shows each new QR code until the session is connected; the session as it is then.
async fn until_connected<T: Tester>(
    pilot: &mut Pilot<'_, T>,
    index: usize,
    unlinked: bool,
) -> Result<Value, Failure> {
    let mut shown = LinkInstruction::Nothing;
    let look = async |pilot: &mut Pilot<'_, T>| {
        let view = pilot.session(index).await?;
        if is_connected(&view) {
            return Ok(Some(view));
        }
        match view["state"].as_str() {
            Some("qr") => shown = show_next(pilot, index, &view, &shown).await,
            // codes that are used up, among others
            Some("failed" | "disconnected") => press_link(pilot, index, unlinked).await?,
            _ => {}
        }
        Ok(None)
    };
    pilot.until("a phone was linked", MINUTES, look).await
}

/// What the person was told last while linking.
#[derive(PartialEq, Eq)]
enum LinkInstruction {
    Nothing,
    Page,
    Qr(String),
}

async fn show_next<T: Tester>(
    pilot: &mut Pilot<'_, T>,
    index: usize,
    view: &Value,
    before: &LinkInstruction,
) -> LinkInstruction {
    let phone = pilot.sessions[index].clone();
    let asks_for_passkey = view["problem"]
        .as_str()
        .is_some_and(|problem| problem.starts_with("passkey"));
    let next = if asks_for_passkey {
        LinkInstruction::Page
    } else {
        // Between two QR codes there is none for a moment: the one before stays.
        let path = format!("/sessions/{phone}/qr");
        let answer = pilot.api.get("reading the QR code", &path).await;
        let text = answer
            .ok()
            .and_then(|answer| answer["text"].as_str().map(str::to_owned));
        text.map_or(LinkInstruction::Nothing, LinkInstruction::Qr)
    };
    if next != *before {
        match &next {
            LinkInstruction::Qr(qr) => pilot.tester.show(&Task::Scan { phone: &phone, qr }),
            LinkInstruction::Page => pilot.tester.show(&Task::LinkOnPage { phone: &phone }),
            LinkInstruction::Nothing => {}
        }
    }
    next
}

fn is_connected(view: &Value) -> bool {
    view["state"] == "connected" && view["own_number"].is_string()
}

fn common_server(views: &[Value]) -> Option<Server> {
    let mut servers = views
        .iter()
        .map(|view| view["server"].as_str().and_then(Server::parse));
    let first = servers.next()??;
    let same = servers.all(|other| other.as_ref() == Some(&first));
    same.then_some(first)
}
