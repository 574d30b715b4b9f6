//! What a rehearsal says of a queue: the claim's order, the rules' times, and why something does not leave.

use std::collections::HashMap;

use chrono::{TimeDelta, Timelike};
use domain::{
    Timestamp,
    ids::{ContactId, MessageId},
    lane::{Lane, ReleaseLane},
    release::{DayUse, RefuseReason, Rehearsal, Stay, UnderWay, days, far_behind},
    session::SessionState,
    wait::{AwaitedEvent, AwaitedPerson, Ends, Wait, WaitReason},
};
use proptest::prelude::*;

use super::{
    waiting_queue::Queue,
    world::{World, noon, some_contact},
};

fn order(rehearsal: &Rehearsal) -> Vec<MessageId> {
    let leaves = rehearsal.leaves.iter();
    leaves.map(|departure| departure.message).collect()
}

fn stay(rehearsal: &Rehearsal, message: MessageId) -> Option<Stay> {
    let found = rehearsal.stays.iter().find(|(id, ..)| *id == message);
    found.map(|(.., stay)| *stay)
}

#[test]
fn the_order_is_the_claim_s() {
    let mut queue = Queue::at(noon());
    let old = queue.message(1);
    let low = queue.message_with(2, |m| m.priority = -1);
    let urgent = queue.message_with(3, |m| m.priority = 5);
    let wrote = queue.now - TimeDelta::minutes(5);
    let reply = queue.message_with(4, |m| m.facts.lane = Lane::Reply);
    queue.contact(4).evidence.as_mut().expect("wrote").at = wrote;
    let late_reply = queue.message_with(5, |m| m.facts.lane = Lane::Reply);
    let hurried = queue.message_with(6, |m| m.facts.send_now = true);
    let rehearsal = queue.rehearse();
    assert_eq!(
        order(&rehearsal),
        [hurried, reply, urgent, old, late_reply, low]
    );
    assert!(rehearsal.stays.is_empty());
}

#[test]
fn the_second_to_a_contact_waits_for_the_cool_down_and_the_third_for_an_answer() {
    let mut queue = Queue::at(noon());
    let [first, second, third] = std::array::from_fn(|_| queue.message(1));
    let other = queue.message(2);
    let rehearsal = queue.rehearse();
    assert_eq!(order(&rehearsal), [first, other, second]);
    let [one, _, two] = rehearsal.leaves[..] else {
        panic!("{rehearsal:?}");
    };
    assert!(two.at - one.at >= TimeDelta::hours(1), "{rehearsal:?}");
    let Some(Stay::Waits(Wait {
        reason: WaitReason::UnansweredLimit,
        ends: Ends::At(until),
    })) = stay(&rehearsal, third)
    else {
        panic!("{rehearsal:?}");
    };
    assert!(until > one.at + TimeDelta::days(13), "{until}");
}

#[test]
fn who_must_not_get_it_stays_with_the_reason() {
    let mut queue = Queue::at(noon());
    let silent = queue.message(1);
    queue.contact(1).evidence = None;
    let opted_out = queue.message(2);
    queue.contact(2).opted_out_at = Some(noon());
    let soon = noon() + TimeDelta::minutes(30);
    let late = queue.message_with(3, |m| m.facts.not_after = Some(soon));
    queue.contact(3).last_out_at = Some(noon());
    let review = Wait::person(WaitReason::PutAside, AwaitedPerson::Review);
    let aside = queue.message_with(4, |m| m.wait = Some(review));
    let goes = queue.message(5);
    let rehearsal = queue.rehearse();
    assert_eq!(order(&rehearsal), [goes]);
    let consent = Wait::event(WaitReason::GuestHasNotWritten, AwaitedEvent::ContactWrites);
    assert_eq!(stay(&rehearsal, silent), Some(Stay::Waits(consent)));
    let never = |reason| Some(Stay::Never(reason));
    assert_eq!(stay(&rehearsal, opted_out), never(RefuseReason::OptedOut));
    assert_eq!(stay(&rehearsal, late), never(RefuseReason::Expired));
    assert_eq!(stay(&rehearsal, aside), Some(Stay::Waits(review)));
}

#[test]
fn a_session_that_is_held_sends_nothing_and_says_why() {
    let mut queue = Queue::at(noon());
    let message = queue.message(1);
    queue.scene.session.paused = true;
    let rehearsal = queue.rehearse();
    let resume = Wait::person(WaitReason::SessionPaused, AwaitedPerson::Resume);
    assert_eq!(rehearsal.held, Some(resume));
    assert_eq!(stay(&rehearsal, message), Some(Stay::Waits(resume)));
    assert_eq!(queue.departure(message), None);
    queue.scene.session.paused = false;
    queue.scene.session.state = SessionState::Disconnected;
    assert!(queue.rehearse().leaves.is_empty());
}

