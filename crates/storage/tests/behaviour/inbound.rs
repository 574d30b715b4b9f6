//! What guests write: stored once, evidence when newest, and nothing of anybody else.

use chrono::TimeDelta;
use domain::{
    lane::Lane,
    message_status::MessageStatus,
    release::RefuseReason,
    session::SessionState,
    wire::{MessageKind, ObservedMessage},
};
use storage::{CancelReason, Recorded};

use super::stage::{Stage, bride, chat, groom, inbound, lid, own};

const STORED: &str = "SELECT CAST(count(*) AS BIGINT) AS value FROM conversation_message";
const CONTACTS: &str = "SELECT CAST(count(*) AS BIGINT) AS value FROM contact";
const EVIDENCE: &str = "SELECT m.raw_id AS value FROM contact_session s JOIN conversation_message m ON m.id = s.evidence_id";

#[tokio::test]
async fn what_strangers_write_is_not_stored() {
    for mut stage in Stage::each().await {
        // A contact that nobody put on the list, such as one left over, is a stranger too.
        stage
            .store()
            .contact_by_phone(&super::stage::phone(8), stage.now)
            .await
            .unwrap();
        for n in [8, 9] {
            let mut message = inbound(chat(n), "RAW", stage.now);
            message.alt = Some(lid(n));
            assert_eq!(stage.record(&message).await, Recorded::NotAGuest);
            message.from_me = true;
            assert_eq!(stage.record(&message).await, Recorded::NotAGuest);
        }
        assert_eq!(stage.int(STORED).await, Some(0));
        assert_eq!(stage.int(CONTACTS).await, Some(1));
        let lids = "SELECT CAST(count(*) AS BIGINT) AS value FROM contact_lid";
        assert_eq!(stage.int(lids).await, Some(0));
        // Somebody the queue writes to is known, on the list or not.
        let contact = stage
            .store()
            .contact_by_phone(&super::stage::phone(8), stage.now)
            .await
            .unwrap();
        stage.queue(contact).await;
        assert_eq!(
            stage.writes(8, stage.now).await,
            Recorded::Inbound { contact, new: true }
        );
    }
}

#[tokio::test]
async fn a_message_is_stored_once() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let message = inbound(chat(1), "RAW", stage.now);
        assert_eq!(
            stage.record(&message).await,
            Recorded::Inbound { contact, new: true }
        );
        stage
            .tamper("UPDATE contact_session SET unanswered = 1")
            .await;
        assert_eq!(
            stage.record(&message).await,
            Recorded::Inbound {
                contact,
                new: false
            }
        );
        assert_eq!(stage.int(STORED).await, Some(1));
        let unanswered = "SELECT unanswered AS value FROM contact_session";
        assert_eq!(stage.int(unanswered).await, Some(1));
    }
}

#[tokio::test]
async fn the_newest_message_is_the_evidence_in_whatever_order_they_come() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        let at = |minutes| stage.now - TimeDelta::minutes(minutes);
        for (raw_id, minutes) in [("B", 20), ("C", 10), ("A", 30)] {
            stage.record(&inbound(chat(1), raw_id, at(minutes))).await;
        }
        assert_eq!(stage.text(EVIDENCE).await.as_deref(), Some("C"));
        let last_in = "SELECT last_in_at AS value FROM contact_session";
        assert_eq!(stage.int(last_in).await, Some(at(10).timestamp_millis()));
        // A clock that runs ahead makes no message from the future.
        stage.record(&inbound(chat(1), "D", at(-60))).await;
        assert_eq!(stage.int(last_in).await, Some(stage.now.timestamp_millis()));
    }
}

/// Found late, a message answers only what was sent before it.
#[tokio::test]
async fn a_missed_message_answers_what_was_sent_before_it() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue_with(contact, |m| m.send_now = true).await;
        stage.sent("RAW1").await;
        let between = stage.now + TimeDelta::seconds(30);
        stage.later(TimeDelta::minutes(1));
        stage.queue_with(contact, |m| m.send_now = true).await;
        // Send-now does not lift the cool-down: their word does.
        stage
            .tamper("UPDATE contact_session SET last_out_at = 1")
            .await;
        stage
            .tamper("UPDATE send_reservation SET ended_at = 1 WHERE ended_at IS NOT NULL")
            .await;
        stage.take_lease().await;
        stage.sent("RAW2").await;
        let unanswered = "SELECT unanswered AS value FROM contact_session";
        assert_eq!(stage.int(unanswered).await, Some(2));
        stage.writes(1, between).await;
        assert_eq!(stage.int(unanswered).await, Some(1));
        stage.writes(1, stage.now).await;
        assert_eq!(stage.int(unanswered).await, Some(0));
    }
}

