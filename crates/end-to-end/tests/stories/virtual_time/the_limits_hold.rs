//! The rules of design §6, measured on the guests' phones and not on our own tables: simulated days of random queues, replies,
//! hand-typed messages and restarts. Each rule has its torn-out page: without it, the measurement finds the breach.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::release::{Rule, Rulebook};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;
use storage::testing::TestDatabase;
use waha_simulator::{Delivered, WrittenBy};

use super::system::{Setup, System};

/// A breach of a rule, in words that name the rule.
type Breach = String;

const GUESTS: usize = 12;

fn number(guest: usize) -> String {
    format!("39347000{guest:04}")
}

/// Everything automatic that the guests' phones showed, in order.
struct Seen {
    automatic: Vec<Delivered>,
    wrote: HashMap<String, Vec<DateTime<Utc>>>,
    by_hand: Vec<Delivered>,
}

/// Runs `days` of a random life of one session; what the phones showed.
async fn live(setup: Setup, days: i64, seed: u64) -> Seen {
    let mut system = System::start(TestDatabase::sqlite().await, setup).await;
    let mut dice = StdRng::seed_from_u64(seed);
    let mut wrote: HashMap<String, Vec<DateTime<Utc>>> = HashMap::new();
    let ends = system.clock.now() + TimeDelta::days(days);
    // Everybody but the last two guests writes first.
    for guest in 0..GUESTS - 2 {
        system.waha("groom").guest(&number(guest)).write("Ciao!");
        wrote
            .entry(number(guest))
            .or_default()
            .push(system.clock.now());
    }
    for n in 0..GUESTS * 4 {
        queue(&system, n % GUESTS, &format!("Notizia {n}")).await;
    }
    while system.clock.now() < ends {
        tokio::time::sleep(Duration::from_mins(dice.random_range(5..90))).await;
        let guest = dice.random_range(0..GUESTS - 2);
        match dice.random_range(0..10) {
            0..=4 => {
                system
                    .waha("groom")
                    .guest(&number(guest))
                    .write("E allora?");
                wrote
                    .entry(number(guest))
                    .or_default()
                    .push(system.clock.now());
            }
            5..=6 => {
                let guest = dice.random_range(0..GUESTS);
                queue(&system, guest, &format!("Altra {}", dice.random::<u32>())).await;
            }
            7 => {
                system
                    .waha("groom")
                    .type_by_hand(&number(guest), "Scritto a mano");
            }
            8 => {
                system.stop_worker().await;
                system.start_worker();
            }
            _ => tokio::time::sleep(Duration::from_hours(2)).await,
        }
    }
    let all = system.waha("groom").all_deliveries();
    let (automatic, by_hand) = all
        .into_iter()
        .partition(|message| message.written_by == WrittenBy::Waha);
    Seen {
        automatic,
        wrote,
        by_hand,
    }
}

async fn queue(system: &System, guest: usize, text: &str) {
    let to = format!("+{}", number(guest));
    system
        .enqueue_with(json!({"session": "groom", "to": to, "text": text}))
        .await;
}

/// Every breach that the phones show. Bounds are the configured ones, measured from arrival to arrival.
fn breaches(seen: &Seen) -> Vec<Breach> {
    let mut found = Vec::new();
    let times: Vec<DateTime<Utc>> = seen.automatic.iter().map(|message| message.at).collect();
    for (at, pair) in times.iter().zip(times.iter().skip(1)) {
        if *pair - *at < TimeDelta::seconds(20) {
            found.push(format!("Gap: {at} then {pair}"));
        }
    }
    for (rule, window, limit) in [
        ("HourLimit", TimeDelta::hours(1), 10),
        ("DayLimit", TimeDelta::days(1), 60),
    ] {
        for (index, at) in times.iter().enumerate() {
            let inside = times[..=index]
                .iter()
                .filter(|earlier| **earlier > *at - window)
                .count();
            if inside > limit {
                found.push(format!("{rule}: {inside} at {at}"));
            }
        }
    }
    found.extend(
        seen.automatic
            .iter()
            .filter(|message| is_night(message.at))
            .map(|m| format!("QuietHours: {}", m.at)),
    );
    found.extend(contact_breaches(seen));
    found
}

fn is_night(at: DateTime<Utc>) -> bool {
    let local = at.with_timezone(&Tz::Europe__Rome).time();
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour");
    local >= time(21) || local < time(9)
}

