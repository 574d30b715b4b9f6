//! Invited households, and people who write to a spouse with or without an invitation.

use domain::{
    Timestamp,
    chat_id::ChatId,
    config::Language,
    ids::{ContactId, GuestId, HouseholdId},
    invitation::prefilled_text,
    wire::ObservedMessage,
};
use storage::{GuestRow, NewGuest, UnknownWriterRow};

use super::stage::{Stage, groom, inbound, phone};

impl Stage {
    /// A guest of that household, with the n-th number or none.
    pub(crate) async fn invite(&mut self, household: &str, number: Option<u64>) -> GuestRow {
        let guest = NewGuest {
            id: GuestId::new(self.now, &mut self.dice),
            name: format!("Guest of {household}"),
            side: None,
            language: None,
            household: Some(household.to_owned()),
            phone: number.map(phone),
        };
        let added = self.store().add_guest(&guest, self.now).await;
        added.expect("a guest")
    }

    /// What the household's button prefills.
    pub(crate) async fn first_words(&self, household: HouseholdId) -> String {
        let token = self.token(household).await.parse().expect("a token");
        prefilled_text(Language::Italian, "Giulia e Marco", &token)
    }

    pub(crate) async fn token(&self, household: HouseholdId) -> String {
        let sql = format!(
            "SELECT token AS value FROM invitation WHERE household_id = '{household}' ORDER BY id DESC"
        );
        self.text(&sql).await.expect("an invitation")
    }

    /// When the household's invitation was tied.
    pub(crate) async fn tied_at(&self, household: HouseholdId) -> Option<Timestamp> {
        let sql =
            format!("SELECT tied_at AS value FROM invitation WHERE household_id = '{household}'");
        let millis = self.int(&sql).await?;
        Timestamp::from_timestamp_millis(millis)
    }

    /// The household that a contact is somebody of.
    pub(crate) async fn household_of(&self, contact: ContactId) -> Option<String> {
        let sql = format!("SELECT household_id AS value FROM contact WHERE id = '{contact}'");
        self.text(&sql).await
    }

    pub(crate) async fn contact_of_guest(&self, guest: GuestId) -> Option<ContactId> {
        let row = self.store().guest(guest).await.expect("an answer");
        row.expect("a guest").contact
    }

    /// Whom the groom is shown as unknown.
    pub(crate) async fn unknown(&self) -> Vec<UnknownWriterRow> {
        let page = self
            .store()
            .unknown_writers(&groom(), None, 50, self.now)
            .await;
        page.expect("a page").items
    }

    /// The only one of them.
    pub(crate) async fn only_unknown(&self) -> UnknownWriterRow {
        let mut all = self.unknown().await;
        assert_eq!(all.len(), 1, "not one unknown writer");
        all.remove(0)
    }

    /// The groom says of the only one: not a guest.
    pub(crate) async fn ignore_unknown(&self) {
        let writer = self.only_unknown().await.id;
        let ignored = self
            .store()
            .ignore_unknown_writer(&groom(), writer, &Self::person(), self.now)
            .await;
        assert!(ignored.expect("an answer"));
    }

    /// The groom's chats that are to be read back.
    pub(crate) async fn to_read(&self) -> Vec<ChatId> {
        let chats = self.store().chats_to_read(&groom()).await;
        chats.expect("chats").into_iter().map(|c| c.chat).collect()
    }
}

/// A message with that text.
pub(crate) fn says(chat: ChatId, raw_id: &str, text: &str, at: Timestamp) -> ObservedMessage {
    ObservedMessage {
        body: Some(text.to_owned()),
        ..inbound(chat, raw_id, at)
    }
}

/// The same message, telling the writer's other identity too.
pub(crate) fn with_alt(message: ObservedMessage, alt: ChatId) -> ObservedMessage {
    ObservedMessage {
        alt: Some(alt),
        ..message
    }
}

/// The same message, with the name its writer gave themselves.
pub(crate) fn named(message: ObservedMessage, name: &str) -> ObservedMessage {
    ObservedMessage {
        push_name: Some(name.to_owned()),
        ..message
    }
}

/// Everything that is stored of unknown writers, as text.
pub(crate) async fn sealed_rows(stage: &Stage) -> Vec<String> {
    let rows = "SELECT id || ' ' || session || ' ' || identity || ' ' || COALESCE(alt_identity, '-') || ' '
                       || COALESCE(push_name, '-') || ' ' || first_at || ' ' || last_at AS value
                FROM unknown_writer ORDER BY session";
    stage.db.texts(rows).await.into_iter().flatten().collect()
}
