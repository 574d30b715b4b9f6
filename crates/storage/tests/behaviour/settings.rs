//! The configuration, API tokens, the audit log, and opening a database.

use chrono::TimeDelta;
use domain::{Timestamp, config::GlobalConfig, ids::TokenId};
use rand::{SeedableRng, rngs::StdRng};
use storage::{
    Actor, ConfigUpdate, Cursor, Error, Migrate, NewToken, Options, Store, TokenMaker,
    testing::TestDatabase,
};

fn now() -> Timestamp {
    "2026-11-23T11:00:00Z".parse().expect("a time")
}

/// A configuration that differs from the default in every setting.
fn other_in_everything() -> GlobalConfig {
    let mut config = GlobalConfig {
        groom_name: "Zeno".to_owned(),
        bride_name: "Anna's \"Bianca\"".to_owned(),
        time_zone: "America/New_York".parse().expect("a zone"),
        language: "en".parse().expect("a language"),
        country: "US".to_owned().try_into().expect("a country"),
        wedding_date: "2027-06-19".parse().ok(),
        ..GlobalConfig::default()
    };
    let other = |settings: &mut serde_json::Value| {
        for (name, value) in settings.as_object_mut().expect("settings") {
            *value = match value.as_u64() {
                Some(number) => (number + 1).into(),
                None if name == "quiet_from" => "22:30".into(),
                None => "07:15".into(),
            };
        }
    };
    let mut limits = serde_json::to_value(&config.limits).expect("json");
    let mut pacing = serde_json::to_value(&config.pacing).expect("json");
    other(&mut limits);
    other(&mut pacing);
    config.limits = serde_json::from_value(limits).expect("limits");
    config.pacing = serde_json::from_value(pacing).expect("pacing");
    config
}

#[tokio::test]
async fn a_new_database_has_the_defaults() {
    for db in TestDatabase::each().await {
        let config = db.store().config().await.unwrap();
        assert_eq!(config, (GlobalConfig::default(), 1));
        // Opened again it is left alone.
        let person = Actor::new("anna");
        let changed = other_in_everything();
        db.store()
            .update_config(&changed, 1, &person, now())
            .await
            .unwrap();
        let options = Options {
            migrate: Migrate::Run,
            ..Options::default()
        };
        let again = Store::open(db.url(), options).await.unwrap();
        assert_eq!(again.config().await.unwrap(), (changed, 2));
        again.close().await;
    }
}

#[tokio::test]
async fn every_setting_is_kept() {
    for db in TestDatabase::each().await {
        let (store, person) = (db.store(), Actor::new("anna"));
        let config = other_in_everything();
        let done = store
            .update_config(&config, 1, &person, now())
            .await
            .unwrap();
        assert_eq!(done, ConfigUpdate::Done { version: 2 });
        assert_eq!(store.config().await.unwrap(), (config.clone(), 2));
        let line = &store.audit(None, 1).await.unwrap().items[0];
        assert_eq!(
            (line.actor.as_str(), line.action.as_str()),
            ("anna", "config.update")
        );
        let detail = line.detail.as_deref().expect("names");
        assert_eq!(detail.split(", ").count(), 36, "{detail}");
        assert!(
            !detail.contains("Zeno"),
            "names of settings, not what they are"
        );

        let back = GlobalConfig {
            wedding_date: None,
            ..config
        };
        store.update_config(&back, 2, &person, now()).await.unwrap();
        assert_eq!(store.config().await.unwrap(), (back, 3));
        let line = &store.audit(None, 1).await.unwrap().items[0];
        assert_eq!(line.detail.as_deref(), Some("wedding_date"));
    }
}

#[tokio::test]
async fn of_two_who_change_the_same_version_one_is_told() {
    for db in TestDatabase::each().await {
        let (one, two) = (db.store().clone(), db.store().clone());
        let (config, anna, bob) = (other_in_everything(), Actor::new("anna"), Actor::new("bob"));
        let (first, second) = tokio::join!(
            one.update_config(&config, 1, &anna, now()),
            two.update_config(&config, 1, &bob, now())
        );
        let mut outcomes = [first.unwrap(), second.unwrap()];
        outcomes.sort_by_key(|outcome| matches!(outcome, ConfigUpdate::Conflict { .. }));
        assert_eq!(
            outcomes,
            [
                ConfigUpdate::Done { version: 2 },
                ConfigUpdate::Conflict { current: 2 }
            ]
        );
        assert_eq!(one.audit(None, 10).await.unwrap().items.len(), 1);
    }
}

