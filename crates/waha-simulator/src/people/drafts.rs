//! Messages before they go anywhere, and quotes of earlier ones.

use crate::address::ChatId;
use crate::ids;
use crate::waha::Waha;
use crate::world::message::{Author, Message, PENDING, Quoted};

impl Waha {
    /// A message that nobody has sent yet.
    pub(crate) fn draft(&self, author: Author, chat: ChatId, text: &str) -> Message {
        let now = self.now();
        let (raw_id, secret, key_hash) = self.roll(|rng| {
            (
                ids::raw_message_id(rng),
                ids::secret(rng),
                ids::key_hash(rng),
            )
        });
        Message {
            raw_id,
            chat,
            twin: None,
            participant: None,
            author,
            text: Some(text.to_owned()),
            push_name: String::new(),
            at: now,
            shown_at: now,
            ack: PENDING,
            quoted: None,
            attachment: None,
            secret,
            key_hash,
            visible_from: now,
            known_as_api: author == Author::Api,
        }
    }

    /// A quote of a message as WhatsApp knows it: sent by this account, or written by a guest and kept by WAHA.
    pub(crate) fn quote_of_network(&self, name: &str, raw_id: &str) -> Option<Quoted> {
        let own = self.own_chat(name);
        let sent = self
            .world()
            .network
            .sent
            .get(raw_id)
            .map(|sent| quote(&sent.message, &own));
        sent.or_else(|| self.quote_of_store(name, raw_id))
    }

    /// A quote of a message in WAHA's store, by full or raw id.
    pub(crate) fn quote_of_store(&self, name: &str, id: &str) -> Option<Quoted> {
        let own = self.own_chat(name);
        self.look(name, |session| {
            session.store.find(id).map(|kept| quote(kept, &own))
        })
        .flatten()
    }

    fn own_chat(&self, name: &str) -> ChatId {
        ChatId::of_phone(&self.own_number(name))
    }
}

fn quote(message: &Message, own: &ChatId) -> Quoted {
    let writer = message.participant.as_ref().unwrap_or(&message.chat);
    Quoted {
        raw_id: message.raw_id.clone(),
        author: if message.is_own() {
            own.clone()
        } else {
            writer.clone()
        },
        text: message.text.clone(),
        from_api: message.author == Author::Api,
    }
}
