//! Doubt, and what ends it: presence proves, absence proves nothing, two candidates prove nothing.

use chrono::TimeDelta;
use domain::{message_status::MessageStatus, outcome::SendAnswer, wire::ObservedMessage};
use storage::{PersonVerdict, Recorded, Settled, Work};

use super::stage::{Stage, chat, groom, lid, own};

const TEXT: &str = "Save the date";

async fn doubt(stage: &mut Stage) -> Work {
    let contact = stage.writer(1).await;
    stage.queue(contact).await;
    stage.doubted().await
}

async fn look(stage: &Stage, work: &Work, seen: &[ObservedMessage]) -> Settled {
    stage
        .store()
        .settle_from_chat(work.attempt, seen, stage.now)
        .await
        .expect("an answer")
}

const fn is_open(settled: &Settled) -> bool {
    matches!(settled, Settled::StillUncertain { .. })
}

#[tokio::test]
async fn one_own_message_with_the_same_text_proves_it() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        let committed = stage.row(work.message).await.committed_at.unwrap();
        // WAHA's times are whole seconds: the commit's own second counts.
        let at = domain::Timestamp::from_timestamp(committed.timestamp(), 0).unwrap();
        assert_eq!(
            look(&stage, &work, &[own(chat(1), "RAW", TEXT, at)]).await,
            Settled::Sent
        );
        let row = stage.row(work.message).await;
        assert_eq!(
            (row.status, row.raw_id.as_deref()),
            (MessageStatus::Sent, Some("RAW"))
        );
        assert_eq!(row.sent_at, Some(committed));
        assert_eq!(look(&stage, &work, &[]).await, Settled::Gone);
        assert_eq!(stage.store().uncertain_count(&groom()).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn what_could_be_something_else_proves_nothing() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.taken().await;
        let snapshot = [String::from("BEFORE")];
        stage
            .store()
            .record_snapshot(stage.claimer(), work.attempt, &snapshot)
            .await
            .unwrap();
        stage.now += work.plan.total();
        stage.take_lease().await;
        stage.commit(&work).await;
        stage.finish(work.attempt, SendAnswer::Unclear).await;
        let (now, early) = (stage.now, stage.now - TimeDelta::seconds(3));
        let mut theirs = own(chat(1), "THEIRS", TEXT, now);
        theirs.from_me = false;
        let cases: [(&str, Vec<ObservedMessage>); 8] = [
            ("an empty chat", vec![]),
            (
                "another text",
                vec![own(chat(1), "A", "Save the dates", now)],
            ),
            (
                "in the chat before",
                vec![own(chat(1), "BEFORE", TEXT, now)],
            ),
            ("before the commit", vec![own(chat(1), "B", TEXT, early)]),
            ("to somebody else", vec![own(chat(2), "C", TEXT, now)]),
            ("from the guest", vec![theirs]),
            (
                "two candidates",
                vec![own(chat(1), "D", TEXT, now), own(chat(1), "E", TEXT, now)],
            ),
            (
                "no text at all",
                vec![ObservedMessage {
                    body: None,
                    ..own(chat(1), "F", TEXT, now)
                }],
            ),
        ];
        for (what, seen) in cases {
            assert!(is_open(&look(&stage, &work, &seen).await), "{what}");
        }
        // One that comes later is a third candidate.
        let third = [own(chat(1), "G", TEXT, now)];
        assert!(is_open(&look(&stage, &work, &third).await));
        assert_eq!(stage.status(work.message).await, MessageStatus::Uncertain);
    }
}

#[tokio::test]
async fn a_message_that_is_listed_under_both_identities_of_its_chat_is_one() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        let seen = own(chat(1), "G", TEXT, stage.now);
        let looked = look(&stage, &work, &[seen.clone(), seen]).await;
        assert_eq!(looked, Settled::Sent);
    }
}

#[tokio::test]
async fn two_that_could_be_it_stay_two_when_they_are_told_one_by_one() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        let seen = [
            own(chat(1), "D", TEXT, stage.now),
            own(chat(1), "E", TEXT, stage.now),
        ];
        assert!(is_open(&look(&stage, &work, &seen).await));
        for message in &seen {
            let told = stage
                .store()
                .record_message(&groom(), message, stage.now)
                .await;
            assert_eq!(told.unwrap(), Recorded::Parked);
        }
        assert_eq!(stage.status(work.message).await, MessageStatus::Uncertain);
    }
}

