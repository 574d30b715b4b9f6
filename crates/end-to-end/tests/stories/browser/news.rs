//! News: ten guests write, the same is written to all of them, and everything is stopped in the middle.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;
use waha_simulator::{Delivered, RecordedCall, Simulator};

use super::guest_list::{HERE, LUCA, PINA, TEN};
use super::guests::is_only_text;
use super::person::{LOOK_AGAIN, Person};
use super::talking::opens_the_conversation;
use crate::processes::system::System;

/// Ten messages at the simulated pace, also on a busy machine.
const ALL_SENT_WITHIN: Duration = Duration::from_mins(3);
/// Far longer than a message takes at that pace, from the claim to the send.
const NOTHING_FOR: Duration = Duration::from_secs(10);

/// Mark-up, somebody else's direction, an emoji: what a guest may write.
const BOLD: &str =
    "<img src=x onerror=alert(1)> & \"ciao\" \u{202e}oaic 🎉 <script>alert(2)</script>";

/// News under way: its address, and what the page said that each guest gets.
pub(super) struct News {
    path: String,
    texts: BTreeMap<String, String>,
}

pub(super) async fn ten_guests_write(system: &System, person: &Person) {
    person.opens("/guests").await;
    for guest in &TEN {
        let text = if guest.name == PINA.name { BOLD } else { HERE };
        guest.phone(system).write(text);
    }
    let all = format!("{} 11", person.t("guests-count-written"));
    person.sees_text(&all).await;

    opens_the_conversation(person, &PINA).await;
    assert_eq!(person.texts_of("main h1").await, [PINA.name]);
    assert_eq!(person.texts_of(".bubble .body").await, [BOLD]);
    is_only_text(person).await;
}

/// Writes news down, for everybody but the one who has had an answer; the page says the exact text of each.
pub(super) async fn writes_to_ten(person: &Person) -> News {
    let (one, other) = person
        .either("Ciao|Cari saluti", "Hello|Warm greetings")
        .split_once('|')
        .expect("two");
    let rest = person.either(
        ", una novità: la festa comincia alle undici, e dopo il pranzo si balla fino a sera nel giardino della villa. Portate scarpe comode, un cappello e la voglia di ballare! 🎉",
        ", some news: the party begins at eleven, and after lunch we dance until the evening in the garden of the villa. Bring comfortable shoes, a hat and your best mood! 🎉",
    );
    begins_news(person, &format!("{{{one}|{other}}} {{first_name}}{rest}")).await;
    person
        .sees_text(&person.with("broadcasts-count", &[("n", 11.into())]))
        .await;
    let luca = [("name", LUCA.name.into())];
    person
        .presses_named(&person.with("broadcasts-leave-out-name", &luca))
        .await;
    person
        .sees_text(&person.with("broadcasts-count", &[("n", 10.into())]))
        .await;
    is_only_text(person).await;

    let names = person.texts_of("main strong bdi").await;
    let texts = person.texts_of("main .bubble").await;
    assert_eq!((names.len(), texts.len()), (10, 10));
    let texts: BTreeMap<_, _> = names.into_iter().zip(texts).collect();
    for guest in &TEN {
        let first = guest.name.split_whitespace().next().expect("a first name");
        let may = [one, other].map(|greeting| format!("{greeting} {first}{rest}"));
        assert!(may.contains(&texts[guest.name]), "{texts:#?}");
    }

    person.presses("broadcasts-start").await;
    person.unfolds("broadcasts-order").await;
    let path = person.path().await;
    person
        .presses_named(&person.with("broadcasts-start-now", &[("n", 10.into())]))
        .await;
    person.sees("said-news-started").await;
    let path = path.trim_end_matches("/start").to_owned();
    News { path, texts }
}

/// Writes news down and saves it: the page that says who would get what.
pub(super) async fn begins_news(person: &Person, text: &str) {
    person.opens("/broadcasts/new").await;
    person.writes("broadcasts-name", "Il programma <3").await;
    person.writes("broadcasts-text", text).await;
    person.presses("broadcasts-look").await;
}

