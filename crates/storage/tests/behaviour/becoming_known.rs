//! Whoever wrote before being put on the list is found at once: their row goes and their chat is read back.

use chrono::TimeDelta;
use rand::{SeedableRng as _, rngs::StdRng};
use storage::{
    ChatToRead, Recorded,
    testing::{LockMonitor, TestDatabase, Turns},
};

use super::{
    inviting::{says, with_alt},
    stage::{Stage, bride, chat, groom, inbound, lid, own, phone},
};

#[tokio::test]
async fn a_number_that_is_put_on_the_list_or_written_to_is_unknown_no_more() {
    for by_queueing in [false, true] {
        for mut stage in Stage::each().await {
            let message = with_alt(inbound(lid(1), "RAW", stage.now), chat(1));
            stage.record(&message).await;
            stage.record(&inbound(chat(2), "OTHER", stage.now)).await;
            if by_queueing {
                stage.queue(phone(1)).await;
            } else {
                stage.guest(1).await;
            }
            assert_eq!(stage.only_unknown().await.phone, Some(phone(2)));
            let mut to_read = stage.to_read().await;
            to_read.sort_unstable();
            assert_eq!(to_read, [chat(1), lid(1)]);
            assert!(matches!(
                stage.record(&message).await,
                Recorded::Inbound { new: true, .. }
            ));
        }
    }
}

#[tokio::test]
async fn also_who_was_ignored_and_on_whichever_session() {
    for mut stage in Stage::each().await {
        stage.record(&inbound(chat(1), "RAW", stage.now)).await;
        stage.ignore_unknown().await;
        stage.worker.session = bride();
        stage.record(&inbound(chat(1), "RAW", stage.now)).await;
        stage.guest(1).await;
        assert_eq!(stage.count("unknown_writer").await, 0);
        assert_eq!(stage.count("chat_reading").await, 2);
    }
}

#[tokio::test]
async fn a_call_that_is_refused_makes_nobody_known() {
    for mut stage in Stage::each().await {
        stage.record(&inbound(chat(1), "RAW", stage.now)).await;
        let nobody = domain::ids::ContactId::new(stage.now, &mut stage.dice);
        let messages = [stage.new_message(phone(1)), stage.new_message(nobody)];
        let refused = stage.store().enqueue(&messages, None, stage.now).await;
        assert!(matches!(
            refused.unwrap(),
            storage::Enqueued::UnknownContact { index: 1 }
        ));
        assert_eq!(stage.only_unknown().await.phone, Some(phone(1)));
        assert_eq!(stage.to_read().await, []);
    }
}

/// A guest wrote under a hidden id that nobody could tell; when WhatsApp tells whose it is, what came before is read back.
#[tokio::test]
async fn a_hidden_id_that_turns_out_to_be_a_guests_is_read_back() {
    for by_own_message in [false, true] {
        for mut stage in Stage::each().await {
            let contact = stage.writer(1).await;
            stage.record(&inbound(lid(1), "HIDDEN", stage.now)).await;
            assert_eq!(stage.only_unknown().await.phone, None);
            if by_own_message {
                stage.queue(contact).await;
                stage.sent("RAW").await;
                let seen = own(lid(1), "RAW", "Save the date", stage.now);
                stage.record(&seen).await;
            } else {
                let both = with_alt(inbound(lid(1), "BOTH", stage.now), chat(1));
                stage.record(&both).await;
            }
            assert_eq!(stage.unknown().await, []);
            assert_eq!(stage.to_read().await, [lid(1)]);
        }
    }
}

#[tokio::test]
async fn a_chat_that_is_asked_for_again_while_it_is_read_stays_asked_for() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        let words = stage.first_words(anna.household_id).await;
        stage.record(&says(chat(1), "RAW", &words, stage.now)).await;
        let store = stage.store();
        let asked = async || store.chats_to_read(&groom()).await.unwrap();
        let first: ChatToRead = asked().await.remove(0);
        // Within the same millisecond, too.
        stage.tamper("UPDATE contact SET household_id = NULL").await;
        stage.tamper("UPDATE guest SET contact_id = NULL").await;
        stage.tamper("UPDATE invitation SET tied_at = NULL").await;
        stage
            .record(&says(chat(1), "RAW2", &words, stage.now))
            .await;
        store.chat_was_read(&groom(), &first).await.unwrap();
        let again = asked().await;
        assert_eq!(again.len(), 1);
        assert!(again[0].asked_at > first.asked_at);
        store.chat_was_read(&bride(), &again[0]).await.unwrap();
        store.chat_was_read(&groom(), &again[0]).await.unwrap();
        assert_eq!(asked().await, []);
    }
}

/// Ten thousand numbers are imported or written to at once, some of whose owners have written.
#[tokio::test]
async fn ten_thousand_numbers_at_once_are_looked_through() {
    for mut stage in Stage::each().await {
        for n in [1, 5_000, 9_999, 10_001] {
            stage.record(&inbound(chat(n), "RAW", stage.now)).await;
            stage.later(TimeDelta::seconds(1));
        }
        let messages: Vec<_> = (1..=10_000).map(|n| stage.new_message(phone(n))).collect();
        stage.enqueue(&messages).await;
        assert_eq!(stage.only_unknown().await.phone, Some(phone(10_001)));
        assert_eq!(stage.to_read().await.len(), 3);
    }
}

/// Somebody becomes known in the moment in which they write: their word is recorded, or their chat is asked for.
async fn is_heard(stage: &Stage, n: u64) -> bool {
    let recorded =
        format!("SELECT count(*) AS value FROM conversation_message WHERE raw_id = 'RAW{n}'");
    stage.int(&recorded).await == Some(1) || stage.to_read().await.contains(&chat(n))
}

async fn writes(stage: &Stage, n: u64) {
    let message = inbound(chat(n), &format!("RAW{n}"), stage.now);
    stage.record(&message).await;
}

#[tokio::test]
async fn who_writes_while_a_message_to_them_is_queued_is_heard() {
    for mut stage in Stage::each().await {
        for n in 1..=20 {
            let queued = [stage.new_message(phone(n))];
            tokio::join!(writes(&stage, n), stage.enqueue(&queued));
            assert!(is_heard(&stage, n).await, "number {n}");
        }
        assert_eq!(stage.count("unknown_writer").await, 0);
    }
}

#[tokio::test]
async fn who_writes_while_a_message_to_them_is_queued_is_heard_in_drawn_orders_of_statements() {
    let mut stage = Stage::on(TestDatabase::postgres().await).await;
    let mut monitor = LockMonitor::connect(stage.db.url()).await;
    let mut rng = StdRng::seed_from_u64(0);
    let mut overlaps = 0;
    for n in 1..=40 {
        let queued = [stage.new_message(phone(n))];
        let turns = Turns::of(2);
        let (writes, sends) = (writes(&stage, n), stage.enqueue(&queued));
        let ((), (), taken) = tokio::join!(
            turns.call(0, writes),
            turns.call(1, sends),
            turns.give(&mut monitor, &mut rng)
        );
        assert!(is_heard(&stage, n).await, "number {n}: {:?}", taken.order);
        overlaps += taken.pair_overlaps;
    }
    assert!(overlaps > 0, "the calls never met");
    assert_eq!(stage.count("unknown_writer").await, 0);
}
