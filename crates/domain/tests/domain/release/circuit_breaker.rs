//! The circuit breaker: which failures stop a session, and what lets it try again.

use chrono::TimeDelta;
use domain::{
    config::GlobalConfig,
    lane::ReleaseLane,
    release::{Circuit, Decision, Outage, PastSend, Refusal, ReleaseRules, SendFailure},
    wait::{AwaitedPerson, Ends, WaitReason},
};
use proptest::prelude::*;
use rstest::rstest;

use super::world::{World, ago, noon, some_contact, waits};

fn rules() -> ReleaseRules {
    ReleaseRules::from_config(&GlobalConfig::default())
}

/// The outage after a failure for each of these contacts, a minute apart, the last at noon.
fn outage(refusal: Refusal, contacts: &[u64]) -> Outage {
    let minutes = (0..i64::try_from(contacts.len()).expect("a small number")).rev();
    let failed = contacts.iter().zip(minutes);
    let fold = |before, (contact, minutes): (&u64, i64)| {
        Some(Outage::after(
            before,
            &failure(refusal, *contact, minutes),
            &rules(),
        ))
    };
    failed.fold(None, fold).expect("at least one failure")
}

fn failure(refusal: Refusal, contact: u64, minutes_ago: i64) -> SendFailure {
    SendFailure {
        refusal,
        contact: some_contact(contact),
        committed_at: ago(minutes_ago),
        at: ago(minutes_ago),
    }
}

/// An outage that has stopped its session.
pub(super) fn stopped(refusal: Refusal) -> Outage {
    outage(refusal, &[1, 2, 3])
}

#[rstest]
#[case::two_contacts(Refusal::KeyRefused, &[1, 2], None)]
#[case::three_contacts(Refusal::KeyRefused, &[1, 2, 3], Some(30))]
#[case::one_contact_three_times(Refusal::SlowDown, &[1, 1, 1], None)]
#[case::one_contact_four_times(Refusal::SlowDown, &[1, 1, 1, 1], Some(30))]
#[case::first_probe_failed(Refusal::SessionAway, &[1, 2, 3, 4], Some(120))]
#[case::second_probe_failed(Refusal::SessionAway, &[1, 2, 3, 4, 5], Some(600))]
#[case::third_probe_failed(Refusal::SessionAway, &[1, 2, 3, 4, 5, 6], Some(3600))]
#[case::fourth_probe_failed(Refusal::SessionAway, &[1, 2, 3, 4, 5, 6, 7], Some(3600))]
fn a_refusal_that_costs_no_message_is_probed_after_each_back_off(
    #[case] refusal: Refusal,
    #[case] contacts: &[u64],
    #[case] seconds: Option<i64>,
) {
    let outage = outage(refusal, contacts);
    let Some(seconds) = seconds else {
        assert_eq!(outage.circuit(noon()), Circuit::Closed);
        assert_eq!(outage.problem(), None);
        return;
    };
    let at = noon() + TimeDelta::seconds(seconds);
    assert_eq!(outage.circuit(noon()), Circuit::WaitUntil(at));
    assert_eq!(outage.circuit(at), Circuit::Probe);
    assert_eq!(outage.problem(), Some(refusal.problem()));
}

#[rstest]
#[case(Refusal::BadRequest)]
#[case(Refusal::Unclear)]
fn a_refusal_that_costs_a_message_is_not_probed_by_itself(#[case] refusal: Refusal) {
    assert_eq!(outage(refusal, &[1]).circuit(noon()), Circuit::Closed);
    let mut outage = outage(refusal, &[1, 2]);
    let years = noon() + TimeDelta::days(1000);
    assert_eq!(outage.circuit(years), Circuit::Stopped);
    assert!(outage.permit_after_reconnect());
    assert_eq!(outage.circuit(noon()), Circuit::Probe);
    // The third loss: only a person lets it go on now, once for each word of theirs.
    let mut outage = Outage::after(Some(outage), &failure(refusal, 3, 0), &rules());
    assert!(!outage.permit_after_reconnect());
    assert_eq!(outage.circuit(years), Circuit::Stopped);
    outage.permit_by_person();
    assert_eq!(outage.circuit(noon()), Circuit::Probe);
    let outage = Outage::after(Some(outage), &failure(refusal, 4, 0), &rules());
    assert_eq!(outage.circuit(years), Circuit::Stopped);
}

#[test]
fn refusals_that_alternate_stop_the_session_too() {
    let mut outage = None;
    for (refusal, contact) in [
        (Refusal::KeyRefused, 1),
        (Refusal::SessionAway, 2),
        (Refusal::KeyRefused, 3),
    ] {
        outage = Some(Outage::after(
            outage,
            &failure(refusal, contact, 1),
            &rules(),
        ));
    }
    let outage = outage.expect("three failures");
    assert_eq!(outage.circuit(noon()), Circuit::Closed);
    let outage = Outage::after(Some(outage), &failure(Refusal::SlowDown, 4, 0), &rules());
    assert_eq!(
        outage.circuit(noon()),
        Circuit::WaitUntil(noon() + TimeDelta::seconds(30))
    );
}

