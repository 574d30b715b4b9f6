//! A COMMIT whose connection broke may still be under way at the server: its outcome is read when that transaction has ended.
//!
//! Only on PostgreSQL: SQLite commits in this process, and has one writer.

use std::pin::pin;

use domain::message_status::MessageStatus;
use storage::testing::TestDatabase;

use super::{
    meeting::until_waiting,
    stage::{Stage, groom},
};

#[tokio::test]
async fn is_read_back_when_the_transaction_that_may_still_commit_has_ended() {
    let mut stage = Stage::on(TestDatabase::postgres().await).await;
    let work = stage.composed().await;
    let mut open = stage.db.begin().await;
    for sql in [
        "SELECT name FROM whatsapp_session_status WHERE name = 'groom' FOR NO KEY UPDATE",
        "UPDATE whatsapp_message_queue SET status = 'sending'",
    ] {
        open.execute(sql).await;
    }
    let (store, session) = (stage.store(), groom());
    let mut reading = pin!(store.commit_state(&session, work.attempt));
    let early = tokio::select! {
        read = &mut reading => Some(read.expect("an answer")),
        () = until_waiting(&stage, 1) => None,
    };
    assert_eq!(early, None, "read while the transaction was open");
    open.commit().await;
    let read = reading.await.expect("an answer");
    assert_eq!(read, Some(MessageStatus::Sending));
}
