//! Each rule of design §6, alone and together.

use chrono::TimeDelta;
use domain::{
    Timestamp,
    chat_id::ChatId,
    config::GlobalConfig,
    ids::{ContactId, ConversationMessageId},
    lane::{Lane, ReleaseLane},
    release::{
        ContactFacts, Decision, Evidence, Facts, Gaps, Lock, MessageFacts, PastSend, RefuseReason,
        ReleaseRules, Rule, Rulebook, SessionFacts, forecast, gaps_after,
    },
    session::SessionState,
    wait::{AwaitedEvent, AwaitedPerson, Ends, Wait, WaitReason},
};
use rand::{SeedableRng, rngs::StdRng};
use rstest::rstest;

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

fn ago(minutes: i64) -> Timestamp {
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
                first_connected_at: Some(ago(60 * 24 * 30)),
                sends: vec![],
                hand_typed: vec![],
                gaps: Gaps::default(),
            },
            contact: ContactFacts {
                contact,
                evidence: Some(Evidence {
                    id: ConversationMessageId::new(noon(), &mut StdRng::seed_from_u64(2)),
                    chat: ChatId::parse("393470000001@c.us").expect("valid"),
                    at: ago(60 * 24 * 2),
                }),
                opted_out_at: None,
                unanswered: 0,
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
            },
            rules: ReleaseRules::from_config(&GlobalConfig::default()),
        }
    }

    /// A reply to a guest who wrote five minutes ago, queued a minute ago.
    fn reply() -> Self {
        let mut world = Self::new();
        world.wrote(5);
        world.message.lane = Lane::Reply;
        world.message.queued_at = ago(1);
        world.message.answers_at = Some(ago(5));
        world
    }

    fn wrote(&mut self, minutes_ago: i64) {
        self.contact.evidence.as_mut().expect("has evidence").at = ago(minutes_ago);
    }

    /// So many sends in `lane` to this contact, the newest so long ago, one a minute before.
    fn sent(&mut self, lane: ReleaseLane, count: i64, newest_minutes_ago: i64) {
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

    fn decide_at(&self, at: Timestamp) -> Decision {
        Rulebook::default().decide(&self.facts(), &self.rules, at)
    }

    fn decide(&self) -> Decision {
        self.decide_at(noon())
    }
}

fn waits(reason: WaitReason, ends: Ends) -> Decision {
    Decision::Wait(Wait { reason, ends })
}

#[test]
fn with_nothing_against_it_it_goes() {
    assert_eq!(World::new().decide(), Decision::Send);
    assert_eq!(World::reply().decide(), Decision::Send);
}

type Change = fn(&mut World);

