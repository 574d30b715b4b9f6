//! Who would get what: each contact's exact text, who is left out and why, and what WhatsApp would not like about it.

use domain::broadcast::{Advice, BroadcastCopy, BroadcastState, LeftOut, Plan, RenderError, Wrote};
use domain::ids::GuestId;
use storage::BroadcastRow;

use crate::pages::frame::Frame;

/// A plan as it is shown.
pub(super) struct Preview {
    pub(super) copies: Vec<BroadcastCopy>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) advice: Vec<Advice>,
}

impl From<Plan> for Preview {
    fn from(plan: Plan) -> Self {
        Self {
            copies: plan.copies,
            left_out: plan.left_out,
            advice: plan.advice,
        }
    }
}

impl Preview {
    /// How many have not written yet: theirs waits until they do.
    pub(super) fn unwritten(&self) -> usize {
        self.copies
            .iter()
            .filter(|copy| copy.wrote_at.is_none())
            .count()
    }

    /// How many copies cannot be written: the broadcast cannot start.
    pub(super) fn broken(&self) -> usize {
        self.copies.iter().filter(|copy| copy.text.is_err()).count()
    }
}

/// The names of those who share a copy.
pub(super) fn names(copy: &BroadcastCopy) -> String {
    let names: Vec<&str> = copy.guests.iter().map(|(_, name)| name.as_str()).collect();
    names.join(", ")
}

/// The guests of a copy, to be taken out by hand.
pub(super) fn guests(copy: &BroadcastCopy) -> String {
    let ids: Vec<String> = copy
        .guests
        .iter()
        .map(|(id, _): &(GuestId, _)| id.to_string())
        .collect();
    ids.join(",")
}

/// What a copy says, or why it cannot be written.
pub(super) fn text(f: &Frame, copy: &BroadcastCopy) -> String {
    match &copy.text {
        Ok(text) => text.as_str().to_owned(),
        Err(RenderError::Missing(placeholder)) => {
            let placeholder = format!("{{{}}}", placeholder.as_str());
            f.with(
                "broadcasts-missing-value",
                &[("placeholder", placeholder.into())],
            )
        }
        Err(RenderError::Text(_)) => f.t("broadcasts-empty-text"),
    }
}

/// The key of where a broadcast is in its life.
pub(super) fn state(row: &BroadcastRow) -> &'static str {
    match row.state {
        _ if row.is_done() => "broadcasts-state-done",
        BroadcastState::Draft => "broadcasts-state-draft",
        BroadcastState::Started => "broadcasts-state-started",
        BroadcastState::Paused => "broadcasts-state-paused",
        BroadcastState::Cancelled => "broadcasts-state-cancelled",
    }
}

/// The key of why somebody is left out.
pub(super) fn why(guest: &LeftOut) -> String {
    format!("broadcasts-left-out-{}", guest.why)
}

/// The key of whether somebody has written.
pub(super) fn wrote(wrote: Wrote) -> String {
    format!("broadcasts-wrote-{wrote}")
}

/// A sentence of advice.
pub(super) fn advice(f: &Frame, advice: &Advice) -> String {
    let key = format!("broadcasts-advice-{}", advice.code);
    let link = advice.link.clone().unwrap_or_default();
    f.with(
        &key,
        &[("link", link.into()), ("n", advice.contacts.into())],
    )
}

#[cfg(test)]
mod tests {
    use domain::broadcast::{AdviceCode, BroadcastState, WhyLeftOut, Wrote};
    use domain::config::Language;

    use crate::pages::words::words;

    #[test]
    fn every_word_of_news_is_there_in_both_languages() {
        let states = BroadcastState::ALL
            .iter()
            .map(|s| format!("broadcasts-state-{s}"));
        let reasons = WhyLeftOut::ALL
            .iter()
            .map(|r| format!("broadcasts-left-out-{r}"));
        let wrote = Wrote::ALL.iter().map(|w| format!("broadcasts-wrote-{w}"));
        let keys: Vec<_> = states.chain(reasons).chain(wrote).collect();
        for language in [Language::Italian, Language::English] {
            for key in &keys {
                assert!(words(language).find(key).is_some(), "{language}: {key}");
            }
            for code in AdviceCode::ALL {
                let key = format!("broadcasts-advice-{code}");
                let args = [("link", "http://a.example".into()), ("n", 3.into())];
                assert!(!words(language).with(&key, &args).contains('⟦'), "{key}");
            }
        }
    }
}
