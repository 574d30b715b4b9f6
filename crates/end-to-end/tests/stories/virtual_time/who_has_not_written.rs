//! No path sends to somebody who has not written on that session: each way in is tried, and rows are put into the database by hand; then
//! days pass, and the phones show nothing.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use storage::testing::TestDatabase;

use super::{setup::Setup, system::System};

/// She writes to the groom, and to the groom only.
const ZIA: &str = "393470000001";
/// He never writes to anybody.
const ZIO: &str = "393470000002";

const NEWS: &str = "01900000-0000-7000-8000-000000000001";

/// A system, and what is known of the two.
struct World {
    system: System,
    zia: String,
    zio: String,
    /// What Zia wrote to the groom.
    question: String,
}

/// Somebody who has not written on that session.
#[derive(Clone, Copy, PartialEq, Eq)]
enum To {
    Zio,
    ZiaFromTheBride,
}

const BOTH: [To; 2] = [To::Zio, To::ZiaFromTheBride];

impl World {
    async fn on(database: TestDatabase) -> Self {
        let system = System::start(database, Setup::for_days()).await;
        let zia = system.on_the_list("Zia Pina", ZIA).await;
        let zio = system.on_the_list("Zio Tino", ZIO).await;
        system.waha("groom").guest(ZIA).write("A che ora?");
        tokio::time::sleep(Duration::from_secs(5)).await;
        let question = system.said(&zia, "A che ora?").await;
        Self {
            system,
            zia,
            zio,
            question,
        }
    }

    fn body(&self, to: To, text: &str) -> Value {
        match to {
            To::Zio => json!({"session": "groom", "contact": self.zio, "text": text}),
            To::ZiaFromTheBride => json!({"session": "bride", "contact": self.zia, "text": text}),
        }
    }

    fn body_with(&self, to: To, text: &str, more: &Value) -> Value {
        let mut body = self.body(to, text);
        for (key, value) in more.as_object().expect("members") {
            body[key] = value.clone();
        }
        body
    }

    async fn act(&self, id: &str, method: Method, what: &str, body: Value) -> (StatusCode, Value) {
        let path = format!("/api/v1/messages/{id}{what}");
        self.system.call(method, &path, Some(body)).await
    }

    async fn run(&self, sql: &str) -> bool {
        self.system.database.execute(sql).await.is_ok()
    }

    /// Every way that the API has to get a message to somebody.
    async fn try_the_api(&self) {
        for to in BOTH {
            let lanes = [
                json!({}),
                json!({"lane": "reply"}),
                json!({"send_now": true}),
                json!({"lane": "reply", "send_now": true, "priority": 100}),
                json!({
                    "lane": "broadcast", "broadcast": NEWS, "not_after": "2026-07-01T10:00:00Z",
                }),
            ];
            for more in &lanes {
                let id = self
                    .system
                    .enqueue_with(self.body_with(to, "Per voi", more))
                    .await;
                self.hurry(&id).await;
            }
            let batch = json!({ "messages": [self.body(to, "Primo"), self.body(to, "Secondo")] });
            let post = self
                .system
                .call(Method::POST, "/api/v1/messages/batch", Some(batch));
            assert_eq!(post.await.0, StatusCode::CREATED);
            let borrowed = self.body_with(to, "Alle sei", &json!({"reply_to": self.question}));
            let post = self
                .system
                .call(Method::POST, "/api/v1/messages", Some(borrowed));
            let (status, answer) = post.await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        }
    }

