//! The first word of a household ties its invitation; a token that ties nobody is a hint for the spouse, and no more.

use chrono::TimeDelta;
use domain::ids::{ContactId, HouseholdId};
use storage::Recorded;

use super::{
    inviting::{says, with_alt},
    stage::{Stage, bride, chat, groom, inbound, lid, phone},
};

fn contact(recorded: Recorded) -> ContactId {
    match recorded {
        Recorded::Inbound { contact, new: true } => contact,
        other => panic!("not a guest's word: {other:?}"),
    }
}

/// Nobody was tied: the writer is nobody we know, and nothing of what they wrote is there.
async fn assert_not_tied(stage: &Stage, suggested: Option<HouseholdId>) {
    assert_eq!(stage.count("conversation_message").await, 0);
    assert_eq!(stage.to_read().await, []);
    let writer = stage.only_unknown().await;
    assert_eq!(writer.suggested.map(|(id, _)| id), suggested);
}

#[tokio::test]
async fn the_first_word_with_a_token_ties_household_guests_and_both_identities() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        let marco = stage.invite("Rossi", Some(2)).await;
        let household = anna.household_id;
        let words = stage.first_words(household).await;
        let at = stage.now - TimeDelta::minutes(1);
        let message = with_alt(says(lid(1), "RAW", &words, at), chat(1));
        let tied = contact(stage.record(&message).await);

        let known = stage.store().contact(tied).await.unwrap().unwrap();
        assert_eq!(known.phone, Some(phone(1)));
        assert_eq!(known.lids, ["770001"]);
        assert_eq!(stage.household_of(tied).await, Some(household.to_string()));
        assert_eq!(stage.contact_of_guest(anna.id).await, Some(tied));
        assert_eq!(stage.contact_of_guest(marco.id).await, marco.contact);
        assert_eq!(stage.tied_at(household).await, Some(at));
        assert_eq!(stage.count("conversation_message").await, 1);
        assert_eq!(stage.count("unknown_writer").await, 0);
        // What they wrote before is read back, under whichever name.
        let mut to_read = stage.to_read().await;
        to_read.sort_unstable();
        assert_eq!(to_read, [chat(1), lid(1)]);
        let audit = &stage.store().audit(None, 1).await.unwrap().items[0];
        assert_eq!(
            (audit.action.as_str(), audit.subject.clone()),
            ("invitation.tie", household.to_string())
        );
        // Told twice it changes nothing.
        let again = Recorded::Inbound {
            contact: tied,
            new: false,
        };
        assert_eq!(stage.record(&message).await, again);
        // From now on whatever they write is a guest's.
        let later = inbound(chat(1), "LATER", stage.now);
        assert_eq!(contact(stage.record(&later).await), tied);
    }
}

#[tokio::test]
async fn a_token_sent_to_the_other_spouse_ties_and_is_consent_there_only() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        let words = stage.first_words(anna.household_id).await;
        stage.worker.session = bride();
        let message = says(chat(1), "RAW", &words, stage.now);
        let tied = contact(stage.record(&message).await);
        assert_eq!(stage.contact_of_guest(anna.id).await, Some(tied));
        let from_bride = stage.queue(tied).await;
        let from_groom = stage.queue_with(tied, |m| m.session = groom()).await;
        assert_eq!(stage.row(from_bride).await.wait, None);
        assert!(stage.row(from_groom).await.wait.is_some());
    }
}

#[tokio::test]
async fn who_has_only_a_hidden_id_is_tied_by_it() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        let words = stage.first_words(anna.household_id).await;
        let message = says(lid(1), "RAW", &words, stage.now);
        let tied = contact(stage.record(&message).await);
        let known = stage.store().contact(tied).await.unwrap().unwrap();
        assert_eq!((known.phone, known.guests.len()), (None, 1));
        assert_eq!(stage.to_read().await, [lid(1)]);
    }
}

#[tokio::test]
async fn the_first_word_of_a_known_number_ties_its_household_without_a_token() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", Some(1)).await;
        let other = stage.invite("Bianchi", Some(2)).await;
        assert_eq!(stage.tied_at(anna.household_id).await, None);
        let at = stage.now - TimeDelta::hours(1);
        stage.writes(1, at).await;
        assert_eq!(stage.tied_at(anna.household_id).await, Some(at));
        assert_eq!(stage.tied_at(other.household_id).await, None);
        stage.writes(1, stage.now).await;
        assert_eq!(stage.tied_at(anna.household_id).await, Some(at));
    }
}

