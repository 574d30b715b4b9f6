//! The moments at which rules begin and end to hold, to the millisecond.

use chrono::TimeDelta;
use domain::{
    lane::ReleaseLane,
    release::{Decision, Lock, PastSend, RefuseReason, hourly_limit},
    wait::{Ends, WaitReason},
};
use rstest::rstest;

use super::world::{World, ago, noon, some_contact, waits};

const DAY: i64 = 24 * 60;

/// A cold contact's message, whose day has one share, used by another contact so many minutes ago.
fn cold(minutes_ago: i64) -> World {
    let mut world = World::new();
    world.wrote(70 * DAY);
    world.rules.cold_per_day = 1;
    world.session.sends = vec![PastSend {
        contact: some_contact(10),
        lane: ReleaseLane::Automatic,
        at: Some(ago(minutes_ago)),
        cold: true,
    }];
    world
}

/// So many sends to other contacts, the newest so long ago, one a minute before.
fn sent_to_others(world: &mut World, lane: ReleaseLane, count: i64, newest_minutes_ago: i64) {
    world.sent(lane, count, newest_minutes_ago);
    world.contact.sends.clear();
    world.contact.last_out_at = None;
}

type Change = fn(&mut World);

#[rstest]
#[case::cool_down(WaitReason::CoolDown, |w: &mut World| w.contact.last_out_at = Some(ago(60)))]
#[case::hand_typed(WaitReason::HandTyped, |w: &mut World| w.contact.hand_typed_at = Some(ago(30)))]
#[case::uncertain(WaitReason::EarlierUncertain, |w: &mut World| w.contact.uncertain_since = Some(ago(120)))]
#[case::gap(WaitReason::Gap, |w: &mut World| w.session.gaps.automatic_until = Some(noon()))]
#[case::gap_of_send_now(WaitReason::Gap, |w: &mut World| { w.message.send_now = true; w.session.gaps.reply_until = Some(noon()) })]
#[case::gap_of_a_reply(WaitReason::Gap, |w: &mut World| { *w = World::reply(); w.session.gaps.reply_until = Some(noon()) })]
#[case::lock(WaitReason::SessionLocked, |w: &mut World| w.session.lock = Some(Lock::Until(noon())))]
#[case::not_before(WaitReason::NotBefore, |w: &mut World| w.message.not_before = Some(noon()))]
#[case::hour(WaitReason::HourLimit, |w: &mut World| sent_to_others(w, ReleaseLane::Automatic, 10, 51))]
#[case::hour_with_a_reply(WaitReason::HourLimit, |w: &mut World| { sent_to_others(w, ReleaseLane::Automatic, 9, 10); sent_to_others(w, ReleaseLane::Reply, 1, 60) })]
#[case::hour_with_a_word_by_hand(WaitReason::HourLimit, |w: &mut World| { sent_to_others(w, ReleaseLane::Automatic, 9, 10); w.session.hand_typed.push(ago(60)) })]
#[case::hour_of_replies(WaitReason::HourLimit, |w: &mut World| { *w = World::reply(); sent_to_others(w, ReleaseLane::Reply, 30, 31) })]
#[case::day(WaitReason::DayLimit, |w: &mut World| { w.rules.per_day = 2; sent_to_others(w, ReleaseLane::Automatic, 2, DAY - 1) })]
#[case::contact_hour(WaitReason::ContactHourLimit, |w: &mut World| { w.wrote(1); w.sent(ReleaseLane::Automatic, 4, 57) })]
#[case::cold(WaitReason::ContactCold, |w: &mut World| *w = cold(DAY))]
fn a_message_goes_at_the_moment_at_which_its_wait_ends(
    #[case] reason: WaitReason,
    #[case] change: Change,
) {
    let mut world = World::new();
    change(&mut world);
    let just_before = noon() - TimeDelta::milliseconds(1);
    let until_noon = waits(reason, Ends::At(noon()));
    assert_eq!(world.decide_at(just_before), until_noon);
    assert_eq!(world.decide(), Decision::Send);
}

