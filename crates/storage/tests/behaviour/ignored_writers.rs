//! "Not a guest" is for ever, but for an invitation, which shows somebody again and ties nobody by itself.

use chrono::TimeDelta;
use storage::Recorded;

use super::{
    inviting::{named, says, sealed_rows, with_alt},
    stage::{Stage, chat, inbound, lid},
};

#[tokio::test]
async fn who_was_ignored_under_one_identity_is_ignored_under_both() {
    for mut stage in Stage::each().await {
        stage
            .record(&named(inbound(lid(1), "A", stage.now), "Ada"))
            .await;
        stage.ignore_unknown().await;
        stage.later(TimeDelta::minutes(5));
        stage
            .record(&named(inbound(chat(1), "B", stage.now), "Ada"))
            .await;
        let both = with_alt(inbound(chat(1), "C", stage.now), lid(1));
        stage.record(&named(both, "Ada")).await;
        assert_eq!(stage.unknown().await, []);
        assert_eq!(stage.count("unknown_writer").await, 1);
        let names = "SELECT push_name AS value FROM unknown_writer";
        assert_eq!(stage.text(names).await, None);
    }
}

#[tokio::test]
async fn who_was_ignored_stays_so_whatever_they_write() {
    for mut stage in Stage::each().await {
        stage
            .record(&named(inbound(chat(1), "A", stage.now), "Ada"))
            .await;
        stage.ignore_unknown().await;
        let before = sealed_rows(&stage).await;
        assert!(before[0].contains(" - - "), "{before:?}");
        for day in 1..40 {
            stage.later(TimeDelta::days(1));
            let message = inbound(chat(1), &format!("DAY{day}"), stage.now);
            stage.record(&named(message, "Ada")).await;
            stage
                .store()
                .forget_unknown_writers(stage.now)
                .await
                .unwrap();
        }
        assert_eq!(stage.unknown().await, []);
        assert_eq!(sealed_rows(&stage).await, before);
        let audit = stage.store().audit(None, 5).await.unwrap().items;
        assert_eq!(audit.len(), 1);
        assert_eq!(audit[0].action, "unknown_writer.ignore");
    }
}

#[tokio::test]
async fn an_invitation_shows_again_who_was_ignored() {
    for used in [true, false] {
        for mut stage in Stage::each().await {
            let household = stage.invite("Rossi", Some(9)).await.household_id;
            let words = stage.first_words(household).await;
            if used {
                stage.writes(9, stage.now).await;
            }
            let early = says(chat(1), "EARLY", &words, stage.now);
            stage.record(&inbound(chat(1), "A", stage.now)).await;
            stage.ignore_unknown().await;
            // What they wrote before they were ignored brings nobody back.
            stage.record(&early).await;
            assert_eq!(stage.unknown().await, []);
            stage.later(TimeDelta::minutes(5));
            let words = says(chat(1), "WORDS", &words, stage.now);
            assert_eq!(stage.record(&words).await, Recorded::NotAGuest);
            let writer = stage.only_unknown().await;
            assert_eq!(writer.suggested.map(|(id, _)| id), Some(household));
            assert_eq!(stage.tied_at(household).await.is_some(), used);
            // The same message again, and any other, ties nobody either.
            stage.later(TimeDelta::minutes(5));
            let again = says(chat(1), "AGAIN", words.body.as_ref().unwrap(), stage.now);
            stage.record(&words).await;
            stage.record(&again).await;
            assert_eq!(stage.count("contact").await, 1);
            // "Not a guest", said once more, holds against what was written before.
            stage.ignore_unknown().await;
            stage.record(&again).await;
            assert_eq!(stage.unknown().await, []);
        }
    }
}

#[tokio::test]
async fn an_expired_invitation_does_not_bring_back_who_was_ignored() {
    for mut stage in Stage::each().await {
        let household = stage.invite("Rossi", None).await.household_id;
        let words = stage.first_words(household).await;
        stage.tamper("UPDATE invitation SET valid_until = 1").await;
        stage.record(&inbound(chat(1), "A", stage.now)).await;
        stage.ignore_unknown().await;
        stage.later(TimeDelta::minutes(5));
        stage.record(&says(chat(1), "B", &words, stage.now)).await;
        assert_eq!(stage.unknown().await, []);
    }
}

#[tokio::test]
async fn who_was_shown_again_is_hidden_after_thirty_days() {
    for mut stage in Stage::each().await {
        let household = stage.invite("Rossi", None).await.household_id;
        let words = stage.first_words(household).await;
        stage.record(&inbound(chat(1), "A", stage.now)).await;
        stage.ignore_unknown().await;
        stage.later(TimeDelta::minutes(5));
        let words = says(chat(1), "B", &words, stage.now);
        stage.record(&named(words, "Ada")).await;
        assert_eq!(stage.only_unknown().await.push_name.as_deref(), Some("Ada"));
        stage.later(TimeDelta::days(30));
        assert_eq!(stage.unknown().await, []);
        stage
            .store()
            .forget_unknown_writers(stage.now)
            .await
            .unwrap();
        let hidden = "SELECT CAST(count(*) AS BIGINT) AS value FROM unknown_writer
                      WHERE push_name IS NULL AND suggested_household_id IS NULL AND ignored_at IS NOT NULL";
        assert_eq!(stage.int(hidden).await, Some(1));
        stage.record(&inbound(chat(1), "C", stage.now)).await;
        assert_eq!(stage.unknown().await, []);
    }
}
