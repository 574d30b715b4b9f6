//! One person, two identities: a number and a hidden id become one contact.

use chrono::TimeDelta;

use domain::{lane::Lane, message_status::MessageStatus, wire::ObservedMessage};
use storage::{CancelReason, Error, Recorded, testing::TestDatabase};

use super::{
    inviting::says,
    stage::{Stage, bride, chat, groom, inbound, lid, own, phone},
};

pub(super) const EVIDENCE: &str = "SELECT m.raw_id AS value FROM contact_session s JOIN conversation_message m ON m.id = s.evidence_id";

pub(crate) fn tells_both(mut message: ObservedMessage, n: u64) -> ObservedMessage {
    message.alt = Some(if message.chat == chat(n) {
        lid(n)
    } else {
        chat(n)
    });
    message
}

#[tokio::test]
async fn a_hidden_id_that_comes_with_the_number_is_the_same_person() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let alone = inbound(lid(1), "ALONE", stage.now);
        assert_eq!(stage.record(&alone).await, Recorded::NotAGuest);
        let both = tells_both(inbound(lid(1), "BOTH", stage.now), 1);
        assert_eq!(
            stage.record(&both).await,
            Recorded::Inbound { contact, new: true }
        );
        let again = inbound(lid(1), "AGAIN", stage.now);
        assert_eq!(
            stage.record(&again).await,
            Recorded::Inbound { contact, new: true }
        );
        let known = stage.store().contact(contact).await.unwrap().unwrap();
        assert_eq!(known.lids, ["770001"]);
    }
}

/// A guest known by number and a contact known by hidden id turn out to be one: everything becomes the one's.
#[tokio::test]
async fn two_contacts_that_are_one_person_become_one() {
    for mut stage in Stage::each().await {
        let (kept, gone) = (stage.guest(1).await, stage.guest(2).await);
        stage.hide_number(gone, 1).await;
        stage
            .tamper(&format!(
                "UPDATE contact SET opted_out_at = 5 WHERE id = '{gone}'"
            ))
            .await;
        // Each has its history: the number was written to, the hidden id wrote and was written to since.
        stage.writes(1, stage.now - TimeDelta::days(3)).await;
        let by_number = stage.queue_with(kept, |m| m.send_now = true).await;
        stage
            .record(&inbound(lid(1), "LID1", stage.now - TimeDelta::days(1)))
            .await;
        let by_lid = stage.queue_with(gone, |m| m.send_now = true).await;
        stage.tamper("UPDATE contact SET opted_out_at = NULL").await;
        stage.sent("RAW1").await;
        stage.later(TimeDelta::seconds(10));
        stage.sent("RAW2").await;
        stage
            .tamper(&format!(
                "UPDATE contact SET opted_out_at = 5 WHERE id = '{gone}'"
            ))
            .await;
        let waiting = stage.queue_with(gone, |m| m.session = bride()).await;

        let both = tells_both(inbound(chat(1), "BOTH", stage.now - TimeDelta::hours(2)), 1);
        assert_eq!(
            stage.record(&both).await,
            Recorded::Inbound {
                contact: kept,
                new: true
            }
        );

        assert!(stage.store().contact(gone).await.unwrap().is_none());
        let known = stage.store().contact(kept).await.unwrap().unwrap();
        assert_eq!(
            (known.lids, known.guests.len()),
            (vec!["770001".to_owned()], 2)
        );
        assert!(known.opted_out_at.is_some());
        for message in [by_number, by_lid, waiting] {
            assert_eq!(stage.row(message).await.contact, kept);
        }
        assert_eq!(stage.text(EVIDENCE).await.as_deref(), Some("BOTH"));
        // Both were sent after that word: both are unanswered.
        let groom_part = known
            .sessions
            .iter()
            .find(|part| part.session == groom())
            .unwrap();
        assert_eq!(groom_part.unanswered, 2);
        for table in [
            "conversation_message",
            "send_reservation",
            "whatsapp_message_queue",
            "contact_session",
            "guest",
        ] {
            let left = format!(
                "SELECT CAST(count(*) AS BIGINT) AS value FROM {table} WHERE contact_id <> '{kept}'"
            );
            assert_eq!(stage.int(&left).await, Some(0), "{table}");
        }
    }
}

#[tokio::test]
async fn two_numbers_are_two_people() {
    for mut stage in Stage::each().await {
        let (one, two) = (stage.guest(1).await, stage.guest(2).await);
        stage
            .tamper(&format!(
                "INSERT INTO contact_lid (lid, contact_id) VALUES ('770001', '{two}')"
            ))
            .await;
        let both = tells_both(inbound(chat(1), "RAW", stage.now), 1);
        assert_eq!(
            stage.record(&both).await,
            Recorded::Inbound {
                contact: one,
                new: true
            }
        );
        assert!(stage.store().contact(two).await.unwrap().is_some());
    }
}