    /// What a person can do to a message that waits.
    async fn hurry(&self, id: &str) {
        let (status, answer) = self.act(id, Method::POST, "/send-now", Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let edit = json!({"text": "Per voi, davvero", "priority": 100, "not_before": null});
        let (status, answer) = self.act(id, Method::PATCH, "", edit).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        assert_eq!(
            answer["wait"]["reason"], "guest_has_not_written",
            "{answer}"
        );
        for (what, body) in [
            ("/retry", Value::Null),
            ("/settle", json!({"verdict": "send_again"})),
        ] {
            let (status, answer) = self.act(id, Method::POST, what, body).await;
            assert_eq!(status, StatusCode::CONFLICT, "{what}: {answer}");
        }
    }

    /// A row that was failed by hand, tried again by a person.
    async fn try_a_retry(&self) {
        for to in BOTH {
            let id = self.system.enqueue_with(self.body(to, "Riprova")).await;
            let failed = format!(
                "UPDATE whatsapp_message_queue SET status = 'failed', due = 0, wait_reason = NULL, wait_ends = NULL WHERE id = '{id}'"
            );
            assert!(self.run(&failed).await);
            let (status, answer) = self.act(&id, Method::POST, "/retry", Value::Null).await;
            assert_eq!(status, StatusCode::OK, "{answer}");
            assert_eq!(
                answer["wait"]["reason"], "guest_has_not_written",
                "{answer}"
            );
        }
    }

    /// Rows by hand: due at once and first of all, and in every status with every evidence that is not theirs.
    async fn try_by_hand(&self) {
        let others = [
            // what Zia wrote to the groom: somebody else's for Zio, the other session's for Zia
            self.question.clone(),
            // what the groom wrote to Zio himself, and the bride to Zia: their own, but it went out
            self.outbound("groom", &self.zio).await,
            self.outbound("bride", &self.zia).await,
        ];
        for to in BOTH {
            let id = self.system.enqueue_with(self.body(to, "A mano")).await;
            for evidence in &others {
                for status in [
                    "pending",
                    "composing",
                    "sending",
                    "sent",
                    "uncertain",
                    "failed",
                ] {
                    let sql = format!(
                        "UPDATE whatsapp_message_queue SET status = '{status}', evidence_id = '{evidence}', due = 1, rank = 0
                         WHERE id = '{id}'"
                    );
                    assert!(!self.run(&sql).await, "{status} with another's evidence");
                }
            }
            for status in ["composing", "sending", "sent", "uncertain"] {
                let sql = format!(
                    "UPDATE whatsapp_message_queue SET status = '{status}' WHERE id = '{id}'"
                );
                assert!(!self.run(&sql).await, "{status} without evidence");
            }
            let due = format!(
                "UPDATE whatsapp_message_queue
                 SET due = 1, rank = 0, send_now = 1, priority = 100, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
                 WHERE id = '{id}'"
            );
            assert!(self.run(&due).await);
        }
        // Even their own row of who wrote, pointing at a message that is not theirs.
        for (session, contact) in [("groom", &self.zio), ("bride", &self.zia)] {
            self.run(&format!(
                "DELETE FROM contact_session WHERE session = '{session}' AND contact_id = '{contact}'"
            ))
            .await;
            let sql = format!(
                "INSERT INTO contact_session (contact_id, session, own_number, evidence_id, chat_id, last_in_at)
                 SELECT '{contact}', name, own_number, '{}', '{ZIO}@c.us', {}
                 FROM whatsapp_session_status WHERE name = '{session}'",
                self.question,
                self.system.clock.now().timestamp_millis()
            );
            assert!(self.run(&sql).await);
        }
    }

    /// A message that a spouse typed to that contact.
    async fn outbound(&self, session: &str, contact: &str) -> String {
        let id = match session {
            "groom" => "01900000-0000-7000-8000-0000000000a1",
            _ => "01900000-0000-7000-8000-0000000000a2",
        };
        let sql = format!(
            "INSERT INTO conversation_message
                 (id, session, contact_id, direction, raw_id, full_id, chat_id, kind, origin, at, recorded_at,
                  own_number)
             SELECT '{id}', name, '{contact}', 'outbound', '{id}', '{id}', '{ZIO}@c.us', 'text', 'phone', 1, 1, own_number
             FROM whatsapp_session_status WHERE name = '{session}'"
        );
        assert!(self.run(&sql).await);
        id.to_string()
    }
}

async fn nobody_gets_anything(database: TestDatabase) {
    let world = World::on(database).await;
    world.try_the_api().await;
    world.try_a_retry().await;
    world.try_by_hand().await;
    // and the queue still works for who has written
    let body = json!({"session": "groom", "contact": world.zia, "text": "Alle sei!", "reply_to": world.question});
    let reply = world.system.enqueue_with(body).await;
    world
        .system
        .until(&reply, "sent", Duration::from_mins(5))
        .await;
    tokio::time::sleep(Duration::from_hours(30)).await;
    for session in ["groom", "bride"] {
        let waha = world.system.waha(session);
        let shown: Vec<_> = waha
            .all_deliveries()
            .into_iter()
            .map(|message| (message.number, message.text))
            .collect();
        let expected = if session == "groom" {
            vec![(ZIA.to_owned(), "Alle sei!".to_owned())]
        } else {
            vec![]
        };
        assert_eq!(shown, expected, "{session}");
    }
    let acted =
        "SELECT CAST(count(*) AS BIGINT) AS value FROM whatsapp_message_queue WHERE attempts > 0";
    assert_eq!(world.system.database.ints(acted).await, [Some(1)]);
}

#[tokio::test(start_paused = true)]
async fn no_path_leads_to_somebody_who_has_not_written_on_sqlite() {
    nobody_gets_anything(TestDatabase::sqlite().await).await;
}

#[tokio::test(start_paused = true)]
async fn no_path_leads_to_somebody_who_has_not_written_on_postgres() {
    nobody_gets_anything(TestDatabase::postgres().await).await;
}
