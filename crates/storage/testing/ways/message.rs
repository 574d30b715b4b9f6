//! A message from the API to its last receipt, and the ways that end otherwise.

use chrono::TimeDelta;
use domain::{
    ack::Ack,
    config::GlobalConfig,
    ids::{AttemptId, MessageId, TokenId},
    lane::Lane,
    message_text::MessageText,
    outcome::SendAnswer,
    phone_number::PhoneNumber,
    wire::{AckFact, ObservedMessage, OutcomeFact, SendReply},
};

use super::{Observer, Ways};
use crate::{
    Claim, Commit, Edit, Enqueued, Error, Finished, Idempotency, NewMessage, PersonVerdict,
    Recipient, Recorded, ReleaseReason, Work,
};

impl Ways {
    pub(super) async fn message(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        self.enqueued(see).await?;
        self.given_back(see).await?;
        self.settled(see).await?;
        // Two sends without a clear answer have stopped the session.
        let (store, actor) = (self.store.clone(), self.actor.clone());
        let call = store.try_again(&self.session, &actor, self.now);
        see.observe("try_again", call).await?;
        self.sent(see).await?;
        self.failed(see).await?;
        self.rest(see).await
    }

    /// Every kind of call that queues; all of it is cancelled again.
    async fn enqueued(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let (store, now) = (self.store.clone(), self.now);
        see.observe("message_ids", store.message_ids(3, now))
            .await?;
        let known = self.reply(Recipient::Contact(Self::contact(1)?))?;
        let by_number = self.reply(Recipient::Phone(number("39347", 1)?))?;
        let new = self.reply(Recipient::Phone(number("39348", self.round)?))?;
        let written = store.conversation(Self::contact(1)?, None, None, 1).await?;
        let written = written.and_then(|page| page.items.first().map(|row| row.id));
        let answer = NewMessage {
            reply_to: written,
            ..self.reply(Recipient::Contact(Self::contact(1)?))?
        };
        let (twice, key) = (
            self.reply(Recipient::Contact(Self::contact(1)?))?,
            self.key(),
        );
        for (call, message, key) in [
            ("enqueue: to a contact", &known, None),
            ("enqueue: to a known number", &by_number, None),
            ("enqueue: to a new number", &new, None),
            ("enqueue: an answer", &answer, None),
            ("enqueue: with a key", &twice, Some(&key)),
            ("enqueue: repeated", &twice, Some(&key)),
        ] {
            let work = store.enqueue(std::slice::from_ref(message), key, now);
            see.observe(call, work).await?;
        }
        let edit = Edit {
            text: Some(text("See you on Sunday")?),
            ..Edit::default()
        };
        let call = store.edit(known.id, None, &edit, &self.actor, now);
        see.observe("edit", call).await?;
        let call = store.send_now(known.id, &self.actor, now);
        see.observe("send_now", call).await?;
        for message in [known, by_number, new, answer, twice] {
            let call = store.cancel(message.id, &self.actor, now);
            see.observe("cancel", call).await?;
        }
        Ok(())
    }

    async fn sent(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let (store, session) = (self.store.clone(), self.session.clone());
        let (work, raw_id) = (self.committed(see, 0).await?, self.raw_id());
        let seen = ObservedMessage {
            from_me: true,
            ..self.said(0, "SENT")
        };
        let seen = ObservedMessage {
            raw_id: raw_id.clone(),
            body: Some(work.text.as_str().to_owned()),
            ..seen
        };
        let call = store.record_message(&session, &seen, self.now);
        see.observe("record_message: before its answer", call)
            .await?;
        let answer = SendAnswer::Accepted {
            raw_id: Some(raw_id.clone()),
        };
        let finished = self.finish(see, "finish: sent", &work, &answer).await?;
        assert_eq!(finished, Finished::Sent);
        let outcome = self.outcome(work.attempt, answer);
        let call = store.record_outcome(&session, &outcome, &self.rules, self.now, &mut self.dice);
        see.observe("record_outcome", call).await?;
        for (call, ack) in [
            ("record_ack: delivered", Ack::Device),
            ("record_ack: read", Ack::Read),
        ] {
            let fact = AckFact {
                raw_id: raw_id.clone(),
                ack,
                at: self.now,
            };
            see.observe(call, store.record_ack(&session, &fact)).await?;
        }
        Ok(())
    }

