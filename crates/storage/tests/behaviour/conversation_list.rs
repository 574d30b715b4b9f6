//! Conversations at a glance: whoever wrote last on top, and what each account has not seen of them.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{account::Person, config::Language, conversation::Origin, ids::AccountId};
use storage::{
    Actor, ConversationFilter, ConversationLine, LinkPurpose, NewAccount, NewLink, Page, Redeemed,
};

use super::stage::{Stage, chat, groom, inbound, own};

async fn account(stage: &Stage) -> AccountId {
    let link = NewLink {
        hash: "link".to_owned(),
        purpose: LinkPurpose::Invite(Person::Spouse(groom())),
        valid: Duration::from_hours(1),
    };
    let (store, actor) = (stage.store(), Actor::new("test"));
    store.add_link(&link, &actor, stage.now).await.unwrap();
    let new = NewAccount {
        name: "Marco".to_owned(),
        language: Language::Italian,
        password_hash: "none".to_owned(),
    };
    let made = store.redeem_invitation("link", &new, None, stage.now).await;
    match made.unwrap() {
        Redeemed::Account(id) => id,
        other => panic!("{other:?}"),
    }
}

async fn list(
    stage: &Stage,
    account: AccountId,
    filter: &ConversationFilter,
) -> Page<ConversationLine> {
    let page = stage.store().conversations(account, filter, None, 10).await;
    page.unwrap()
}

#[tokio::test]
async fn whoever_wrote_last_is_on_top_with_what_is_unread() {
    for mut stage in Stage::each().await {
        let account = account(&stage).await;
        let (one, two) = (stage.guest(1).await, stage.guest(2).await);
        stage.guest(3).await;
        let at = |secs| stage.now + TimeDelta::seconds(secs);
        stage.record(&inbound(chat(1), "A", at(-90))).await;
        stage.record(&inbound(chat(1), "B", at(-80))).await;
        stage.record(&inbound(chat(2), "C", at(-70))).await;
        stage.record(&own(chat(1), "D", "By hand", at(-60))).await;
        let all = ConversationFilter::default();

        let shown = list(&stage, account, &all).await;
        let lines: Vec<_> = shown.items.iter().map(|l| (l.contact, l.unread)).collect();
        assert_eq!(lines, [(one, 2), (two, 1)], "who said nothing is not there");
        let first = &shown.items[0];
        assert_eq!((first.origin, first.at), (Origin::Phone, at(-60)));
        assert_eq!(first.text.as_deref(), Some("By hand"));
        assert!(!format!("{shown:?}").contains("By hand"), "a text in a log");

        stage
            .store()
            .mark_conversation_seen(account, one)
            .await
            .unwrap();
        let unread = ConversationFilter {
            unread: true,
            ..ConversationFilter::default()
        };
        let shown = list(&stage, account, &unread).await;
        let lines: Vec<_> = shown.items.iter().map(|l| (l.contact, l.unread)).collect();
        assert_eq!(lines, [(two, 1)]);

        // found late: older than what was seen, and never seen all the same
        stage.later(TimeDelta::minutes(1));
        let late = stage.now - TimeDelta::hours(2);
        stage.record(&inbound(chat(1), "LATE", late)).await;
        let shown = list(&stage, account, &all).await;
        assert_eq!((shown.items[0].contact, shown.items[0].unread), (one, 1));
    }
}

#[tokio::test]
async fn counts_a_thousand_at_most_when_more_is_unread() {
    for mut stage in Stage::each().await {
        let account = account(&stage).await;
        let contact = stage.guest(1).await;
        stage.record(&inbound(chat(1), "A", stage.now)).await;
        stage
            .tamper(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
                 INSERT INTO conversation_message
                     (id, session, contact_id, direction, raw_id, full_id, chat_id, kind, origin, at, recorded_at, own_number)
                 SELECT m.id || i, m.session, m.contact_id, m.direction, m.raw_id || i, m.full_id, m.chat_id, m.kind, m.origin,
                        m.at - 1, m.recorded_at, m.own_number
                 FROM conversation_message m, n",
            )
            .await;
        let shown = list(&stage, account, &ConversationFilter::default()).await;
        assert_eq!(
            (shown.items[0].contact, shown.items[0].unread),
            (contact, 1_000)
        );
    }
}

#[tokio::test]
async fn pages_go_on_where_they_ended_and_a_search_finds_names_and_numbers() {
    for mut stage in Stage::each().await {
        let account = account(&stage).await;
        let mut contacts = Vec::new();
        for n in 1..=5 {
            contacts.push(stage.guest(n).await);
            let ago = TimeDelta::minutes(i64::try_from(n).unwrap());
            stage
                .record(&inbound(chat(n), &format!("M{n}"), stage.now - ago))
                .await;
        }
        let (store, all) = (stage.store(), ConversationFilter::default());
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = store.conversations(account, &all, after.as_ref(), 2).await;
            let page = page.unwrap();
            seen.extend(page.items.iter().map(|line| line.contact));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, contacts);
        let search = |text: &str| ConversationFilter {
            search: Some(text.to_owned()),
            ..ConversationFilter::default()
        };
        let found = list(&stage, account, &search("470000003")).await;
        assert_eq!(found.items.len(), 1);
        assert_eq!(found.items[0].contact, contacts[2]);
        assert!(
            list(&stage, account, &search("100%"))
                .await
                .items
                .is_empty()
        );
    }
}
