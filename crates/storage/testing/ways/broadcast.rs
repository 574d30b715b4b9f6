//! An announcement to a few guests, from its draft to the last of its copies, and the first word of a guest who had none.

use chrono::TimeDelta;
use domain::{
    broadcast::{Audience, Template},
    ids::BroadcastId,
    lane::Lane,
};

use super::{Observer, Ways};
use crate::{Claim, Error, NewBroadcast, NewMessage, Recipient, Recorded, filling::numbered};

impl Ways {
    pub(super) async fn broadcast(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let (store, now, actor) = (self.store.clone(), self.now, self.actor.clone());
        let sessions = [self.session.clone()];
        let template = Template::parse("Ciao {name}");
        let news = NewBroadcast {
            id: BroadcastId::new(now, &mut self.dice),
            title: "News".to_owned(),
            template: template.map_err(|_| Error::Corrupt { column: "template" })?,
            audience: Audience {
                households: vec![numbered("8013", 8)?],
                ..Audience::default()
            },
            session: self.session.clone(),
            not_before: None,
            not_after: now + TimeDelta::days(14),
        };
        let call = store.add_broadcast(&news, &actor, None, now);
        see.observe("add_broadcast", call).await?;
        let call = store.broadcast_plan(news.id, &sessions, now);
        see.observe("broadcast_plan", call).await?;
        let call = store.start_broadcast(news.id, None, &sessions, &actor, now);
        see.observe("start_broadcast", call).await?;
        see.observe("broadcast", store.broadcast(news.id)).await?;
        let call = store.pause_broadcast(news.id, None, &actor, now);
        see.observe("pause_broadcast", call).await?;
        let call = store.resume_broadcast(news.id, None, &actor, now);
        see.observe("resume_broadcast", call).await?;
        let call = store.cancel_broadcast(news.id, None, &actor, now);
        see.observe("cancel_broadcast", call).await?;
        Ok(())
    }

    /// An automatic message waits for a guest who never wrote, until they do.
    pub(super) async fn first_word(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        // Of ten such guests the ninth has messages of the history that wait for this.
        let nth = self.round - 1;
        let guest = self.guests + nth / 9 * 10 + nth % 9 + nth % 9 / 8;
        let store = self.store.clone();
        let message = NewMessage {
            lane: Lane::Manual,
            ..self.reply(Recipient::Contact(Self::contact(guest)?))?
        };
        let (now, mut dice) = (self.now, self.dice());
        store
            .enqueue(std::slice::from_ref(&message), None, now)
            .await?;
        let claim = store.claim(self.claimer(), now, &mut dice);
        let claim = see.observe("claim: sets one aside", claim).await?;
        assert!(matches!(claim, Claim::Idle { .. }), "{claim:?}");
        let (session, word) = (self.session.clone(), self.said(guest, "FIRST"));
        let call = store.record_message(&session, &word, now);
        let recorded = see.observe("record_message: a first word", call).await?;
        assert!(matches!(recorded, Recorded::Inbound { new: true, .. }));
        store.cancel(message.id, &self.actor, now).await?;
        Ok(())
    }

    /// What frees many messages at once, and what looks whether any was forgotten.
    pub(super) async fn looks_again(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let (store, session) = (self.store.clone(), self.session.clone());
        let (now, actor) = (self.now, self.actor.clone());
        see.observe("config", store.config()).await?;
        see.observe("look_again", store.look_again(&session))
            .await?;
        see.observe("pause", store.pause(&session, &actor, now))
            .await?;
        see.observe("resume", store.resume(&session, &actor, now))
            .await?;
        see.observe("unlock", store.unlock(&session, &actor, now))
            .await?;
        see.observe("sweep", store.sweep()).await?;
        Ok(())
    }
}
