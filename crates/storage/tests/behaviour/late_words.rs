//! Words of a guest that are found late, in a chat: what holds is what they wrote last.

use chrono::TimeDelta;
use domain::ids::ContactId;
use storage::ContactDecision;

use super::{
    clock_messages::Clock,
    inviting::says,
    stage::{Stage, chat, groom},
};

const OUT: &str = "contact WHERE opted_out_at IS NOT NULL";
const HELD: &str = "contact WHERE opted_out_at IS NOT NULL OR suspended_at IS NOT NULL";

/// They wrote these words, so many minutes ago; we hear of them in this order.
async fn hears(stage: &Stage, words: &[(&str, i64)]) {
    for (word, minutes) in words {
        let told = stage.now - TimeDelta::minutes(*minutes);
        let raw_id = format!("{word} {minutes}");
        stage.record(&says(chat(1), &raw_id, word, told)).await;
    }
}

#[tokio::test]
async fn an_opt_in_found_late_undoes_no_word_that_came_after_it() {
    for words in [
        [("basta", 30), ("basta", 10), ("START", 20)],
        [("STOP", 30), ("basta", 10), ("START", 20)],
        [("STOP", 30), ("STOP", 10), ("START", 20)],
    ] {
        for mut stage in Stage::each().await {
            stage.writer(1).await;
            hears(&stage, &words).await;
            assert_eq!(stage.count(HELD).await, 1, "{words:?}");
        }
    }
}

#[tokio::test]
async fn a_word_found_late_holds_nothing_after_the_opt_in_that_came_after_it() {
    for late in ["STOP", "basta"] {
        for mut stage in Stage::each().await {
            stage.writer(1).await;
            hears(&stage, &[("START", 10), (late, 20)]).await;
            assert_eq!(stage.count(HELD).await, 0, "{late}");
            // A later one holds.
            hears(&stage, &[(late, 5)]).await;
            assert_eq!(stage.count(HELD).await, 1, "{late}");
        }
    }
}

/// A person opted them out on the phone's word, and what they had written before it is found since.
#[tokio::test]
async fn words_from_before_a_persons_decision_change_nothing_of_it() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        decide(&stage, contact, ContactDecision::OptOut).await;
        hears(&stage, &[("basta", 20), ("START", 10)]).await;
        assert_eq!(stage.count(OUT).await, 1);
        decide(&stage, contact, ContactDecision::OptIn).await;
        hears(&stage, &[("STOP", 5), ("basta", 3)]).await;
        assert_eq!(stage.count(HELD).await, 0);
    }
}

async fn decide(stage: &Stage, contact: ContactId, decision: ContactDecision) {
    let (store, by) = (stage.store(), Stage::person());
    let decided = store.decide_contact(contact, decision, "asked", &by, stage.now);
    assert!(decided.await.unwrap());
}

/// They were written so many hours ago, and are read from the chat in this order.
#[tokio::test]
async fn the_later_of_two_words_holds_in_whichever_order_they_are_found_while_the_clock_is_ahead() {
    let ahead = TimeDelta::days(2);
    for (words, out) in [
        ([("STOP", 1), ("START", 2)], 1),
        ([("START", 1), ("STOP", 2)], 0),
    ] {
        for mut stage in Stage::each().await {
            stage.writer(1).await;
            let mut clock = Clock::followed(&stage).await;
            clock.set(&mut stage, ahead).await;
            stage.later(TimeDelta::hours(3));
            for (word, hours) in words {
                let told = stage.now - ahead - TimeDelta::hours(hours);
                stage.record(&says(chat(1), word, word, told)).await;
            }
            assert_eq!(stage.count(OUT).await, out, "{words:?}");
        }
    }
}

/// Our clock is two days ahead, so a person's decision seems to come after all that they write now.
#[tokio::test]
async fn an_edit_to_a_stop_is_heeded_while_the_clock_is_ahead() {
    let ahead = TimeDelta::days(2);
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let mut clock = Clock::followed(&stage).await;
        clock.set(&mut stage, ahead).await;
        decide(&stage, contact, ContactDecision::OptIn).await;
        stage.later(TimeDelta::minutes(30));
        let told = stage.now - ahead;
        let word = says(chat(1), "WORD", "Ciao", told);
        stage.record(&word).await;
        let edit = says(chat(1), "EDIT", "STOP", told);
        let store = stage.store();
        let session = groom();
        let edited = store.record_edit(&session, &word.raw_id, &edit, stage.now);
        assert!(edited.await.unwrap());
        assert_eq!(stage.count(OUT).await, 1);
    }
}
