//! What every page has around it: words, times, who is signed in, where one is, and what happened up to now.

use chrono_tz::Tz;
use domain::Timestamp;
use domain::account::Role;
use domain::config::Language;
use domain::session::SessionName;

use super::assets;
use super::refusal::Refused;
use super::times;
use super::visitor::Visitor;
use super::words::{Arg, Words, words};
use crate::app::App;

/// Where one is: the part of the page that the navigation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Home,
    Queue,
    Conversations,
    Guests,
    Broadcasts,
    Settings,
    You,
    /// Nowhere: signing in, refusals.
    None,
}

/// What the layout shows, and what every template speaks with. Templates call it `f`.
pub(super) struct Frame {
    words: &'static Words,
    title: String,
    section: Section,
    name: Option<String>,
    role: Option<Role>,
    reads_texts: bool,
    csrf: String,
    live_from: Option<String>,
    groom: String,
    bride: String,
    said: Option<String>,
    zone: Tz,
    now: Timestamp,
}

#[expect(
    clippy::unused_self,
    reason = "templates ask their frame for everything that they need"
)]
impl Frame {
    /// The frame of a page with that title, by its key. Made before the page reads anything else, so that what happens
    /// meanwhile comes to it live.
    pub(super) async fn of(
        app: &App,
        visitor: &Visitor,
        section: Section,
        title: &str,
    ) -> Result<Self, Refused> {
        let live_from = match visitor.account() {
            Some(_) => Some(app.store.live_end().await?.to_string()),
            None => None,
        };
        let (config, _) = app.store.config().await?;
        let words = words(visitor.language(config.language));
        let account = visitor.account();
        Ok(Self {
            words,
            title: words.text(title),
            section,
            name: account.map(|account| account.name.clone()),
            role: account.map(storage::AccountRow::role),
            reads_texts: account.is_some_and(storage::AccountRow::reads_texts),
            csrf: visitor.form_token(),
            live_from,
            groom: config.groom_name,
            bride: config.bride_name,
            said: visitor
                .said()
                .and_then(|said| words.find(&format!("said-{said}"))),
            zone: config.time_zone,
            now: app.now(),
        })
    }

    /// Another title than the one of a key: somebody's name.
    pub(super) fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// A text.
    pub(super) fn t(&self, key: &str) -> String {
        self.words.text(key)
    }

    /// A text, if there is one: for keys that are made of what others wrote down.
    pub(super) fn find(&self, key: &str) -> Option<String> {
        self.words.find(key)
    }

    /// A text with what belongs into it: in a template `f.with("queue-count", [("n", 3.into())])`.
    pub(super) fn with(&self, key: &str, args: &[Arg<'_>]) -> String {
        self.words.with(key, args)
    }

    /// A moment, as people say it.
    pub(super) fn time(&self, at: &Timestamp) -> String {
        times::moment(*at, self.now, self.zone, self.language())
    }

    /// A day, as people say it.
    pub(super) fn day(&self, date: chrono::NaiveDate) -> String {
        times::day(date, self.language())
    }

    /// A moment, for machines.
    pub(super) fn iso(&self, at: &Timestamp) -> String {
        at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    pub(super) const fn language(&self) -> Language {
        self.words.language()
    }

    pub(super) fn lang(&self) -> &'static str {
        self.language().as_str()
    }

    pub(super) const fn zone(&self) -> Tz {
        self.zone
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    /// Whose session it is, as people say it: the spouse's name where it is known, else what they are to the wedding.
    pub(super) fn person(&self, session: &SessionName) -> String {
        match session.as_str() {
            "groom" if !self.groom.is_empty() => self.groom.clone(),
            "bride" if !self.bride.is_empty() => self.bride.clone(),
            "groom" => self.t("shell-groom"),
            "bride" => self.t("shell-bride"),
            other => other.to_owned(),
        }
    }

    /// What the last form did, by the end of its key: `?said=password`.
    pub(super) fn said(&self) -> Option<String> {
        self.said.clone()
    }

    pub(super) fn title(&self) -> &str {
        &self.title
    }

    /// The couple's names, or what the page is called without them.
    pub(super) fn couple(&self) -> String {
        match (self.groom.as_str(), self.bride.as_str()) {
            ("", "") => self.t("shell-name"),
            ("", name) | (name, "") => name.to_owned(),
            (groom, bride) => format!("{bride} & {groom}"),
        }
    }

    pub(super) fn csrf(&self) -> &str {
        &self.csrf
    }

    pub(super) fn name(&self) -> Option<String> {
        self.name.clone()
    }

    /// Whether messages, guests and conversations are shown.
    pub(super) const fn reads_texts(&self) -> bool {
        self.reads_texts
    }

    /// Whether a spouse looks.
    pub(super) fn is_couple(&self) -> bool {
        self.role == Some(Role::Couple)
    }

    pub(super) fn live_from(&self) -> Option<String> {
        self.live_from.clone()
    }

    pub(super) fn style(&self) -> String {
        assets::address("style.css")
    }

    pub(super) fn script(&self) -> String {
        assets::address("page.js")
    }

    pub(super) fn icon(&self) -> String {
        assets::address("icon.svg")
    }

    /// The parts that this visitor may see: address, key of the name, whether one is there.
    pub(super) fn navigation(&self) -> Vec<(&'static str, &'static str, bool)> {
        let all = [
            ("/", "shell-home", Section::Home, false),
            ("/queue", "shell-queue", Section::Queue, true),
            (
                "/conversations",
                "shell-conversations",
                Section::Conversations,
                true,
            ),
            ("/guests", "shell-guests", Section::Guests, true),
            ("/broadcasts", "shell-broadcasts", Section::Broadcasts, true),
            ("/settings", "shell-settings", Section::Settings, false),
        ];
        all.into_iter()
            .filter(|(_, _, _, texts)| self.reads_texts || !texts)
            .map(|(address, key, section, _)| (address, key, section == self.section))
            .collect()
    }

    pub(super) fn is_you(&self) -> bool {
        self.section == Section::You
    }
}
