//! The rehearsal of a broadcast gives the order that then really happens, on each session, and times that hold.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    config::PaceProfile,
    ids::{BroadcastId, ContactId},
    lane::Lane,
    release::Departure,
};
use http::{Method, StatusCode};
use queue_api::{ExtraMessage, Outlook, rehearse};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::json;
use storage::testing::TestDatabase;
use waha_simulator::Delivered;

use crate::virtual_time::{
    setup::Setup,
    system::{System, session},
};

/// Who is invited by whom; every fifth never writes, and the second of each side wants no messages.
const GUESTS: usize = 60;
const NEWS: &str = "La festa comincia alle undici davanti alla chiesa";

#[derive(Clone)]
struct Guest {
    index: usize,
    contact: ContactId,
}

impl Guest {
    fn number(&self) -> String {
        number(self.index)
    }

    const fn side(&self) -> &'static str {
        if self.index.is_multiple_of(2) {
            "groom"
        } else {
            "bride"
        }
    }
}

fn number(index: usize) -> String {
    format!("39345000{index:04}")
}

const fn writes(index: usize) -> bool {
    index % 5 != 4
}

async fn invited(system: &System) -> Vec<Guest> {
    let mut guests = Vec::new();
    for index in 0..GUESTS {
        let contact = system
            .on_the_list(&format!("Guest {index}"), &number(index))
            .await;
        let contact = contact.parse().expect("an id");
        let guest = Guest { index, contact };
        if writes(index) {
            system
                .waha(guest.side())
                .guest(&guest.number())
                .write("Ciao!");
        }
        guests.push(guest);
    }
    tokio::time::sleep(Duration::from_mins(1)).await;
    for index in [2, 3] {
        let path = format!("/api/v1/contacts/{}/opt-out", guests[index].contact);
        let why = json!({ "reason": "said so" });
        let (status, answer) = system.call(Method::POST, &path, Some(why)).await;
        assert!(status.is_success(), "{answer}");
    }
    guests
}

/// What waits already, in a hurry: something for somebody in the middle and something for somebody at the end of the line.
async fn waiting_already(system: &System, guests: &[Guest]) {
    for (index, priority) in [(20, 9), (21, 9), (GUESTS - 2, 7), (GUESTS - 3, 7)] {
        let guest = &guests[index];
        let body = json!({
            "session": guest.side(), "to": format!("+{}", guest.number()), "text": "Prima di tutto", "priority": priority,
        });
        system.enqueue_with(body).await;
    }
}

/// The broadcast in the order of the list; at its end the first two of each side once more, with other news.
fn audience(guests: &[Guest], side: &str) -> Vec<(Guest, &'static str)> {
    let ours: Vec<_> = guests
        .iter()
        .filter(|guest| guest.side() == side)
        .cloned()
        .collect();
    let first = ours.iter().cloned().map(|guest| (guest, NEWS));
    let again = ours[4..6]
        .iter()
        .cloned()
        .map(|guest| (guest, "Dimenticavo: portate il sole"));
    first.chain(again).collect()
}

fn extra(audience: &[(Guest, &str)], now: DateTime<Utc>) -> Vec<ExtraMessage> {
    let message = |(guest, text): &(Guest, &str)| ExtraMessage {
        contact: guest.contact,
        chars: text.chars().count(),
        lane: Lane::Broadcast,
        priority: 0,
        not_before: None,
        not_after: Some(now + TimeDelta::days(14)),
        waits_out_unanswered: false,
    };
    audience.iter().map(message).collect()
}

async fn broadcast(system: &System, side: &str, audience: &[(Guest, &str)], now: DateTime<Utc>) {
    let mut dice = StdRng::seed_from_u64(5);
    let mut ids = HashMap::new();
    let messages: Vec<_> = audience
        .iter()
        .map(|(guest, text)| {
            let id = *ids
                .entry(*text)
                .or_insert_with(|| BroadcastId::new(now, &mut dice));
            json!({
                "session": side, "contact": guest.contact, "text": text, "lane": "broadcast",
                "broadcast": id, "not_after": now + TimeDelta::days(14),
            })
        })
        .collect();
    let body = Some(json!({ "messages": messages }));
    let (status, answer) = system
        .call(Method::POST, "/api/v1/messages/batch", body)
        .await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
}

fn shown(system: &System, side: &str) -> Vec<Delivered> {
    system.waha(side).all_deliveries()
}

