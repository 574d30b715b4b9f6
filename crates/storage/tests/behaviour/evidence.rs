//! Nobody is written to who has not written first: the newest word counts, and the database itself insists.

use chrono::TimeDelta;
use storage::{Commit, Recorded};

use super::stage::{Stage, inbound, lid};

#[tokio::test]
async fn the_evidence_at_the_commit_is_the_newest() {
    for mut stage in Stage::each().await {
        let work = stage.composed().await;
        stage.writes(1, stage.now).await;
        assert_eq!(stage.commit(&work).await, Commit::Committed);
        let newest = "SELECT CAST(count(*) AS BIGINT) AS value FROM whatsapp_message_queue q
                      JOIN contact_session s ON s.evidence_id = q.evidence_id";
        assert_eq!(stage.int(newest).await, Some(1));
    }
}

#[tokio::test]
async fn the_answer_goes_to_the_chat_of_the_newest_message() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let mut by_lid = inbound(lid(1), "BYLID", stage.now - TimeDelta::hours(1));
        by_lid.alt = Some(super::stage::chat(1));
        assert_eq!(
            stage.record(&by_lid).await,
            Recorded::Inbound { contact, new: true }
        );
        stage.queue(contact).await;
        assert_eq!(stage.taken().await.chat, lid(1));
    }
}

/// The number that is linked to the groom's session.
const NUMBER: &str = "own_number = '393330000001'";

/// Nobody is written to who has not written first: the database itself says so, whatever a program does.
#[tokio::test]
async fn the_database_refuses_a_message_without_its_own_evidence() {
    for mut stage in Stage::each().await {
        let (writer, silent) = (stage.writer(1).await, stage.guest(2).await);
        let message = stage.queue(silent).await;
        let evidence = stage
            .text("SELECT evidence_id AS value FROM contact_session")
            .await
            .unwrap();
        for status in ["composing", "sending", "sent", "uncertain"] {
            let none = format!(
                "UPDATE whatsapp_message_queue SET status = '{status}' WHERE id = '{message}'"
            );
            assert!(
                stage.db.execute(&none).await.is_err(),
                "{status} without evidence"
            );
            let others = format!(
                "UPDATE whatsapp_message_queue SET status = '{status}', evidence_id = '{evidence}', {NUMBER} WHERE id = '{message}'"
            );
            assert!(
                stage.db.execute(&others).await.is_err(),
                "{status} with somebody else's"
            );
        }
        // The same contact on another session or to another number, and the other direction, are somebody else's too.
        let session = format!(
            "UPDATE whatsapp_message_queue SET contact_id = '{writer}', session = 'bride', status = 'composing', evidence_id = '{evidence}', {NUMBER}"
        );
        assert!(stage.db.execute(&session).await.is_err());
        for number in ["'393330000002'", "''", "NULL"] {
            let number = format!(
                "UPDATE whatsapp_message_queue SET contact_id = '{writer}', status = 'composing', evidence_id = '{evidence}', own_number = {number}"
            );
            assert!(stage.db.execute(&number).await.is_err(), "{number}");
        }
        stage
            .tamper(&format!(
                "UPDATE whatsapp_message_queue SET contact_id = '{writer}'"
            ))
            .await;
        let own = format!("INSERT INTO conversation_message (id, session, contact_id, direction, raw_id, full_id, chat_id, kind, origin, at, recorded_at, own_number)
                           VALUES ('own', 'groom', '{writer}', 'outbound', 'X', 'X', 'X', 'text', 'phone', 1, 1, '393330000001')");
        stage.tamper(&own).await;
        let outbound = format!(
            "UPDATE whatsapp_message_queue SET status = 'sent', evidence_id = 'own', {NUMBER}"
        );
        assert!(stage.db.execute(&outbound).await.is_err());
        let lie = format!("{outbound}, evidence_direction = 'outbound'");
        assert!(stage.db.execute(&lie).await.is_err());
        let rightly = format!(
            "UPDATE whatsapp_message_queue SET status = 'sent', evidence_id = '{evidence}', {NUMBER}"
        );
        assert!(stage.db.execute(&rightly).await.is_ok());
    }
}
