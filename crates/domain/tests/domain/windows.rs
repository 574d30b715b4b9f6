//! The rolling windows against a slow and obvious count.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    Timestamp,
    lane::ReleaseLane,
    release::{Decision, PastSend, Rule, Rulebook},
    wait::{Ends, Wait, WaitReason},
};
use proptest::prelude::*;

use crate::release::{World, noon, some_contact};

/// Only the two windows: what they say alone.
fn decide(world: &World, at: Timestamp) -> Decision {
    let only_windows = Rule::ALL
        .iter()
        .filter(|rule| !matches!(rule, Rule::HourLimit | Rule::DayLimit))
        .fold(Rulebook::default(), |book, rule| book.and_without(*rule));
    only_windows.decide(&world.facts(), &world.rules, at)
}

/// How many automatic sends and how many personal ones lie in the window that ends at `at`.
fn count(world: &World, window: Duration, at: Timestamp) -> (usize, usize) {
    let inside = |sent: Timestamp| sent + window > at && sent <= at;
    let automatic = world
        .session
        .sends
        .iter()
        .filter(|s| s.lane == ReleaseLane::Automatic && inside(s.at.expect("it has ended")));
    let replies = world
        .session
        .sends
        .iter()
        .filter(|s| s.lane == ReleaseLane::Reply && inside(s.at.expect("it has ended")));
    let by_hand = world.session.hand_typed.iter().filter(|at| inside(**at));
    (automatic.count(), replies.count() + by_hand.count())
}

fn fits(world: &World, at: Timestamp) -> bool {
    let one = |window, limit: usize| {
        let (automatic, personal) = count(world, window, at);
        automatic < limit - personal.min(limit / 2)
    };
    one(Duration::from_hours(1), 10) && one(Duration::from_hours(24), 60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn the_wait_ends_exactly_when_a_slot_frees(
        automatic in prop::collection::vec(0_i64..86_400, 0..70),
        replies in prop::collection::vec(0_i64..86_400, 0..40),
        by_hand in prop::collection::vec(0_i64..86_400, 0..20),
    ) {
        let now = noon();
        let send = |lane| move |ago: i64| PastSend { contact: some_contact(9), lane, at: Some(now - TimeDelta::seconds(ago)), cold: false };
        let mut world = World::new();
        world.session.sends = automatic.into_iter().map(send(ReleaseLane::Automatic)).collect();
        world.session.sends.extend(replies.into_iter().map(send(ReleaseLane::Reply)));
        world.session.hand_typed = by_hand.into_iter().map(|ago| now - TimeDelta::seconds(ago)).collect();
        match decide(&world, now) {
            Decision::Send => prop_assert!(fits(&world, now)),
            Decision::Wait(Wait { reason: WaitReason::HourLimit | WaitReason::DayLimit, ends: Ends::At(at) }) => {
                prop_assert!(!fits(&world, now));
                prop_assert!(fits(&world, at), "no slot at the promised time");
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }
}