#[tokio::test]
async fn a_guest_with_another_households_token_changes_nothing_about_it() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", Some(1)).await;
        let other = stage.invite("Bianchi", None).await;
        let words = stage.first_words(other.household_id).await;
        let message = says(chat(1), "RAW", &words, stage.now);
        assert_eq!(contact(stage.record(&message).await), anna.contact.unwrap());
        assert_eq!(stage.tied_at(other.household_id).await, None);
        assert_eq!(stage.contact_of_guest(other.id).await, None);
        assert_eq!(stage.household_of(anna.contact.unwrap()).await, None);
        // Whom it was meant for can still use it.
        let message = says(chat(2), "RAW2", &words, stage.now);
        let tied = contact(stage.record(&message).await);
        assert_eq!(stage.contact_of_guest(other.id).await, Some(tied));
    }
}

#[tokio::test]
async fn somebody_only_the_queue_writes_to_is_tied_too() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        let waiting = stage.queue(phone(1)).await;
        let words = stage.first_words(anna.household_id).await;
        let message = says(chat(1), "RAW", &words, stage.now);
        let tied = contact(stage.record(&message).await);
        assert_eq!(stage.row(waiting).await.contact, tied);
        assert_eq!(stage.row(waiting).await.wait, None);
        assert_eq!(stage.contact_of_guest(anna.id).await, Some(tied));
        assert!(stage.tied_at(anna.household_id).await.is_some());
    }
}

/// A forwarded link: the household's own phone wrote first, with or without the token.
#[tokio::test]
async fn a_token_that_is_in_use_ties_nobody_and_is_a_hint() {
    for with_token in [true, false] {
        for mut stage in Stage::each().await {
            let anna = stage.invite("Rossi", Some(1)).await;
            let household = anna.household_id;
            let words = stage.first_words(household).await;
            let first = if with_token { &words } else { "Ciao!" };
            stage.record(&says(chat(1), "RAW1", first, stage.now)).await;
            let forwarded = says(chat(2), "RAW2", &words, stage.now);
            assert_eq!(stage.record(&forwarded).await, Recorded::NotAGuest);
            let writer = stage.only_unknown().await;
            assert_eq!(writer.phone, Some(phone(2)));
            assert_eq!(
                writer.suggested,
                Some((household, Some("Rossi".to_owned())))
            );
            assert_eq!(stage.count("contact").await, 1);
            assert_eq!(stage.count("conversation_message").await, 1);
        }
    }
}

#[tokio::test]
async fn an_expired_token_is_a_hint_and_a_revoked_or_guessed_one_is_nothing() {
    for mut stage in Stage::each().await {
        let household = stage.invite("Rossi", None).await.household_id;
        let words = stage.first_words(household).await;
        let guessed = "Ciao! Ecco il codice: K7M-Q4XR-P2W9";
        stage
            .record(&says(chat(1), "RAW1", guessed, stage.now))
            .await;
        assert_not_tied(&stage, None).await;

        stage.tamper("DELETE FROM unknown_writer").await;
        let revoke = "UPDATE invitation SET revoked_at = 1";
        stage.tamper(revoke).await;
        stage
            .record(&says(chat(1), "RAW2", &words, stage.now))
            .await;
        assert_not_tied(&stage, None).await;

        let expire = format!(
            "UPDATE invitation SET revoked_at = NULL, valid_until = {}",
            stage.now.timestamp_millis()
        );
        stage.tamper(&expire).await;
        stage
            .record(&says(chat(1), "RAW2", &words, stage.now))
            .await;
        assert_not_tied(&stage, Some(household)).await;

        // Prolonged, the same message ties when the chat is read again.
        stage
            .tamper("UPDATE invitation SET valid_until = valid_until + 1")
            .await;
        let message = says(chat(1), "RAW2", &words, stage.now);
        contact(stage.record(&message).await);
        assert_eq!(stage.count("unknown_writer").await, 0);
    }
}

