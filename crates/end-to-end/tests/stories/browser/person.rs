//! Somebody at the page: what they see, press and write, as a person names it.

use std::time::Duration;

use thirtyfour::{By, WebDriver, WebElement};
use tokio::time::Instant;

use super::checks;
use super::chromium::{Chromium, Window};

/// Far longer than anything on a page takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A person with a browser, at the couple's page.
pub(crate) struct Person {
    browser: Chromium,
    base: String,
    language: &'static str,
}

impl Person {
    /// Opens a browser for the page at `base`.
    pub(crate) async fn sits_down(base: &str, window: Window, language: &'static str) -> Self {
        Self {
            browser: Chromium::open(window, language).await,
            base: base.to_owned(),
            language,
        }
    }

    pub(crate) fn driver(&self) -> &WebDriver {
        &self.browser.driver
    }

    /// The text for this person's language.
    pub(crate) fn says<'a>(&self, italian: &'a str, english: &'a str) -> &'a str {
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
        checks::page(self.driver(), self.language).await;
        checks::console(self.driver()).await;
    }

    /// Where one is.
    pub(crate) async fn path(&self) -> String {
        let address = self.driver().current_url().await.expect("an address");
        address.path().to_owned()
    }

    /// Everything that can be read.
    pub(crate) async fn reads(&self) -> String {
        let body = self.driver().find(By::Tag("body")).await.expect("a page");
        let text = body.text().await.unwrap_or_default();
        text.replace(['\u{2068}', '\u{2069}'], "")
    }

    /// Waits until the page says that, by itself.
    pub(crate) async fn sees(&self, text: &str) {
        self.sees_within(text, PATIENCE).await;
    }

    pub(crate) async fn sees_within(&self, text: &str, patience: Duration) {
        let deadline = Instant::now() + patience;
        while !self.reads().await.contains(text) {
            let late = Instant::now() >= deadline;
            let (place, page) = (self.path().await, self.reads().await);
            assert!(!late, "no {text:?} on {place}: {page}");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Presses the first button or link with that name, and looks at what comes.
    pub(crate) async fn presses(&self, name: &str) {
        let element = self.finds_to_press(name).await;
        element.scroll_into_view().await.expect("it can be seen");
        let before = self.driver().find(By::Tag("html")).await.expect("a page");
        element
            .click()
            .await
            .unwrap_or_else(|e| panic!("{name} cannot be pressed: {e}"));
        self.waits_for_another_page(&before).await;
        self.looks().await;
    }

    async fn finds_to_press(&self, name: &str) -> WebElement {
        let literal = format!("\"{name}\"");
        let own = format!("normalize-space(translate(., '\u{2068}\u{2069}', ''))={literal}");
        let xpath = format!(
            "//main//button[{own}] | //main//a[{own}] | //main//summary[{own}] | //*[@aria-label={literal}] | //button[{own}] | //a[{own}]"
        );
        self.finds(By::XPath(xpath), name).await
    }

    async fn finds(&self, by: By, name: &str) -> WebElement {
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

    /// A press leads to another page, or (a `summary`) opens something on this one.
    async fn waits_for_another_page(&self, before: &WebElement) {
        let deadline = Instant::now() + Duration::from_secs(2);
        while before.is_displayed().await.is_ok() && Instant::now() < deadline {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        let script = "return document.readyState === 'complete'";
        let deadline = Instant::now() + PATIENCE;
        loop {
            let ready = self.driver().execute(script, Vec::new()).await;
            if ready.is_ok_and(|ready| ready.convert::<bool>().unwrap_or(false)) {
                return;
            }
            assert!(Instant::now() < deadline, "the page does not come");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Writes into the field with that label.
    pub(crate) async fn writes(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field.scroll_into_view().await.expect("it can be seen");
        field.clear().await.expect("a field that can be emptied");
        field
            .send_keys(text)
            .await
            .expect("a field that takes text");
    }

    /// Chooses what has that label: a radio button, a box, a line of a list.
    pub(crate) async fn chooses(&self, label: &str) {
        let literal = format!("\"{label}\"");
        let text = format!("normalize-space(translate(., '\u{2068}\u{2069}', ''))={literal}");
        let xpath = format!("//label[{text}] | //option[{text}]");
        let choice = self.finds(By::XPath(xpath), label).await;
        choice.scroll_into_view().await.expect("it can be seen");
        choice.click().await.expect("it can be chosen");
    }

    async fn field(&self, label: &str) -> WebElement {
        let literal = format!("\"{label}\"");
        let fields = "[self::input or self::textarea or self::select]";
        let own = format!("starts-with(normalize-space(.), {literal})");
        let xpath = format!(
            "//label[{own}]//*{fields} | //*[@id=//label[{own}]/@for]{fields} | //*{fields}[@aria-label={literal}]"
        );
        self.finds(By::XPath(xpath), label).await
    }
}