/// One line for each rule: what is changed, what the standard book says. Without the rule it goes.
#[rstest]
#[case(Rule::Consent, |w: &mut World| w.contact.evidence = None, waits(WaitReason::GuestHasNotWritten, Ends::Event(AwaitedEvent::ContactWrites)))]
#[case(Rule::OptOut, |w: &mut World| w.contact.opted_out_at = Some(ago(10)), Decision::Refuse(RefuseReason::OptedOut))]
#[case(Rule::Connected, |w: &mut World| w.session.state = SessionState::Qr, waits(WaitReason::SessionNeedsScan, Ends::Person(AwaitedPerson::Scan)))]
#[case(Rule::Connected, |w: &mut World| w.session.state = SessionState::Failed, waits(WaitReason::SessionNeedsScan, Ends::Person(AwaitedPerson::Scan)))]
#[case(Rule::Connected, |w: &mut World| w.session.state = SessionState::Connecting, waits(WaitReason::SessionConnecting, Ends::Event(AwaitedEvent::SessionConnects)))]
#[case(Rule::Connected, |w: &mut World| w.session.state = SessionState::Disconnected, waits(WaitReason::SessionAway, Ends::Event(AwaitedEvent::SessionConnects)))]
#[case(Rule::Connected, |w: &mut World| w.session.key_refused = true, waits(WaitReason::KeyRefused, Ends::Person(AwaitedPerson::FixKey)))]
#[case(Rule::Paused, |w: &mut World| w.session.paused = true, waits(WaitReason::SessionPaused, Ends::Person(AwaitedPerson::Resume)))]
#[case(Rule::Locked, |w: &mut World| w.session.lock = Some(Lock::Person), waits(WaitReason::SessionLocked, Ends::Person(AwaitedPerson::Unlock)))]
#[case(Rule::Locked, |w: &mut World| w.session.lock = Some(Lock::Until(ago(-30))), waits(WaitReason::SessionLocked, Ends::At(ago(-30))))]
#[case(Rule::Gap, |w: &mut World| w.session.gaps.automatic_until = Some(ago(-2)), waits(WaitReason::Gap, Ends::At(ago(-2))))]
#[case(Rule::CoolDown, |w: &mut World| w.contact.last_out_at = Some(ago(20)), waits(WaitReason::CoolDown, Ends::At(ago(-40))))]
#[case(Rule::Unanswered, |w: &mut World| w.contact.unanswered = 2, waits(WaitReason::UnansweredLimit, Ends::Event(AwaitedEvent::ContactWrites)))]
#[case(Rule::HandTyped, |w: &mut World| w.contact.hand_typed_at = Some(ago(10)), waits(WaitReason::HandTyped, Ends::At(ago(-20))))]
#[case(Rule::Order, |w: &mut World| w.contact.uncertain_since = Some(ago(60)), waits(WaitReason::EarlierUncertain, Ends::At(ago(-60))))]
#[case(Rule::Order, |w: &mut World| w.contact.open = true, waits(WaitReason::EarlierOpen, Ends::Event(AwaitedEvent::EarlierEnds)))]
#[case(Rule::NotBefore, |w: &mut World| w.message.not_before = Some(ago(-90)), waits(WaitReason::NotBefore, Ends::At(ago(-90))))]
#[case(Rule::NotAfter, |w: &mut World| w.message.not_after = Some(ago(1)), Decision::Refuse(RefuseReason::Expired))]
#[case(Rule::DropIfAnswered, |w: &mut World| { w.message.drop_if_answered = true; w.wrote(10) }, Decision::Refuse(RefuseReason::Answered))]
fn each_rule_stops_what_it_is_for(
    #[case] rule: Rule,
    #[case] change: Change,
    #[case] expected: Decision,
) {
    let mut world = World::new();
    change(&mut world);
    assert_eq!(world.decide(), expected);
    let without = Rulebook::without(rule).decide(&world.facts(), &world.rules, noon());
    assert_eq!(
        without,
        Decision::Send,
        "another rule stands in for {rule:?}"
    );
}

#[test]
fn the_night_holds_an_automatic_message_and_an_old_reply_but_not_a_fresh_one() {
    let ten_at_night: Timestamp = "2026-11-23T21:00:00Z".parse().expect("a time");
    let nine: Timestamp = "2026-11-24T08:00:00Z".parse().expect("a time");
    assert_eq!(
        World::new().decide_at(ten_at_night),
        waits(WaitReason::QuietHours, Ends::At(nine))
    );
    let mut reply = World::reply();
    reply.contact.evidence.as_mut().expect("has evidence").at =
        ten_at_night - TimeDelta::minutes(5);
    reply.message.queued_at = ten_at_night - TimeDelta::minutes(16);
    assert_eq!(
        reply.decide_at(ten_at_night),
        waits(WaitReason::QuietHours, Ends::At(nine))
    );
    reply.message.queued_at = ten_at_night - TimeDelta::minutes(15);
    assert_eq!(reply.decide_at(ten_at_night), Decision::Send);
}

#[test]
fn the_eleventh_automatic_message_of_an_hour_waits_and_the_eighth_after_three_replies() {
    let mut world = World::new();
    world.wrote(1);
    world.sent(ReleaseLane::Automatic, 9, 30);
    world.contact.sends.clear();
    assert_eq!(world.decide(), Decision::Send);
    world.sent(ReleaseLane::Automatic, 1, 45);
    world.contact.sends.clear();
    assert_eq!(
        world.decide(),
        waits(WaitReason::HourLimit, Ends::At(ago(45 - 60)))
    );
    let mut world = World::new();
    world.wrote(1);
    world.sent(ReleaseLane::Automatic, 7, 30);
    world.sent(ReleaseLane::Reply, 3, 20);
    world.contact.sends.clear();
    assert!(matches!(
        world.decide(),
        Decision::Wait(Wait {
            reason: WaitReason::HourLimit,
            ..
        })
    ));
}

