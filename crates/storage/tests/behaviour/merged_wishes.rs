//! Two contacts turn out to be one, and what they asked for is the one's.

use chrono::TimeDelta;
use domain::{ids::ContactId, lane::Lane, message_status::MessageStatus};

use super::{
    inviting::{says, with_alt},
    stage::{Stage, chat, lid, own},
};

/// A guest known by number, and a contact known by hidden id who is the same person.
async fn two_of_one(stage: &mut Stage) -> (ContactId, ContactId) {
    let (kept, gone) = (stage.guest(1).await, stage.guest(2).await);
    stage.hide_number(gone, 1).await;
    (kept, gone)
}

#[tokio::test]
async fn what_waits_for_either_is_cancelled_when_the_other_had_opted_out() {
    for mut stage in Stage::each().await {
        let (kept, gone) = (stage.guest(1).await, stage.guest(2).await);
        stage.hide_number(gone, 1).await;
        let waits = stage.queue(kept).await;
        let opted_out = format!("UPDATE contact SET opted_out_at = 5 WHERE id = '{gone}'");
        stage.tamper(&opted_out).await;
        let ours = with_alt(own(chat(1), "OURS", "Ciao", stage.now), lid(1));
        stage.record(&ours).await;
        let row = stage.row(waits).await;
        assert_eq!((row.contact, row.status), (kept, MessageStatus::Cancelled));
    }
}

/// The message that tells both identities takes the opt-out back.
#[tokio::test]
async fn an_opt_in_in_the_message_that_shows_it_is_heeded_before_anything_is_cancelled() {
    for mut stage in Stage::each().await {
        let (kept, gone) = two_of_one(&mut stage).await;
        let waits = stage.queue(kept).await;
        let opted_out = format!("UPDATE contact SET opted_out_at = 5 WHERE id = '{gone}'");
        stage.tamper(&opted_out).await;
        let start = with_alt(says(lid(1), "START", "START", stage.now), chat(1));
        stage.record(&start).await;
        assert_eq!(stage.taken().await.message, waits);
    }
}

/// The opt-out was told of one identity, and the later opt-in of the other, where there was nothing to undo.
#[tokio::test]
async fn what_they_wrote_last_holds_under_whichever_identity() {
    for (words, out) in [
        ([("STOP", 20), ("START", 10)], 0),
        ([("STOP", 10), ("START", 20)], 1),
    ] {
        for mut stage in Stage::each().await {
            two_of_one(&mut stage).await;
            for ((word, minutes), identity) in words.into_iter().zip([lid(1), chat(1)]) {
                let told = stage.now - TimeDelta::minutes(minutes);
                stage.record(&says(identity, word, word, told)).await;
            }
            let both = with_alt(says(lid(1), "BOTH", "Ciao", stage.now), chat(1));
            stage.record(&both).await;
            let opted_out = stage.count("contact WHERE opted_out_at IS NOT NULL");
            assert_eq!(opted_out.await, out, "{words:?}");
        }
    }
}

/// The rules allow it: they asked after they had opted out.
#[tokio::test]
async fn a_reply_to_a_word_after_the_opt_out_still_goes() {
    for mut stage in Stage::each().await {
        let (kept, _) = two_of_one(&mut stage).await;
        stage.writes(1, stage.now).await;
        let before = (stage.now - TimeDelta::hours(1)).timestamp_millis();
        let opted_out = format!("UPDATE contact SET opted_out_at = {before} WHERE id = '{kept}'");
        stage.tamper(&opted_out).await;
        let answered = stage.text("SELECT id AS value FROM conversation_message");
        let answered = answered.await.unwrap().parse().unwrap();
        let reply = stage.queue_with(kept, |m| {
            m.lane = Lane::Reply;
            m.reply_to = Some(answered);
        });
        let reply = reply.await;
        let ours = with_alt(own(chat(1), "OURS", "Ciao", stage.now), lid(1));
        stage.record(&ours).await;
        assert_eq!(stage.status(reply).await, MessageStatus::Pending);
    }
}
