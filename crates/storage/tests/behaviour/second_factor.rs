//! The second factor of an account: what is stored, what works once, who is signed out.

use std::time::Duration;

use domain::ids::AccountId;
use secrecy::{ExposeSecret, SecretString};
use storage::{Actor, EnablingBrowser, LinkPurpose, Store, testing::TestDatabase};

use crate::accounts::{first_account, link, now, with_sessions};

const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const PHONE: EnablingBrowser<'static> = EnablingBrowser {
    session: "phone",
    known_by: Some("known phone"),
};

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn codes() -> Vec<String> {
    ["one", "two"]
        .map(|code| format!("hash of {code}"))
        .to_vec()
}

async fn enable(store: &Store, id: AccountId, text: &str, step: i64) -> bool {
    let by = (&Actor::new("Anna"), now());
    let (secret, codes) = (secret(text), codes());
    let enabled = store.enable_second_factor(id, (&secret, step), &codes, PHONE, by);
    enabled.await.unwrap()
}

/// An account with a second factor whose newest code is of step 100.
async fn with_factor(db: &TestDatabase) -> (Store, AccountId) {
    let store = with_sessions(db).await.keeping_unknown_writers();
    let id = first_account(&store).await;
    let secret = secret(SECRET);
    let begun = store.begin_second_factor(id, &secret, now());
    assert!(begun.await.unwrap());
    assert!(enable(&store, id, SECRET, 100).await);
    (store, id)
}

#[tokio::test]
async fn it_counts_from_the_first_code_on_and_its_secret_is_sealed() {
    for db in TestDatabase::each().await {
        let plain = with_sessions(&db).await;
        let store = plain.keeping_unknown_writers();
        let id = first_account(&store).await;
        let stores = async |store: &Store, text: &str| {
            let secret = secret(text);
            let begun = store.begin_second_factor(id, &secret, now());
            begun.await.unwrap()
        };
        assert!(!stores(plain, SECRET).await, "nothing to seal it with");
        assert!(stores(&store, "OLD").await && stores(&store, SECRET).await);
        let rows = db.texts("SELECT secret AS value FROM account_factor").await;
        assert_eq!(rows.len(), 1);
        assert!(!rows[0].as_deref().unwrap().contains(&SECRET[..8]));
        let factor = store.second_factor(id).await.unwrap().unwrap();
        assert_eq!(factor.secret.unwrap().expose_secret(), SECRET);
        assert!(!factor.enabled);
        assert!(!store.use_second_factor(id, 99).await.unwrap());
        let since = async || {
            let account = store.account(id).await.unwrap().unwrap();
            account.second_factor_since
        };
        assert_eq!(since().await, None, "signing in asks for no code yet");

        assert!(
            !enable(&store, id, "OLD", 100).await,
            "another tab began anew"
        );
        assert!(enable(&store, id, SECRET, 100).await);

        assert_eq!(since().await, Some(now()));
        assert!(!enable(&store, id, SECRET, 101).await);
        assert!(!stores(&store, "NEW").await, "it would replace the secret");
        let sealed = plain.second_factor(id).await.unwrap().unwrap();
        assert!(sealed.secret.is_none() && sealed.enabled, "without the key");
        assert_eq!(sealed.codes_left, 2);
    }
}

#[tokio::test]
async fn each_time_step_is_accepted_once_and_none_before_it() {
    for db in TestDatabase::each().await {
        let (store, id) = with_factor(&db).await;
        let accepts = async |step| store.use_second_factor(id, step).await.unwrap();
        assert!(!accepts(100).await, "used at set-up");
        assert!(!accepts(99).await);
        let (one, other) = tokio::join!(accepts(102), accepts(102));
        assert!(one != other, "of two at once one");
        assert!(!accepts(101).await && accepts(103).await);
    }
}

