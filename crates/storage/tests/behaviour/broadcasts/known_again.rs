//! Somebody is erased and put on the list anew with the same number: no news twice, every limit counted, and their wish holds.

use chrono::TimeDelta;
use domain::{
    broadcast::{Audience, WhyLeftOut},
    ids::GuestId,
    wait::WaitReason,
};
use storage::{ContactDecision, Erased, GuestRow};

use crate::stage::{Stage, chat, inbound, phone};

const NAME: &str = "Zelinda Quattrocchi";

async fn erase(stage: &Stage, guest: GuestId) {
    let (store, person) = (stage.store(), Stage::person());
    let erased = store.erase_guest(guest, "they asked", &person, stage.now);
    assert_eq!(erased.await.unwrap(), Erased::Done);
}

/// She wrote, got the news, and was erased.
async fn erased_after_the_news(stage: &mut Stage) -> (GuestRow, domain::ids::BroadcastId) {
    let guest = stage.invited(NAME, None, Some(1)).await;
    stage.writes(1, stage.now - TimeDelta::days(2)).await;
    let news = stage.started("Ciao").await.id;
    stage.sent("OUT1").await;
    stage.later(TimeDelta::minutes(1));
    erase(stage, guest.id).await;
    (guest, news)
}

#[tokio::test]
async fn whoever_is_put_on_the_list_anew_gets_no_news_twice_and_is_counted_as_before() {
    for mut stage in Stage::each().await {
        let (guest, news) = erased_after_the_news(&mut stage).await;
        let dump = stage.db.dump().await.join("\n");
        assert!(
            !dump.contains(phone(1).digits()),
            "the number is still there"
        );

        let again = stage.invited(NAME, None, Some(1)).await;
        assert_eq!(again.contact, guest.contact, "she is known again");
        let left_out = stage.plan(news).await.plan.left_out;
        let why: Vec<_> = left_out.iter().map(|one| one.why).collect();
        assert_eq!(why, [WhyLeftOut::HasCopy]);

        // Nothing goes before she has written again; and her answer is older than what she was sent.
        let id = stage.queue(again.contact.unwrap()).await;
        let reason = stage.row(id).await.wait.map(|wait| wait.reason);
        assert_eq!(reason, Some(WaitReason::GuestHasNotWritten));
        let old = inbound(chat(1), "IN2", stage.now - TimeDelta::minutes(5));
        stage.record(&old).await;
        stage.later(TimeDelta::minutes(1));
        stage.idle().await;
        let reason = stage.row(id).await.wait.map(|wait| wait.reason);
        assert_eq!(reason, Some(WaitReason::CoolDown));
    }
}

#[tokio::test]
async fn a_wish_for_no_messages_outlives_the_erasing() {
    for mut stage in Stage::each().await {
        let guest = stage.invited(NAME, None, Some(1)).await;
        let (store, person) = (stage.store(), Stage::person());
        let contact = guest.contact.unwrap();
        let wish = ContactDecision::OptOut;
        let decided = store.decide_contact(contact, wish, "asked", &person, stage.now);
        assert!(decided.await.unwrap());
        erase(&stage, guest.id).await;
        stage.later(TimeDelta::days(90));
        stage
            .store()
            .forget_erased_numbers(stage.now)
            .await
            .unwrap();

        let again = stage.invited("Zelinda", None, Some(1)).await;
        let row = stage.store().contact(again.contact.unwrap()).await.unwrap();
        assert!(row.unwrap().opted_out_at.is_some());
        // Somebody else has nothing of it.
        let other = stage.invited("Ada", None, Some(2)).await;
        let row = stage.store().contact(other.contact.unwrap()).await.unwrap();
        assert!(row.unwrap().opted_out_at.is_none());
    }
}

#[tokio::test]
async fn the_seal_goes_when_nothing_is_left_that_it_is_kept_for() {
    for mut stage in Stage::each().await {
        let (guest, _) = erased_after_the_news(&mut stage).await;
        let sealed = "contact WHERE erased_seal IS NOT NULL";
        for (days, kept) in [(10, 1), (21, 0)] {
            stage.later(TimeDelta::days(days));
            stage
                .store()
                .forget_erased_numbers(stage.now)
                .await
                .unwrap();
            assert_eq!(stage.count(sealed).await, kept, "{days} days later");
        }
        let again = stage.invited(NAME, None, Some(1)).await;
        assert_ne!(again.contact, guest.contact);
    }
}

#[tokio::test]
async fn a_search_that_names_whoever_is_erased_finds_nobody_any_more() {
    for mut stage in Stage::each().await {
        let guest = stage.invited(NAME, None, Some(1)).await;
        stage.invited("Bruno Quattrini", None, Some(2)).await;
        let mut searches = Vec::new();
        for (search, after) in [
            ("zelinda quattrocchi", "✕"),
            ("+39 347 000 0001", "✕"),
            ("Zelinda", "✕"),
            ("quattroc", "✕"),
            // somebody else is found by it too
            ("quattr", "quattr"),
        ] {
            let mut news = stage.news("Ciao");
            news.audience = Audience {
                search: Some(search.to_owned()),
                ..Audience::default()
            };
            searches.push((stage.write_down(&news).await.id, after));
        }
        erase(&stage, guest.id).await;
        for (news, after) in searches {
            let search = stage.broadcast(news).await.audience.search;
            assert_eq!(search.as_deref(), Some(after));
        }
    }
}