    async fn given_back(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let store = self.store.clone();
        let id = self.queue(1).await?;
        let work = self.taken(see).await?;
        let call = store.reply_waiting(self.claimer(), self.now);
        see.observe("reply_waiting", call).await?;
        let call = store.release(
            self.claimer(),
            work.attempt,
            ReleaseReason::Stopping,
            self.now,
        );
        see.observe("release", call).await?;
        store.cancel(id, &self.actor, self.now).await?;
        let work = self.committed(see, 2).await?;
        let away = &SendAnswer::SessionAway;
        let finished = self.finish(see, "finish: put back", &work, away).await?;
        assert!(matches!(finished, Finished::PutBack(_)));
        let mut dice = self.dice();
        let claim = store.claim(self.claimer(), self.now, &mut dice);
        let claim = see.observe("claim: nothing may go", claim).await?;
        assert!(matches!(claim, Claim::Idle { .. }), "{claim:?}");
        store.cancel(work.message, &self.actor, self.now).await?;
        let view = self.connected();
        let call = store.record_session(&self.session, &view, self.now);
        see.observe("record_session: connected again", call).await?;
        Ok(())
    }

    /// Uncertain, and shown by the chat; uncertain, and settled by a person.
    async fn settled(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let store = self.store.clone();
        let work = self.committed(see, 3).await?;
        self.finish(see, "finish: uncertain", &work, &SendAnswer::Unclear)
            .await?;
        let call = store.uncertain(&self.session);
        see.observe("uncertain", call).await?;
        let shown = [ObservedMessage {
            from_me: true,
            body: Some(work.text.as_str().to_owned()),
            ..self.said(3, "SHOWN")
        }];
        let call = store.settle_from_chat(work.attempt, &[], self.now);
        see.observe("settle_from_chat: nothing", call).await?;
        let call = store.settle_from_chat(work.attempt, &shown, self.now);
        see.observe("settle_from_chat: found", call).await?;
        let work = self.committed(see, 6).await?;
        self.finish(see, "finish: uncertain", &work, &SendAnswer::Unclear)
            .await?;
        let again = PersonVerdict::SendAgain;
        let call = store.settle_by_person(work.message, again, &self.actor, self.now);
        see.observe("settle_by_person: again", call).await?;
        let first = ObservedMessage {
            from_me: true,
            body: Some(work.text.as_str().to_owned()),
            ..self.said(6, "COPY")
        };
        let call = store.record_message(&self.session, &first, self.now);
        let recorded = see.observe("record_message: a first copy", call).await?;
        assert!(matches!(recorded, Recorded::OwnFromQueue { .. }));
        let work = self.committed(see, 4).await?;
        self.finish(see, "finish: uncertain", &work, &SendAnswer::Unclear)
            .await?;
        let arrived = PersonVerdict::Arrived;
        let call = store.settle_by_person(work.message, arrived, &self.actor, self.now);
        see.observe("settle_by_person", call).await?;
        Ok(())
    }

    async fn failed(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let store = self.store.clone();
        let work = self.committed(see, 5).await?;
        let no_lid = &SendAnswer::NoLid;
        let finished = self.finish(see, "finish: failed", &work, no_lid).await?;
        assert!(matches!(finished, Finished::Failed(_)));
        let call = store.leave_failed(work.message, &self.actor, self.now);
        see.observe("leave_failed", call).await?;
        let call = store.retry(work.message, &self.actor, self.now);
        see.observe("retry", call).await?;
        store.cancel(work.message, &self.actor, self.now).await?;
        Ok(())
    }

    /// What the worker asks between messages.
    async fn rest(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let (store, session, now) = (self.store.clone(), self.session.clone(), self.now);
        let call = store.receipt_facts(&session, now);
        see.observe("receipt_facts", call).await?;
        let epochs = [(session.clone(), self.epoch)];
        let call = store.renew_leases(self.owner, &epochs, super::LEASE, now);
        see.observe("renew_leases", call).await?;
        see.observe("forget_unknown_writers", store.forget_unknown_writers(now))
            .await?;
        see.observe("forget_erased_numbers", store.forget_erased_numbers(now))
            .await?;
        Ok(())
    }