#[tokio::test]
async fn a_token_is_found_by_its_hash_until_it_is_revoked() {
    for db in TestDatabase::each().await {
        let (store, person, mut dice) = (db.store(), Actor::new("anna"), StdRng::seed_from_u64(7));
        let token = |dice: &mut StdRng, name: &str| NewToken {
            id: TokenId::new(now(), dice),
            name: name.to_owned(),
            hash: format!("hash of {name}"),
            scopes: vec!["read".to_owned(), "enqueue".to_owned()],
            session: None,
            made_by: TokenMaker::CommandLine,
        };
        let (page, script) = (token(&mut dice, "page"), token(&mut dice, "script"));
        store.add_token(&page, &person, now()).await.unwrap();
        store.add_token(&script, &person, now()).await.unwrap();
        assert!(
            store.add_token(&page, &person, now()).await.is_err(),
            "hashes are unique"
        );

        let found = store
            .token_by_hash("hash of page", now())
            .await
            .unwrap()
            .unwrap();
        assert_eq!((found.id, found.name.as_str()), (page.id, "page"));
        assert_eq!(found.hash, page.hash);
        assert_eq!(found.scopes, page.scopes);
        assert_eq!((found.created_at, found.revoked_at), (now(), None));
        assert!(
            store
                .token_by_hash("hash of nobody", now())
                .await
                .unwrap()
                .is_none()
        );

        assert!(store.revoke_token(page.id, &person, now()).await.unwrap());
        assert!(!store.revoke_token(page.id, &person, now()).await.unwrap());
        assert!(
            store
                .token_by_hash("hash of page", now())
                .await
                .unwrap()
                .is_none()
        );
        let tokens = store.tokens().await.unwrap();
        let revoked: Vec<_> = tokens
            .iter()
            .map(|t| (t.name.as_str(), t.revoked_at))
            .collect();
        assert_eq!(revoked.len(), 2);
        assert!(revoked.contains(&("page", Some(now()))) && revoked.contains(&("script", None)));
        let audit = store.audit(None, 10).await.unwrap().items;
        let actions: Vec<_> = audit.iter().map(|line| line.action.as_str()).collect();
        assert_eq!(actions, ["token.revoke", "token.add", "token.add"]);
        assert!(
            audit
                .iter()
                .all(|line| !line.detail.iter().any(|d| d.contains("hash")))
        );
    }
}

#[tokio::test]
async fn a_token_s_use_is_written_down_once_a_minute() {
    for db in TestDatabase::each().await {
        let (store, mut dice) = (db.store(), StdRng::seed_from_u64(7));
        let token = NewToken {
            id: TokenId::new(now(), &mut dice),
            name: "page".to_owned(),
            hash: "hash".to_owned(),
            scopes: vec![],
            session: None,
            made_by: TokenMaker::CommandLine,
        };
        store
            .add_token(&token, &Actor::new("anna"), now())
            .await
            .unwrap();
        assert_eq!(store.tokens().await.unwrap()[0].used_at, None);
        for (seconds, written) in [(0, 0), (59, 0), (60, 60), (61, 60), (500, 500)] {
            let at = now() + TimeDelta::seconds(seconds);
            store.token_by_hash("hash", at).await.unwrap();
            let used = store.tokens().await.unwrap()[0].used_at;
            assert_eq!(
                used,
                Some(now() + TimeDelta::seconds(written)),
                "at {seconds} s"
            );
        }
    }
}

#[tokio::test]
async fn the_audit_log_is_paged_newest_first() {
    for db in TestDatabase::each().await {
        let (store, person) = (db.store(), Actor::new("anna"));
        for version in 1..=7 {
            let config = GlobalConfig {
                groom_name: format!("{version}"),
                ..GlobalConfig::default()
            };
            // All at one moment: the order is that of the deeds.
            store
                .update_config(&config, version, &person, now())
                .await
                .unwrap();
        }
        let all = store.audit(None, 10).await.unwrap();
        assert_eq!((all.items.len(), all.next), (7, None));
        assert!(all.items.windows(2).all(|pair| pair[0].id > pair[1].id));
        let mut seen = Vec::new();
        let mut after: Option<Cursor> = None;
        loop {
            let page = store.audit(after.as_ref(), 3).await.unwrap();
            seen.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, all.items);
    }
}

#[tokio::test]
async fn an_empty_database_is_refused_where_nobody_may_migrate() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("queue.db").display());
    let missing = Store::open(&url, Options::default()).await;
    assert!(missing.is_err(), "it is not made either");
    let options = Options {
        migrate: Migrate::Run,
        ..Options::default()
    };
    Store::open(&url, options).await.unwrap().close().await;
    let store = Store::open(&url, Options::default()).await.unwrap();
    store.ping().await.unwrap();
    store.close().await;
    assert!(
        store
            .ping()
            .await
            .is_err_and(|error| error.is_unavailable())
    );
}

#[tokio::test]
async fn an_address_of_another_kind_is_refused_without_repeating_it() {
    for url in ["mysql://root:secret@db/queue", "", "queue.db"] {
        let refused = Store::open(url, Options::default()).await;
        let error = refused.err().expect("refused");
        assert!(matches!(error, Error::UnknownScheme));
        assert!(!error.to_string().contains("secret"));
    }
    let unreadable = Store::open("postgres://u:secret@db:notaport/q", Options::default()).await;
    let error = unreadable.err().expect("refused");
    assert!(matches!(error, Error::BadUrl));
    assert!(!error.to_string().contains("secret"));
}
