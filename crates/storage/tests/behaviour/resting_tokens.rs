//! A token ends with what it rests on: the account that made it, the right of that account, the token that made it.

use std::time::Duration;

use domain::{
    Timestamp,
    account::Person,
    config::Language,
    ids::{AccountId, TokenId},
};
use rand::{SeedableRng as _, rngs::StdRng};
use rstest::rstest;
use storage::{
    Actor, LinkPurpose, NewAccount, NewLink, NewToken, Redeemed, Store, TokenMaker,
    testing::TestDatabase,
};

fn now() -> Timestamp {
    "2026-11-23T11:00:00Z".parse().expect("a time")
}

fn me() -> Actor {
    Actor::new("test")
}

/// An operator who may read what is written.
async fn trusted_operator(store: &Store) -> AccountId {
    let link = NewLink {
        hash: "link".to_owned(),
        purpose: LinkPurpose::Invite(Person::Operator),
        valid: Duration::from_hours(1),
    };
    store.add_link(&link, &me(), now()).await.unwrap();
    let account = NewAccount {
        name: "Olga".to_owned(),
        language: Language::English,
        password_hash: "none".to_owned(),
    };
    let made = store.redeem_invitation("link", &account, None, now()).await;
    let Redeemed::Account(id) = made.unwrap() else {
        panic!("no account was made");
    };
    assert!(store.grant_texts(id, true, &me(), now()).await.unwrap());
    id
}

/// Makes one; whether it was made.
async fn make(store: &Store, id: TokenId, made_by: TokenMaker) -> bool {
    let token = NewToken {
        id,
        name: "phone".to_owned(),
        hash: id.to_string(),
        scopes: vec!["read".to_owned()],
        session: None,
        made_by,
    };
    store.add_token(&token, &me(), now()).await.unwrap()
}

async fn opens(store: &Store, id: TokenId) -> bool {
    let found = store.token_by_hash(&id.to_string(), now()).await;
    found.unwrap().is_some()
}

fn ids<const N: usize>() -> [TokenId; N] {
    let mut dice = StdRng::seed_from_u64(7);
    std::array::from_fn(|_| TokenId::new(now(), &mut dice))
}

#[derive(Clone, Copy, Debug)]
enum Loses {
    TheRight,
    TheAccount,
}

#[rstest]
#[case::the_right_is_withdrawn(Loses::TheRight)]
#[case::the_account_is_removed(Loses::TheAccount)]
#[tokio::test]
async fn ends_with_the_account_that_made_it(#[case] loses: Loses) {
    for db in TestDatabase::each().await {
        let store = db.store();
        let operator = trusted_operator(store).await;
        let [own, by_way_of_it, another, late, later] = ids();
        assert!(make(store, own, TokenMaker::Account(operator)).await);
        assert!(make(store, by_way_of_it, TokenMaker::Token(own)).await);
        assert!(make(store, another, TokenMaker::CommandLine).await);
        assert!(opens(store, own).await && opens(store, by_way_of_it).await);
        // as tokens from before 0022 are: their account is that of the token that made them
        let older = format!("UPDATE api_token SET account_id = NULL WHERE id = '{by_way_of_it}'");
        db.execute(&older).await.unwrap();

        let done = match loses {
            Loses::TheRight => store.grant_texts(operator, false, &me(), now()).await,
            Loses::TheAccount => store.remove_account(operator, &me(), now()).await,
        };
        assert!(done.unwrap());

        assert!(!opens(store, own).await && !opens(store, by_way_of_it).await);
        assert!(opens(store, another).await);
        assert!(!make(store, late, TokenMaker::Account(operator)).await);
        assert!(!make(store, later, TokenMaker::Token(own)).await);
        let audit = store.audit(None, 20).await.unwrap().items;
        let revoked = audit.iter().filter(|line| line.action == "token.revoke");
        assert_eq!(revoked.count(), 2);
    }
}

#[tokio::test]
async fn ends_with_the_token_that_made_it() {
    for db in TestDatabase::each().await {
        let store = db.store();
        let [first, second, third, sibling] = ids();
        assert!(make(store, first, TokenMaker::CommandLine).await);
        assert!(make(store, second, TokenMaker::Token(first)).await);
        assert!(make(store, third, TokenMaker::Token(second)).await);
        assert!(make(store, sibling, TokenMaker::Token(first)).await);

        assert!(store.revoke_token(second, &me(), now()).await.unwrap());

        assert!(opens(store, first).await && opens(store, sibling).await);
        assert!(!opens(store, second).await && !opens(store, third).await);
    }
}