fn contact_breaches(seen: &Seen) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut sent: HashMap<&str, Vec<DateTime<Utc>>> = HashMap::new();
    let mut texts: HashMap<(&str, &str), usize> = HashMap::new();
    for message in &seen.automatic {
        let number = message.number.as_str();
        let wrote = seen.wrote.get(number).map_or(&[][..], Vec::as_slice);
        let last_in = wrote.iter().filter(|at| **at < message.at).max();
        if last_in.is_none() {
            found.push(format!("Consent: {} at {}", message.number, message.at));
        }
        let earlier = sent.entry(number).or_default();
        let since_in = earlier
            .iter()
            .filter(|at| last_in.is_none_or(|last| *at > last))
            .count();
        if since_in >= 2 {
            found.push(format!(
                "Unanswered: the {}th in a row at {}",
                since_in + 1,
                message.at
            ));
        }
        if let Some(last) = earlier.last()
            && message.at - *last < TimeDelta::minutes(60)
            && last_in.is_none_or(|at| at < last)
        {
            found.push(format!("CoolDown: {last} then {}", message.at));
        }
        let typed = seen
            .by_hand
            .iter()
            .filter(|hand| hand.number == message.number && hand.at < message.at);
        if typed
            .map(|hand| hand.at)
            .max()
            .is_some_and(|at| message.at - at < TimeDelta::minutes(30))
        {
            found.push(format!("HandTyped: {}", message.at));
        }
        earlier.push(message.at);
        *texts.entry((number, message.text.as_str())).or_default() += 1;
    }
    found.extend(
        texts
            .iter()
            .filter(|(_, count)| **count > 1)
            .map(|((_, text), count)| format!("Twice: {text} × {count}")),
    );
    found
}

fn begins(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

#[tokio::test(start_paused = true)]
async fn ten_summer_days_hold_every_limit() {
    let seen = live(
        Setup {
            sessions: vec!["groom"],
            ..Setup::for_days()
        },
        10,
        11,
    )
    .await;
    assert_eq!(breaches(&seen), Vec::<Breach>::new());
    assert!(
        seen.automatic.len() >= GUESTS,
        "only {} messages went out in ten days",
        seen.automatic.len()
    );
}

#[tokio::test(start_paused = true)]
async fn days_over_the_change_to_winter_time_hold_every_limit() {
    let setup = Setup {
        begins: begins("2026-10-23T08:00:00Z"),
        sessions: vec!["groom"],
        seed: 2,
        ..Setup::for_days()
    };
    let seen = live(setup, 4, 12).await;
    assert_eq!(breaches(&seen), Vec::<Breach>::new());
}

#[tokio::test(start_paused = true)]
async fn days_over_the_change_to_summer_time_hold_every_limit() {
    let setup = Setup {
        begins: begins("2026-03-27T08:00:00Z"),
        sessions: vec!["groom"],
        seed: 3,
        ..Setup::for_days()
    };
    let seen = live(setup, 4, 13).await;
    assert_eq!(breaches(&seen), Vec::<Breach>::new());
}

/// The measurement notices each torn-out page.
#[tokio::test(start_paused = true)]
async fn a_missing_rule_is_seen_on_the_phones() {
    for rule in [
        Rule::Gap,
        Rule::QuietHours,
        Rule::CoolDown,
        Rule::Unanswered,
        Rule::HandTyped,
    ] {
        let setup = Setup {
            book: Rulebook::without(rule),
            sessions: vec!["groom"],
            ..Setup::for_days()
        };
        let found = breaches(&live(setup, 3, 11).await);
        let name = format!("{rule:?}:");
        assert!(
            found.iter().any(|breach| breach.starts_with(&name)),
            "nobody missed {rule:?}: {found:?}"
        );
    }
}

/// Without consent in the book, the database itself refuses: nothing reaches somebody who has not written.
#[tokio::test(start_paused = true)]
async fn without_the_rule_of_consent_the_database_still_refuses() {
    let setup = Setup {
        book: Rulebook::without(Rule::Consent),
        sessions: vec!["groom"],
        ..Setup::for_days()
    };
    let found = breaches(&live(setup, 1, 11).await);
    assert!(
        !found.iter().any(|breach| breach.starts_with("Consent:")),
        "{found:?}"
    );
}
