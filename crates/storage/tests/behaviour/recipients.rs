//! Whom messages go to: contacts that are known, and contacts that are made together with their first message.

use domain::ids::{ContactId, GuestId};
use rand::{SeedableRng as _, rngs::StdRng};
use storage::{
    Enqueued, Idempotency, NewGuest, NewMessage,
    testing::{LockMonitor, TestDatabase, Turns},
};

use super::{
    enqueueing::{key, queued, said},
    stage::{Stage, phone},
};

#[tokio::test]
async fn what_goes_to_nobody_is_named_and_leaves_nothing() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let nobody = ContactId::new(stage.now, &mut stage.dice);
        let key = key(&mut stage, "guests", "body");
        let messages = [
            stage.new_message(phone(7)),
            stage.new_message(contact),
            stage.new_message(nobody),
            stage.new_message(nobody),
        ];
        let (store, now) = (stage.store(), stage.now);
        let refused = store.enqueue(&messages, Some(&key), now).await.unwrap();
        assert_eq!(refused, Enqueued::UnknownContact { index: 2 });
        assert_eq!((queued(&stage).await, contacts(&stage).await), (0, 1));
        // What was refused took no key.
        let good = store.enqueue(&messages[..2], Some(&key), now).await;
        assert!(matches!(good.unwrap(), Enqueued::New(_)));
    }
}

async fn contacts(stage: &Stage) -> i64 {
    let count = "SELECT CAST(count(*) AS BIGINT) AS value FROM contact";
    stage.int(count).await.expect("a count")
}

#[tokio::test]
async fn a_number_is_one_contact_however_often_it_is_written_to() {
    for mut stage in Stage::each().await {
        let known = stage.guest(1).await;
        let messages = [2, 1, 2].map(|n| stage.new_message(phone(n)));
        stage.enqueue(&messages).await;
        let (mut to, mut numbers) = (Vec::new(), Vec::new());
        for message in &messages {
            let row = stage.row(message.id).await;
            to.push(row.contact);
            numbers.push(row.phone);
        }
        assert_eq!(numbers, [2, 1, 2].map(|n| Some(phone(n))));
        assert_eq!((to[0], to[1]), (to[2], known));
        assert_eq!(contacts(&stage).await, 2);
        let later = stage.queue(phone(2)).await;
        assert_eq!(stage.row(later).await.contact, to[0]);
        assert_eq!(contacts(&stage).await, 2);
    }
}

#[tokio::test]
async fn written_to_by_several_at_once_a_number_is_still_one_contact() {
    for mut stage in Stage::each().await {
        let one = [1, 2, 3].map(|n| stage.new_message(phone(n)));
        let two = [3, 2, 1].map(|n| stage.new_message(phone(n)));
        let (store, other, now) = (stage.store(), stage.store(), stage.now);
        let guest = NewGuest {
            id: GuestId::new(now, &mut stage.dice),
            name: "Anna".to_owned(),
            side: None,
            language: None,
            household: None,
            phone: Some(phone(2)),
        };
        let (first, second, guest) = tokio::join!(
            store.enqueue(&one, None, now),
            other.enqueue(&two, None, now),
            store.add_guest(&guest, now)
        );
        first.unwrap();
        second.unwrap();
        let anna = guest.unwrap().contact.expect("she has a number");
        assert_eq!(stage.row(one[1].id).await.contact, anna);
        assert_eq!(stage.row(two[1].id).await.contact, anna);
        assert_eq!(contacts(&stage).await, 3);
    }
}

/// Both calls wait for the contact that is being erased, and hold it afterwards: neither may change it then.
#[tokio::test]
async fn two_messages_to_a_guest_who_is_being_erased_do_not_wait_for_each_other() {
    let mut stage = Stage::on(TestDatabase::postgres().await).await;
    let mut monitor = LockMonitor::connect(stage.db.url()).await;
    let mut rng = StdRng::seed_from_u64(0);
    let mut overlaps = 0;
    for n in 1..=40 {
        let erased = stage.invited(&format!("Guest {n}"), None, Some(n)).await;
        // Its contact stays, to be known again.
        stage.queue(phone(n)).await;
        let (one, other) = ([stage.new_message(phone(n))], [stage.new_message(phone(n))]);
        let (store, person, turns) = (stage.store(), Stage::person(), Turns::of(3));
        let erase = store.erase_guest(erased.id, "they asked", &person, stage.now);
        let (erase, (), (), taken) = tokio::join!(
            turns.call(0, erase),
            turns.call(1, stage.enqueue(&one)),
            turns.call(2, stage.enqueue(&other)),
            turns.give(&mut monitor, &mut rng)
        );
        assert!(erase.is_ok(), "number {n}: {:?}: {erase:?}", taken.order);
        overlaps += taken.pair_overlaps;
    }
    assert!(overlaps > 0, "the calls never met");
}

/// Whatever a call is refused for, the numbers in it are nobody's business afterwards.
#[tokio::test]
async fn a_refused_call_leaves_no_contact_behind() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let key = key(&mut stage, "monday", "body");
        let (store, now) = (stage.store(), stage.now);
        let first = [stage.new_message(contact)];
        store.enqueue(&first, Some(&key), now).await.unwrap();
        let stranger = [stage.new_message(phone(8))];
        let repeated = store.enqueue(&stranger, Some(&key), now).await.unwrap();
        assert!(matches!(repeated, Enqueued::Repeated(_)));
        let other_body = Idempotency {
            fingerprint: "other".to_owned(),
            ..key
        };
        let taken = store.enqueue(&stranger, Some(&other_body), now).await;
        assert_eq!(taken.unwrap(), Enqueued::KeyReused);
        let answer = [NewMessage {
            reply_to: Some(said(&stage).await),
            ..stage.new_message(phone(8))
        }];
        let refused = store.enqueue(&answer, None, now).await.unwrap();
        assert_eq!(refused, Enqueued::UnknownReply { index: 0 });
        assert_eq!(contacts(&stage).await, 1);
    }
}
