//! What holds a whole session back, whoever a message goes to.

use chrono::TimeDelta;
use domain::{
    lane::ReleaseLane,
    release::{Decision, Rulebook},
    wait::{AwaitedEvent, AwaitedPerson, Wait, WaitReason},
};

use super::world::{World, ago, noon};

#[test]
fn the_budgets_and_the_night_are_everybodys() {
    let said =
        |world: &World, at| match Rulebook::of_session().decide(&world.facts(), &world.rules, at) {
            Decision::Wait(wait) => Some(wait.reason),
            Decision::Send | Decision::Refuse(_) => None,
        };
    let mut world = World::new();
    assert_eq!(said(&world, noon()), None);
    world.sent(ReleaseLane::Automatic, 10, 30);
    assert_eq!(said(&world, noon()), Some(WaitReason::HourLimit));
    world.rules.per_day = 4;
    assert_eq!(said(&world, noon()), Some(WaitReason::DayLimit));
    let night = noon() + TimeDelta::hours(12);
    assert_eq!(said(&World::new(), night), Some(WaitReason::QuietHours));
}

#[test]
fn of_two_waits_the_one_that_weighs_more_is_told() {
    let consent = Wait::event(WaitReason::GuestHasNotWritten, AwaitedEvent::ContactWrites);
    let paused = Wait::person(WaitReason::SessionPaused, AwaitedPerson::Resume);
    let away = Wait::event(WaitReason::SessionAway, AwaitedEvent::SessionConnects);
    let night = Wait::at(WaitReason::QuietHours, ago(-600));
    let gap = Wait::at(WaitReason::Gap, ago(-2));
    let order = [consent, paused, away, night, gap].map(Decision::Wait);
    for (more, less) in order.iter().zip(&order[1..]) {
        assert_eq!(more.and(*less), *more);
        assert_eq!(less.and(*more), *more);
        assert_eq!(Decision::Send.and(*less), *less);
    }
}

#[test]
fn of_two_waits_that_weigh_the_same_the_first_is_told() {
    let paused = Decision::Wait(Wait::person(
        WaitReason::SessionPaused,
        AwaitedPerson::Resume,
    ));
    let scan = Decision::Wait(Wait::person(
        WaitReason::SessionNeedsScan,
        AwaitedPerson::Scan,
    ));
    assert_eq!(paused.and(scan), paused);
    assert_eq!(scan.and(paused), scan);
}

#[test]
fn a_book_in_two_has_the_session_s_rules_in_one_and_the_others_in_the_other() {
    let (of_session, own) = Rulebook::default().in_two();
    let mut world = World::new();
    let say = |book: &Rulebook, world: &World| book.decide(&world.facts(), &world.rules, noon());
    world.session.paused = true;
    assert_ne!(say(&of_session, &world), Decision::Send);
    assert_eq!(say(&own, &world), Decision::Send);
    world.session.paused = false;
    world.contact.unanswered = vec![noon(); 2];
    assert_eq!(say(&of_session, &world), Decision::Send);
    assert_ne!(say(&own, &world), Decision::Send);
}
