//! What the stories about broadcasts are written with.

use chrono::TimeDelta;
use domain::{
    broadcast::{Audience, Template},
    ids::{BroadcastId, ContactId, MessageId},
    session::SessionName,
    wait::Wait,
};
use storage::{
    BroadcastPlan, BroadcastRow, BroadcastStart, BroadcastSteered, MessageFilter, MessageRow,
    NewBroadcast, Steered,
};

use crate::stage::{Stage, bride, groom};

/// The sessions of the stories.
pub(super) fn sessions() -> [SessionName; 2] {
    [bride(), groom()]
}

pub(super) fn template(text: &str) -> Template {
    Template::parse(text).unwrap()
}

impl Stage {
    /// A draft for everybody, good for 14 days.
    pub(super) fn news(&mut self, text: &str) -> NewBroadcast {
        self.later(TimeDelta::milliseconds(1));
        NewBroadcast {
            id: BroadcastId::new(self.now, &mut self.dice),
            title: "Dove dormire".to_owned(),
            template: template(text),
            audience: Audience::default(),
            session: groom(),
            not_before: None,
            not_after: self.now + TimeDelta::days(14),
        }
    }

    pub(super) async fn write_down(&self, news: &NewBroadcast) -> BroadcastRow {
        let person = Self::person();
        let store = self.store();
        let added = store.add_broadcast(news, &person, None, self.now);
        added.await.unwrap();
        self.store().broadcast(news.id).await.unwrap().unwrap()
    }

    pub(super) async fn draft(&mut self, text: &str) -> BroadcastId {
        let news = self.news(text);
        self.write_down(&news).await.id
    }

    pub(super) async fn start(&self, id: BroadcastId) -> BroadcastStart {
        let (store, person, sessions) = (self.store(), Self::person(), sessions());
        let started = store.start_broadcast(id, None, &sessions, &person, self.now);
        started.await.unwrap()
    }

    /// A broadcast to everybody that is under way.
    pub(super) async fn started(&mut self, text: &str) -> BroadcastRow {
        let id = self.draft(text).await;
        match self.start(id).await {
            BroadcastStart::Done(row) => *row,
            other => panic!("not started: {other:?}"),
        }
    }

    pub(super) async fn broadcast(&self, id: BroadcastId) -> BroadcastRow {
        self.store().broadcast(id).await.unwrap().unwrap()
    }

    pub(super) async fn plan(&self, id: BroadcastId) -> BroadcastPlan {
        let (store, sessions) = (self.store(), sessions());
        let planned = store.broadcast_plan(id, &sessions, self.now);
        planned.await.unwrap().unwrap()
    }

    pub(super) async fn pause(&self, id: BroadcastId) -> Steered {
        let person = Self::person();
        let paused = self
            .store()
            .pause_broadcast(id, None, &person, self.now)
            .await;
        done(paused.unwrap())
    }

    pub(super) async fn resume(&self, id: BroadcastId) -> Steered {
        let person = Self::person();
        let resumed = self
            .store()
            .resume_broadcast(id, None, &person, self.now)
            .await;
        done(resumed.unwrap())
    }

    pub(super) async fn cancel_rest(&self, id: BroadcastId) -> Steered {
        let person = Self::person();
        let cancelled = self
            .store()
            .cancel_broadcast(id, None, &person, self.now)
            .await;
        done(cancelled.unwrap())
    }

    /// The copies, in the order in which they leave.
    pub(super) async fn copies(&self, id: BroadcastId) -> Vec<MessageRow> {
        let filter = MessageFilter {
            broadcast: Some(id),
            ..MessageFilter::default()
        };
        let page = self.store().messages(&filter, None, 200).await.unwrap();
        let mut copies = page.items;
        copies.reverse();
        copies
    }

    pub(super) async fn copy_to(&self, id: BroadcastId, contact: ContactId) -> MessageRow {
        let copies = self.copies(id).await;
        let found = copies.into_iter().find(|copy| copy.contact == contact);
        found.expect("a copy")
    }

    pub(super) async fn wait(&self, id: MessageId) -> Option<Wait> {
        self.row(id).await.wait
    }
}

fn done(steered: BroadcastSteered) -> Steered {
    match steered {
        BroadcastSteered::Done(steered) => *steered,
        other => panic!("not done: {other:?}"),
    }
}
