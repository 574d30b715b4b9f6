//! The pages of the guest list.

mod erasing;
mod files;
mod inviting;
mod listing;
mod phones;

use axum::body::Body;
use http::{Request, StatusCode, header};
use serde_json::{Value, json};

use super::browser::{Browser, csrf, goes_to};
use crate::visits::Page;
use crate::world::World;

/// A name that a page must show as nothing but text.
const NASTY: &str = "<b>Anna</b> \u{202e}&\u{202c} 💒 \"Bella\"";

impl Browser {
    /// Sends a file with the form on that page, in one go.
    async fn sends_file(&self, world: &World, on: &Page, path: &str, file: &[u8]) -> Page {
        let token = csrf(on);
        let mut body = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--edge\r\n\
             content-disposition: form-data; name=\"file\"; filename=\"guests.csv\"\r\n\
             content-type: text/csv\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let request = Request::post(path)
            .header(header::HOST, "localhost")
            .header(header::COOKIE, self.cookie().unwrap())
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .body(Body::from(body))
            .unwrap();
        world.fetch(request).await
    }
}

/// Puts somebody on the list; the guest.
async fn on_list(world: &World, guest: Value) -> Value {
    let added = world.post("/guests", guest).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
    added.body
}

/// Two of a household, and one alone.
async fn three(world: &World) {
    for guest in [
        json!({ "name": "Anna", "phone": "+39 347 000 0001", "household": "Rossi", "side": "bride" }),
        json!({ "name": "Bruno", "household": "Rossi", "language": "en" }),
        json!({ "name": "Carla", "phone": "+39 347 000 0003" }),
    ] {
        on_list(world, guest).await;
    }
}

fn id(guest: &Value, field: &str) -> String {
    guest[field].as_str().unwrap().to_owned()
}

/// The page has all of these texts.
fn assert_says(page: &Page, texts: &[&str]) {
    for text in texts {
        assert!(page.text().contains(text), "no {text:?} on {}", page.text());
    }
}