#[tokio::test]
async fn nothing_from_before_the_pairing_is_stored_or_proves_anything() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        let paired = stage.now - TimeDelta::days(30);
        let at = |secs| paired - TimeDelta::seconds(secs);
        assert_eq!(
            stage.record(&inbound(chat(1), "OLD", at(61))).await,
            Recorded::BeforePairing
        );
        assert_eq!(
            stage.record(&own(chat(1), "OWN", "Hi", at(61))).await,
            Recorded::BeforePairing
        );
        assert_eq!(stage.int(STORED).await, Some(0));
        assert!(matches!(
            stage.record(&inbound(chat(1), "NEW", at(60))).await,
            Recorded::Inbound { new: true, .. }
        ));
    }
}

#[tokio::test]
async fn a_session_that_was_never_paired_proves_nothing() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        stage
            .tamper("UPDATE whatsapp_session_status SET first_connected_at = NULL")
            .await;
        assert_eq!(
            stage.record(&inbound(chat(1), "RAW", stage.now)).await,
            Recorded::BeforePairing
        );
    }
}

#[tokio::test]
async fn writing_to_one_spouse_is_no_consent_for_the_other() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue_with(contact, |m| m.session = bride()).await;
        let wait = stage.row(message).await.wait;
        assert!(wait.is_some());
        stage.writes(1, stage.now).await;
        assert_eq!(stage.row(message).await.wait, wait);
        stage.worker.session = bride();
        stage
            .writes(1, stage.now + TimeDelta::milliseconds(1))
            .await;
        assert_eq!(stage.row(message).await.wait, None);
    }
}

#[tokio::test]
async fn an_answer_drops_what_was_to_be_dropped() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let dropped = stage
            .queue_with(contact, |m| m.drop_if_answered = true)
            .await;
        let kept = stage.queue(contact).await;
        stage.later(TimeDelta::seconds(1));
        let since = stage
            .queue_with(contact, |m| m.drop_if_answered = true)
            .await;
        // Older than both: it answers neither.
        stage.writes(1, stage.now - TimeDelta::days(1)).await;
        assert_eq!(stage.status(dropped).await, MessageStatus::Pending);
        stage
            .writes(1, stage.now - TimeDelta::milliseconds(500))
            .await;
        let row = stage.row(dropped).await;
        assert_eq!(row.status, MessageStatus::Cancelled);
        assert_eq!(
            row.cancel_reason,
            Some(CancelReason::Rule(RefuseReason::Answered))
        );
        for message in [kept, since] {
            assert_eq!(stage.status(message).await, MessageStatus::Pending);
        }
        let told = stage.store().timeline(dropped).await.unwrap();
        assert_eq!(told.last().unwrap().detail.as_deref(), Some("answered"));
    }
}

#[tokio::test]
async fn what_a_spouse_types_by_hand_counts_once() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let typed = own(chat(1), "RAW", "Ciao", stage.now - TimeDelta::minutes(1));
        assert_eq!(
            stage.record(&typed).await,
            Recorded::TypedByHand { contact, new: true }
        );
        assert_eq!(
            stage.record(&typed).await,
            Recorded::TypedByHand {
                contact,
                new: false
            }
        );
        let older = own(chat(1), "OLDER", "Ciao", stage.now - TimeDelta::hours(1));
        stage.record(&older).await;
        let at = "SELECT hand_typed_at AS value FROM contact_session";
        assert_eq!(stage.int(at).await, Some(typed.at.timestamp_millis()));
        let facts = stage
            .store()
            .session_facts(&groom(), stage.now)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(facts.hand_typed.len(), 2);
    }
}

// ---- one person, two identities ------------------------------------------------------------------------------

