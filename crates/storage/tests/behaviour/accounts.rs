//! Accounts of the page: links that work once, browsers that are signed in, and who loses what.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{Timestamp, account::Person, config::Language, ids::AccountId, session::SessionName};
use storage::{Actor, LinkPurpose, NewAccount, NewLink, Redeemed, Store, testing::TestDatabase};

const HOUR: Duration = Duration::from_hours(1);

pub(crate) fn now() -> Timestamp {
    "2026-11-23T11:00:00Z".parse().expect("a time")
}

fn groom() -> SessionName {
    SessionName::parse("groom").expect("a name")
}

pub(crate) async fn with_sessions(db: &TestDatabase) -> &Store {
    db.store().ensure_sessions(&[groom()], now()).await.unwrap();
    db.store()
}

fn anna(name: &str) -> NewAccount {
    NewAccount {
        name: name.to_owned(),
        language: Language::Italian,
        password_hash: "$argon2id$of-a-test".to_owned(),
    }
}

pub(crate) async fn link(store: &Store, hash: &str, purpose: LinkPurpose) -> bool {
    let link = NewLink {
        hash: hash.to_owned(),
        purpose,
        valid: HOUR,
    };
    store
        .add_link(&link, &Actor::new("test"), now())
        .await
        .unwrap()
}

pub(crate) async fn first_account(store: &Store) -> AccountId {
    assert!(link(store, "first", LinkPurpose::First).await);
    account(redeem(store, "first", "Anna", Some(groom())).await)
}

pub(crate) async fn redeem(
    store: &Store,
    hash: &str,
    name: &str,
    chosen: Option<SessionName>,
) -> Redeemed {
    let new = anna(name);
    let made = store.redeem_invitation(hash, &new, chosen.as_ref(), now());
    made.await.unwrap()
}

