//! Taking the next message: one transaction that ends what expired, promotes what became due, asks the rules, and reserves a slot.
//!
//! The rules that must hold: the cost depends on what is due, never on how long the queue is; a message that waits for
//! something of its own never hides one that may go; messages of one contact and priority keep their order; a contact's facts are
//! read under its lock, which is held until the decision is committed.

use std::{collections::HashMap, time::Duration};

use domain::{
    Timestamp,
    ids::{AttemptId, ContactId},
    lane::ReleaseLane,
    pacing::Plan,
    release::{ContactFacts, Facts, RefuseReason, SessionFacts},
    wait::{Ends, Wait},
};
use rand::Rng;

use crate::{
    CancelReason, Claim, Claimer, Error, Store, Work,
    db::{Sql, Tx, args},
    facts_of_release::{contact_facts, session_facts},
    locks,
};

use super::{
    asking::{Asked, Leave, Whose, ask, whose},
    queue_row::{self, QueueRow, queue_rows},
    take::Choice,
    waits,
};

/// `rank` of a message that a person wants sent now.
pub(super) const SEND_NOW: i64 = 0;
/// `rank` of a reply to somebody who wrote a short while ago.
pub(super) const REPLY: i64 = 1;
/// `rank` of everything else.
const REST: i64 = 2;

/// Candidates are read 50 at a time, and so many times at most for each rank; the next claim goes on.
const ROUNDS: u32 = 20;

/// After so long a claim that met another transaction is made again. Locks of contacts are held for milliseconds.
const BUSY: Duration = Duration::from_millis(20);

pub(super) const CANDIDATES: Sql = queue_rows!(
    "WHERE q.session = $1 AND q.rank = $2 AND q.status = 'pending' AND q.due = 1
     ORDER BY q.priority DESC, q.id LIMIT 50"
);

const OPEN: Sql = Sql::both(
    "SELECT id FROM whatsapp_message_queue
     WHERE session = $1 AND status IN ('composing', 'sending') LIMIT 1",
);

const DEMOTE: Sql = Sql::both("UPDATE whatsapp_message_queue SET rank = 2 WHERE id = $1");

/// What one claim sees and has found so far.
struct Look<'a> {
    claimer: Claimer<'a>,
    now: Timestamp,
    session: SessionFacts,
    contacts: HashMap<ContactId, ContactFacts>,
    /// When it is worth looking again.
    next: Option<Timestamp>,
    /// What the session waits for.
    waiting: Option<Wait>,
    /// When a message of a rank before can be started. What would still be composing then must not begin.
    goes_first: Option<Timestamp>,
    /// Whether another transaction holds the lock of a contact that has to be decided next, or has just set an older message due.
    busy: bool,
}

/// What is to be done with one candidate.
enum Verdict {
    Send(Leave),
    StepAside(Wait),
    Refuse(RefuseReason),
    Stop,
}

/// What became of one candidate.
enum Considered {
    Taken(Box<Work>),
    /// It left the rank's index: look at the next.
    Gone,
    /// Nothing more of this rank can be started: the session waits, or the contact is busy.
    Stop,
}

impl Store {
    /// Takes the next message of the session that may be committed when its composition will be done.
    ///
    /// Rank 0 (send now), then replies, then the rest, each by (priority descending, id). Rows that wait for something of
    /// their own are written aside with the reason; a wait of the whole session leaves them untouched.
    /// While an attempt of the session is open, nothing is taken.
    pub async fn claim(
        &self,
        claimer: Claimer<'_>,
        now: Timestamp,
        dice: &mut (impl Rng + Send),
    ) -> Result<Claim, Error> {
        let mut tx = self.db.write().await?;
        if claimer.lock(&mut tx).await?.is_none() {
            return Ok(Claim::StaleEpoch);
        }
        if tx.first(&OPEN, args![claimer.session]).await?.is_some() {
            return Ok(Claim::Open);
        }
        let mut look = Look::begin(&mut tx, claimer, now).await?;
        let ahead = look.session.clock_doubt.map(|doubt| doubt.ahead);
        let certain = now - ahead.unwrap_or_default();
        let more = self.cancel_expired(&mut tx, claimer.session, certain, now);
        let more = more.await?;
        waits::promote(&mut tx, claimer.session, now).await?;
        look.next = more.then_some(now);
        let mut taken = None;
        for rank in [SEND_NOW, REPLY, REST] {
            taken = self.claim_in(&mut tx, &mut look, rank, dice).await?;
            if taken.is_some() || look.busy {
                break;
            }
        }
        let due = waits::next_eligible(&mut tx, claimer.session).await?;
        tx.commit().await?;
        Ok(taken.map_or_else(
            || Claim::Idle {
                next: earlier(look.next, due),
                waiting: look.waiting,
            },
            Claim::Taken,
        ))
    }