/// In the evening of the last day of summer time: what does not go today goes from nine in the morning on, winter time.
#[test]
fn the_night_and_the_change_of_the_clock_are_kept() {
    let mut queue = Queue::at(
        "2026-10-24T18:20:00Z"
            .parse()
            .expect("twenty past eight in Rome"),
    );
    for contact in 0..30 {
        queue.message(contact);
    }
    let rehearsal = queue.rehearse();
    let rome = |at: Timestamp| at.with_timezone(&chrono_tz::Europe::Rome);
    let (evening, morning): (Vec<_>, Vec<_>) = rehearsal
        .leaves
        .iter()
        .map(|departure| rome(departure.at))
        .partition(|at| at.date_naive() == rome(queue.now).date_naive());
    assert!((4..=10).contains(&evening.len()), "{evening:?}");
    assert!(evening.iter().all(|at| at.hour() < 21), "{evening:?}");
    assert!(morning.iter().all(|at| at.hour() >= 9), "{morning:?}");
    let nine: Timestamp = "2026-10-25T08:00:00Z".parse().expect("a time");
    assert!(
        morning[0] - rome(nine) < TimeDelta::minutes(2),
        "{morning:?}"
    );
}

#[test]
fn no_hour_and_no_day_has_more_than_its_budget() {
    let mut queue = Queue::at(noon());
    for contact in 0..200 {
        queue.message(contact);
    }
    let rehearsal = queue.rehearse();
    let times: Vec<_> = rehearsal.leaves.iter().map(|one| one.at).collect();
    assert_eq!(times.len(), 200);
    for (limit, window) in [(10, TimeDelta::hours(1)), (60, TimeDelta::days(1))] {
        let full = times.iter().zip(&times[limit..]);
        let breach = full.clone().find(|(from, to)| **to - **from < window);
        assert_eq!(breach, None, "more than {limit}");
    }
    let days = days(
        &queue.scene.session,
        &rehearsal.leaves,
        noon(),
        chrono_tz::Europe::Rome,
    );
    let leaving: Vec<_> = days.iter().map(|day| day.leaving).collect();
    assert_eq!(leaving.iter().sum::<u32>(), 200);
    assert!(leaving.iter().all(|leaving| *leaving <= 60), "{days:?}");
}

#[test]
fn days_count_what_was_sent_already() {
    let mut world = World::new();
    world.sent(ReleaseLane::Automatic, 3, 10);
    world.sent(ReleaseLane::Reply, 2, 10);
    let days = days(&world.session, &[], noon(), chrono_tz::Europe::Rome);
    let date = noon().date_naive();
    assert_eq!(
        days,
        [DayUse {
            date,
            sent: 3,
            leaving: 0
        }]
    );
}

#[test]
fn what_is_under_way_takes_its_slot_and_its_pause() {
    let mut queue = Queue::at(noon());
    let next = queue.message(1);
    let alone = queue.departure(next).expect("it leaves");
    assert!(alone.band.from - noon() < TimeDelta::minutes(1));
    let under_way = UnderWay {
        contact: some_contact(77),
        chars: 60,
        lane: ReleaseLane::Automatic,
        cold: false,
        since: noon() - TimeDelta::seconds(10),
        committed: false,
    };
    queue.scene.under_way = Some(under_way);
    let behind = queue.departure(next).expect("it leaves");
    assert!(
        behind.band.from - noon() > TimeDelta::minutes(2),
        "{behind:?}"
    );
    // the same contact: the cool-down counts from its end
    queue.scene.under_way = Some(UnderWay {
        contact: queue.contact(1).contact,
        ..under_way
    });
    queue.contact(1).open = true;
    let after = queue.departure(next).expect("it leaves");
    assert!(after.at - noon() >= TimeDelta::hours(1), "{after:?}");
}

#[test]
fn what_another_session_sends_to_the_same_contact_counts() {
    let mut queue = Queue::at(noon());
    let (shared, other) = (queue.message(1), queue.message(2));
    queue.contact(1).open = true;
    let rehearsal = queue.rehearse();
    assert_eq!(order(&rehearsal), [other, shared]);
    assert!(rehearsal.leaves[1].at - noon() >= TimeDelta::hours(1));
}

#[test]
fn a_scheduled_message_leaves_after_its_time_and_holds_nobody() {
    let mut queue = Queue::at(noon());
    let at = noon() + TimeDelta::hours(2);
    let scheduled = queue.message_with(1, |m| {
        m.facts.not_before = Some(at);
        m.wait = Some(Wait::at(WaitReason::NotBefore, at));
    });
    let others: Vec<_> = (2..8).map(|contact| queue.message(contact)).collect();
    let rehearsal = queue.rehearse();
    assert_eq!(order(&rehearsal), [&others[..], &[scheduled]].concat());
    let last = rehearsal.leaves[6];
    assert!(
        last.band.from >= at - TimeDelta::minutes(7) && last.at > at,
        "{last:?}"
    );
    assert!(last.at < at + TimeDelta::minutes(10), "{last:?}");
}