    /// One pass of retention. It is no part of a round: what it costs depends on how much is left to delete.
    pub async fn prune(&self, see: &mut impl Observer) -> Result<(), Error> {
        let config = GlobalConfig::default();
        see.observe("prune", self.store.prune(&config, self.now))
            .await
            .map(|_| ())
    }

    /// Queues a reply to the n-th guest and takes it as far as its commit.
    async fn committed(&mut self, see: &mut impl Observer, n: u64) -> Result<Work, Error> {
        let store = self.store.clone();
        self.now += TimeDelta::minutes(10);
        self.queue(n).await?;
        let work = self.taken(see).await?;
        let at = self.now + work.plan.total();
        let call = store.recheck(self.claimer(), &work, at, self.now);
        see.observe("recheck", call).await?;
        let snapshot = [format!("SEEN{}", self.round)];
        let call = store.record_snapshot(self.claimer(), work.attempt, &snapshot);
        see.observe("record_snapshot", call).await?;
        let call = store.record_phase(work.attempt, work.message, "typing", self.now, None, None);
        see.observe("record_phase", call).await?;
        self.now += work.plan.total();
        let call = store.commit(self.claimer(), &work, None, self.now);
        let commit = see.observe("commit", call).await?;
        assert_eq!(commit, Commit::Committed);
        let call = store.commit_state(&self.session, work.attempt);
        see.observe("commit_state", call).await?;
        see.observe("open_attempts", store.open_attempts(&self.session))
            .await?;
        Ok(work)
    }

    async fn taken(&mut self, see: &mut impl Observer) -> Result<Work, Error> {
        let store = self.store.clone();
        let mut dice = self.dice();
        let call = store.claim(self.claimer(), self.now, &mut dice);
        let claim = see.observe("claim", call).await?;
        match claim {
            Claim::Taken(work) => Ok(*work),
            other => panic!("nothing was taken: {other:?}"),
        }
    }

    async fn queue(&mut self, n: u64) -> Result<MessageId, Error> {
        let message = self.reply(Recipient::Contact(Self::contact(n)?))?;
        let queued = self
            .store
            .enqueue(std::slice::from_ref(&message), None, self.now);
        assert!(matches!(queued.await?, Enqueued::New(_)));
        Ok(message.id)
    }

    pub(super) fn reply(&mut self, to: Recipient) -> Result<NewMessage, Error> {
        self.now += TimeDelta::milliseconds(1);
        Ok(NewMessage {
            id: MessageId::new(self.now, &mut self.dice),
            session: self.session.clone(),
            to,
            text: text("See you")?,
            lane: Lane::Reply,
            priority: 0,
            not_before: None,
            not_after: None,
            drop_if_answered: false,
            reply_to: None,
            send_now: false,
            broadcast: None,
            link_preview: false,
        })
    }

    fn key(&mut self) -> Idempotency {
        Idempotency {
            key: format!("of round {}", self.round),
            owner: TokenId::new(self.now, &mut self.dice),
            fingerprint: "print".to_owned(),
        }
    }

    async fn finish(
        &mut self,
        see: &mut impl Observer,
        call: &'static str,
        work: &Work,
        answer: &SendAnswer,
    ) -> Result<Finished, Error> {
        let store = self.store.clone();
        let outcome = self.outcome(work.attempt, answer.clone());
        self.now += TimeDelta::seconds(1);
        let mut dice = self.dice();
        let finish = store.finish(self.claimer(), &outcome, self.now, &mut dice);
        see.observe(call, finish).await
    }

    fn outcome(&self, attempt: AttemptId, answer: SendAnswer) -> OutcomeFact {
        OutcomeFact {
            attempt,
            reply: SendReply {
                answer,
                started_at: self.now,
                answered_at: self.now + TimeDelta::seconds(1),
            },
        }
    }

    fn raw_id(&self) -> String {
        format!("SENT{}", self.round)
    }
}

fn text(text: &str) -> Result<MessageText, Error> {
    MessageText::parse(text).map_err(|_| Error::Corrupt { column: "body" })
}

fn number(prefix: &str, n: u64) -> Result<PhoneNumber, Error> {
    let digits = format!("{prefix}{n:07}");
    PhoneNumber::from_whatsapp(&digits).map_err(|_| Error::Corrupt { column: "phone" })
}
