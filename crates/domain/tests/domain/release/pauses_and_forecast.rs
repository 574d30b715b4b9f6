//! The pause after a send, and when a message will probably leave.

use chrono::TimeDelta;
use domain::{
    Timestamp,
    lane::ReleaseLane,
    release::{Band, Gaps, forecast, gaps_after},
};
use rand::{SeedableRng, rngs::StdRng};

use super::{
    waiting_queue::Queue,
    world::{World, noon},
};

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

/// The message behind `ahead` others, of which so many are played.
fn forecast_behind(ahead: u32, played: u64) -> Option<Band> {
    let mut queue = Queue::at(noon());
    for contact in 0..played {
        queue.message(contact);
    }
    let last = queue.message(played);
    let message = queue.scene.waiting.last().cloned().expect("queued");
    if u64::from(ahead) > played {
        queue.scene.waiting.retain(|one| one.message != last);
    }
    queue.played_by(|pace, dice| forecast(&queue.scene, &message, ahead, pace, noon(), dice))
}

#[test]
fn the_forecast_keeps_to_the_hour_and_to_the_day() {
    let first = forecast_behind(0, 0).expect("a time");
    assert!(
        first.from < noon() + TimeDelta::seconds(20) && first.to < noon() + TimeDelta::minutes(3),
        "{first:?}"
    );
    let thirtieth = forecast_behind(30, 30).expect("a time");
    assert!(
        thirtieth.from > noon() + TimeDelta::hours(2)
            && thirtieth.to < noon() + TimeDelta::hours(5),
        "{thirtieth:?}"
    );
    let far = forecast_behind(150, 150).expect("a time");
    assert!(
        far.to > noon() + TimeDelta::hours(40),
        "150 messages do not fit into two days of 60: {far:?}"
    );
}

#[test]
fn behind_what_is_played_the_forecast_goes_on_at_the_same_pace() {
    let played = forecast_behind(120, 120).expect("a time");
    let twice = forecast_behind(240, 120).expect("a time");
    let days = |at: Timestamp| (at - noon()).num_hours() / 24;
    assert!((1..=3).contains(&days(played.to)), "{played:?}");
    assert!((3..=6).contains(&days(twice.to)), "{twice:?}");
    assert!(twice.from > played.to, "{twice:?}");
}

#[test]
fn what_waits_for_an_event_has_no_forecast() {
    for ahead in [0, 5] {
        let mut queue = Queue::at(noon());
        queue.message(1);
        queue.contact(1).evidence = None;
        let message = queue.scene.waiting[0].clone();
        if ahead > 0 {
            queue.scene.waiting.clear();
        }
        let band = queue
            .played_by(|pace, dice| forecast(&queue.scene, &message, ahead, pace, noon(), dice));
        assert_eq!(band, None);
    }
}