/// Bands are no use when they are as long as the wait.
#[test]
fn the_band_is_a_part_of_the_wait() {
    let mut queue = Queue::at(noon());
    let messages: Vec<_> = (0..40).map(|contact| queue.message(contact)).collect();
    for ahead in [10, 20, 39] {
        let departure = queue.departure(messages[ahead]).expect("it leaves");
        let (width, wait) = (
            departure.band.to - departure.band.from,
            departure.at - noon(),
        );
        assert!(width * 10 < wait * 6, "{ahead} ahead: {width} of {wait}");
        assert!(departure.band.from < departure.at && departure.at < departure.band.to);
    }
}

#[test]
fn the_same_dice_give_the_same_rehearsal() {
    let mut queue = Queue::at(noon());
    for contact in 0..20 {
        queue.message(contact);
    }
    assert_eq!(queue.rehearse(), queue.rehearse());
}

#[test]
fn far_behind_goes_on_at_the_same_pace() {
    let at = noon() + TimeDelta::hours(1);
    assert_eq!(far_behind(at, 10, 10, noon()), at);
    assert_eq!(
        far_behind(at, 10, 25, noon()),
        noon() + TimeDelta::minutes(150)
    );
    assert_eq!(far_behind(noon(), 0, 25, noon()), noon());
    let ten_years = noon() + TimeDelta::days(3_650);
    assert_eq!(
        far_behind(at + TimeDelta::days(600), 1, 18_000, noon()),
        ten_years
    );
    let later = noon() + TimeDelta::days(20_000);
    assert_eq!(far_behind(later, 1, u32::MAX, noon()), later);
}

/// 2,000 messages to 300 contacts: in a release build within a second, here within the same for a hundred times less speed.
#[test]
fn thousands_of_messages_are_played_quickly() {
    let mut queue = Queue::at(noon());
    for n in 0..2_000 {
        queue.message(n % 300);
    }
    let began = std::time::Instant::now();
    let rehearsal = queue.rehearse();
    let took = began.elapsed();
    println!("2,000 messages to 300 contacts took {took:?}");
    // two to each, then they wait for an answer
    assert_eq!(rehearsal.leaves.len(), 600);
    assert_eq!(rehearsal.stays.len(), 1_400);
    let most = if cfg!(debug_assertions) { 60 } else { 1 };
    assert!(took.as_secs() < most, "{took:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever waits: everything has one fate, the performance ends, and messages of one contact keep their order.
    #[test]
    fn every_message_has_one_fate(
        begins in 0_i64..48,
        messages in prop::collection::vec((0_u64..6, -1_i32..2, 0_u8..6, 0_usize..400), 1..30),
        last_out in 0_i64..180,
    ) {
        let mut queue = Queue::at(noon() + TimeDelta::hours(begins));
        let now = queue.now;
        for (to, priority, kind, chars) in messages {
            queue.message_with(to, |message| {
                message.priority = priority;
                message.chars = chars;
                match kind {
                    0 => message.facts.lane = Lane::Reply,
                    1 => message.facts.send_now = true,
                    2 => message.facts.not_after = Some(now + TimeDelta::hours(5)),
                    3 => {
                        let later = now + TimeDelta::hours(3);
                        message.facts.not_before = Some(later);
                        message.wait = Some(Wait::at(WaitReason::NotBefore, later));
                    }
                    _ => {}
                }
            });
        }
        queue.contact(0).last_out_at = Some(now - TimeDelta::minutes(last_out));
        queue.contact(1).evidence.as_mut().expect("wrote").at = now - TimeDelta::minutes(last_out);
        let rehearsal = queue.rehearse();
        let mut fates = order(&rehearsal);
        fates.extend(rehearsal.stays.iter().map(|(id, ..)| *id));
        fates.sort_unstable();
        let mut all: Vec<_> = queue.scene.waiting.iter().map(|one| one.message).collect();
        all.sort_unstable();
        prop_assert_eq!(fates, all);
        let plain = |id: &MessageId| {
            let found = queue.scene.waiting.iter().find(|one| one.message == *id);
            found.filter(|one| one.facts.lane == Lane::Manual && !one.facts.send_now && one.wait.is_none() && one.priority == 0)
        };
        let mut seen: HashMap<ContactId, MessageId> = HashMap::new();
        for id in order(&rehearsal) {
            let Some(one) = plain(&id) else { continue };
            if let Some(earlier) = seen.insert(one.contact, id) {
                prop_assert!(earlier < id, "one contact's messages keep their order");
            }
        }
        // but for what an answer may end earlier
        let by_time = |stay: &Stay| match stay {
            Stay::Waits(wait) => matches!(wait.ends, Ends::At(_)) && wait.reason != WaitReason::UnansweredLimit,
            Stay::TooFar => true,
            Stay::Never(_) => false,
        };
        prop_assert!(!rehearsal.stays.iter().any(|(.., stay)| by_time(stay)));
    }
}