#[tokio::test]
async fn a_message_of_another_row_is_no_candidate() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        let contact = work.contact;
        stage.later(TimeDelta::minutes(5));
        stage.writes(1, stage.now).await;
        stage.queue_with(contact, |m| m.send_now = true).await;
        stage.take_lease().await;
        stage.sent("SECOND").await;
        let seen = [own(chat(1), "SECOND", TEXT, stage.now)];
        assert!(is_open(&look(&stage, &work, &seen).await));
        let both = [seen[0].clone(), own(chat(1), "FIRST", TEXT, stage.now)];
        assert_eq!(look(&stage, &work, &both).await, Settled::Sent);
        assert_eq!(
            stage.row(work.message).await.raw_id.as_deref(),
            Some("FIRST")
        );
    }
}

#[tokio::test]
async fn the_id_that_we_chose_is_enough() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.taken().await;
        stage.now += work.plan.total();
        stage.take_lease().await;
        let store = stage.store();
        store
            .commit(stage.claimer(), &work, Some("CHOSEN"), stage.now)
            .await
            .unwrap();
        stage.finish(work.attempt, SendAnswer::Unclear).await;
        let row = &store.uncertain(&groom()).await.unwrap()[0];
        assert_eq!(row.client_raw_id.as_deref(), Some("CHOSEN"));
        assert_eq!(
            (row.message, row.attempt, row.chat.clone()),
            (work.message, work.attempt, chat(1))
        );
        // WAHA's store moves times and texts about; the id stays. A rival with the same text does not matter.
        let early = stage.now - TimeDelta::hours(1);
        let seen = [
            own(chat(1), "RIVAL", TEXT, stage.now),
            own(chat(1), "CHOSEN", "save", early),
        ];
        assert_eq!(look(&stage, &work, &seen).await, Settled::Sent);
        let row = stage.row(work.message).await;
        assert_eq!(
            (row.raw_id.as_deref(), row.sent_at),
            (Some("CHOSEN"), row.committed_at)
        );
    }
}

#[tokio::test]
async fn the_chat_is_looked_at_four_times_and_then_left_to_events() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        let since = stage.now;
        let first = stage.store().uncertain(&groom()).await.unwrap()[0].next_look_at;
        assert_eq!(first, Some(since));
        for after in [Some(30), Some(120), Some(600), None] {
            let next = after.map(|secs| since + TimeDelta::seconds(secs));
            assert_eq!(
                look(&stage, &work, &[]).await,
                Settled::StillUncertain { next_look_at: next }
            );
            let row = &stage.store().uncertain(&groom()).await.unwrap()[0];
            assert_eq!(row.next_look_at, next);
            stage.now = next.unwrap_or(stage.now);
        }
        assert_eq!(
            look(&stage, &work, &[]).await,
            Settled::StillUncertain { next_look_at: None }
        );
    }
}

#[tokio::test]
async fn the_chat_can_be_known_by_its_hidden_id() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        let mut seen = own(lid(1), "RAW", TEXT, stage.now);
        seen.alt = Some(chat(1));
        assert_eq!(look(&stage, &work, &[seen]).await, Settled::Sent);
    }
}

#[tokio::test]
async fn an_uncertain_message_holds_later_automatic_ones_until_it_is_settled() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        stage.later(TimeDelta::minutes(61));
        stage.take_lease().await;
        let later = stage.queue(work.contact).await;
        stage.idle().await;
        let wait = stage.row(later).await.wait.unwrap();
        assert_eq!(wait.reason, domain::wait::WaitReason::EarlierUncertain);
        let seen = [own(chat(1), "RAW", TEXT, stage.now)];
        assert_eq!(look(&stage, &work, &seen).await, Settled::Sent);
        assert_eq!(stage.row(later).await.wait, None);
    }
}

#[tokio::test]
async fn a_person_s_word_ends_the_doubt() {
    for (verdict, status) in [
        (PersonVerdict::Arrived, MessageStatus::Sent),
        (PersonVerdict::SendAgain, MessageStatus::Pending),
    ] {
        for mut stage in Stage::each().await {
            let work = doubt(&mut stage).await;
            let parked = own(chat(1), "HAND", "Something else", stage.now);
            assert_eq!(stage.record(&parked).await, Recorded::Parked);
            stage
                .store()
                .settle_by_person(work.message, verdict, &Stage::person(), stage.now)
                .await
                .unwrap();
            assert_eq!(stage.status(work.message).await, status);
            // The doubt explained it no more: it was typed by hand.
            let contact = work.contact;
            assert_eq!(
                stage.record(&parked).await,
                Recorded::TypedByHand {
                    contact,
                    new: false
                }
            );
        }
    }
}