#[rstest]
#[case(Refusal::KeyRefused)]
#[case(Refusal::SessionAway)]
#[case(Refusal::SlowDown)]
fn after_a_persons_word_a_refusal_that_costs_no_message_is_probed_by_itself_again(
    #[case] refusal: Refusal,
) {
    let mut outage = outage(Refusal::BadRequest, &[1, 2, 3]);
    outage.permit_by_person();
    let outage = Outage::after(Some(outage), &failure(refusal, 4, 0), &rules());
    assert!(matches!(outage.circuit(noon()), Circuit::WaitUntil(_)));
    assert_eq!(outage.problem(), Some(refusal.problem()));
}

/// The probe might cost a fourth one.
#[test]
fn nothing_is_probed_by_itself_after_three_lost_messages() {
    let lost = outage(Refusal::BadRequest, &[1, 2, 3]);
    let outage = Outage::after(Some(lost), &failure(Refusal::SlowDown, 4, 0), &rules());
    let years = noon() + TimeDelta::days(1000);
    assert_eq!(outage.circuit(years), Circuit::Stopped);
}

#[test]
fn one_permission_at_a_time_and_none_while_sends_go_on() {
    let mut going_on = outage(Refusal::Unclear, &[1]);
    assert!(!going_on.permit_after_reconnect());
    assert!(!going_on.permitted);
    let mut stopped = outage(Refusal::Unclear, &[1, 2]);
    assert!(stopped.permit_after_reconnect());
    assert!(!stopped.permit_after_reconnect());
    assert_eq!(stopped.circuit(noon()), Circuit::Probe);
}

#[test]
fn an_outage_names_at_most_three_contacts() {
    let outage = outage(Refusal::SlowDown, &[1, 2, 3, 4, 5]);
    assert_eq!(outage.contacts, [1, 2, 3].map(some_contact));
}

#[test]
fn a_reconnect_does_not_shorten_a_back_off() {
    let mut outage = stopped(Refusal::SessionAway);
    assert!(!outage.permit_after_reconnect());
    assert!(matches!(outage.circuit(noon()), Circuit::WaitUntil(_)));
}

#[test]
fn a_stopped_session_says_when_it_goes_on_or_who_lets_it() {
    let mut world = World::new();
    world.session.outage = Some(stopped(Refusal::SlowDown));
    let until = noon() + TimeDelta::seconds(30);
    assert_eq!(
        world.decide(),
        waits(WaitReason::SendsRefused, Ends::At(until))
    );
    assert_eq!(world.decide_at(until), Decision::Send);
    // "Send now" is no word about WAHA.
    world.message.send_now = true;
    world.session.outage = Some(stopped(Refusal::BadRequest));
    let person = Ends::Person(AwaitedPerson::TryAgain);
    assert_eq!(world.decide(), waits(WaitReason::SendsRefused, person));
}

#[test]
fn compositions_without_a_send_count_against_the_hour_only() {
    let mut world = World::new();
    world.sent(ReleaseLane::Automatic, 4, 30);
    world.contact.sends.clear();
    world.contact.last_out_at = None;
    let unsent = |minutes| PastSend {
        contact: world.contact.contact,
        lane: ReleaseLane::Automatic,
        at: Some(ago(minutes)),
        cold: false,
    };
    world.session.unsent = (20..26).map(unsent).collect();
    let frees = ago(33) + world.rules.hour;
    assert_eq!(
        world.decide(),
        waits(WaitReason::HourLimit, Ends::At(frees))
    );
    world.rules.per_hour = 11;
    world.rules.per_day = 5;
    assert_eq!(world.decide(), Decision::Send);
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Try(Refusal, u64),
    Reconnect,
    Person,
    Minutes(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let refusal = prop::sample::select(Refusal::ALL);
    prop_oneof![
        4 => (refusal, 0_u64..8).prop_map(|(refusal, contact)| Event::Try(refusal, contact)),
        1 => Just(Event::Reconnect),
        1 => Just(Event::Person),
        1 => (1_i64..120).prop_map(Event::Minutes),
    ]
}

proptest! {
    /// Whatever fails in whatever order, and however often WAHA reconnects.
    #[test]
    fn an_outage_costs_at_most_three_messages_and_one_for_each_word_of_a_person(events in prop::collection::vec(event(), 1..80)) {
        let (mut now, mut outage, mut lost, mut most) = (noon(), None::<Outage>, 0, 3);
        for event in events {
            match event {
                Event::Minutes(minutes) => now += TimeDelta::minutes(minutes),
                Event::Reconnect => if let Some(outage) = &mut outage { outage.permit_after_reconnect(); },
                Event::Person => if let Some(outage) = &mut outage {
                    outage.permit_by_person();
                    most += 1;
                },
                Event::Try(refusal, contact) => {
                    let may = outage.as_ref().is_none_or(|outage| outage.wait(now).is_none());
                    if may {
                        lost += u32::from(refusal.costs_a_message());
                        let contact = some_contact(contact);
                        let failure = SendFailure { refusal, contact, committed_at: now, at: now };
                        outage = Some(Outage::after(outage, &failure, &rules()));
                    }
                }
            }
        }
        prop_assert!(lost <= most, "{lost} lost");
    }
}