#[tokio::test]
async fn a_recovery_code_is_its_account_s_and_works_once() {
    for db in TestDatabase::each().await {
        let (store, id) = with_factor(&db).await;
        assert!(
            link(
                &store,
                "friend",
                LinkPurpose::Invite(domain::account::Person::Operator)
            )
            .await
        );
        let other = crate::accounts::redeem(&store, "friend", "Olga", None).await;
        let other = crate::accounts::account(other);
        let anna = Actor::new("Anna");
        let accepts = async |id, hash: &str| {
            let used = store.use_recovery_code(id, hash, (&anna, now()));
            used.await.unwrap()
        };
        assert!(!accepts(other, "hash of one").await);
        assert!(!accepts(id, "one").await);
        let (one, again) = tokio::join!(accepts(id, "hash of one"), accepts(id, "hash of one"));
        assert!(one != again);
        let factor = store.second_factor(id).await.unwrap().unwrap();
        assert_eq!(factor.codes_left, 1);
        let audited = store.audit(None, 50).await.unwrap().items;
        let used = audited
            .iter()
            .filter(|row| row.action == "account.recovery_code");
        assert_eq!(used.count(), 1);
    }
}

#[tokio::test]
async fn enabling_signs_out_every_other_browser_and_removing_forgets_all() {
    for db in TestDatabase::each().await {
        let store = with_sessions(&db).await.keeping_unknown_writers();
        let id = first_account(&store).await;
        for browser in ["phone", "laptop"] {
            assert!(store.sign_in(id, browser, now()).await.unwrap());
            let known = format!("known {browser}");
            store.remember_browser(id, &known, now()).await.unwrap();
        }
        assert!(store.begin_sign_in(id, "tablet", now()).await.unwrap());
        store
            .begin_second_factor(id, &secret(SECRET), now())
            .await
            .unwrap();
        assert!(enable(&store, id, SECRET, 100).await);
        assert!(store.signed_in("phone", now()).await.unwrap().is_some());
        assert!(store.signed_in("laptop", now()).await.unwrap().is_none());
        assert!(store.knows_browser(id, "known phone").await.unwrap());
        assert!(!store.knows_browser(id, "known laptop").await.unwrap());
        assert!(
            store
                .begun_sign_in("tablet", now())
                .await
                .unwrap()
                .is_none()
        );
        let me = Actor::new("command line");
        assert!(store.remove_second_factor(id, &me, now()).await.unwrap());
        assert!(!store.remove_second_factor(id, &me, now()).await.unwrap());
        assert!(store.second_factor(id).await.unwrap().is_none());
        let audited = store.audit(None, 50).await.unwrap().items;
        for action in ["account.second_factor_on", "account.second_factor_off"] {
            assert!(audited.iter().any(|row| row.action == action), "{action}");
        }
    }
}

#[tokio::test]
async fn a_begun_sign_in_is_no_session_and_ends() {
    for db in TestDatabase::each().await {
        let (store, id) = with_factor(&db).await;
        let begun = async |at| store.begun_sign_in("tablet", at).await.unwrap().is_some();
        let gives_password = async || store.begin_sign_in(id, "tablet", now()).await.unwrap();
        assert!(gives_password().await);
        assert!(store.signed_in("tablet", now()).await.unwrap().is_none());
        assert!(begun(now() + Duration::from_secs(599)).await);
        assert!(!begun(now() + Duration::from_mins(10)).await);
        let me = Actor::new("Anna");
        store.sign_in(id, "phone", now()).await.unwrap();
        assert!(!begun(now()).await, "the code was given");
        assert!(gives_password().await);
        store
            .set_password(id, "$argon2id$new", &me, now())
            .await
            .unwrap();
        assert!(!begun(now()).await, "it was the old password");
        assert!(gives_password().await);
        store.sign_out_everywhere(id, &me, now()).await.unwrap();
        assert!(!begun(now()).await);
        assert!(store.remove_account(id, &me, now()).await.unwrap());
        assert!(!gives_password().await, "gone");
    }
}

#[tokio::test]
async fn signing_in_confirms_a_browser_and_each_is_confirmed_by_itself() {
    for db in TestDatabase::each().await {
        let store = with_sessions(&db).await;
        let id = first_account(store).await;
        for browser in ["phone", "laptop"] {
            store.sign_in(id, browser, now()).await.unwrap();
        }
        let at = async |browser| store.confirmed_at(browser).await.unwrap();
        let later = now() + Duration::from_mins(20);
        store.confirm_browser("phone", later).await.unwrap();
        assert_eq!(at("phone").await, Some(later));
        assert_eq!(at("laptop").await, Some(now()));
        assert_eq!(at("nobody's").await, None);
    }
}