/// A limit that was lowered: more were sent than it allows.
#[test]
fn a_slot_frees_when_fewer_than_the_limit_are_left_in_the_window() {
    let mut world = World::reply();
    world.rules.replies_per_hour = 2;
    sent_to_others(&mut world, ReleaseLane::Reply, 5, 50);
    let second_newest_leaves = Ends::At(ago(51 - 60));
    assert_eq!(
        world.decide(),
        waits(WaitReason::HourLimit, second_newest_leaves)
    );
}

#[test]
fn a_last_moment_is_in_time() {
    let mut world = World::new();
    world.message.not_after = Some(noon());
    assert_eq!(world.decide(), Decision::Send);
    let later = noon() + TimeDelta::milliseconds(1);
    assert_eq!(
        world.decide_at(later),
        Decision::Refuse(RefuseReason::Expired)
    );
}

/// The clock may be an hour ahead: then its last moment is over an hour later.
#[test]
fn a_last_moment_is_over_when_no_clock_that_may_be_right_has_it_before_it() {
    let mut world = World::new();
    world.clock_may_be_ahead(60, 120);
    world.message.not_after = Some(ago(60));
    let later = noon() + TimeDelta::milliseconds(1);
    let doubted = waits(WaitReason::ClockUncertain, Ends::At(later));
    assert_eq!(world.decide(), doubted);
    let expired = Decision::Refuse(RefuseReason::Expired);
    assert_eq!(world.decide_at(later), expired);
}

#[test]
fn a_word_of_the_moment_of_queueing_is_no_answer() {
    let mut world = World::new();
    world.message.drop_if_answered = true;
    world.wrote(120);
    assert_eq!(world.decide(), Decision::Send);
    world.wrote(119);
    assert_eq!(world.decide(), Decision::Refuse(RefuseReason::Answered));
}

#[test]
fn a_word_of_the_moment_of_the_last_message_does_not_end_the_cool_down() {
    let mut world = World::new();
    world.contact.last_out_at = Some(ago(20));
    world.wrote(20);
    let until = Ends::At(ago(-40));
    assert_eq!(world.decide(), waits(WaitReason::CoolDown, until));
}

#[test]
fn a_reply_is_one_until_a_day_after_the_guest_s_word() {
    let mut world = World::reply();
    world.contact.last_out_at = Some(ago(20));
    world.wrote(DAY);
    assert_eq!(world.decide(), Decision::Send);
    let later = noon() + TimeDelta::milliseconds(1);
    let until = Ends::At(ago(-40));
    assert_eq!(
        world.decide_at(later),
        waits(WaitReason::CoolDown, until),
        "no reply any more"
    );
}

#[rstest]
#[case::not_a_reply(|w: &mut World| w.message.lane = domain::lane::Lane::Manual)]
#[case::answers_the_opt_out(|w: &mut World| w.message.answers_at = Some(ago(6)))]
#[case::answers_nothing(|w: &mut World| w.message.answers_at = None)]
fn an_opted_out_contact_gets_nothing_but_a_reply_to_a_newer_word(#[case] change: Change) {
    let mut world = World::reply();
    world.contact.opted_out_at = Some(ago(6));
    assert_eq!(world.decide(), Decision::Send);
    change(&mut world);
    assert_eq!(world.decide(), Decision::Refuse(RefuseReason::OptedOut));
}

#[rstest]
#[case::suspended(|w: &mut World| w.contact.suspended_at = Some(ago(10)))]
#[case::hand_typed(|w: &mut World| w.contact.hand_typed_at = Some(ago(10)))]
#[case::uncertain(|w: &mut World| w.contact.uncertain_since = Some(ago(60)))]
fn neither_send_now_nor_a_reply_is_held_by(#[case] change: Change) {
    let mut world = World::new();
    change(&mut world);
    assert_ne!(world.decide(), Decision::Send);
    world.message.send_now = true;
    assert_eq!(world.decide(), Decision::Send);
    let mut reply = World::reply();
    change(&mut reply);
    assert_eq!(reply.decide(), Decision::Send);
}

#[test]
fn only_a_reply_that_was_queued_just_now_goes_at_night_and_send_now_does() {
    let midnight = noon() + TimeDelta::hours(12);
    let mut world = World::new();
    world.message.queued_at = midnight - TimeDelta::minutes(1);
    let morning = Ends::At(noon() + TimeDelta::hours(21));
    assert_eq!(
        world.decide_at(midnight),
        waits(WaitReason::QuietHours, morning)
    );
    world.message.send_now = true;
    assert_eq!(world.decide_at(midnight), Decision::Send);
}