/// Nobody gets the same news twice because they were two contacts before.
#[tokio::test]
async fn of_two_copies_of_a_broadcast_one_is_cancelled() {
    for kept_was_sent in [true, false] {
        for mut stage in Stage::each().await {
            let (kept, gone) = (stage.writer(1).await, stage.guest(2).await);
            stage.hide_number(gone, 1).await;
            stage
                .record(&inbound(lid(1), "LID", stage.now - TimeDelta::days(1)))
                .await;
            let news = domain::ids::BroadcastId::new(stage.now, &mut stage.dice);
            let (sent_to, other) = if kept_was_sent {
                (kept, gone)
            } else {
                (gone, kept)
            };
            let mut copy = async |contact| {
                stage
                    .queue_with(contact, |m| {
                        m.broadcast = Some(news);
                        m.lane = Lane::Broadcast;
                    })
                    .await
            };
            let sent = copy(sent_to).await;
            let superfluous = copy(other).await;
            assert_eq!(stage.sent("RAW").await.message, sent);
            stage
                .record(&tells_both(inbound(chat(1), "BOTH", stage.now), 1))
                .await;
            let row = stage.row(superfluous).await;
            assert_eq!(
                (row.status, row.cancel_reason),
                (MessageStatus::Cancelled, Some(CancelReason::Duplicate))
            );
            assert_eq!((row.contact, row.broadcast), (kept, None));
            let row = stage.row(sent).await;
            assert_eq!(
                (row.status, row.contact, row.broadcast),
                (MessageStatus::Sent, kept, Some(news))
            );
        }
    }
}

/// A composition goes on over the merge: its row follows, with its evidence.
#[tokio::test]
async fn a_merge_during_a_composition_is_followed() {
    for mut stage in Stage::each().await {
        let (kept, gone) = (stage.guest(1).await, stage.guest(2).await);
        stage.hide_number(gone, 1).await;
        stage
            .record(&inbound(lid(1), "LID", stage.now - TimeDelta::days(1)))
            .await;
        stage.queue(gone).await;
        let work = stage.taken().await;
        stage
            .record(&tells_both(inbound(chat(1), "BOTH", stage.now), 1))
            .await;
        assert_eq!(stage.row(work.message).await.contact, kept);
        stage.now += work.plan.total();
        stage.take_lease().await;
        assert_eq!(stage.commit(&work).await, storage::Commit::Committed);
        let finished = stage
            .finish(work.attempt, super::stage::accepted("RAW"))
            .await;
        assert_eq!(finished, storage::Finished::Sent);
    }
}

/// The queue's own message, seen in a chat by a hidden id that nobody told us: its id says who it is.
#[tokio::test]
async fn an_own_message_tells_the_hidden_id_of_its_chat() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.sent("RAW").await;
        let message = work.message;
        let seen = own(lid(1), "RAW", "Save the date", stage.now);
        assert_eq!(
            stage.record(&seen).await,
            Recorded::OwnFromQueue { message }
        );
        let answer = inbound(lid(1), "ANSWER", stage.now);
        assert_eq!(
            stage.record(&answer).await,
            Recorded::Inbound { contact, new: true }
        );
        // Another own message in an unknown chat is nobody's business.
        let other = own(lid(2), "OTHER", "Save the date", stage.now);
        assert_eq!(stage.record(&other).await, Recorded::NotAGuest);
    }
}

/// Tied under a hidden id by the invitation's token, listed by number: when WhatsApp tells the pair, every message is there
/// once and every limit counts.
#[tokio::test]
async fn a_tied_hidden_id_and_a_listed_number_become_one() {
    for mut stage in Stage::each().await {
        let listed = stage.invite("Rossi", Some(1)).await;
        let other = stage.invite("Rossi", None).await;
        let household = listed.household_id;
        let words = stage.first_words(household).await;
        let at = stage.now - TimeDelta::days(2);
        let word = stage.record(&says(lid(1), "WORDS", &words, at)).await;
        let Recorded::Inbound { contact: tied, .. } = word else {
            panic!("not tied: {word:?}");
        };
        // It may be the listed guest's.
        assert_eq!(stage.contact_of_guest(other.id).await, None);
        let by_lid = stage.queue_with(tied, |m| m.send_now = true).await;
        stage.sent("RAW1").await;
        // The number is known from the list, and what waits for it waits for its word.
        let by_number = stage.queue(phone(1)).await;
        assert!(stage.row(by_number).await.wait.is_some());
        stage.later(TimeDelta::minutes(5));
        let both = tells_both(inbound(lid(1), "BOTH", stage.now), 1);
        let kept = listed.contact.unwrap();
        let recorded = Recorded::Inbound {
            contact: kept,
            new: true,
        };
        assert_eq!(stage.record(&both).await, recorded);

        assert!(stage.store().contact(tied).await.unwrap().is_none());
        assert_eq!(stage.household_of(kept).await, Some(household.to_string()));
        assert_eq!(stage.contact_of_guest(listed.id).await, Some(kept));
        assert_eq!(stage.contact_of_guest(other.id).await, None);
        for message in [by_lid, by_number] {
            assert_eq!(stage.row(message).await.contact, kept);
        }
        // Read back under both names, each message is there once.
        for message in [
            tells_both(says(lid(1), "WORDS", &words, at), 1),
            says(chat(1), "WORDS", &words, at),
            inbound(chat(1), "BOTH", stage.now),
        ] {
            stage.record(&message).await;
        }
        let inbound = "SELECT CAST(count(*) AS BIGINT) AS value FROM conversation_message WHERE direction = 'inbound'";
        assert_eq!(stage.int(inbound).await, Some(2));
        // What was sent to the hidden id counts for the number: it waits for the cool-down that their word ended.
        let facts = stage.store().session_facts(&groom(), stage.now).await;
        let sends = facts.unwrap().unwrap().sends;
        assert!(sends.iter().all(|send| send.contact == kept));
        assert_eq!(sends.len(), 1);
    }
}

