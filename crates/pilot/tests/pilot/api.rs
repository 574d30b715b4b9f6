//! An API whose two phones do at once what the run waits for. The whole system is in the scenarios of `end-to-end`.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::{Json, Router};
use http::{Method, Uri};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What only the phones may see.
pub(crate) const LINK: &str = "https://wa.me/393331112220?text=RADIO42";
pub(crate) const QR: &str = "2@login-of-the-groom";
const NUMBERS: [&str; 2] = ["+39 333 111 2220", "+39 333 111 2221"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Groom {
    Linked,
    Unlinked,
    ShowsQr,
}

struct Phones {
    groom: Groom,
    /// How often a contact was read: each time another word of it is there.
    words: u32,
}

/// Serves it until the test ends; the address.
pub(crate) async fn serve() -> String {
    let phones = Phones {
        groom: Groom::Linked,
        words: 0,
    };
    let router = Router::new()
        .fallback(answer)
        .with_state(Arc::new(Mutex::new(phones)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router).into_future());
    address
}

async fn answer(
    State(phones): State<Arc<Mutex<Phones>>>,
    method: Method,
    uri: Uri,
    body: String,
) -> Json<Value> {
    let phones = &mut *phones.lock().unwrap();
    let path = uri.path().trim_start_matches("/api/v1/");
    let path: Vec<_> = path.split('/').collect();
    Json(match method {
        Method::GET => shown(phones, &path),
        _ => done(phones, &path, &body),
    })
}

fn shown(phones: &mut Phones, path: &[&str]) -> Value {
    match path {
        ["sessions", name] => session(phones, name),
        ["sessions", _, "qr"] => {
            phones.groom = Groom::Linked;
            json!({ "text": QR })
        }
        ["guests" | "broadcasts"] => json!({ "items": [] }),
        ["guests", _] => json!({ "contact": "c" }),
        ["households", _, "invitation"] => json!({ "wa_me": LINK }),
        ["contacts", _] => {
            phones.words += 1;
            let with = |name| json!({ "session": name, "last_in_at": phones.words.to_string() });
            json!({ "sessions": [with("groom"), with("bride")] })
        }
        ["messages"] => json!({ "items": [{ "id": "one" }, { "id": "two" }] }),
        ["messages", _] => json!({ "status": "sent", "sent_at": "x", "delivered_at": "x" }),
        other => panic!("GET {other:?}"),
    }
}

fn done(phones: &mut Phones, path: &[&str], body: &str) -> Value {
    match path {
        ["sessions", _, "link"] => {
            phones.groom = Groom::ShowsQr;
            json!({ "waits_for": "scan" })
        }
        ["messages"] => {
            // the next step unlinks the phone
            if body.contains("while your phone was off") {
                phones.groom = Groom::Unlinked;
            }
            json!({ "id": "one" })
        }
        ["guests" | "broadcasts"] => json!({ "id": "one", "household_id": "home" }),
        ["broadcasts", _, "start"] | ["messages", _, "send-now"] => json!({}),
        other => panic!("POST {other:?}"),
    }
}

fn session(phones: &Phones, name: &str) -> Value {
    let (number, state) = match (name, phones.groom) {
        ("groom", Groom::Unlinked) => (Value::Null, "failed"),
        ("groom", Groom::ShowsQr) => (Value::Null, "qr"),
        ("groom", Groom::Linked) => (json!(NUMBERS[0]), "connected"),
        _ => (json!(NUMBERS[1]), "connected"),
    };
    json!({ "state": state, "own_number": number, "server": "2026.10.1 GOWS" })
}
