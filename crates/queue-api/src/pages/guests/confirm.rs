//! A page that asks before something is done that cannot be undone, and says what it costs.

use askama::Template;

use crate::pages::frame::Frame;

#[derive(Template)]
#[template(path = "pages/guests/confirm.html")]
pub(super) struct ConfirmPage {
    pub(super) f: Frame,
    /// Whom or what it is about, as people wrote it.
    pub(super) subject: String,
    /// What it does and what it costs, sentence by sentence.
    pub(super) costs: Vec<String>,
    /// Where the form goes.
    pub(super) action: String,
    /// What the button says.
    pub(super) button: String,
    /// Where to go without doing it.
    pub(super) back: String,
}
