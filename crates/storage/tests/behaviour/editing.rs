//! Changing what a message says and when it may go.

use chrono::TimeDelta;
use domain::{
    ids::MessageId,
    message_status::MessageStatus,
    wait::{AwaitedPerson, Wait, WaitReason},
};
use storage::{Changed, Commit, Edit};

use super::{
    changing::{CONSENT, done, last_deed, last_event},
    stage::{Stage, text},
};

async fn edit(stage: &Stage, id: MessageId, edit: &Edit) -> Changed {
    let edited = stage
        .store()
        .edit(id, None, edit, &Stage::person(), stage.now)
        .await;
    edited.unwrap()
}

#[tokio::test]
async fn an_edit_changes_what_it_names_and_tells_it_without_the_text() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        let before = stage.row(id).await;
        let words = Edit {
            text: Some(text("Parole nuove")),
            priority: Some(7),
            ..Edit::default()
        };
        let row = done(edit(&stage, id, &words).await);
        assert_eq!((row.text, row.priority), (text("Parole nuove"), 7));
        assert_eq!(row.version, before.version + 1);
        assert_eq!((row.not_before, row.not_after), (None, None));
        assert!(!row.drop_if_answered);
        let event = last_event(&stage, id).await;
        assert_eq!(event.phase, "edited");
        assert_eq!(event.detail.as_deref(), Some("text, priority"));
        let (actor, action, subject, detail) = last_deed(&stage).await;
        assert_eq!((actor.as_str(), action.as_str()), ("anna", "message.edit"));
        assert_eq!((subject, detail), (id.to_string(), event.detail));

        let not_after = stage.now + TimeDelta::days(3);
        let dates = Edit {
            not_after: Some(Some(not_after)),
            drop_if_answered: Some(true),
            ..Edit::default()
        };
        let row = done(edit(&stage, id, &dates).await);
        assert_eq!(row.text, text("Parole nuove"), "what is not named stays");
        assert_eq!((row.not_after, row.priority), (Some(not_after), 7));
        assert!(row.drop_if_answered);
        let taken_away = Edit {
            not_after: Some(None),
            ..Edit::default()
        };
        assert_eq!(done(edit(&stage, id, &taken_away).await).not_after, None);
    }
}

#[tokio::test]
async fn an_edit_of_what_somebody_else_changed_is_a_conflict() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        let (store, now, person) = (stage.store(), stage.now, Stage::person());
        let louder = Edit {
            priority: Some(1),
            ..Edit::default()
        };
        done(
            store
                .edit(id, Some(1), &louder, &person, now)
                .await
                .unwrap(),
        );
        let stale = store
            .edit(id, Some(1), &louder, &person, now)
            .await
            .unwrap();
        assert!(
            matches!(stale, Changed::Conflict { current_version: 2 }),
            "{stale:?}"
        );
        assert_eq!(stage.row(id).await.version, 2);
    }
}

#[tokio::test]
async fn a_new_date_moves_a_waiting_message_and_consent_outranks_it() {
    for mut stage in Stage::each().await {
        let (writer, silent) = (stage.writer(1).await, stage.guest(2).await);
        let (id, waiting) = (stage.queue(writer).await, stage.queue(silent).await);
        let later = stage.now + TimeDelta::hours(5);
        let postponed = Edit {
            not_before: Some(Some(later)),
            ..Edit::default()
        };
        let row = done(edit(&stage, id, &postponed).await);
        assert_eq!(row.wait, Some(Wait::at(WaitReason::NotBefore, later)));
        assert_eq!(row.eligible_at, Some(later));
        stage.idle().await;
        let at_once = Edit {
            not_before: Some(None),
            ..Edit::default()
        };
        let row = done(edit(&stage, id, &at_once).await);
        assert_eq!((row.wait, row.eligible_at), (None, None));
        let row = done(edit(&stage, waiting, &postponed).await);
        assert_eq!((row.wait, row.eligible_at), (Some(CONSENT), None));
        assert_eq!(stage.taken().await.message, id);
    }
}

#[tokio::test]
async fn an_edit_wakes_a_message_that_was_waiting_for_a_look() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        let aside = format!(
            "UPDATE whatsapp_message_queue SET due = 0, wait_reason = 'abandoned', wait_ends = 'person:review',
                    abandoned = 5, abandoned_since = 1 WHERE id = '{id}'"
        );
        stage.tamper(&aside).await;
        let review = Wait::person(WaitReason::Abandoned, AwaitedPerson::Review);
        assert_eq!(stage.row(id).await.wait, Some(review));
        let looked = Edit {
            priority: Some(0),
            ..Edit::default()
        };
        assert_eq!(done(edit(&stage, id, &looked).await).wait, None);
        let count =
            format!("SELECT abandoned AS value FROM whatsapp_message_queue WHERE id = '{id}'");
        assert_eq!(stage.int(&count).await, Some(0));
        assert_eq!(stage.taken().await.message, id);
    }
}

#[tokio::test]
async fn an_edit_while_it_is_being_typed_stops_the_commit() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        let work = stage.taken().await;
        let words = Edit {
            text: Some(text("No, wait")),
            ..Edit::default()
        };
        assert_eq!(
            done(edit(&stage, id, &words).await).status,
            MessageStatus::Composing
        );
        assert_eq!(stage.commit(&work).await, Commit::Changed);
        let row = stage.row(id).await;
        assert_eq!((row.status, row.wait), (MessageStatus::Pending, None));
        assert_eq!(stage.taken().await.text, text("No, wait"));
    }
}