#[test]
fn however_much_is_written_by_hand_half_of_the_automatic_budget_stays() {
    let mut world = World::new();
    world.wrote(1);
    world.session.hand_typed = (0..300)
        .map(|n| noon() - TimeDelta::seconds(n * 10))
        .collect();
    world.sent(ReleaseLane::Automatic, 4, 10);
    world.contact.sends.clear();
    assert_eq!(world.decide(), Decision::Send);
    world.sent(ReleaseLane::Automatic, 1, 20);
    world.contact.sends.clear();
    assert!(matches!(
        world.decide(),
        Decision::Wait(Wait {
            reason: WaitReason::HourLimit,
            ..
        })
    ));
}

#[test]
fn a_new_number_has_half_the_hour() {
    let mut world = World::new();
    world.wrote(1);
    world.session.first_connected_at = Some(ago(60 * 24 * 6));
    world.sent(ReleaseLane::Automatic, 5, 10);
    world.contact.sends.clear();
    assert!(matches!(
        world.decide(),
        Decision::Wait(Wait {
            reason: WaitReason::HourLimit,
            ..
        })
    ));
    world.session.first_connected_at = Some(ago(60 * 24 * 8));
    assert_eq!(world.decide(), Decision::Send);
}

#[test]
fn one_contact_gets_four_an_hour_and_twelve_replies() {
    let mut world = World::new();
    world.wrote(1);
    world.sent(ReleaseLane::Automatic, 4, 5);
    assert!(matches!(
        world.decide(),
        Decision::Wait(Wait {
            reason: WaitReason::ContactHourLimit,
            ..
        })
    ));
    let mut reply = World::reply();
    reply.sent(ReleaseLane::Reply, 11, 5);
    assert_eq!(reply.decide(), Decision::Send);
    reply.sent(ReleaseLane::Reply, 1, 30);
    assert!(matches!(
        reply.decide(),
        Decision::Wait(Wait {
            reason: WaitReason::ContactHourLimit,
            ..
        })
    ));
}

#[test]
fn the_fourth_cold_contact_of_a_day_waits_but_one_contact_counts_once() {
    let mut world = World::new();
    world.wrote(60 * 24 * 29);
    let cold = |seed| PastSend {
        contact: some_contact(seed),
        lane: ReleaseLane::Automatic,
        at: Some(ago(100)),
        cold: true,
    };
    world.session.sends = vec![cold(10), cold(10), cold(10), cold(11)];
    assert_eq!(world.decide(), Decision::Send);
    world.session.sends.push(cold(12));
    assert_eq!(
        world.decide(),
        waits(WaitReason::ContactCold, Ends::At(ago(100 - 24 * 60)))
    );
}

#[test]
fn a_contact_who_wrote_since_the_last_message_needs_no_cool_down() {
    let mut world = World::new();
    world.contact.last_out_at = Some(ago(20));
    world.wrote(10);
    assert_eq!(world.decide(), Decision::Send);
}

#[test]
fn a_reply_whose_guest_wrote_more_than_a_day_ago_is_automatic() {
    let mut world = World::reply();
    world.wrote(60 * 24 + 1);
    world.contact.last_out_at = Some(ago(20));
    assert!(matches!(
        world.decide(),
        Decision::Wait(Wait {
            reason: WaitReason::CoolDown,
            ..
        })
    ));
}

#[test]
fn an_opted_out_contact_gets_only_the_answer_to_a_newer_word() {
    let mut reply = World::reply();
    reply.contact.opted_out_at = Some(ago(4));
    assert_eq!(reply.decide(), Decision::Refuse(RefuseReason::OptedOut));
    reply.contact.opted_out_at = Some(ago(6));
    assert_eq!(reply.decide(), Decision::Send);
}

