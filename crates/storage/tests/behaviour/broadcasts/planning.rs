//! What a start would queue, as the database knows it.

use chrono::TimeDelta;
use domain::{
    broadcast::{Audience, WhyLeftOut},
    config::Language,
};
use storage::{ContactDecision, NewBroadcast, NewGuest, testing::statements_of};

use super::news::sessions;
use crate::stage::{Stage, bride, chat, groom, inbound, phone};

#[tokio::test]
async fn who_gets_what_is_read_from_the_list_and_its_contacts() {
    for mut stage in Stage::each().await {
        let anna = NewGuest {
            side: Some(bride()),
            language: Some(Language::English),
            household: Some("Villa".to_owned()),
            phone: Some(phone(1)),
            ..stage.newcomer("Anna Rossi", "")
        };
        let store = stage.store();
        let anna = store.add_guest(&anna, stage.now).await.unwrap();
        let marco = stage.invited("Marco", Some("Villa"), Some(1)).await;
        let ugo = stage.invited("Ugo", None, Some(2)).await;
        let mute = stage.invited("Muta", None, None).await;
        let (out, maybe) = (stage.guest(3).await, stage.guest(4).await);
        let long_ago = stage.now - TimeDelta::days(61);
        stage.writes(2, stage.now).await;
        let wrote = format!(
            "UPDATE contact_session SET last_in_at = {}",
            long_ago.timestamp_millis()
        );
        stage.tamper(&wrote).await;
        // Anna wrote to the groom only: her side is what counts.
        stage.writes(1, stage.now).await;
        let person = Stage::person();
        let decision = ContactDecision::OptOut;
        store
            .decide_contact(out, decision, "told us", &person, stage.now)
            .await
            .unwrap();
        stage
            .tamper(&format!(
                "UPDATE contact SET suspended_at = 1 WHERE id = '{maybe}'"
            ))
            .await;

        let id = stage.draft("Ciao {first_name}").await;
        let planned = stage.plan(id).await;
        assert_eq!(planned.row, stage.broadcast(id).await);
        let plan = planned.plan;
        let [first, second] = plan.copies.as_slice() else {
            panic!("two copies: {:?}", plan.copies);
        };
        assert_eq!(Some(first.contact), anna.contact);
        assert_eq!(first.phone, Some(phone(1)));
        assert_eq!(first.text.as_ref().unwrap().as_str(), "Ciao Anna and Marco");
        assert_eq!((&first.session, first.wrote_at), (&bride(), None));
        assert_eq!(Some(second.contact), ugo.contact);
        assert_eq!(
            (&second.session, second.wrote_at),
            (&groom(), Some(long_ago))
        );
        assert!(second.is_cold && second.is_first);
        let left_out: Vec<_> = plan
            .left_out
            .iter()
            .map(|one| (one.guest, one.why))
            .collect();
        assert_eq!(
            left_out[..2],
            [
                (marco.id, WhyLeftOut::SharesPhone),
                (mute.id, WhyLeftOut::NoNumber)
            ]
        );
        let why: Vec<_> = left_out[2..].iter().map(|one| one.1).collect();
        assert_eq!(why, [WhyLeftOut::OptedOut, WhyLeftOut::Suspended]);
    }
}

/// A word that was no evidence is none here either; whoever got something before does not get a first message.
#[tokio::test]
async fn what_was_sent_before_is_known() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage.sent("RAW").await;
        let id = stage.draft("Ciao").await;
        assert!(!stage.plan(id).await.plan.copies[0].is_first);
    }
}

#[tokio::test]
async fn whoever_is_nobodys_guest_is_written_to_by_whom_they_wrote_to_last() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let to_bride = inbound(chat(1), "TOBRIDE", stage.now);
        let store = stage.store();
        store
            .record_message(&bride(), &to_bride, stage.now)
            .await
            .unwrap();
        let id = stage.draft("Ciao").await;
        let copy = stage.plan(id).await.plan.copies.remove(0);
        assert_eq!((copy.contact, &copy.session), (contact, &bride()));
    }
}

/// The audience that is stored is the one that is planned for.
#[tokio::test]
async fn the_stored_audience_is_what_counts() {
    for mut stage in Stage::each().await {
        for n in 1..=3 {
            stage.guest(n).await;
        }
        let news = NewBroadcast {
            audience: Audience {
                search: Some("guest 2".to_owned()),
                ..Audience::default()
            },
            ..stage.news("Ciao {name}")
        };
        stage.write_down(&news).await;
        let plan = stage.plan(news.id).await.plan;
        assert_eq!(plan.copies.len(), 1);
        assert_eq!(
            plan.copies[0].text.as_ref().unwrap().as_str(),
            "Ciao Guest 2"
        );
    }
}

/// Twenty guests are no more work for the database than one.
#[tokio::test]
async fn the_number_of_statements_does_not_grow_with_the_list() {
    for mut stage in Stage::each().await {
        let id = stage.draft("Ciao").await;
        let mut asked = Vec::new();
        for n in 1..=20 {
            stage.writer(n).await;
            if n == 1 || n == 20 {
                let (store, now) = (stage.store(), stage.now);
                let sessions = sessions();
                let work = Box::pin(store.broadcast_plan(id, &sessions, now));
                asked.push(statements_of(work).await.1.len());
            }
        }
        assert_eq!(asked[0], asked[1]);
    }
}
