//! Whose guest somebody is, as people write it in a file: a session's name, or what the couple is called.

use std::collections::HashMap;

use domain::config::GlobalConfig;
use domain::session::SessionName;

/// What the two of every couple are called, whatever their names are.
const GROOM: [&str; 4] = ["groom", "the groom", "sposo", "lo sposo"];
const BRIDE: [&str; 4] = ["bride", "the bride", "sposa", "la sposa"];

/// Words for sides, and the sessions they mean.
pub(super) struct Sides(HashMap<String, SessionName>);

impl Sides {
    /// Of this installation. The names in the settings are understood too, unless both are the same.
    pub(super) fn new(sessions: &[SessionName], config: &GlobalConfig) -> Self {
        let distinct = folded(&config.groom_name) != folded(&config.bride_name);
        let mut words = HashMap::new();
        for (session, usual, name) in [
            ("groom", GROOM, &config.groom_name),
            ("bride", BRIDE, &config.bride_name),
        ] {
            let Some(session) = sessions.iter().find(|known| known.as_str() == session) else {
                continue;
            };
            let own = distinct.then_some(name.as_str());
            for word in usual.into_iter().chain(own) {
                words.insert(folded(word), session.clone());
            }
        }
        // a session's own name means that session, whatever else it may mean
        let own_names = sessions.iter();
        words.extend(own_names.map(|session| (session.to_string(), session.clone())));
        words.remove("");
        Self(words)
    }

    /// The session that is meant.
    pub(super) fn session(&self, written: &str) -> Option<&SessionName> {
        self.0.get(&folded(written))
    }
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}
