//! Somebody at the page: what they open, see and read. What they press and write is in [`hands`](super::hands).

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use thirtyfour::{By, WebDriver, WebElement};
use tokio::time::Instant;

use super::album::Album;
use super::checks;
use super::chromium::{Chromium, Window};
use super::texts::{Arg, ISOLATES, Texts};

/// Far longer than anything on a page takes, also on a busy machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(90);
pub(super) const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A person with a browser, at the couple's page.
pub(crate) struct Person {
    browser: Chromium,
    base: String,
    pub(super) language: &'static str,
    texts: Texts,
    /// Where they have been.
    been: Mutex<BTreeSet<String>>,
    album: Album,
}

impl Person {
    /// Opens a browser for the page at `base`.
    pub(crate) async fn sits_down(base: &str, window: Window, language: &'static str) -> Self {
        Self::sits_down_with(base, window, language, None).await
    }

    /// The same, with the unpacked browser extension in that folder.
    pub(crate) async fn sits_down_with(
        base: &str,
        window: Window,
        language: &'static str,
        extension: Option<&Path>,
    ) -> Self {
        Self {
            browser: Chromium::open(window, language, extension).await,
            base: base.to_owned(),
            language,
            texts: Texts::of(language),
            been: Mutex::default(),
            album: Album::of(window, language),
        }
    }

    /// Gives the tab that is open an authenticator that approves everything.
    pub(crate) async fn adds_an_authenticator(&self) {
        self.browser.adds_an_authenticator().await;
    }

    pub(crate) fn driver(&self) -> &WebDriver {
        &self.browser.driver
    }

    /// The page's text with that key.
    pub(crate) fn t(&self, key: &str) -> String {
        self.texts.with(key, &[])
    }

    /// The page's text with that key, and what belongs into it.
    pub(crate) fn with(&self, key: &str, args: &[Arg<'_>]) -> String {
        self.texts.with(key, args)
    }

    /// What is not of the page, such as a file, in this person's language.
    pub(crate) fn either<'a>(&self, italian: &'a str, english: &'a str) -> &'a str {
        if self.language == "it" {
            italian
        } else {
            english
        }
    }

    /// Opens an address, and looks whether the page is in order.
    pub(crate) async fn opens(&self, path: &str) {
        let address = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.base)
        };
        self.driver().goto(address).await.expect("a page");
        self.looks().await;
    }

    /// Whether the page is in order; fails when it is not.
    pub(crate) async fn looks(&self) {
        let path = self.path().await;
        self.been().insert(path.clone());
        checks::page(self.driver(), self.language, &self.texts).await;
        checks::console(self.driver()).await;
        self.album.keep(self.driver(), &path).await;
    }

    /// Where this person has looked around so far: the paths.
    pub(crate) fn been(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.been.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where one is.
    pub(crate) async fn path(&self) -> String {
        let address = self.driver().current_url().await.expect("an address");
        address.path().to_owned()
    }

    /// Everything that can be read, in one line.
    pub(crate) async fn reads(&self) -> String {
        let text: String = self
            .asks("return document.body?.innerText ?? ''", &[])
            .await;
        let words: Vec<_> = text.split_whitespace().collect();
        words.join(" ")
    }

    /// What a script on the page answers, once it can.
    pub(crate) async fn asks<T: serde::de::DeserializeOwned>(
        &self,
        script: &str,
        args: &[&str],
    ) -> T {
        let args: Vec<Value> = args.iter().copied().map(Value::from).collect();
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.driver().execute(script, args.clone()).await {
                Ok(answer) => return answer.convert().expect("an answer of that kind"),
                // between two pages there is none to ask
                Err(error) => assert!(Instant::now() < deadline, "{script}: {error}"),
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// What stands in each place that `css` names, as it is, but for the marks that keep directions apart.
    pub(crate) async fn texts_of(&self, css: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.value ?? e.textContent)";
        let texts: Vec<Value> = self.asks(script, &[css]).await;
        let plain = |text: &Value| text.as_str().map(|text| text.replace(ISOLATES, ""));
        texts.iter().filter_map(plain).collect()
    }

    /// What stands in the one place that `css` names.
    pub(crate) async fn text_of(&self, css: &str) -> String {
        let texts = self.texts_of(css).await;
        let place = self.path().await;
        let [text] = texts.as_slice() else {
            panic!("{css} is there {} times on {place}", texts.len());
        };
        text.clone()
    }

    /// An attribute of the first thing that `css` names.
    pub(crate) async fn attribute(&self, css: &str, name: &str) -> String {
        let script = "return document.querySelector(arguments[0]).getAttribute(arguments[1])";
        self.asks(script, &[css, name]).await
    }

    /// Waits until the page says the text with that key, by itself.
    pub(crate) async fn sees(&self, key: &str) {
        self.sees_text(&self.t(key)).await;
    }

    /// Waits until the page says that, by itself; then it has to be in order.
    pub(crate) async fn sees_text(&self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let page = self.reads().await.replace(ISOLATES, "");
            if page.contains(text) {
                break;
            }
            let place = self.path().await;
            assert!(Instant::now() < deadline, "no {text:?} on {place}: {page}");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        self.looks().await;
    }

    /// Waits until the badge of the message that is open says the text with that key, by itself.
    pub(crate) async fn sees_the_badge(&self, key: &str) {
        let word = self.t(key);
        let deadline = Instant::now() + PATIENCE;
        loop {
            let badge = self.texts_of("#message .badge").await;
            if badge == [word.as_str()] {
                break;
            }
            assert!(Instant::now() < deadline, "{badge:?} is not {word}");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        self.looks().await;
    }

    /// Whether the page says that now.
    pub(crate) async fn may_read(&self, text: &str) -> bool {
        self.reads().await.replace(ISOLATES, "").contains(text)
    }

    /// The first that `by` finds, as soon as there is one.
    pub(super) async fn finds(&self, by: By, name: &str) -> WebElement {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Ok(found) = self.driver().find(by.clone()).await {
                return found;
            }
            let late = Instant::now() >= deadline;
            let (place, page) = (self.path().await, self.reads().await);
            assert!(!late, "no {name:?} on {place}: {page}");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}