fn tells_both(mut message: ObservedMessage, n: u64) -> ObservedMessage {
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
        stage
            .tamper(&format!(
                "UPDATE contact SET phone = NULL WHERE id = '{gone}'"
            ))
            .await;
        stage
            .tamper(&format!(
                "INSERT INTO contact_lid (lid, contact_id) VALUES ('770001', '{gone}')"
            ))
            .await;
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
async fn merging_counts_as_unanswered_what_was_sent_after_the_last_word() {
    for mut stage in Stage::each().await {
        let (kept, gone) = (stage.guest(1).await, stage.guest(2).await);
        stage
            .tamper(&format!(
                "UPDATE contact SET phone = NULL WHERE id = '{gone}'"
            ))
            .await;
        stage
            .tamper(&format!(
                "INSERT INTO contact_lid (lid, contact_id) VALUES ('770001', '{gone}')"
            ))
            .await;
        let hour = |hours: i64| (stage.now - TimeDelta::hours(hours)).timestamp_millis();
        let parts = [(kept, hour(9), hour(8), 3), (gone, hour(4), hour(3), 1)];
        for (contact, last_in, last_out, unanswered) in parts {
            stage.tamper(&format!("INSERT INTO contact_session (contact_id, session, last_in_at, last_out_at, unanswered) VALUES ('{contact}', 'groom', {last_in}, {last_out}, {unanswered})")).await;
        }
        let old = tells_both(inbound(chat(1), "OLD", stage.now - TimeDelta::hours(20)), 1);
        stage.record(&old).await;
        let known = stage.store().contact(kept).await.unwrap().unwrap();
        // They wrote four hours ago: the three before that are answered.
        assert_eq!(known.sessions[0].unanswered, 1);
        assert_eq!(
            known.sessions[0].last_in_at.unwrap().timestamp_millis(),
            hour(4)
        );
        assert_eq!(
            known.sessions[0].last_out_at.unwrap().timestamp_millis(),
            hour(3)
        );
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
            stage
                .tamper(&format!(
                    "UPDATE contact SET phone = NULL WHERE id = '{gone}'"
                ))
                .await;
            stage
                .tamper(&format!(
                    "INSERT INTO contact_lid (lid, contact_id) VALUES ('770001', '{gone}')"
                ))
                .await;
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
        stage
            .tamper(&format!(
                "UPDATE contact SET phone = NULL WHERE id = '{gone}'"
            ))
            .await;
        stage
            .tamper(&format!(
                "INSERT INTO contact_lid (lid, contact_id) VALUES ('770001', '{gone}')"
            ))
            .await;
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

// ---- small facts ---------------------------------------------------------------------------------------------

#[tokio::test]
async fn edits_deletions_and_reactions_are_kept_of_stored_messages_only() {
    for mut stage in Stage::each().await {
        stage.guest(1).await;
        let message = inbound(chat(1), "RAW", stage.now);
        stage.record(&message).await;
        let (store, session, now) = (stage.store(), groom(), stage.now);
        let mut edited = message.clone();
        edited.body = Some("Goodbye".to_owned());
        edited.at = now + TimeDelta::seconds(5);
        let later = now + TimeDelta::seconds(9);
        assert!(
            store
                .record_edit(&session, "RAW", &edited, later)
                .await
                .unwrap()
        );
        // An older text that comes late changes nothing.
        assert!(
            store
                .record_edit(&session, "RAW", &message, later)
                .await
                .unwrap()
        );
        let body = "SELECT body AS value FROM conversation_message";
        assert_eq!(stage.text(body).await.as_deref(), Some("Goodbye"));
        assert!(
            !store
                .record_edit(&session, "OTHER", &edited, later)
                .await
                .unwrap()
        );

        assert!(store.record_revoke(&session, "RAW", now).await.unwrap());
        assert!(!store.record_revoke(&session, "OTHER", now).await.unwrap());
        let revoked = "SELECT revoked_at AS value FROM conversation_message";
        assert_eq!(stage.int(revoked).await, Some(now.timestamp_millis()));

        let react = |target, emoji, secs| storage::Reaction {
            target,
            emoji,
            from_me: false,
            at: now + TimeDelta::seconds(secs),
        };
        assert!(
            store
                .record_reaction(&session, react("RAW", "👍", 2))
                .await
                .unwrap()
        );
        assert!(
            store
                .record_reaction(&session, react("RAW", "", 3))
                .await
                .unwrap()
        );
        assert!(
            store
                .record_reaction(&session, react("RAW", "👍", 2))
                .await
                .unwrap()
        );
        assert!(
            !store
                .record_reaction(&session, react("OTHER", "👍", 2))
                .await
                .unwrap()
        );
        let emoji = "SELECT emoji AS value FROM message_reaction";
        assert_eq!(stage.db.texts(emoji).await, [Some(String::new())]);

        assert!(store.record_waiting(&chat(1)).await.unwrap());
        assert!(!store.record_waiting(&chat(2)).await.unwrap());
        assert_eq!(stage.int(STORED).await, Some(1));
    }
}

/// What they send besides text is a message too; only its kind is kept.
#[tokio::test]
async fn a_photo_without_a_caption_is_evidence() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        let mut photo = inbound(chat(1), "RAW", stage.now);
        (photo.kind, photo.body) = (MessageKind::Photo, None);
        assert_eq!(
            stage.record(&photo).await,
            Recorded::Inbound { contact, new: true }
        );
        stage.queue(contact).await;
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        assert_eq!(stage.taken().await.contact, contact);
    }
}