async fn story(database: TestDatabase) {
    let setup = Setup {
        begins: "2026-06-10T16:00:00Z".parse().expect("six in Rome"),
        ..Setup::for_days()
    };
    let system = System::start(database, setup).await;
    let guests = invited(&system).await;
    waiting_already(&system, &guests).await;
    // the first of each side is on its way when the broadcast is thought of, and is gone when it is rehearsed
    tokio::time::sleep(Duration::from_mins(2)).await;
    let mut rehearsed = Vec::new();
    for side in ["groom", "bride"] {
        let (now, audience) = (system.clock.now(), audience(&guests, side));
        let (store, name, extra) = (&system.store, session(side), extra(&audience, now));
        let outlook = rehearse(store, PaceProfile::Production, &name, &extra, now);
        let outlook = outlook.await.expect("the database").expect("a session");
        broadcast(&system, side, &audience, now).await;
        the_queue_says_the_same(&system, side, &outlook).await;
        rehearsed.push((side, outlook, shown(&system, side).len()));
    }
    let last = rehearsed
        .iter()
        .filter_map(|(_, outlook, _)| outlook.everybody)
        .map(|band| band.to);
    system
        .clock
        .sleep_until(last.max().expect("something leaves"))
        .await;
    for (side, outlook, before) in rehearsed {
        happened_as_rehearsed(&guests, &outlook, &shown(&system, side)[before..]);
    }
}

/// Once queued, the same messages have the same prospects. Chance is drawn anew for them, so times may differ by what it weighs.
async fn the_queue_says_the_same(system: &System, side: &str, before: &Outlook) {
    let (store, name, now) = (&system.store, session(side), system.clock.now());
    let outlook = rehearse(store, PaceProfile::Production, &name, &[], now);
    let outlook = outlook.await.expect("the database").expect("a session");
    let order = |outlook: &Outlook| {
        let leaves = outlook.rehearsal.leaves.iter();
        leaves.map(|one| one.contact).collect::<Vec<_>>()
    };
    assert_eq!(order(&outlook), order(before));
    let last = |outlook: &Outlook| outlook.rehearsal.last().expect("somebody gets it").at;
    let apart = (last(&outlook) - last(before)).abs();
    assert!(apart < TimeDelta::minutes(30), "{apart}");
    let path = format!("/api/v1/sessions/{side}/outlook");
    let (status, shown) = system.call(Method::GET, &path, None).await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    let by: DateTime<Utc> = shown["everybody_by"]
        .as_str()
        .and_then(|at| at.parse().ok())
        .expect("a time");
    // asked in the same moment: the same dice, the same answer
    assert_eq!(Some(by), outlook.everybody.map(|band| band.to));
}

#[expect(
    clippy::print_stdout,
    reason = "what was measured is worth reading when it holds, too"
)]
fn happened_as_rehearsed(guests: &[Guest], outlook: &Outlook, shown: &[Delivered]) {
    let rehearsal = &outlook.rehearsal;
    let numbers: HashMap<_, _> = guests.iter().map(|g| (g.contact, g.number())).collect();
    let order: Vec<_> = rehearsal
        .leaves
        .iter()
        .map(|one| &numbers[&one.contact])
        .collect();
    let happened: Vec<_> = shown.iter().map(|message| &message.number).collect();
    assert_eq!(order, happened);
    let left_out = guests
        .iter()
        .filter(|g| !writes(g.index) || [2, 3].contains(&g.index));
    assert!(
        left_out
            .clone()
            .all(|guest| !happened.contains(&&guest.number()))
    );
    let inside = |(departure, message): &(&Departure, &Delivered)| {
        let band = departure.band;
        message.at + TimeDelta::seconds(1) >= band.from && message.at <= band.to
    };
    let pairs = || rehearsal.leaves.iter().zip(shown);
    let kept = pairs().filter(inside).count();
    println!("{kept} of {} inside their bands", pairs().count());
    assert!(kept * 100 >= pairs().count() * 95);
    let planned: u32 = outlook.days.iter().map(|day| day.leaving).sum();
    assert_eq!(usize::try_from(planned).expect("few"), happened.len());
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_happens_as_it_was_rehearsed_on_sqlite() {
    story(TestDatabase::sqlite().await).await;
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_happens_as_it_was_rehearsed_on_postgres() {
    story(TestDatabase::postgres().await).await;
}
