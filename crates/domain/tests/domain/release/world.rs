//! The world in which the rules are asked, and what tests change in it.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    Timestamp,
    chat_id::ChatId,
    config::GlobalConfig,
    ids::{ContactId, ConversationMessageId},
    lane::{Lane, ReleaseLane},
    phone_number::PhoneNumber,
    release::{
        ClockDoubt, ContactFacts, Decision, Evidence, Facts, Gaps, MessageFacts, PastSend,
        ReleaseRules, Rulebook, SessionFacts,
    },
    session::SessionState,
    wait::{Ends, Wait, WaitReason},
};
use rand::{SeedableRng, rngs::StdRng};

/// A quiet, connected world at noon in Rome in which an automatic message may go; tests change one thing.
pub(crate) struct World {
    pub(crate) session: SessionFacts,
    pub(crate) contact: ContactFacts,
    pub(crate) message: MessageFacts,
    pub(crate) rules: ReleaseRules,
}

pub(crate) fn noon() -> Timestamp {
    "2026-11-23T11:00:00Z".parse().expect("a time")
}

pub(super) fn ago(minutes: i64) -> Timestamp {
    noon() - TimeDelta::minutes(minutes)
}

pub(crate) fn some_contact(seed: u64) -> ContactId {
    ContactId::new(noon(), &mut StdRng::seed_from_u64(seed))
}

impl World {
    pub(crate) fn new() -> Self {
        let contact = some_contact(1);
        Self {
            session: SessionFacts {
                state: SessionState::Connected,
                key_refused: false,
                paused: false,
                lock: None,
                replies_locked: true,
                capping: None,
                shares_number: false,
                own_number: PhoneNumber::from_whatsapp("393330000001").ok(),
                first_connected_at: Some(ago(60 * 24 * 30)),
                outage: None,
                sends: vec![],
                unsent: vec![],
                hand_typed: vec![],
                gaps: Gaps::default(),
                clock_doubt: None,
            },
            contact: ContactFacts {
                contact,
                evidence: Some(Evidence {
                    id: ConversationMessageId::new(noon(), &mut StdRng::seed_from_u64(2)),
                    chat: ChatId::parse("393470000001@c.us").expect("valid"),
                    at: ago(60 * 24 * 2),
                }),
                opted_out_at: None,
                identity_unconfirmed: false,
                suspended_at: None,
                refused: None,
                unanswered: Vec::new(),
                hand_typed_at: None,
                sends: vec![],
                last_out_at: None,
                uncertain_since: None,
                open: false,
            },
            message: MessageFacts {
                lane: Lane::Manual,
                send_now: false,
                queued_at: ago(120),
                not_before: None,
                not_after: None,
                drop_if_answered: false,
                answers_at: None,
                broadcast: None,
            },
            rules: ReleaseRules::from_config(&GlobalConfig::default()),
        }
    }

    /// A reply to a guest who wrote five minutes ago, queued a minute ago.
    pub(super) fn reply() -> Self {
        let mut world = Self::new();
        world.wrote(5);
        world.message.lane = Lane::Reply;
        world.message.queued_at = ago(1);
        world.message.answers_at = Some(ago(5));
        world
    }

    /// The clock may be ahead by so many minutes, and is believed after so many more.
    pub(super) fn clock_may_be_ahead(&mut self, minutes: u64, believed_in: i64) {
        self.session.clock_doubt = Some(ClockDoubt {
            ahead: Duration::from_mins(minutes),
            until: ago(-believed_in),
        });
    }

    pub(super) fn wrote(&mut self, minutes_ago: i64) {
        self.contact.evidence.as_mut().expect("has evidence").at = ago(minutes_ago);
    }

    /// So many sends in `lane` to this contact, the newest so long ago, one a minute before.
    pub(super) fn sent(&mut self, lane: ReleaseLane, count: i64, newest_minutes_ago: i64) {
        let contact = self.contact.contact;
        let sends: Vec<PastSend> = (0..count)
            .map(|n| PastSend {
                contact,
                lane,
                at: Some(ago(newest_minutes_ago + n)),
                cold: false,
            })
            .collect();
        self.session.sends.extend(&sends);
        self.contact.sends.extend(&sends);
        self.contact.last_out_at = Some(ago(newest_minutes_ago));
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            session: &self.session,
            contact: &self.contact,
            message: &self.message,
        }
    }

    pub(super) fn decide_at(&self, at: Timestamp) -> Decision {
        Rulebook::default().decide(&self.facts(), &self.rules, at)
    }

    pub(super) fn decide(&self) -> Decision {
        self.decide_at(noon())
    }
}

pub(super) fn waits(reason: WaitReason, ends: Ends) -> Decision {
    Decision::Wait(Wait { reason, ends })
}
