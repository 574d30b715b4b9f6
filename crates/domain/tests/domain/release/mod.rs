//! The rules of design §6: each alone and together here, and what belongs to one idea in a file of its own.

mod boundaries;
mod budgets;
mod circuit_breaker;
mod first_contact;
mod numbers;
mod pauses_and_forecast;
mod rehearsal;
mod rehearsal_replies;
mod replies;
mod session_wide;
mod waiting_queue;
mod world;

use chrono::TimeDelta;
use domain::{
    Timestamp,
    broadcast::BroadcastState,
    lane::{Lane, ReleaseLane},
    release::{
        Capping, CappingLevel, ContactRefusal, Decision, Lock, Refusal, RefuseReason, Rule,
        Rulebook, UNANSWERED_WITHIN,
    },
    session::SessionState,
    wait::{AwaitedEvent, AwaitedPerson, Ends, Wait, WaitReason},
};
use rstest::rstest;

pub(crate) use self::world::{World, noon, some_contact};
use self::{
    circuit_breaker::stopped,
    world::{ago, waits},
};

#[test]
fn with_nothing_against_it_it_goes() {
    assert_eq!(World::new().decide(), Decision::Send);
    assert_eq!(World::reply().decide(), Decision::Send);
}

type Change = fn(&mut World);

