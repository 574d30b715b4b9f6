//! Drafts: written, read, changed by whoever saw the newest version, thrown away.

use chrono::TimeDelta;
use domain::{
    broadcast::{Audience, BroadcastState, Wrote},
    ids::BroadcastId,
};
use storage::{BroadcastChanged, BroadcastCounts, BroadcastEdit, NewBroadcast};

use super::news::template;
use crate::stage::{Stage, bride, groom};

#[tokio::test]
async fn a_draft_is_kept_as_it_was_written() {
    for mut stage in Stage::each().await {
        let news = NewBroadcast {
            audience: Audience {
                wrote: Some(Wrote::HasNot),
                search: Some("Àà%".to_owned()),
                ..Audience::default()
            },
            not_before: Some(stage.now + TimeDelta::days(1)),
            ..stage.news("{Ciao|Salve} {name}")
        };
        let row = stage.write_down(&news).await;
        assert_eq!(stage.broadcast(news.id).await, row);
        assert_eq!((row.id, row.title.as_str()), (news.id, "Dove dormire"));
        assert_eq!(row.template.as_str(), "{Ciao|Salve} {name}");
        assert_eq!((&row.audience, &row.session), (&news.audience, &groom()));
        assert_eq!(
            (row.not_before, row.not_after),
            (news.not_before, news.not_after)
        );
        assert_eq!((row.state, row.version), (BroadcastState::Draft, 1));
        assert_eq!(
            (row.created_at, row.created_by.as_str()),
            (stage.now, "anna")
        );
        assert_eq!((row.started_at, row.started_by.as_deref()), (None, None));
        assert_eq!(
            (row.counts, row.is_done()),
            (BroadcastCounts::default(), false)
        );
    }
}

#[tokio::test]
async fn broadcasts_are_listed_newest_first() {
    for mut stage in Stage::each().await {
        let mut written = Vec::new();
        for text in ["a", "b", "c"] {
            written.push(stage.draft(text).await);
        }
        written.reverse();
        let store = stage.store();
        let first = store.broadcasts(None, 2).await.unwrap();
        let second = store.broadcasts(first.next.as_ref(), 2).await.unwrap();
        assert_eq!(second.next, None);
        let listed = first.items.iter().chain(&second.items);
        let listed: Vec<_> = listed.map(|row| row.id).collect();
        assert_eq!(listed, written);
    }
}

#[tokio::test]
async fn a_draft_is_changed_by_whoever_saw_its_newest_version() {
    for mut stage in Stage::each().await {
        let id = stage.draft("Ciao").await;
        let before = stage.broadcast(id).await;
        let (store, person, now) = (stage.store(), Stage::person(), stage.now);
        let edit = BroadcastEdit {
            title: Some("Altro".to_owned()),
            template: Some(template("Salve")),
            session: Some(bride()),
            ..BroadcastEdit::default()
        };
        let edited = store.edit_broadcast(id, Some(1), &edit, &person, now).await;
        let after = stage.broadcast(id).await;
        assert_eq!(
            edited.unwrap(),
            BroadcastChanged::Done(Box::new(after.clone()))
        );
        assert_eq!(
            (after.title.as_str(), after.template.as_str()),
            ("Altro", "Salve")
        );
        assert_eq!((&after.session, after.version), (&bride(), 2));
        assert_eq!(
            (after.not_after, &after.audience),
            (before.not_after, &before.audience)
        );

        let seen_before = store.edit_broadcast(id, Some(1), &edit, &person, now).await;
        let conflict = BroadcastChanged::Conflict { current_version: 2 };
        assert_eq!(seen_before.unwrap(), conflict);
        let deleted = store.delete_broadcast(id, Some(1), &person, now).await;
        assert_eq!(deleted.unwrap(), conflict);
        let never = BroadcastEdit {
            not_before: Some(Some(after.not_after)),
            ..BroadcastEdit::default()
        };
        let no_time = store.edit_broadcast(id, None, &never, &person, now).await;
        assert_eq!(no_time.unwrap(), BroadcastChanged::NoTimeLeft);
        assert_eq!(stage.broadcast(id).await, after);
    }
}

#[tokio::test]
async fn a_draft_is_thrown_away_and_nothing_else_is() {
    for mut stage in Stage::each().await {
        stage.writer(1).await;
        let under_way = stage.started("Ciao").await;
        let (id, kept) = (stage.draft("Ciao").await, under_way.id);
        let (store, person, now) = (stage.store(), Stage::person(), stage.now);
        let deleted = store.delete_broadcast(id, None, &person, now).await;
        assert!(matches!(deleted.unwrap(), BroadcastChanged::Done(_)));
        assert_eq!(store.broadcast(id).await.unwrap(), None);
        let again = store.delete_broadcast(id, None, &person, now).await;
        assert_eq!(again.unwrap(), BroadcastChanged::Unknown);
        let edit = BroadcastEdit::default();
        let wrong = BroadcastChanged::WrongState(BroadcastState::Started);
        let edited = store.edit_broadcast(kept, None, &edit, &person, now).await;
        assert_eq!(edited.unwrap(), wrong);
        let deleted = store.delete_broadcast(kept, None, &person, now).await;
        assert_eq!(deleted.unwrap(), wrong);
        assert_eq!(stage.broadcast(kept).await, under_way);
    }
}

#[tokio::test]
async fn who_did_it_is_in_the_audit_log() {
    for mut stage in Stage::each().await {
        stage.writer(1).await;
        let id = stage.draft("Ciao").await;
        let (store, person, now) = (stage.store(), Stage::person(), stage.now);
        let edit = BroadcastEdit::default();
        store
            .edit_broadcast(id, None, &edit, &person, now)
            .await
            .unwrap();
        stage.start(id).await;
        stage.pause(id).await;
        stage.pause(id).await;
        stage.resume(id).await;
        stage.cancel_rest(id).await;
        let page = store.audit(None, 50).await.unwrap();
        let ours = page
            .items
            .iter()
            .rev()
            .filter(|line| line.subject == id.to_string());
        let told: Vec<_> = ours
            .map(|line| (line.action.as_str(), line.actor.as_str()))
            .collect();
        let expected = ["create", "edit", "start", "pause", "resume", "cancel"];
        let expected: Vec<_> = expected
            .iter()
            .map(|verb| format!("broadcast.{verb}"))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|action| (action.as_str(), "anna"))
            .collect();
        assert_eq!(told, expected);
        let nobody = BroadcastId::new(now, &mut stage.dice);
        assert_eq!(store.broadcast(nobody).await.unwrap(), None);
    }
}
