//! Pictures of every page that a story looks at, for the README. Kept only where `SCREENSHOTS` names a folder, as
//! `make screenshots` does.

use std::path::PathBuf;

use thirtyfour::WebDriver;

use super::chromium::Window;

/// An id in an address, in characters.
const ID: usize = 36;

/// Where the pictures of one browser go.
pub(super) struct Album {
    folder: Option<PathBuf>,
    of: String,
}

impl Album {
    pub(super) fn of(window: Window, language: &str) -> Self {
        let window = match window {
            Window::Phone => "phone",
            Window::Desktop => "desktop",
        };
        Self {
            folder: std::env::var_os("SCREENSHOTS").map(PathBuf::from),
            of: format!("{language}-{window}"),
        }
    }

    /// Keeps how the page looks that is shown; of an address that is looked at again, the newest look.
    pub(super) async fn keep(&self, driver: &WebDriver, path: &str) {
        let Some(folder) = &self.folder else {
            return;
        };
        let picture = driver.screenshot_as_png().await.expect("a picture");
        std::fs::create_dir_all(folder).expect("a folder");
        let name = format!("{}-{}.png", self.of, name(path));
        std::fs::write(folder.join(name), picture).expect("a file");
    }
}

/// `/guests/0190…/erase` is `guests-one-erase`.
fn name(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty());
    let named: Vec<_> = match parts.collect::<Vec<_>>().as_slice() {
        [] => vec!["home"],
        ["i", ..] => vec!["letter"],
        ["link", ..] => vec!["link"],
        parts => parts.iter().map(|part| one(part)).collect(),
    };
    named.join("-")
}

fn one(part: &str) -> &str {
    if part.len() == ID && part.contains('-') {
        "one"
    } else {
        part
    }
}

#[test]
fn pictures_are_named_by_their_address() {
    let id = "0190b5c8-0000-7000-8000-000000000000";
    assert_eq!(name("/"), "home");
    assert_eq!(name("/i/AB2CD"), "letter");
    assert_eq!(name(&format!("/guests/{id}/erase")), "guests-one-erase");
    assert_eq!(name("/conversations/unknown"), "conversations-unknown");
}