/// One line for each rule: what is changed, what the standard book says. Without the rule it goes.
#[rstest]
#[case(Rule::Consent, |w: &mut World| w.contact.evidence = None, waits(WaitReason::GuestHasNotWritten, Ends::Event(AwaitedEvent::ContactWrites)))]
#[case(Rule::Identity, |w: &mut World| w.contact.identity_unconfirmed = true, waits(WaitReason::IdentityUnconfirmed, Ends::Person(AwaitedPerson::ConfirmContact)))]
#[case(Rule::Suspended, |w: &mut World| w.contact.suspended_at = Some(ago(10)), waits(WaitReason::ContactSuspended, Ends::Person(AwaitedPerson::DecideContact)))]
#[case(Rule::OptOut, |w: &mut World| w.contact.opted_out_at = Some(ago(10)), Decision::Refuse(RefuseReason::OptedOut))]
#[case(Rule::Connected, |w: &mut World| w.session.state = SessionState::Qr, waits(WaitReason::SessionNeedsScan, Ends::Person(AwaitedPerson::Scan)))]
#[case(Rule::Connected, |w: &mut World| w.session.state = SessionState::Failed, waits(WaitReason::SessionNeedsScan, Ends::Person(AwaitedPerson::Scan)))]
#[case(Rule::Connected, |w: &mut World| w.session.state = SessionState::Connecting, waits(WaitReason::SessionConnecting, Ends::Event(AwaitedEvent::SessionConnects)))]
#[case(Rule::Connected, |w: &mut World| w.session.state = SessionState::Disconnected, waits(WaitReason::SessionAway, Ends::Event(AwaitedEvent::SessionConnects)))]
#[case(Rule::Connected, |w: &mut World| w.session.key_refused = true, waits(WaitReason::KeyRefused, Ends::Person(AwaitedPerson::FixKey)))]
#[case(Rule::Connected, |w: &mut World| w.session.shares_number = true, waits(WaitReason::SameNumber, Ends::Person(AwaitedPerson::Unlink)))]
#[case(Rule::Connected, |w: &mut World| w.session.own_number = None, waits(WaitReason::SessionConnecting, Ends::Event(AwaitedEvent::SessionConnects)))]
#[case(Rule::Connected, |w: &mut World| { w.session.state = SessionState::Disconnected; w.session.shares_number = true }, waits(WaitReason::SessionAway, Ends::Event(AwaitedEvent::SessionConnects)))]
#[case(Rule::Paused, |w: &mut World| w.session.paused = true, waits(WaitReason::SessionPaused, Ends::Person(AwaitedPerson::Resume)))]
#[case(Rule::Locked, |w: &mut World| w.session.lock = Some(Lock::Person), waits(WaitReason::SessionLocked, Ends::Person(AwaitedPerson::Unlock)))]
#[case(Rule::Locked, |w: &mut World| w.session.lock = Some(Lock::Until(ago(-30))), waits(WaitReason::SessionLocked, Ends::At(ago(-30))))]
#[case(Rule::CircuitBreaker, |w: &mut World| w.session.outage = Some(stopped(Refusal::Unclear)), waits(WaitReason::SendsRefused, Ends::Person(AwaitedPerson::TryAgain)))]
#[case(Rule::Gap, |w: &mut World| w.session.gaps.automatic_until = Some(ago(-2)), waits(WaitReason::Gap, Ends::At(ago(-2))))]
#[case(Rule::CoolDown, |w: &mut World| w.contact.last_out_at = Some(ago(20)), waits(WaitReason::CoolDown, Ends::At(ago(-40))))]
#[case(Rule::Capped, |w: &mut World| { w.message.lane = Lane::Broadcast; w.session.capping = Some(capping(CappingLevel::Capped)) }, waits(WaitReason::AnnouncementsCapped, Ends::At(ago(-90))))]
#[case(Rule::Refused, |w: &mut World| w.contact.refused = Some(refusal(1)), waits(WaitReason::ContactRefused, Ends::At(ago(60 - 24 * 60))))]
#[case(Rule::Refused, |w: &mut World| w.contact.refused = Some(refusal(2)), waits(WaitReason::ContactRefused, Ends::Person(AwaitedPerson::Review)))]
#[case(Rule::Unanswered, |w: &mut World| w.contact.unanswered = two_unanswered(), waits(WaitReason::UnansweredLimit, Ends::At(ago(60) + UNANSWERED_WITHIN)))]
#[case(Rule::HandTyped, |w: &mut World| w.contact.hand_typed_at = Some(ago(10)), waits(WaitReason::HandTyped, Ends::At(ago(-20))))]
#[case(Rule::Order, |w: &mut World| w.contact.uncertain_since = Some(ago(60)), waits(WaitReason::EarlierUncertain, Ends::At(ago(-60))))]
#[case(Rule::Order, |w: &mut World| w.contact.open = true, waits(WaitReason::EarlierOpen, Ends::Event(AwaitedEvent::EarlierEnds)))]
#[case(Rule::Broadcast, |w: &mut World| w.message.broadcast = Some(BroadcastState::Paused), waits(WaitReason::BroadcastPaused, Ends::Person(AwaitedPerson::ResumeBroadcast)))]
#[case(Rule::Broadcast, |w: &mut World| w.message.broadcast = Some(BroadcastState::Cancelled), Decision::Refuse(RefuseReason::BroadcastCancelled))]
#[case(Rule::NotBefore, |w: &mut World| w.message.not_before = Some(ago(-90)), waits(WaitReason::NotBefore, Ends::At(ago(-90))))]
#[case(Rule::NotAfter, |w: &mut World| w.message.not_after = Some(ago(1)), Decision::Refuse(RefuseReason::Expired))]
#[case(Rule::NotAfter, |w: &mut World| { w.message.not_after = Some(ago(1)); w.clock_may_be_ahead(60, 30) }, waits(WaitReason::ClockUncertain, Ends::At(ago(-30))))]
#[case(Rule::NotAfter, |w: &mut World| { w.message.not_after = Some(ago(61)); w.clock_may_be_ahead(60, 30) }, Decision::Refuse(RefuseReason::Expired))]
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
    let whole_session = match expected {
        Decision::Wait(wait) if wait.reason.is_of_session() => expected,
        _ => Decision::Send,
    };
    let of_session = Rulebook::of_session().decide(&world.facts(), &world.rules, noon());
    assert_eq!(of_session, whole_session, "everybody's wait, or not");
}