/// Stops everything while one is being typed, sees what had already left and that nothing more does, and goes on.
pub(super) async fn stops_everything_and_goes_on(system: &System, person: &Person, news: &News) {
    until_sent(person, 1).await;
    until_sent(person, 3).await;
    person.opens("/").await;
    let typed = until_somebody_is_typed_to(system).await;
    person.presses("home-stop").await;
    person.sees("home-all-stopped").await;
    person.looks().await;
    let left = person.texts_of("#stopped .list .body").await;
    if left.is_empty() {
        person.sees("home-stopped-nothing-left").await;
    } else {
        let n = [("n", left.len().into())];
        person
            .sees_text(&person.with("home-stopped-left", &n))
            .await;
    }

    // nothing more leaves, for far longer than the next would take
    tokio::time::sleep(NOTHING_FOR).await;
    let all = arrived(system);
    // What was being typed may have left before the press was stored.
    let stopped = stopped_at(system).await;
    let after = all.iter().filter(|message| message.at > stopped);
    for message in after.clone() {
        assert!(
            left.contains(&message.text),
            "{message:?} left after all was stopped: {left:?}"
        );
    }
    assert!(all.len() <= 10, "there was nothing left to stop");
    let interrupted = !after.clone().any(|message| typed.contains(&message.number));
    assert!(
        interrupted || !left.is_empty(),
        "what was typed has left, and nobody said so"
    );

    person.presses("home-resume").await;
    person.sees("said-resumed").await;
    person.opens(&news.path).await;
    until_sent(person, 10).await;
    person.sees("broadcasts-state-done").await;
    for guest in &TEN {
        assert_eq!(
            guest.got(system),
            [news.texts[guest.name].clone()],
            "once, and as it was shown"
        );
    }
}

/// Watches the count go up on the page, which nobody touches.
async fn until_sent(person: &Person, count: u32) {
    let deadline = Instant::now() + ALL_SENT_WITHIN;
    let script = "return document.querySelector('#standing progress').value";
    loop {
        let sent: f64 = person.asks(script, &[]).await;
        if sent >= f64::from(count) {
            break;
        }
        assert!(Instant::now() < deadline, "{sent} of {count}");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    person.looks().await;
}

/// Waits until somebody is typed to, from now on: their number.
async fn until_somebody_is_typed_to(system: &System) -> String {
    let phones = [Some(&system.waha), system.bride.as_ref()];
    let phones: Vec<&Simulator> = phones.into_iter().flatten().collect();
    let begun: Vec<_> = phones.iter().map(|phone| typed_to(phone).len()).collect();
    let deadline = Instant::now() + ALL_SENT_WITHIN;
    loop {
        for (phone, begun) in phones.iter().zip(&begun) {
            if let Some(chat) = typed_to(phone).get(*begun) {
                return chat.trim_end_matches("@c.us").to_owned();
            }
        }
        assert!(Instant::now() < deadline, "nobody is typed to");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

fn typed_to(phone: &Simulator) -> Vec<String> {
    let record = phone.record().into_iter();
    record
        .filter_map(|entry| match entry.what {
            RecordedCall::TypingStarted { chat } => Some(chat),
            _ => None,
        })
        .collect()
}

/// When the last of the sessions was paused.
async fn stopped_at(system: &System) -> DateTime<Utc> {
    let paused = "SELECT max(paused_at) AS value FROM whatsapp_session_status";
    let at = system.database.ints(paused).await[0].expect("a pause");
    DateTime::from_timestamp_millis(at).expect("a time")
}

/// What all phones have shown, in the order in which it came.
fn arrived(system: &System) -> Vec<Delivered> {
    let mut all = system.waha.all_deliveries();
    all.extend(system.bride.iter().flat_map(Simulator::all_deliveries));
    all.sort_by_key(|message| message.at);
    all
}
