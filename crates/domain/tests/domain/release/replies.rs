//! What is different when the guest has just written.

use chrono::TimeDelta;
use domain::{
    Timestamp,
    release::{Decision, RefuseReason},
    wait::{Ends, Wait, WaitReason},
};

use super::world::{World, ago, waits};

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
