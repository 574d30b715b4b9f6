//! What a rehearsal expects people to write, and what that changes for the messages that wait.

use chrono::TimeDelta;
use domain::{
    lane::{Lane, ReleaseLane},
    release::{Guests, PastSend, Stay, UNANSWERED_WITHIN},
    wait::{Wait, WaitReason},
};

use super::{
    waiting_queue::Queue,
    world::{noon, some_contact},
};

/// Yesterday's replies tell how many to expect: they take from the budget, so the promise is later and wider.
#[test]
fn replies_are_reckoned_with() {
    let mut queue = Queue::at(noon());
    let messages: Vec<_> = (0..25).map(|contact| queue.message(contact)).collect();
    let calm = queue.departure(messages[24]).expect("it leaves").band;
    let yesterday = (0..30).map(|n| noon() - TimeDelta::hours(20) + TimeDelta::minutes(n * 3));
    queue.scene.session.hand_typed.extend(yesterday);
    let lively = queue.departure(messages[24]).expect("it leaves").band;
    assert!(
        lively.to > calm.to + TimeDelta::minutes(10),
        "{calm:?} {lively:?}"
    );
    assert!(lively.to - lively.from > calm.to - calm.from);
}

/// News behind an older message that is tried again later is promised for after that.
#[test]
fn a_retry_is_not_overtaken() {
    let mut queue = Queue::at(noon());
    let again = noon() + TimeDelta::minutes(10);
    let wait = Wait::at(WaitReason::BackOff, again);
    queue.message_with(1, |message| message.wait = Some(wait));
    let later = queue.message(1);
    let other = queue.message(2);
    let band = queue.departure(later).expect("it leaves").band;
    assert!(band.from > again, "{band:?}");
    let band = queue.departure(other).expect("it leaves").band;
    assert!(band.to < again, "{band:?}");
}

/// A guest who writes lets go what waited for that, and it is older than what was queued since.
#[test]
fn guests_who_may_write_are_reckoned_with() {
    let mut queue = Queue::at(noon());
    let sent = noon() - TimeDelta::days(1);
    let wait = Wait::at(WaitReason::UnansweredLimit, sent + UNANSWERED_WITHIN);
    for contact in 0..40 {
        queue.message_with(contact, |m| m.wait = Some(wait));
        queue.contact(contact).unanswered = vec![sent; 2];
    }
    let last = (40..70).map(|contact| queue.message(contact)).last();
    let last = last.expect("queued");
    let calm = queue.departure(last).expect("it leaves").band;
    queue.scene.guests = Guests {
        known: 80,
        wrote: 60,
    };
    let lively = queue.departure(last).expect("it leaves").band;
    assert!(
        lively.to > calm.to + TimeDelta::minutes(20),
        "{calm:?} {lively:?}"
    );
    let rehearsal = queue.rehearse();
    assert_eq!(rehearsal.leaves.len(), 30, "nobody can count on an answer");
    assert!(
        rehearsal
            .stays
            .iter()
            .all(|(.., stay)| *stay == Stay::Waits(wait))
    );
}

/// At the end of the wait for an answer every other rule holds: of guests silent for long, ten get it a day.
#[test]
fn a_wait_for_an_answer_is_played_to_its_end_where_that_is_asked_for() {
    let mut queue = Queue::at(noon());
    let sent = noon() - TimeDelta::days(3);
    let messages: Vec<_> = (0..30)
        .map(|contact| {
            queue.contact(contact).evidence.as_mut().expect("wrote").at =
                noon() - TimeDelta::days(70);
            queue.contact(contact).unanswered = vec![sent; 2];
            queue.message_with(contact, |message| message.waits_out_unanswered = true)
        })
        .collect();
    let rehearsal = queue.rehearse();
    assert_eq!(rehearsal.unanswered, messages.iter().copied().collect());
    let free = sent + UNANSWERED_WITHIN;
    let leaves = rehearsal.leaves.iter();
    let days: Vec<_> = leaves.map(|leaves| (leaves.at - free).num_days()).collect();
    assert_eq!(rehearsal.stays, []);
    assert_eq!((days[0], days[29]), (0, 2), "{days:?}");
}

/// In two hours 60 replies left, and 20 wait: more than the hour's budget is expected to be written, behind those that wait.
#[test]
fn expected_replies_do_not_overtake_waiting_ones() {
    let mut queue = Queue::at(noon());
    let sent = (0..60).map(|n| PastSend {
        contact: some_contact(77),
        lane: ReleaseLane::Reply,
        at: Some(noon() - TimeDelta::minutes(2 * n)),
        cold: false,
    });
    queue.scene.session.sends.extend(sent);
    queue.scene.session.first_connected_at = Some(noon() - TimeDelta::hours(3));
    let replies: Vec<_> = (0..20)
        .map(|to| {
            queue.contact(to).evidence.as_mut().expect("wrote").at = noon();
            queue.message_with(to, |message| message.facts.lane = Lane::Reply)
        })
        .collect();
    let last = queue.departure(replies[19]).expect("it leaves").band;
    assert!(last.from > noon() + TimeDelta::minutes(30), "{last:?}");
    assert!(last.to < noon() + TimeDelta::hours(1), "{last:?}");
}