#[tokio::test]
async fn a_token_from_before_the_pairing_ties_nobody() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        let words = stage.first_words(anna.household_id).await;
        let at = stage.now - TimeDelta::days(31);
        let old = says(chat(1), "OLD", &words, at);
        assert_eq!(stage.record(&old).await, Recorded::NotAGuest);
        let queued = stage.queue(phone(2)).await;
        let old = says(chat(2), "OLD2", &words, at);
        assert_eq!(stage.record(&old).await, Recorded::BeforePairing);
        assert_eq!(stage.tied_at(anna.household_id).await, None);
        assert_eq!(stage.count("unknown_writer").await, 0);
        assert!(stage.row(queued).await.wait.is_some());
    }
}

#[tokio::test]
async fn of_several_tokens_the_one_that_still_ties_counts() {
    for mut stage in Stage::each().await {
        let used = stage.invite("Rossi", Some(1)).await;
        let free = stage.invite("Bianchi", None).await;
        stage.writes(1, stage.now).await;
        let words = format!(
            "{} e {}",
            stage.token(used.household_id).await,
            stage.token(free.household_id).await
        );
        let message = says(chat(2), "RAW", &words, stage.now);
        let tied = contact(stage.record(&message).await);
        assert_eq!(stage.contact_of_guest(free.id).await, Some(tied));
    }
}

/// Two phones, the same token, the same moment, on one session or on both.
#[tokio::test]
async fn of_two_who_write_the_same_token_at_once_one_is_tied() {
    for sessions in [[groom(), groom()], [groom(), bride()]] {
        for mut stage in Stage::each().await {
            for round in 0..10 {
                let name = format!("Household {round}");
                let anna = stage.invite(&name, None).await;
                let words = stage.first_words(anna.household_id).await;
                let (one, two) = (2 * round + 1, 2 * round + 2);
                let write = |n: u64| says(chat(n), &format!("RAW{n}"), &words, stage.now);
                let (first, second) = (write(one), write(two));
                let (store, other) = (stage.store(), stage.store());
                let (a, b) = tokio::join!(
                    store.record_message(&sessions[0], &first, stage.now),
                    other.record_message(&sessions[1], &second, stage.now)
                );
                let tied = [a.unwrap(), b.unwrap()];
                let inbound = |r: &&Recorded| matches!(r, Recorded::Inbound { .. });
                assert_eq!(tied.iter().filter(inbound).count(), 1, "{tied:?}");
                let of_household = format!(
                    "SELECT CAST(count(*) AS BIGINT) AS value FROM contact WHERE household_id = '{}'",
                    anna.household_id
                );
                assert_eq!(stage.int(&of_household).await, Some(1));
                let hints = format!(
                    "SELECT CAST(count(*) AS BIGINT) AS value FROM unknown_writer WHERE suggested_household_id = '{}'",
                    anna.household_id
                );
                assert_eq!(stage.int(&hints).await, Some(1));
            }
        }
    }
}

/// One person presses the button twice: both spouses get the token at the same moment.
#[tokio::test]
async fn who_writes_to_both_spouses_at_once_is_one_contact_and_heard_by_both() {
    for mut stage in Stage::each().await {
        for round in 1..=9 {
            let name = format!("Household {round}");
            let anna = stage.invite(&name, None).await;
            let words = stage.first_words(anna.household_id).await;
            let raw = format!("RAW{round}");
            let message = match round % 3 {
                0 => says(lid(round), &raw, &words, stage.now),
                1 => says(chat(round), &raw, &words, stage.now),
                _ => with_alt(says(lid(round), &raw, &words, stage.now), chat(round)),
            };
            let (store, other, sessions) = (stage.store(), stage.store(), [groom(), bride()]);
            let (a, b) = tokio::join!(
                store.record_message(&sessions[0], &message, stage.now),
                other.record_message(&sessions[1], &message, stage.now)
            );
            let tied = stage.contact_of_guest(anna.id).await;
            assert_eq!(Some(contact(a.unwrap())), tied);
            assert_eq!(Some(contact(b.unwrap())), tied);
            assert_eq!(stage.count("contact").await, round.cast_signed());
        }
        assert_eq!(stage.count("unknown_writer").await, 0);
    }
}
