//! Combining the rules into one decision.

use crate::{
    Timestamp,
    wait::{Ends, Wait, WaitReason},
};

use super::{Facts, ReleaseRules, contact_rules, message_rules, session_rules, windows};

text_enum! {
    /// Why a message will never go.
    pub enum RefuseReason("refuse reason") {
        /// Its last moment has passed.
        Expired = "expired",
        /// The contact does not want messages.
        OptedOut = "opted_out",
        /// The contact answered, and the message was to be dropped then.
        Answered = "answered",
        /// A person cancelled what was left of the broadcast that it is a copy of.
        BroadcastCancelled = "broadcast_cancelled",
    }
}

/// What one rule says against sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not now.
    Wait(Wait),
    /// Never.
    Refuse(RefuseReason),
}

impl From<Verdict> for Decision {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Refuse(reason) => Self::Refuse(reason),
            Verdict::Wait(wait) => Self::Wait(wait),
        }
    }
}

/// May the message go at that moment?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Send,
    /// Not now.
    Wait(Wait),
    /// Never.
    Refuse(RefuseReason),
}

impl Decision {
    /// Of two that hold at once, the one that weighs more: a refusal, then consent, a person, an event, the later time.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if weight(&other) > weight(&self) {
            other
        } else {
            self
        }
    }
}

type Check = fn(&Facts<'_>, &ReleaseRules, Timestamp) -> Option<Verdict>;

macro_rules! rulebook {
    ($($(#[$doc:meta])* $rule:ident => $check:path;)+) => {
        /// The rules, by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Rule { $($(#[$doc])* $rule,)+ }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$rule,)+];

            const fn check(self) -> Check {
                match self { $(Self::$rule => $check,)+ }
            }
        }
    };
}

rulebook! {
    /// The contact wrote first on this session.
    Consent => contact_rules::consent;
    /// The contact is surely the person who wrote.
    Identity => contact_rules::identity;
    /// Not opted out.
    OptOut => contact_rules::opt_out;
    /// The contact did not write "basta" or the like.
    Suspended => contact_rules::suspended;
    /// Connected.
    Connected => session_rules::connected;
    /// Not paused.
    Paused => session_rules::paused;
    /// Not locked.
    Locked => session_rules::locked;
    /// WhatsApp did not cap the number's messages.
    Capped => message_rules::capped;
    /// WhatsApp did not refuse this contact.
    Refused => contact_rules::refused;
    /// WAHA did not refuse the last sends.
    CircuitBreaker => session_rules::circuit_breaker;
    /// The budget of the hour, and of the hour of a new number.
    HourLimit => windows::hour_limit;
    /// The budget of the day.
    DayLimit => windows::day_limit;
    /// The pause after the last send.
    Gap => session_rules::gap;
    /// The recipient's cool-down.
    CoolDown => contact_rules::cool_down;
    /// Messages to one contact in an hour.
    ContactHour => contact_rules::contact_hour;
    /// Unanswered in a row.
    Unanswered => contact_rules::unanswered;
    /// Few cold contacts a day.
    Cold => contact_rules::cold;
    /// The night.
    QuietHours => session_rules::quiet_hours;
    /// A spouse types to that contact by hand.
    HandTyped => contact_rules::hand_typed;
    /// An earlier message to that contact is open or uncertain.
    Order => contact_rules::order;
    /// The broadcast that it is a copy of is neither paused nor cancelled.
    Broadcast => message_rules::broadcast;
    /// Not before.
    NotBefore => message_rules::not_before;
    /// Not after.
    NotAfter => message_rules::not_after;
    /// Drop if answered.
    DropIfAnswered => message_rules::drop_if_answered;
}

/// The rules in force. The standard book holds them all; tests tear one page out to see that it is missed.
#[derive(Debug, Clone)]
pub struct Rulebook {
    rules: Vec<Rule>,
}

impl Default for Rulebook {
    fn default() -> Self {
        Self {
            rules: Rule::ALL.to_vec(),
        }
    }
}

/// How often a wait's end is looked at again for the next wait before giving up on an exact time.
const MAX_STEPS: usize = 24;

/// The rules that look at the session alone, and at a contact only for when it wrote last (the lane).
const OF_SESSION: [Rule; 8] = [
    Rule::Connected,
    Rule::Paused,
    Rule::Locked,
    Rule::CircuitBreaker,
    Rule::HourLimit,
    Rule::DayLimit,
    Rule::Gap,
    Rule::QuietHours,
];

impl Rulebook {
    /// The rules that look at the session alone, and at a contact only for when it wrote last (the lane): what they say
    /// holds for every message of the session that is like this one.
    #[must_use]
    pub fn of_session() -> Self {
        Self {
            rules: OF_SESSION.to_vec(),
        }
    }

    /// This book in two: the rules that hold for every message of the session alike, and those of one message and its contact.
    #[must_use]
    pub fn in_two(&self) -> (Self, Self) {
        let (of_session, own) = self
            .rules
            .iter()
            .partition(|rule| OF_SESSION.contains(rule));
        (Self { rules: of_session }, Self { rules: own })
    }

    /// All rules but one. For tests that show the rule is needed.
    #[must_use]
    pub fn without(rule: Rule) -> Self {
        Self::default().and_without(rule)
    }

    /// The same book without one more rule.
    #[must_use]
    pub fn and_without(mut self, rule: Rule) -> Self {
        self.rules.retain(|known| *known != rule);
        self
    }

    /// May the message be committed at `at`?
    ///
    /// A wait's time is the first at which no rule objects any more, as far as the facts are known now: each
    /// time-bound wait is followed to its end and looked at again there.
    pub fn decide(&self, facts: &Facts<'_>, rules: &ReleaseRules, at: Timestamp) -> Decision {
        let mut decision = self.at_moment(facts, rules, at);
        for _ in 0..MAX_STEPS {
            let Decision::Wait(Wait {
                ends: Ends::At(then),
                ..
            }) = decision
            else {
                break;
            };
            match self.at_moment(facts, rules, then) {
                Decision::Wait(next) => decision = Decision::Wait(next),
                Decision::Send | Decision::Refuse(_) => break,
            }
        }
        decision
    }

    fn at_moment(&self, facts: &Facts<'_>, rules: &ReleaseRules, at: Timestamp) -> Decision {
        let verdicts = self
            .rules
            .iter()
            .filter_map(|rule| rule.check()(facts, rules, at));
        verdicts.fold(Decision::Send, |so_far, verdict| so_far.and(verdict.into()))
    }
}

/// Orders decisions by how much they stand against sending; equal weights keep the first.
fn weight(decision: &Decision) -> (u8, Option<Timestamp>) {
    match decision {
        Decision::Send => (0, None),
        Decision::Wait(Wait {
            ends: Ends::At(at), ..
        }) => (1, Some(*at)),
        // Consent outranks other waits for events: it is what the couple must be told first.
        Decision::Wait(Wait {
            reason: WaitReason::GuestHasNotWritten,
            ..
        }) => (4, None),
        Decision::Wait(Wait {
            ends: Ends::Event(_),
            ..
        }) => (2, None),
        Decision::Wait(Wait {
            ends: Ends::Person(_),
            ..
        }) => (3, None),
        Decision::Refuse(_) => (5, None),
    }
}
