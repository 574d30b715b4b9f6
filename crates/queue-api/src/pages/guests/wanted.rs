//! Which guests somebody wants to see, as the address of a page says it.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::session::SessionName;
use serde::Deserialize;
use storage::{Cursor, GuestFilter, GuestState};
use url::form_urlencoded;

use crate::app::App;
use crate::pages::refusal::Refused;
use crate::paging;

/// What the address says; an empty field of a form is as good as none.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    pub(super) state: String,
    #[serde(default)]
    pub(super) side: String,
    #[serde(default)]
    pub(super) language: String,
    #[serde(default)]
    pub(super) search: String,
    #[serde(default)]
    cursor: String,
}

impl Wanted {
    /// As the store is asked. What is no state, side or language asks for nothing.
    pub(super) fn filter(&self) -> Result<GuestFilter, Refused> {
        let search = self.search.trim();
        let search = paging::search("search", Some(search).filter(|text| !text.is_empty()))?;
        Ok(GuestFilter {
            state: GuestState::named(&self.state),
            side: SessionName::parse(self.side.as_str()).ok(),
            language: self.language.parse().ok(),
            household: None,
            search: search.map(str::to_owned),
        })
    }

    /// Where to go on.
    pub(super) fn after(&self) -> Result<Option<Cursor>, Refused> {
        let cursor = Some(self.cursor.as_str()).filter(|text| !text.is_empty());
        Ok(paging::cursor(cursor)?)
    }

    /// Whether it goes on somewhere.
    pub(super) const fn goes_on(&self) -> bool {
        !self.cursor.is_empty()
    }

    /// Whether anything but a state is asked for.
    pub(super) const fn narrows(&self) -> bool {
        !self.side.is_empty() || !self.language.is_empty() || !self.search.is_empty()
    }

    /// The address of the same guests.
    pub(super) fn address(&self, path: &str) -> String {
        self.with(path, &self.state, "")
    }

    /// The address of the same guests, but in another state.
    pub(super) fn in_state(&self, state: &str) -> String {
        self.with("/guests", state, "")
    }

    /// The address of the page after.
    pub(super) fn next(&self, path: &str, cursor: Cursor) -> String {
        self.with(path, &self.state, &cursor.to_string())
    }

    fn with(&self, path: &str, state: &str, cursor: &str) -> String {
        let all = [
            ("state", state),
            ("side", &self.side),
            ("language", &self.language),
            ("search", self.search.trim()),
            ("cursor", cursor),
        ];
        let query: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(all.into_iter().filter(|(_, value)| !value.is_empty()))
            .finish();
        if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        }
    }
}

/// Whoever wrote before this moment and not since has gone cold.
pub(super) async fn cold_before(app: &App) -> Result<Timestamp, Refused> {
    let (config, _) = app.store.config().await?;
    let days = i64::from(config.limits.cold_after_days);
    Ok(app.now() - TimeDelta::days(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_only_what_is_asked_for() {
        let wanted = Wanted {
            side: "bride".to_owned(),
            search: " D’Amico & figli ".to_owned(),
            ..Wanted::default()
        };
        assert_eq!(
            wanted.in_state("cold"),
            "/guests?state=cold&side=bride&search=D%E2%80%99Amico+%26+figli"
        );
        assert_eq!(Wanted::default().address("/guests/cards"), "/guests/cards");
    }

    #[test]
    fn what_is_no_state_asks_for_nothing() {
        let wanted = Wanted {
            state: "married".to_owned(),
            language: "de".to_owned(),
            search: "  ".to_owned(),
            ..Wanted::default()
        };
        let filter = wanted.filter().unwrap();
        assert_eq!(
            (filter.state, filter.language, filter.search),
            (None, None, None)
        );
    }
}
