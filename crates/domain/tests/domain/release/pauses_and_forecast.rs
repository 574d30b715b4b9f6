//! The pause after a send, and when a message will probably leave.

use chrono::TimeDelta;
use domain::{
    lane::ReleaseLane,
    release::{Gaps, Rulebook, forecast, gaps_after},
};
use rand::{SeedableRng, rngs::StdRng};

use super::world::{World, noon};

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