/// Send-now lifts what design §6 says it lifts, and nothing else.
#[rstest]
#[case(|w: &mut World| w.session.gaps.automatic_until = Some(ago(-2)), true)]
#[case(|w: &mut World| w.contact.hand_typed_at = Some(ago(10)), true)]
#[case(|w: &mut World| w.message.not_before = Some(ago(-90)), true)]
#[case(|w: &mut World| { w.wrote(1); w.sent(ReleaseLane::Automatic, 10, 40); w.contact.sends.clear(); w.contact.last_out_at = None }, true)]
#[case(|w: &mut World| w.contact.evidence = None, false)]
#[case(|w: &mut World| w.contact.opted_out_at = Some(ago(10)), false)]
#[case(|w: &mut World| w.session.state = SessionState::Qr, false)]
#[case(|w: &mut World| w.session.paused = true, false)]
#[case(|w: &mut World| w.session.lock = Some(Lock::Person), false)]
#[case(|w: &mut World| w.contact.last_out_at = Some(ago(20)), false)]
#[case(|w: &mut World| w.contact.unanswered = 2, false)]
#[case(|w: &mut World| w.message.not_after = Some(ago(1)), false)]
fn send_now_lifts_only_what_it_may(#[case] change: Change, #[case] lifted: bool) {
    let mut world = World::new();
    change(&mut world);
    assert_ne!(world.decide(), Decision::Send, "nothing to lift");
    world.message.send_now = true;
    assert_eq!(world.decide() == Decision::Send, lifted);
}

#[test]
fn a_wait_ends_when_the_last_of_its_reasons_ends() {
    // A cool-down that ends in the night ends in the morning.
    let mut world = World::new();
    let evening: Timestamp = "2026-11-23T19:30:00Z".parse().expect("a time");
    world.contact.last_out_at = Some(evening);
    let morning: Timestamp = "2026-11-24T08:00:00Z".parse().expect("a time");
    assert_eq!(
        world.decide_at(evening),
        waits(WaitReason::QuietHours, Ends::At(morning))
    );
}

#[test]
fn consent_is_named_before_any_other_wait() {
    let mut world = World::new();
    world.contact.evidence = None;
    world.session.paused = true;
    world.session.state = SessionState::Failed;
    assert!(matches!(
        world.decide(),
        Decision::Wait(Wait {
            reason: WaitReason::GuestHasNotWritten,
            ..
        })
    ));
}

#[test]
fn a_gap_after_a_reply_is_short_and_never_shortens_the_one_before() {
    let world = World::new();
    let mut dice = StdRng::seed_from_u64(3);
    let automatic = gaps_after(
        ReleaseLane::Automatic,
        noon(),
        Gaps::default(),
        10,
        &world.rules,
        &mut dice,
    );
    let until = automatic.automatic_until.expect("drawn");
    assert!(
        until >= noon() + TimeDelta::seconds(216) && until <= noon() + TimeDelta::seconds(504),
        "{until}"
    );
    let after_reply = gaps_after(
        ReleaseLane::Reply,
        noon() + TimeDelta::seconds(10),
        automatic,
        10,
        &world.rules,
        &mut dice,
    );
    assert_eq!(after_reply.automatic_until, Some(until));
    assert_eq!(
        after_reply.reply_until,
        Some(noon() + TimeDelta::seconds(13))
    );
    let much_later = gaps_after(
        ReleaseLane::Reply,
        until,
        automatic,
        10,
        &world.rules,
        &mut dice,
    );
    assert_eq!(
        much_later.automatic_until,
        Some(until + TimeDelta::seconds(20))
    );
}

#[test]
fn the_forecast_keeps_to_the_hour_and_to_the_night() {
    let world = World::new();
    let book = Rulebook::default();
    let first = forecast(&book, &world.facts(), &world.rules, 0, noon()).expect("a time");
    assert_eq!(first.from, noon());
    let thirtieth = forecast(&book, &world.facts(), &world.rules, 30, noon()).expect("a time");
    assert!(
        thirtieth.from > noon() + TimeDelta::hours(2)
            && thirtieth.to < noon() + TimeDelta::hours(5),
        "{thirtieth:?}"
    );
    let far = forecast(&book, &world.facts(), &world.rules, 150, noon()).expect("a time");
    assert!(
        far.to > noon() + TimeDelta::hours(40),
        "150 messages do not fit into two days of 60: {far:?}"
    );
    let mut silent = World::new();
    silent.contact.evidence = None;
    assert_eq!(
        forecast(&book, &silent.facts(), &silent.rules, 0, noon()),
        None
    );
}
