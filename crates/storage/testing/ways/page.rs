//! What a page and its live stream read.

use domain::message_status::MessageStatus;

use super::{Observer, Ways};
use crate::{ConversationFilter, Error, GuestFilter, MessageFilter, filling::numbered};

/// What the longest pages show.
const LINES: u32 = 50;

impl Ways {
    pub(super) async fn page(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        self.messages_page(see).await?;
        self.one_message_page(see).await?;
        self.conversation_page(see).await?;
        self.session_page(see).await?;
        self.people_page(see).await
    }

    async fn messages_page(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let store = self.store.clone();
        for (call, filter) in self.filters()? {
            let page = see
                .observe(call, store.messages(&filter, None, LINES))
                .await?;
            if let Some(next) = page.next {
                let call = store.messages(&filter, Some(&next), LINES);
                see.observe("messages: a next page", call).await?;
            }
        }
        let contact = Self::contact(0)?;
        let call = store.messages_under_way(contact, LINES);
        see.observe("messages_under_way", call).await?;
        let call = store.messages_aside(&self.session, LINES);
        see.observe("messages_aside", call).await?;
        see.observe("audit", store.audit(None, LINES)).await?;
        see.observe("broadcasts", store.broadcasts(None, LINES))
            .await?;
        Ok(())
    }

    /// What a list of messages may be narrowed to.
    fn filters(&self) -> Result<[(&'static str, MessageFilter); 7], Error> {
        let (to, on) = (Some(Self::contact(0)?), Some(self.session.clone()));
        let of = numbered("8010", 0)?;
        let (sent, pending) = (Some(MessageStatus::Sent), Some(MessageStatus::Pending));
        let filter = |contact, session, status, broadcast| MessageFilter {
            session,
            status,
            contact,
            broadcast,
            ..MessageFilter::default()
        };
        Ok([
            ("messages", filter(None, None, None, None)),
            ("messages: in a status", filter(None, None, sent, None)),
            (
                "messages: of a session",
                filter(None, on.clone(), None, None),
            ),
            (
                "messages: of a session in a status",
                filter(None, on, sent, None),
            ),
            ("messages: of a contact", filter(to, None, None, None)),
            (
                "messages: of a contact in a status",
                filter(to, None, pending, None),
            ),
            (
                "messages: of a broadcast",
                filter(None, None, None, Some(of)),
            ),
        ])
    }

    async fn one_message_page(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let store = self.store.clone();
        let id = numbered("8003", 9)?;
        see.observe("message", store.message(id)).await?;
        see.observe("explain", store.explain(id, self.now)).await?;
        see.observe("timeline", store.timeline(id)).await?;
        let also = [Self::contact(0)?];
        let call = store.queue_scene(&self.session, &also, LINES, self.now);
        see.observe("queue_scene", call).await?;
        Ok(())
    }

    async fn conversation_page(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let store = self.store.clone();
        let contact = Self::contact(0)?;
        let session = Some(&self.session);
        for (call, session) in [
            ("conversation", None),
            ("conversation: of a session", session),
        ] {
            see.observe(call, store.conversation(contact, session, None, LINES))
                .await?;
        }
        let filter = ConversationFilter::default();
        let call = store.conversations(self.account, &filter, None, LINES);
        see.observe("conversations", call).await?;
        let call = store.mark_conversation_seen(self.account, contact);
        see.observe("mark_conversation_seen", call).await?;
        see.observe("contact", store.contact(contact)).await?;
        Ok(())
    }

    async fn session_page(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let (store, session, now) = (self.store.clone(), self.session.clone(), self.now);
        see.observe("sessions", store.sessions()).await?;
        see.observe("session_facts", store.session_facts(&session, now))
            .await?;
        let day_ago = now - chrono::TimeDelta::days(1);
        see.observe("attention", store.attention(&session, day_ago))
            .await?;
        see.observe("uncertain_count", store.uncertain_count(&session))
            .await?;
        see.observe("suspended_contacts", store.suspended_contacts())
            .await?;
        let call = store.which_contacts_are_suspended(LINES);
        see.observe("which_contacts_are_suspended", call).await?;
        see.observe("session", store.session(&session)).await?;
        see.observe("account", store.account(self.account)).await?;
        see.observe("signed_in", store.signed_in("none", now))
            .await?;
        see.observe("token_by_hash", store.token_by_hash("none", now))
            .await?;
        let end = see.observe("live_end", store.live_end()).await?;
        see.observe("live_newest", store.live_newest()).await?;
        see.observe("live_after", store.live_after(end, LINES))
            .await?;
        see.observe("live_is_kept", store.live_is_kept(end)).await?;
        let call = store.unknown_writers(&session, None, LINES, now);
        see.observe("unknown_writers", call).await?;
        Ok(())
    }

    async fn people_page(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let store = self.store.clone();
        let cold = self.now - chrono::TimeDelta::days(60);
        let filter = GuestFilter::default();
        let call = store.guest_book(&filter, cold, None, LINES);
        see.observe("guest_book", call).await?;
        see.observe("guest_counts", store.guest_counts(&filter, cold))
            .await?;
        see.observe("guests", store.guests(None, None, LINES))
            .await?;
        see.observe("households", store.households(None, None, LINES))
            .await?;
        let guest = numbered("8014", 0)?;
        see.observe("guest", store.guest(guest)).await?;
        let household = numbered("8013", 0)?;
        see.observe("household", store.household(household)).await?;
        see.observe("invitation_of", store.invitation_of(household))
            .await?;
        Ok(())
    }
}
