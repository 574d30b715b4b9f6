//! What people do through the API: guests on the list, sessions, and what is shown of a conversation.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::system::System;

impl System {
    /// Puts somebody on the list; their contact's id.
    pub(crate) async fn on_the_list(&self, name: &str, number: &str) -> String {
        let guest = json!({ "name": name, "phone": format!("+{number}") });
        let (status, answer) = self.call(Method::POST, "/api/v1/guests", Some(guest)).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        answer["contact"].as_str().expect("a contact").to_owned()
    }

    /// Does that to a session: `pause`, `resume`, `try-again`.
    pub(crate) async fn control(&self, session: &str, verb: &str) {
        let path = format!("/api/v1/sessions/{session}/{verb}");
        let (status, answer) = self.call(Method::POST, &path, None).await;
        assert!(status.is_success(), "{verb}: {status} {answer}");
    }

    /// What was said with a contact, oldest first.
    pub(crate) async fn conversation(&self, contact: &str) -> Vec<Value> {
        let path = format!("/api/v1/contacts/{contact}/messages?limit=200");
        let (status, answer) = self.call(Method::GET, &path, None).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let mut items = answer["items"].as_array().expect("items").clone();
        items.reverse();
        items
    }

    /// The id of the conversation's message with this text.
    pub(crate) async fn said(&self, contact: &str, text: &str) -> String {
        let conversation = self.conversation(contact).await;
        let found = conversation.iter().find(|message| message["text"] == text);
        let found = found.unwrap_or_else(|| panic!("nobody said {text:?}: {conversation:#?}"));
        found["id"].as_str().expect("an id").to_owned()
    }

    /// A session as people see it.
    pub(crate) async fn shown_session(&self, name: &str) -> Value {
        let path = format!("/api/v1/sessions/{name}");
        let (status, answer) = self.call(Method::GET, &path, None).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    }
}
