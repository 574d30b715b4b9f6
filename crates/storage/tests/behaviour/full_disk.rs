//! A full disk: the write that met it changed nothing, and the next one works once there is room, on the same pool.

use domain::Timestamp;
use rstest::rstest;
use storage::{Actor, Error, testing::TestDatabase};

fn now() -> Timestamp {
    "2026-11-23T11:00:00Z".parse().expect("a time")
}

/// Writes more than fits into the pages that a database has free.
async fn write_much(db: &TestDatabase) -> Result<(), Error> {
    let names = (0..1000).map(|n| format!("session-{n}"));
    let names: Vec<_> = names.map(|name| name.parse().expect("a name")).collect();
    db.store().ensure_sessions(&names, now()).await
}

#[rstest]
#[case::sqlite(true)]
#[case::postgres(false)]
#[tokio::test]
async fn a_write_works_again_when_there_is_room(#[case] sqlite: bool) {
    let db = if sqlite {
        TestDatabase::sqlite().await
    } else {
        TestDatabase::postgres().await
    };
    for _ in 0..3 {
        db.fill_disk().await;

        let failed = write_much(&db).await;
        assert!(matches!(failed, Err(Error::Full(Some(_)))), "{failed:?}");
        let sessions = db.store().sessions().await.expect("a read");
        assert!(sessions.is_empty(), "nothing was changed");

        db.free_disk().await;
        let me = Actor::new("test");
        let token = db.store().revoke_token(unknown(), &me, now()).await;
        assert!(!token.expect("a write"));
    }
    write_much(&db).await.expect("there is room");
}

fn unknown() -> domain::ids::TokenId {
    "01930000-0000-7000-8000-000000000001"
        .parse()
        .expect("an id")
}