pub(crate) fn account(redeemed: Redeemed) -> AccountId {
    match redeemed {
        Redeemed::Account(id) => id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_first_account_is_made_once_with_the_newest_code_within_its_time() {
    for db in TestDatabase::each().await {
        let store = with_sessions(&db).await;
        assert!(!store.has_accounts().await.unwrap());
        assert!(link(store, "old", LinkPurpose::First).await);
        assert!(link(store, "first", LinkPurpose::First).await);
        let make = |hash: &'static str, at| {
            let store = store.clone();
            async move {
                let new = anna("Anna");
                store
                    .redeem_invitation(hash, &new, Some(&groom()), at)
                    .await
                    .unwrap()
            }
        };
        assert_eq!(make("old", now()).await, Redeemed::NoSuchLink);
        assert_eq!(make("first", now() + HOUR).await, Redeemed::NoSuchLink);
        assert!(matches!(make("first", now()).await, Redeemed::Account(_)));
        assert_eq!(make("first", now()).await, Redeemed::NoSuchLink);
        assert!(
            !link(store, "another", LinkPurpose::First).await,
            "somebody is there"
        );
        let accounts = store.accounts().await.unwrap();
        assert_eq!(accounts.len(), 1);
        assert_eq!(accounts[0].person, Person::Spouse(groom()));
        assert!(accounts[0].reads_texts());
    }
}

#[tokio::test]
async fn a_link_used_by_two_at_once_makes_one_account() {
    for db in TestDatabase::each().await {
        let store = with_sessions(&db).await;
        first_account(store).await;
        link(store, "invite", LinkPurpose::Invite(Person::Operator)).await;
        let (one, other) = (anna("Bruno"), anna("Carla"));
        let (one, other) = tokio::join!(
            store.redeem_invitation("invite", &one, None, now()),
            store.redeem_invitation("invite", &other, None, now()),
        );
        let made = [one.unwrap(), other.unwrap()];
        let accounts = made
            .iter()
            .filter(|made| matches!(made, Redeemed::Account(_)));
        assert_eq!(accounts.count(), 1, "{made:?}");
        assert_eq!(store.accounts().await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_name_is_taken_whatever_its_case_and_the_link_still_works() {
    for db in TestDatabase::each().await {
        let store = with_sessions(&db).await;
        first_account(store).await;
        link(store, "invite", LinkPurpose::Invite(Person::Operator)).await;
        let again = redeem(store, "invite", "ANNA", None).await;
        assert_eq!(again, Redeemed::NameTaken);
        account(redeem(store, "invite", "Bruno", None).await);
        let found = store.account_by_name("aNNa").await.unwrap();
        assert_eq!(found.map(|account| account.name).as_deref(), Some("Anna"));
    }
}

#[tokio::test]
async fn a_browser_is_signed_out_after_a_month_however_it_is_used() {
    for db in TestDatabase::each().await {
        let store = with_sessions(&db).await;
        let id = first_account(store).await;
        assert!(store.sign_in(id, "cookie", now()).await.unwrap());
        let month = TimeDelta::days(30);
        let known = |at| {
            let store = store.clone();
            async move { store.signed_in("cookie", at).await.unwrap().is_some() }
        };
        assert!(known(now()).await);
        assert!(known(now() + month - TimeDelta::seconds(1)).await);
        assert!(!known(now() + month).await, "it was used a second ago");
        assert!(store.signed_in("other", now()).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_new_password_and_a_removal_sign_out_everywhere() {
    for db in TestDatabase::each().await {
        let store = with_sessions(&db).await;
        let id = first_account(store).await;
        let me = Actor::new("Anna");
        store.sign_in(id, "phone", now()).await.unwrap();
        store.sign_in(id, "laptop", now()).await.unwrap();
        link(store, "forgotten", LinkPurpose::Password(id)).await;
        let changed = store.redeem_password("forgotten", "$argon2id$new", now());
        assert_eq!(changed.await.unwrap(), Redeemed::Account(id));
        for browser in ["phone", "laptop"] {
            assert!(store.signed_in(browser, now()).await.unwrap().is_none());
        }
        store.sign_in(id, "phone", now()).await.unwrap();
        assert_eq!(store.sign_out_everywhere(id, &me, now()).await.unwrap(), 1);
        store.sign_in(id, "phone", now()).await.unwrap();
        assert!(store.remove_account(id, &me, now()).await.unwrap());
        assert!(store.signed_in("phone", now()).await.unwrap().is_none());
        assert!(!store.sign_in(id, "phone", now()).await.unwrap(), "gone");
    }
}

#[tokio::test]
async fn a_link_ends_with_the_account_that_made_it() {
    for db in TestDatabase::each().await {
        let store = with_sessions(&db).await;
        first_account(store).await;
        link(store, "invite", LinkPurpose::Invite(Person::Operator)).await;
        let olga = account(redeem(store, "invite", "Olga", None).await);
        let hers = NewLink {
            hash: "hers".to_owned(),
            purpose: LinkPurpose::Invite(Person::Operator),
            valid: Duration::from_hours(48),
        };
        assert!(
            store
                .add_link(&hers, &Actor::new("Olga"), now())
                .await
                .unwrap()
        );
        link(store, "another", LinkPurpose::Invite(Person::Operator)).await;

        assert!(
            store
                .remove_account(olga, &Actor::new("Anna"), now())
                .await
                .unwrap()
        );

        assert_eq!(store.link("hers", now()).await.unwrap(), None);
        assert!(store.link("another", now()).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn an_operator_reads_texts_only_while_a_spouse_allows_it() {
    for db in TestDatabase::each().await {
        let store = with_sessions(&db).await;
        let spouse = first_account(store).await;
        link(store, "invite", LinkPurpose::Invite(Person::Operator)).await;
        let olga = account(redeem(store, "invite", "Olga", None).await);
        let me = Actor::new("Anna");
        let reads = || async { store.account(olga).await.unwrap().unwrap().reads_texts() };
        assert!(!reads().await);
        assert!(store.grant_texts(olga, true, &me, now()).await.unwrap());
        assert!(
            !store.grant_texts(olga, true, &me, now()).await.unwrap(),
            "already"
        );
        assert!(reads().await);
        assert!(store.grant_texts(olga, false, &me, now()).await.unwrap());
        assert!(!reads().await);
        assert!(!store.grant_texts(spouse, false, &me, now()).await.unwrap());
        let audited = store.audit(None, 50).await.unwrap().items;
        let actions: Vec<_> = audited.iter().map(|row| row.action.as_str()).collect();
        for action in [
            "account.grant_texts",
            "account.withdraw_texts",
            "account.add",
            "account.link",
        ] {
            assert!(actions.contains(&action), "{action} in {actions:?}");
        }
    }
}

#[tokio::test]
async fn of_two_spouses_who_remove_each_other_one_remains() {
    for db in TestDatabase::each().await {
        let store = with_sessions(&db).await;
        let bride = SessionName::parse("bride").expect("a name");
        store
            .ensure_sessions(std::slice::from_ref(&bride), now())
            .await
            .unwrap();
        let one = first_account(store).await;
        let invited = LinkPurpose::Invite(Person::Spouse(bride));
        assert!(link(store, "other", invited).await);
        let other = account(redeem(store, "other", "Bruno", None).await);
        assert!(link(store, "friend", LinkPurpose::Invite(Person::Operator)).await);
        let friend = account(redeem(store, "friend", "Olga", None).await);
        let me = Actor::new("test");
        let (first, second) = tokio::join!(
            store.remove_account(one, &me, now()),
            store.remove_account(other, &me, now()),
        );
        let removed = [first.unwrap(), second.unwrap()];
        assert_eq!(removed.iter().filter(|removed| **removed).count(), 1);
        assert!(store.remove_account(friend, &me, now()).await.unwrap());
        assert_eq!(store.accounts().await.unwrap().len(), 1);
    }
}

/// Two links for one place, used at the same time.
#[tokio::test]
async fn of_two_who_take_a_spouse_s_place_one_has_it() {
    for db in TestDatabase::each().await {
        let store = with_sessions(&db).await;
        let place = || LinkPurpose::Invite(Person::Spouse(groom()));
        assert!(link(store, "one", place()).await);
        // as an older version kept them: side by side
        let kept = "INSERT INTO account_link (hash, purpose, role, session, made_by, created_at, expires_at)
             SELECT 'two', purpose, role, session, made_by, created_at, expires_at FROM account_link WHERE hash = 'one'";
        assert_eq!(db.execute(kept).await.unwrap(), 1);
        let (first, second) = tokio::join!(
            redeem(store, "one", "Anna", None),
            redeem(store, "two", "Bruna", None)
        );
        let made = [first, second].map(|one| matches!(one, Redeemed::Account(_)));
        assert!(made[0] != made[1], "{first:?} {second:?}");
        assert_eq!(store.accounts().await.unwrap().len(), 1);
        for hash in ["one", "two"] {
            assert_eq!(
                store.link(hash, now()).await.unwrap(),
                None,
                "it works no more"
            );
        }
        assert!(!link(store, "three", place()).await, "the place is taken");
    }
}
