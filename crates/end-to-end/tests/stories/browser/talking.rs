//! Answering a guest: with a quote, from the conversation, and then watching the answer go, live.

use waha_simulator::Step;

use super::beginning::GROOM;
use super::guest_list::{Invited, LUCA};
use super::person::Person;
use crate::processes::system::System;

/// Notes each word that the badge of a message has shown, from now on.
const NOTES: &str = "
    const look = () => {
        const word = document.querySelector('#message .badge').textContent;
        if (noted.at(-1) !== word) noted.push(word);
    };
    window.noted = [];
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    return true";

pub(super) async fn answers_with_a_quote(system: &System, person: &Person) {
    let text = person.either(
        "Che bello, Luca! Vi aspettiamo con gioia: la cerimonia comincia alle undici, e poi si mangia sotto gli ulivi 🎉",
        "How lovely, Luca! We look forward to seeing you: it begins at eleven, and then we eat under the olive trees 🎉",
    );
    person.presses("conversations-answer-this").await;
    person
        .sees_text(&person.with("conversations-quoting", &[("person", GROOM.into())]))
        .await;
    // whoever looks sees it being typed, however long their browser takes
    let typed = system.waha.gate(Step::TypingStopped);
    answers(person, text).await;
    let _: bool = person.asks(NOTES, &[]).await;
    person.sees_the_badge("queue-phase-typing").await;
    typed.release();
    person.sees_the_badge("queue-phase-delivered").await;
    let phone = LUCA.phone(system).phone();
    let [answer] = phone.as_slice() else {
        panic!("{phone:?}");
    };
    assert_eq!(answer.text, text);
    assert!(answer.quoted.is_some(), "it quotes");
    LUCA.phone(system).reads(&answer.raw_id);
    person.sees_the_badge("queue-phase-read").await;
    person.sees("queue-step-read").await;

    let noted: Vec<String> = person.asks("return noted", &[]).await;
    let expected =
        ["typing", "delivered", "read"].map(|phase| person.t(&format!("queue-phase-{phase}")));
    let told: Vec<_> = noted
        .iter()
        .filter(|word| expected.contains(word))
        .collect();
    assert_eq!(told, expected.iter().collect::<Vec<_>>(), "{noted:?}");
}

/// Writes the answer that was begun, and goes on to the message that it became.
pub(super) async fn answers(person: &Person, text: &str) {
    person.writes("queue-text", text).await;
    person.presses("conversations-answer-button").await;
    person.sees("said-conversations-answered").await;
    let queued = "//*[@id='thread']//a[starts-with(@href, '/queue/')]";
    person.presses_last(queued).await;
}

/// Opens the conversation with somebody who has written.
pub(super) async fn opens_the_conversation(person: &Person, with: &Invited) {
    person.opens("/conversations").await;
    person.presses_named(with.name).await;
}