    async fn claim_in(
        &self,
        tx: &mut Tx,
        look: &mut Look<'_>,
        rank: i64,
        dice: &mut (impl Rng + Send),
    ) -> Result<Option<Box<Work>>, Error> {
        for _ in 0..ROUNDS {
            let args = args![look.claimer.session, rank];
            let rows = queue_row::all(tx, &CANDIDATES, args).await?;
            if rows.is_empty() {
                return Ok(None);
            }
            for row in &rows {
                match self.consider(tx, look, row, dice).await? {
                    Considered::Taken(work) => return Ok(Some(work)),
                    Considered::Gone => {}
                    Considered::Stop => return Ok(None),
                }
            }
        }
        look.next = earlier(look.next, Some(look.now));
        Ok(None)
    }

    async fn consider(
        &self,
        tx: &mut Tx,
        look: &mut Look<'_>,
        row: &QueueRow,
        dice: &mut (impl Rng + Send),
    ) -> Result<Considered, Error> {
        let (claimer, now) = (look.claimer, look.now);
        let Some(contact) = look.contact(tx, row.contact).await? else {
            return Ok(Considered::Stop);
        };
        let lane = row
            .facts
            .lane
            .release_lane(contact.evidence.as_ref().map(|e| e.at), now);
        if row.rank == REPLY && lane == ReleaseLane::Automatic {
            // Their word is more than a day old: it waits among the others, until they write again.
            tx.execute_one(&DEMOTE, args![row.message]).await?;
            return Ok(Considered::Gone);
        }
        let plan = Plan::draw(&row.text, lane, claimer.pacing, dice);
        match look.verdict(row, &contact, &plan) {
            Verdict::Send(leave) => {
                if row.rank != SEND_NOW {
                    if waits::earlier_is_due(tx, row).await? {
                        look.mark_busy();
                        return Ok(Considered::Stop);
                    }
                    let at = now + plan.total();
                    if let Some(wait) = waits::earlier_sibling(tx, row, at).await? {
                        waits::set_aside(tx, row.message, wait).await?;
                        return Ok(Considered::Gone);
                    }
                }
                let attempt = AttemptId::new(now, dice);
                let choice = Choice { row, plan, leave };
                let work = self.take(tx, &claimer, choice, attempt, now).await?;
                Ok(Considered::Taken(Box::new(work)))
            }
            Verdict::StepAside(wait) => {
                waits::set_aside(tx, row.message, wait).await?;
                Ok(Considered::Gone)
            }
            Verdict::Refuse(reason) => {
                let reason = CancelReason::Rule(reason);
                self.cancel_by_rule(tx, row, reason, now).await?;
                Ok(Considered::Gone)
            }
            Verdict::Stop => Ok(Considered::Stop),
        }
    }
}

impl<'a> Look<'a> {
    async fn begin(tx: &mut Tx, claimer: Claimer<'a>, now: Timestamp) -> Result<Self, Error> {
        let session = session_facts(tx, claimer.session, now, claimer.rules.day)
            .await?
            .ok_or(Error::UnexpectedRows { touched: 0 })?;
        Ok(Self {
            claimer,
            now,
            session,
            contacts: HashMap::new(),
            next: None,
            waiting: None,
            goes_first: None,
            busy: false,
        })
    }

    /// Returns the contact's facts, read under its lock. `None`: another transaction holds the lock, and the claim is to be made again.
    async fn contact(
        &mut self,
        tx: &mut Tx,
        contact: ContactId,
    ) -> Result<Option<ContactFacts>, Error> {
        if let Some(known) = self.contacts.get(&contact) {
            return Ok(Some(known.clone()));
        }
        if !locks::try_take_turn(tx, contact).await? {
            self.mark_busy();
            return Ok(None);
        }
        let facts = contact_facts(tx, self.claimer.session, contact, None, self.now).await?;
        self.contacts.insert(contact, facts.clone());
        Ok(Some(facts))
    }

    /// Ends this claim and asks for another after [`BUSY`], because another transaction changes what is decided here.
    fn mark_busy(&mut self) {
        self.busy = true;
        self.next = earlier(self.next, Some(self.now + BUSY));
    }

    /// What the rules say of starting this message now, with this plan.
    fn verdict(&mut self, row: &QueueRow, contact: &ContactFacts, plan: &Plan) -> Verdict {
        let at = self.now + plan.total();
        if self.goes_first.is_some_and(|start| start < at) {
            return Verdict::Stop;
        }
        let facts = Facts {
            session: &self.session,
            contact,
            message: &row.facts,
        };
        match ask(&self.claimer, &facts, at) {
            Asked::Send(leave) => Verdict::Send(leave),
            Asked::Refuse(reason) => Verdict::Refuse(reason),
            Asked::Wait(wait) => match whose(&self.claimer, &facts, at, wait) {
                Whose::Message(own) => {
                    Verdict::StepAside(waits::started_early(own, plan.total(), self.now))
                }
                Whose::Session(wait) => {
                    self.hold(wait, plan);
                    Verdict::Stop
                }
            },
        }
    }

    /// Keeps that the session waits, and when this message could be started if that wait ends at a time.
    fn hold(&mut self, wait: Wait, plan: &Plan) {
        self.waiting.get_or_insert(wait);
        if let Ends::At(_) = wait.ends
            && let Ends::At(start) = waits::started_early(wait, plan.total(), self.now).ends
        {
            self.next = earlier(self.next, Some(start));
            self.goes_first = earlier(self.goes_first, Some(start));
        }
    }
}

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.into_iter().chain(b).min()
}
