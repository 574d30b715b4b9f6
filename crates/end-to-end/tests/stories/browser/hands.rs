//! What a person does at the page: presses, writes, chooses. Each by the name that the page gives it.

use std::path::Path;
use std::time::Duration;

use thirtyfour::{By, WebElement};
use tokio::time::Instant;

use super::person::{LOOK_AGAIN, PATIENCE, Person};

/// What stays on its page does not lead to another within this.
const LEADS_WITHIN: Duration = Duration::from_secs(2);

impl Person {
    /// Presses what has the text with that key as its name, and looks at what comes.
    pub(crate) async fn presses(&self, key: &str) {
        self.presses_named(&self.t(key)).await;
    }

    /// Presses the first button or link with that name, and looks at what comes.
    pub(crate) async fn presses_named(&self, name: &str) {
        self.follows(to_press(name), name).await;
    }

    /// Presses the last thing that `xpath` names, and looks at what comes.
    pub(crate) async fn presses_last(&self, xpath: &str) {
        self.follows(By::XPath(format!("({xpath})[last()]")), xpath)
            .await;
    }

    async fn follows(&self, by: By, name: &str) {
        let before = self.finds(By::Tag("html"), "a page").await;
        self.clicks(by, name).await;
        self.waits_for_another_page(&before).await;
        self.looks().await;
    }

    /// Opens what is folded under that name, unless it is open already.
    pub(crate) async fn unfolds(&self, key: &str) {
        let own = own(&literal(&self.t(key)));
        let summary = format!("//summary[{own} or .//span[{own}]]");
        let open = By::XPath(format!("{summary}/parent::details[@open]"));
        if self.driver().find(open).await.is_err() {
            self.clicks(By::XPath(summary), key).await;
        }
        self.looks().await;
    }

    /// Clicks, again when a live page has put something new in its place meanwhile.
    async fn clicks(&self, by: By, name: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let element = self.finds(by.clone(), name).await;
            let clicked = match element.scroll_into_view().await {
                Ok(()) => element.click().await,
                Err(error) => Err(error),
            };
            match clicked {
                Ok(()) => return,
                Err(error) => assert!(Instant::now() < deadline, "{name}: {error}"),
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// A press leads to another page, or to another place on this one.
    async fn waits_for_another_page(&self, before: &WebElement) {
        let deadline = Instant::now() + LEADS_WITHIN;
        while before.is_displayed().await.is_ok() && Instant::now() < deadline {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        let deadline = Instant::now() + PATIENCE;
        let script = "return document.readyState === 'complete'";
        while !self.asks::<bool>(script, &[]).await {
            assert!(Instant::now() < deadline, "the page does not come");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Writes into the field whose label has that key.
    pub(crate) async fn writes(&self, key: &str, text: &str) {
        let field = self.field(&self.t(key)).await;
        field.scroll_into_view().await.expect("it can be seen");
        field.clear().await.expect("a field that can be emptied");
        if text.chars().all(|c| u32::from(c) <= 0xFFFF) {
            let written = field.send_keys(text).await;
            return written.expect("a field that takes text");
        }
        // the driver's keyboard has no emoji
        let field = field.to_json().expect("an element");
        let script = "arguments[0].value = arguments[1]";
        let pasted = self
            .driver()
            .execute(script, vec![field, text.into()])
            .await;
        pasted.expect("a field that takes text");
    }

    /// Fills in the field with that name at once, as a calendar does.
    pub(crate) async fn fills(&self, name: &str, value: &str) {
        let script =
            "document.querySelector(`[name=${arguments[0]}]`).value = arguments[1]; return true";
        let _: bool = self.asks(script, &[name, value]).await;
    }

    /// Chooses a file for the field whose label has that key.
    pub(crate) async fn hands_in(&self, key: &str, file: &Path) {
        let field = self.field(&self.t(key)).await;
        let path = file.to_str().expect("a path of letters");
        field.send_keys(path).await.expect("a field for files");
    }

    /// Chooses what has that key as its label: a radio button, a box, a line of a list.
    pub(crate) async fn chooses(&self, key: &str) {
        self.chooses_named(&self.t(key)).await;
    }

    /// Chooses what has that label.
    pub(crate) async fn chooses_named(&self, label: &str) {
        let text = own(&literal(label));
        let xpath = format!("//label[{text}] | //option[{text}]");
        self.clicks(By::XPath(xpath), label).await;
    }

    async fn field(&self, label: &str) -> WebElement {
        let name = literal(label);
        let fields = "[self::input or self::textarea or self::select]";
        let begins = format!("starts-with(normalize-space(.), {name})");
        let xpath = format!(
            "//label[{begins}]//*{fields} | //*[@id=//label[{begins}]/@for]{fields} | //*{fields}[@aria-label={name}]"
        );
        self.finds(By::XPath(xpath), label).await
    }
}

/// Buttons and links with that name: those of the page itself where there are any, else those around it.
fn to_press(name: &str) -> By {
    let name = literal(name);
    let labelled = "normalize-space(translate(@aria-label, '\u{2068}\u{2069}', ''))";
    let named = format!(
        "[self::button or self::a][{own} or {labelled}={name}]",
        own = own(&name)
    );
    let inside = format!("//main//*{named}");
    By::XPath(format!("{inside} | //*{named}[not({inside})]"))
}

/// What an element says is exactly that.
fn own(name: &str) -> String {
    format!("normalize-space(translate(., '\u{2068}\u{2069}', ''))={name}")
}

/// A text in an `XPath`, which knows no way to write a quotation mark inside its own kind.
fn literal(text: &str) -> String {
    let pieces: Vec<_> = text
        .split('"')
        .map(|piece| format!("\"{piece}\""))
        .collect();
    match pieces.as_slice() {
        [one] => one.clone(),
        several => format!("concat({})", several.join(", '\"', ")),
    }
}