/// Send-now lifts what design §6 says it lifts, and nothing else.
#[rstest]
#[case(|w: &mut World| w.session.gaps.automatic_until = Some(ago(-2)), true)]
#[case(|w: &mut World| w.contact.hand_typed_at = Some(ago(10)), true)]
#[case(|w: &mut World| w.message.not_before = Some(ago(-90)), true)]
#[case(|w: &mut World| { w.wrote(1); w.sent(ReleaseLane::Automatic, 10, 40); w.contact.sends.clear(); w.contact.last_out_at = None }, true)]
#[case(|w: &mut World| { w.message.lane = Lane::Broadcast; w.session.capping = Some(capping(CappingLevel::Capped)) }, true)]
#[case(|w: &mut World| w.contact.refused = Some(refusal(2)), true)]
#[case(|w: &mut World| w.contact.evidence = None, false)]
#[case(|w: &mut World| w.contact.opted_out_at = Some(ago(10)), false)]
#[case(|w: &mut World| w.session.state = SessionState::Qr, false)]
#[case(|w: &mut World| w.session.paused = true, false)]
#[case(|w: &mut World| w.session.lock = Some(Lock::Person), false)]
#[case(|w: &mut World| w.contact.last_out_at = Some(ago(20)), false)]
#[case(|w: &mut World| w.contact.unanswered = two_unanswered(), false)]
#[case(|w: &mut World| w.message.broadcast = Some(BroadcastState::Paused), false)]
#[case(|w: &mut World| w.message.broadcast = Some(BroadcastState::Cancelled), false)]
#[case(|w: &mut World| w.message.not_after = Some(ago(1)), false)]
fn send_now_lifts_only_what_it_may(#[case] change: Change, #[case] lifted: bool) {
    let mut world = World::new();
    change(&mut world);
    assert_ne!(world.decide(), Decision::Send, "nothing to lift");
    world.message.send_now = true;
    assert_eq!(world.decide() == Decision::Send, lifted);
}

fn capping(level: CappingLevel) -> Capping {
    let until = ago(-90);
    Capping { level, until }
}

fn refusal(times: u32) -> ContactRefusal {
    let at = ago(60);
    ContactRefusal { at, times }
}

/// A time-lock blocks new chats only: replies go on until one of them is refused, and what is written by hand now waits alone.
#[test]
fn a_time_lock_lets_replies_go() {
    for lock in [Lock::Person, Lock::Until(ago(-30))] {
        for (mut world, goes) in [(World::reply(), true), (World::new(), false)] {
            world.session.lock = Some(lock);
            world.session.replies_locked = false;
            assert_eq!(world.decide() == Decision::Send, goes);
            world.message.send_now = true;
            assert_eq!(world.decide() == Decision::Send, goes);
            let alone =
                |world: &World| world.facts().waits_alone(WaitReason::SessionLocked, noon());
            assert_eq!(alone(&world), !goes);
            world.session.replies_locked = true;
            assert_ne!(world.decide(), Decision::Send);
            assert!(!alone(&world), "nothing else of its rank may go");
        }
    }
}

/// Only announcements wait for the end of the cap; a warning holds none of them.
#[test]
fn a_cap_holds_announcements_only() {
    for level in CappingLevel::ALL.iter().copied() {
        for lane in Lane::ALL.iter().copied() {
            let mut world = World::new();
            world.message.lane = lane;
            world.session.capping = Some(capping(level));
            let held = level == CappingLevel::Capped && lane == Lane::Broadcast;
            assert_eq!(world.decide() != Decision::Send, held, "{level} {lane}");
        }
    }
}

fn two_unanswered() -> Vec<Timestamp> {
    vec![ago(30), ago(60)]
}

#[test]
fn what_was_sent_two_weeks_ago_is_unanswered_no_more() {
    let mut world = World::new();
    let two_weeks = noon() - UNANSWERED_WITHIN;
    world.contact.unanswered = vec![two_weeks, ago(30)];
    assert_eq!(world.decide(), Decision::Send);
    world.contact.unanswered = vec![two_weeks + TimeDelta::seconds(1), ago(30)];
    let then = noon() + TimeDelta::seconds(1);
    assert_eq!(
        world.decide(),
        waits(WaitReason::UnansweredLimit, Ends::At(then))
    );
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
fn a_broadcast_holds_its_copies_only_while_it_is_paused() {
    let mut world = World::new();
    for state in [BroadcastState::Draft, BroadcastState::Started] {
        world.message.broadcast = Some(state);
        assert_eq!(world.decide(), Decision::Send, "{state}");
    }
}

/// Whoever has not written is told so first, also while the broadcast is paused.
#[test]
fn consent_is_named_before_a_paused_broadcast() {
    let mut world = World::new();
    world.message.broadcast = Some(BroadcastState::Paused);
    world.contact.evidence = None;
    assert!(matches!(
        world.decide(),
        Decision::Wait(Wait {
            reason: WaitReason::GuestHasNotWritten,
            ..
        })
    ));
}
