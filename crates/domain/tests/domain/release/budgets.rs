//! How many may leave: per hour, per contact, to cold contacts.

use chrono::TimeDelta;
use domain::{
    lane::ReleaseLane,
    release::{Capping, CappingLevel, Decision, PastSend, hourly_limit},
    wait::{Ends, Wait, WaitReason},
};

use super::world::{World, ago, noon, some_contact, waits};

#[test]
fn the_eleventh_automatic_message_of_an_hour_waits_and_the_eighth_after_three_replies() {
    let mut world = World::new();
    world.wrote(1);
    world.sent(ReleaseLane::Automatic, 9, 30);
    world.contact.sends.clear();
    assert_eq!(world.decide(), Decision::Send);
    world.sent(ReleaseLane::Automatic, 1, 45);
    world.contact.sends.clear();
    assert_eq!(
        world.decide(),
        waits(WaitReason::HourLimit, Ends::At(ago(45 - 60)))
    );
    let mut world = World::new();
    world.wrote(1);
    world.sent(ReleaseLane::Automatic, 7, 30);
    world.sent(ReleaseLane::Reply, 3, 20);
    world.contact.sends.clear();
    assert!(matches!(
        world.decide(),
        Decision::Wait(Wait {
            reason: WaitReason::HourLimit,
            ..
        })
    ));
}

/// Half of the hour, and of the day, until WhatsApp's count starts anew; the wait names the warning.
#[test]
fn a_warning_halves_what_goes_automatically() {
    for level in CappingLevel::ALL.iter().copied() {
        let mut world = World::new();
        world.wrote(1);
        world.sent(ReleaseLane::Automatic, 4, 30);
        world.contact.sends.clear();
        let until = ago(-10);
        world.session.capping = Some(Capping { level, until });
        assert_eq!(world.decide(), Decision::Send, "{level}");
        assert_eq!(hourly_limit(&world.session, &world.rules, noon()), 5);
        world.sent(ReleaseLane::Automatic, 1, 45);
        world.contact.sends.clear();
        // the first slot is free after 15 minutes, but the warning ends before
        let waiting = world.decide();
        assert_eq!(
            waiting,
            waits(WaitReason::CappingWarning, Ends::At(ago(45 - 60))),
            "{level}"
        );
        world.session.capping = Some(Capping {
            level,
            until: noon(),
        });
        assert_eq!(world.decide(), Decision::Send, "{level}: it is over");
        world.session.capping = Some(Capping { level, until });
        world.sent(ReleaseLane::Automatic, 5, 46);
        world.contact.sends.clear();
        let Decision::Wait(wait) = world.decide() else {
            panic!("ten have gone");
        };
        assert_eq!(
            wait.reason,
            WaitReason::HourLimit,
            "{level}: with or without it"
        );
        let mut reply = World::reply();
        reply.session.capping = Some(Capping { level, until });
        reply.sent(ReleaseLane::Reply, 20, 30);
        reply.contact.sends.clear();
        assert_eq!(
            reply.decide(),
            Decision::Send,
            "{level}: answers are as many as ever"
        );
    }
}

#[test]
fn however_much_is_written_by_hand_half_of_the_automatic_budget_stays() {
    let mut world = World::new();
    world.wrote(1);
    world.session.hand_typed = (0..300)
        .map(|n| noon() - TimeDelta::seconds(n * 10))
        .collect();
    world.sent(ReleaseLane::Automatic, 4, 10);
    world.contact.sends.clear();
    assert_eq!(world.decide(), Decision::Send);
    world.sent(ReleaseLane::Automatic, 1, 20);
    world.contact.sends.clear();
    assert!(matches!(
        world.decide(),
        Decision::Wait(Wait {
            reason: WaitReason::HourLimit,
            ..
        })
    ));
}

#[test]
fn a_new_number_has_half_the_hour() {
    let mut world = World::new();
    world.wrote(1);
    world.session.first_connected_at = Some(ago(60 * 24 * 6));
    world.sent(ReleaseLane::Automatic, 5, 10);
    world.contact.sends.clear();
    assert!(matches!(
        world.decide(),
        Decision::Wait(Wait {
            reason: WaitReason::HourLimit,
            ..
        })
    ));
    world.session.first_connected_at = Some(ago(60 * 24 * 8));
    assert_eq!(world.decide(), Decision::Send);
}

#[test]
fn one_contact_gets_four_an_hour_and_twelve_replies() {
    let mut world = World::new();
    world.wrote(1);
    world.sent(ReleaseLane::Automatic, 4, 5);
    assert!(matches!(
        world.decide(),
        Decision::Wait(Wait {
            reason: WaitReason::ContactHourLimit,
            ..
        })
    ));
    let mut reply = World::reply();
    reply.sent(ReleaseLane::Reply, 11, 5);
    assert_eq!(reply.decide(), Decision::Send);
    reply.sent(ReleaseLane::Reply, 1, 30);
    assert!(matches!(
        reply.decide(),
        Decision::Wait(Wait {
            reason: WaitReason::ContactHourLimit,
            ..
        })
    ));
}

#[test]
fn the_eleventh_cold_contact_of_a_day_waits_but_one_contact_counts_once() {
    let mut world = World::new();
    world.wrote(60 * 24 * 61);
    let cold = |seed| PastSend {
        contact: some_contact(seed),
        lane: ReleaseLane::Automatic,
        at: Some(ago(100)),
        cold: true,
    };
    world.session.sends = (10..19).chain([10, 10]).map(cold).collect();
    assert_eq!(world.decide(), Decision::Send);
    world.session.sends.push(cold(19));
    assert_eq!(
        world.decide(),
        waits(WaitReason::ContactCold, Ends::At(ago(100 - 24 * 60)))
    );
}