#[test]
fn the_share_of_cold_contacts_holds_neither_warm_ones_nor_send_now() {
    let held = cold(100);
    let until = Ends::At(ago(100 - DAY));
    assert_eq!(held.decide(), waits(WaitReason::ContactCold, until));
    let mut warm = cold(100);
    let silence = warm.rules.cold_after;
    warm.contact.evidence.as_mut().expect("wrote").at = noon() - silence;
    assert_eq!(warm.decide(), Decision::Send);
    let later = noon() + TimeDelta::milliseconds(1);
    assert_eq!(
        warm.decide_at(later),
        waits(WaitReason::ContactCold, until),
        "cold by now"
    );
    let mut now = cold(100);
    now.message.send_now = true;
    assert_eq!(now.decide(), Decision::Send);
    let mut sent_to_warm = cold(100);
    sent_to_warm.session.sends[0].cold = false;
    assert_eq!(sent_to_warm.decide(), Decision::Send);
}

#[test]
fn without_a_share_a_cold_contact_waits_and_is_looked_at_again_later() {
    let mut world = cold(100);
    world.rules.cold_per_day = 0;
    for sends in [world.session.sends.clone(), Vec::new()] {
        world.session.sends = sends;
        let Decision::Wait(wait) = world.decide() else {
            panic!("{:?}", world.decide());
        };
        assert_eq!(wait.reason, WaitReason::ContactCold);
        assert!(matches!(wait.ends, Ends::At(at) if at > noon()), "{wait:?}");
    }
}

#[test]
fn without_a_budget_a_message_waits_and_is_looked_at_again_later() {
    let mut world = World::new();
    world.rules.per_hour = 0;
    world.rules.quiet_hours = None;
    let Decision::Wait(wait) = world.decide() else {
        panic!("{:?}", world.decide());
    };
    assert_eq!(wait.reason, WaitReason::HourLimit);
    assert!(matches!(wait.ends, Ends::At(at) if at > noon()), "{wait:?}");
}

#[test]
fn a_number_is_new_for_seven_days() {
    let mut world = World::new();
    world.session.first_connected_at = Some(ago(7 * DAY));
    sent_to_others(&mut world, ReleaseLane::Automatic, 5, 10);
    assert_eq!(world.decide(), Decision::Send);
    let just_before = noon() - TimeDelta::milliseconds(1);
    assert_ne!(world.decide_at(just_before), Decision::Send);
    world.session.first_connected_at = None;
    assert_ne!(world.decide(), Decision::Send, "it was never connected");
    world.session.sends.pop();
    assert_eq!(world.decide(), Decision::Send);
}

#[rstest]
#[case::quiet(30, 0, 0, 10)]
#[case::after_replies(30, 3, 0, 7)]
#[case::after_words_by_hand(30, 1, 2, 7)]
#[case::at_most_by_half(30, 8, 8, 5)]
#[case::new_number(6, 0, 0, 5)]
#[case::new_number_after_replies(6, 8, 0, 3)]
fn replies_and_words_by_hand_reduce_the_hour(
    #[case] days_connected: i64,
    #[case] replies: i64,
    #[case] by_hand: i64,
    #[case] limit: u32,
) {
    let mut world = World::new();
    world.session.first_connected_at = Some(ago(days_connected * DAY));
    world.sent(ReleaseLane::Reply, replies, 10);
    world.session.hand_typed = (0..by_hand).map(|n| ago(20 + n)).collect();
    assert_eq!(hourly_limit(&world.session, &world.rules, noon()), limit);
}

#[test]
fn a_composition_of_the_other_lane_does_not_count() {
    let mut world = World::new();
    sent_to_others(&mut world, ReleaseLane::Automatic, 9, 10);
    world.session.unsent = vec![PastSend {
        contact: some_contact(10),
        lane: ReleaseLane::Reply,
        at: Some(ago(20)),
        cold: false,
    }];
    assert_eq!(world.decide(), Decision::Send);
    world.session.unsent[0].lane = ReleaseLane::Automatic;
    assert_ne!(world.decide(), Decision::Send);
}
