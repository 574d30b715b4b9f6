//! Why the messages of a list wait: what is stored with each, and what holds its whole session. Cheap: a session's facts are
//! read once for a page, and its rules are asked once for all messages that are alike to them.
//!
//! Not here: what only one message's own facts tell, such as how many go before it (`outlook`).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::Timestamp;
use domain::broadcast::BroadcastState;
use domain::lane::ReleaseLane;
use domain::message_status::MessageStatus;
use domain::release::{
    ContactFacts, Decision, Facts, MessageFacts, ReleaseRules, Rulebook, SessionFacts,
};
use domain::session::SessionName;
use domain::wait::Wait;
use storage::MessageRow;

use super::outlook::{aside, stored};
use crate::app::App;
use crate::problem::Answer;

/// The sessions of a page, as their rules see them now.
pub(crate) struct Sessions {
    now: Timestamp,
    rules: ReleaseRules,
    facts: HashMap<SessionName, SessionFacts>,
    known: HashMap<Alike, Decision>,
}

/// What the session's rules look at of a message.
#[derive(PartialEq, Eq, Hash)]
struct Alike {
    session: SessionName,
    lane: ReleaseLane,
    send_now: bool,
    /// Only a reply's night depends on when it was queued.
    queued_at: Option<Timestamp>,
}

impl Sessions {
    /// Reads the sessions in which one of `rows` waits.
    pub(crate) async fn of(app: &App, rows: &[MessageRow]) -> Answer<Self> {
        let now = app.now();
        let mut facts = HashMap::new();
        for row in rows.iter().filter(|row| waits(row)) {
            if let Entry::Vacant(place) = facts.entry(row.session.clone())
                && let Some(session) = app.store.session_facts(&row.session, now).await?
            {
                place.insert(session);
            }
        }
        Ok(Self {
            now,
            rules: app.rules().await?,
            facts,
            known: HashMap::new(),
        })
    }

    /// Why the message waits, as far as a list tells.
    pub(crate) fn wait(&mut self, row: &MessageRow) -> Option<Wait> {
        if !waits(row) {
            return None;
        }
        if let Some(wait) = aside(row) {
            return Some(wait);
        }
        let own = stored(row, self.now);
        let of_broadcast = row.broadcast_state.and_then(BroadcastState::wait);
        let of_broadcast = of_broadcast.map_or(Decision::Send, Decision::Wait);
        match own.and(self.of_session(row)).and(of_broadcast) {
            Decision::Wait(wait) => Some(wait),
            Decision::Send | Decision::Refuse(_) => None,
        }
    }

    fn of_session(&mut self, row: &MessageRow) -> Decision {
        let Some(session) = self.facts.get(&row.session) else {
            return Decision::Send;
        };
        let message = message_facts(row);
        let contact = ContactFacts::who_wrote(row.contact, row.evidence.clone());
        let facts = Facts {
            session,
            contact: &contact,
            message: &message,
        };
        let lane = facts.lane(self.now);
        let alike = Alike {
            session: row.session.clone(),
            lane,
            send_now: row.send_now,
            queued_at: (lane == ReleaseLane::Reply).then_some(row.queued_at),
        };
        let decide = || Rulebook::of_session().decide(&facts, &self.rules, self.now);
        *self.known.entry(alike).or_insert_with(decide)
    }
}

fn waits(row: &MessageRow) -> bool {
    row.status == MessageStatus::Pending
}

/// What the session's rules look at; they do not ask what is answered.
fn message_facts(row: &MessageRow) -> MessageFacts {
    MessageFacts {
        lane: row.lane,
        send_now: row.send_now,
        queued_at: row.queued_at,
        not_before: row.not_before,
        not_after: row.not_after,
        drop_if_answered: row.drop_if_answered,
        answers_at: None,
        broadcast: row.broadcast_state,
    }
}
