//! Every page there is, with something on it: a story is not over before each address has been looked at.

use super::addresses;
use super::beginning::{GROOM, signs_in};
use super::guest_list::{BRUNO, LUCA};
use super::guests::is_only_text;
use super::news::begins_news;
use super::person::Person;
use super::talking::opens_the_conversation;
use crate::processes::system::System;

/// What waits for its time.
const LATER: &str = "Auguri! 🎂";

pub(super) async fn looks_at_every_page(system: &System, person: &Person) {
    looks_at_guests(person).await;
    looks_at_conversations(system, person).await;
    looks_at_the_queue(person).await;
    looks_at_news(person).await;
    looks_at_phones(person).await;
    looks_at_settings(person).await;
    looks_at_accounts(person).await;
    for path in ["/", "/broadcasts", "/conversations", "/guests", "/queue"] {
        person.opens(path).await;
        is_only_text(person).await;
    }
    addresses::all_were_looked_at(system, person);
}

async fn looks_at_guests(person: &Person) {
    person.opens("/guests").await;
    person.presses_named(LUCA.name).await;
    let guest = person.path().await;
    for page in ["delete", "erase"] {
        person.opens(&format!("{guest}/{page}")).await;
    }
    person.opens("/guests").await;
    person.presses_named("<i>Galli</i> & C.").await;
    is_only_text(person).await;
    let household = person.path().await;
    for page in ["renew", "revoke"] {
        person.opens(&format!("{household}/{page}")).await;
    }
    for path in [
        "/guests/new",
        "/guests/cards",
        "/guests?search=nobody",
        "/guests?state=written",
    ] {
        person.opens(path).await;
    }
    is_only_text(person).await;
}

/// Bruno may want no more, and somebody writes who is not on the list.
async fn looks_at_conversations(system: &System, person: &Person) {
    person.opens("/").await;
    BRUNO.phone(system).write("Basta");
    let stranger = system
        .waha
        .guest("393479999999")
        .named("<u>Corso</u> di ballo");
    stranger.write("Ciao, sono del corso di ballo");
    person
        .sees_text(&person.with("home-needs-writers", &[("n", 1.into())]))
        .await;
    person.opens("/conversations/unknown").await;
    person.sees_text("<u>Corso</u> di ballo").await;
    for (button, back) in [
        ("unknown-tie", "unknown-back-list"),
        ("unknown-ignore", "queue-no"),
    ] {
        person.presses(button).await;
        person.sees_text("<u>Corso</u> di ballo").await;
        person.presses(back).await;
    }
    opens_the_conversation(person, &BRUNO).await;
    let conversation = person.path().await;
    for page in ["opt-in", "opt-out"] {
        person.opens(&format!("{conversation}/{page}")).await;
    }
    for path in [
        "/needs/suspended",
        "/needs/going-cold",
        "/needs/phones",
        "/needs/unconfirmed",
        "/needs/undelivered",
        "/needs/unreadable",
        "/conversations?unread=1",
        "/conversations?search=nobody",
    ] {
        person.opens(path).await;
    }
}

/// A message that waits for its time.
async fn looks_at_the_queue(person: &Person) {
    opens_the_conversation(person, &LUCA).await;
    person.presses("conversations-write-later").await;
    person.writes("queue-text", LATER).await;
    person.fills("not_before", "2099-05-01T09:00").await;
    person.presses("queue-new-button").await;
    person.sees("wait-not_before").await;
    person.unfolds("queue-edit").await;
    let message = person.path().await;
    for page in ["send-now", "cancel"] {
        person.opens(&format!("{message}/{page}")).await;
    }
    for path in [
        "/queue",
        "/queue?status=pending",
        "/queue?search=nobody",
        "/queue/new?search=Rossi",
    ] {
        person.opens(path).await;
    }
}

async fn looks_at_news(person: &Person) {
    begins_news(
        person,
        person.either("Ciao {name}, a presto!", "Hello {name}, see you soon!"),
    )
    .await;
    let draft = person.path().await;
    for page in ["edit", "try", "start", "delete"] {
        person.opens(&format!("{draft}/{page}")).await;
        is_only_text(person).await;
    }
    person.opens(&format!("{draft}/start")).await;
    person.presses_last("//main//form//button").await;
    person.opens(&format!("{draft}/cancel")).await;
    person.presses("broadcasts-cancel-now").await;
    person.sees("broadcasts-state-cancelled").await;
    person.presses("broadcasts-copies").await;
    assert!(
        !person.may_read(LATER).await,
        "only the messages of this news"
    );
}

async fn looks_at_phones(person: &Person) {
    for path in [
        "/pairing/groom",
        "/pairing/bride/code",
        "/pairing/bride/log-out",
        "/pairing/bride/log-out?sure=yes",
        "/sessions/groom/unlock",
        "/needs/aside/groom",
    ] {
        person.opens(path).await;
    }
}

async fn looks_at_settings(person: &Person) {
    person.opens("/settings").await;
    for group in ["amount", "when", "person", "pace", "watch", "wedding"] {
        person.unfolds(&format!("settings-group-{group}")).await;
    }
    person.opens("/settings/tokens").await;
    person.writes("tokens-name", "<b>Sito</b> web").await;
    person.chooses("tokens-scope-read").await;
    person.presses("tokens-make").await;
    person.sees("tokens-fresh-hint").await;
    is_only_text(person).await;
    person.opens("/settings/tokens").await;
    person.presses("tokens-revoke").await;
    person.opens("/settings/changes").await;
}

/// A friend is invited, looks around with an account of their own, and the groom comes back.
async fn looks_at_accounts(person: &Person) {
    person.opens("/people").await;
    person.presses("people-invite-operator").await;
    let link = person.text_of("#fresh ~ label input").await;
    person.presses("shell-sign-out").await;
    person.opens(&link).await;
    person.writes("account-name", "Olga").await;
    person
        .writes("account-password", "quattro parole più lunghe")
        .await;
    person
        .chooses_named(person.either("Italiano", "English"))
        .await;
    person.presses("first-button").await;
    for path in [
        "/",
        "/settings",
        "/settings/tokens",
        "/settings/changes",
        "/stopped",
        "/you",
        "/queue",
    ] {
        person.opens(path).await;
    }
    person.presses("shell-sign-out").await;
    signs_in(person).await;
    person.opens("/people").await;
    person.presses("people-remove").await;
    person.opens("/you").await;
    person
        .sees_text(&person.with("you-are", &[("name", GROOM.into())]))
        .await;
}