/// Tied to one household under a hidden id, listed in another by number: the list's counts, and the audit says so.
#[tokio::test]
async fn of_two_households_the_lists_is_kept() {
    for mut stage in Stage::each().await {
        let listed = stage.invite("Rossi", Some(1)).await;
        let victim = stage.invite("Bianchi", None).await;
        let words = stage.first_words(victim.household_id).await;
        stage
            .record(&says(lid(1), "WORDS", &words, stage.now))
            .await;
        assert!(stage.contact_of_guest(victim.id).await.is_some());
        let both = tells_both(inbound(lid(1), "BOTH", stage.now), 1);
        stage.record(&both).await;

        let kept = listed.contact.unwrap();
        assert_eq!(stage.contact_of_guest(listed.id).await, Some(kept));
        assert_eq!(stage.contact_of_guest(victim.id).await, None);
        assert_eq!(stage.household_of(kept).await, None);
        assert!(stage.tied_at(listed.household_id).await.is_some());
        let audit = stage.store().audit(None, 9).await.unwrap().items;
        let merge = audit.iter().find(|line| line.action == "contact.merge");
        let detail = merge.unwrap().detail.clone().unwrap();
        let left = format!("no more of household {}", victim.household_id);
        assert!(detail.ends_with(&left), "{detail}");
    }
}

/// Somebody was only written to by number; tied under a hidden id, the number is of that household too.
#[tokio::test]
async fn a_number_of_no_household_gets_the_one_that_its_hidden_id_was_tied_to() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        let words = stage.first_words(anna.household_id).await;
        let queued = stage.queue(phone(1)).await;
        stage
            .record(&says(lid(1), "WORDS", &words, stage.now))
            .await;
        stage
            .record(&tells_both(inbound(lid(1), "BOTH", stage.now), 1))
            .await;
        let kept = stage.row(queued).await.contact;
        assert_eq!(
            stage.household_of(kept).await,
            Some(anna.household_id.to_string())
        );
        assert_eq!(stage.contact_of_guest(anna.id).await, Some(kept));
        assert_eq!(stage.row(queued).await.wait, None);
    }
}

/// The number of a contact is taken by another transaction so many times, whenever it is about to be written.
async fn taken_number(stage: &Stage, times: u32) {
    stage.tamper("CREATE SEQUENCE times").await;
    let taken = format!(
        "CREATE FUNCTION taken() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN
             IF nextval('times') <= {times} THEN
                 RAISE EXCEPTION 'taken' USING ERRCODE = '23505', CONSTRAINT = 'contact_phone_key';
             END IF;
             RETURN NEW;
         END $$"
    );
    stage.tamper(&taken).await;
    let trigger =
        "CREATE TRIGGER taken BEFORE UPDATE ON contact FOR EACH ROW EXECUTE FUNCTION taken()";
    stage.tamper(trigger).await;
}

/// Enqueueing creates a contact for a number at the same time as an inbound message adds that number to another contact.
#[tokio::test]
async fn a_word_is_looked_at_anew_when_its_number_is_taken_in_this_moment() {
    let mut stage = Stage::on(TestDatabase::postgres().await).await;
    let (_, gone) = (stage.guest(1).await, stage.guest(2).await);
    stage.hide_number(gone, 1).await;
    taken_number(&stage, 1).await;
    let both = tells_both(inbound(chat(1), "BOTH", stage.now), 1);
    let recorded = stage.record(&both).await;
    assert!(matches!(recorded, Recorded::Inbound { new: true, .. }));
}

/// WAHA tells it again when it is not answered as stored.
#[tokio::test]
async fn a_word_whose_number_is_taken_again_and_again_is_not_told_as_stored() {
    let mut stage = Stage::on(TestDatabase::postgres().await).await;
    let (_, gone) = (stage.guest(1).await, stage.guest(2).await);
    stage.hide_number(gone, 1).await;
    taken_number(&stage, 1_000).await;
    let both = tells_both(inbound(chat(1), "BOTH", stage.now), 1);
    let (store, session) = (stage.store(), groom());
    let recorded = store.record_message(&session, &both, stage.now).await;
    assert!(matches!(recorded, Err(Error::Overtaken(_))), "{recorded:?}");
}
