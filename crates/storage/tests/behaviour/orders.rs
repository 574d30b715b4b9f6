//! A law: whatever the order in which an attempt's answer, its own message's event and its receipts come, how often each comes, and
//! whether the engine let us choose the id, the message ends in the same row.

use chrono::TimeDelta;
use domain::{ack::Ack, message_status::MessageStatus, outcome::SendAnswer, wire::AckFact};
use proptest::prelude::*;
use storage::{Commit, Finished, testing::TestDatabase};

use super::stage::{Stage, accepted, chat, groom, own};

const RAW: &str = "RAW";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrival {
    /// The answer to the one call.
    Answer,
    /// The event of the own message.
    Own,
    /// A receipt, always of the same time for its level.
    Receipt(Ack),
}

/// What can come, and how.
#[derive(Debug, Clone)]
struct Life {
    arrivals: Vec<Arrival>,
    /// The engine let us choose the id.
    chosen: bool,
    /// The answer tells the id; otherwise it proves nothing.
    clear: bool,
}

/// Receipts of any levels, each once or more; the answer; and the event, without which an answer that proves nothing and an id that we
/// did not choose leave a doubt for ever.
fn lives() -> impl Strategy<Value = Life> {
    let levels = [
        Ack::Error,
        Ack::Pending,
        Ack::Server,
        Ack::Device,
        Ack::Read,
        Ack::Played,
    ];
    let receipts = prop::collection::vec(prop::sample::select(levels.to_vec()), 0..8);
    (receipts, any::<bool>(), any::<bool>(), 0_usize..3)
        .prop_map(|(receipts, chosen, clear, seen)| {
            let needed = !clear && (!chosen || receipts.is_empty());
            let mut arrivals: Vec<_> = receipts.into_iter().map(Arrival::Receipt).collect();
            arrivals.push(Arrival::Answer);
            arrivals.extend(vec![Arrival::Own; seen.max(usize::from(needed))]);
            Life {
                arrivals,
                chosen,
                clear,
            }
        })
        .prop_flat_map(|life| {
            let shuffled = Just(life.arrivals.clone()).prop_shuffle();
            shuffled.prop_map(move |arrivals| Life {
                arrivals,
                ..life.clone()
            })
        })
}

impl Life {
    fn levels(&self) -> impl Iterator<Item = Ack> {
        self.arrivals.iter().filter_map(|arrival| match arrival {
            Arrival::Receipt(ack) => Some(*ack),
            Arrival::Answer | Arrival::Own => None,
        })
    }

    /// What must be known in the end.
    fn end(&self) -> (MessageStatus, Option<i64>) {
        let best = self.levels().max();
        let refused = self.levels().any(|ack| ack == Ack::Error);
        let status = match best {
            Some(best) if best >= Ack::Server => MessageStatus::Sent,
            _ if refused => MessageStatus::Failed,
            _ => MessageStatus::Sent,
        };
        let ack = match best {
            Some(best) if best < Ack::Server && refused => Some(Ack::Error),
            best => best,
        };
        (status, ack.map(Ack::level))
    }

    async fn live(&self, stage: &mut Stage) {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.taken().await;
        stage.now += work.plan.total();
        stage.take_lease().await;
        let chosen = self.chosen.then_some(RAW);
        let store = stage.store();
        let commit = store
            .commit(stage.claimer(), &work, chosen, stage.now)
            .await;
        assert_eq!(commit.unwrap(), Commit::Committed);
        let start = stage.now;
        let answer = if self.clear {
            accepted(RAW)
        } else {
            SendAnswer::Unclear
        };
        let outcome = stage.outcome(work.attempt, answer);
        let seen = own(chat(1), RAW, work.text.as_str(), start);
        stage.now += TimeDelta::minutes(1);
        for arrival in &self.arrivals {
            match arrival {
                Arrival::Answer => {
                    let finished = stage.finish_with(&outcome).await;
                    assert!(!matches!(finished, Finished::StaleEpoch));
                }
                Arrival::Own => {
                    stage.record(&seen).await;
                }
                Arrival::Receipt(ack) => {
                    let fact = AckFact {
                        raw_id: RAW.to_owned(),
                        ack: *ack,
                        at: start + TimeDelta::seconds(10 + ack.level()),
                    };
                    store.record_ack(&groom(), &fact).await.unwrap();
                }
            }
        }
        let row = stage.row(work.message).await;
        let ack = stage
            .int("SELECT ack AS value FROM whatsapp_message_queue")
            .await;
        assert_eq!((row.status, ack), self.end(), "{self:?}");
        assert_eq!(row.raw_id.as_deref(), Some(RAW), "{self:?}");
        let earliest = |least: Ack| {
            let levels = self.levels().filter(|ack| *ack >= least);
            levels
                .min()
                .map(|ack| start + TimeDelta::seconds(10 + ack.level()))
        };
        assert_eq!(row.delivered_at, earliest(Ack::Device), "{self:?}");
        assert_eq!(row.read_at, earliest(Ack::Read), "{self:?}");
        let failed = (row.status == MessageStatus::Failed)
            .then_some(domain::outcome::FailureReason::RefusedByWhatsapp);
        assert_eq!(row.last_error, failed, "{self:?}");
        for table in ["ack_parking", "send_refusal"] {
            let left = format!("SELECT CAST(count(*) AS BIGINT) AS value FROM {table}");
            let expected = i64::from(table == "send_refusal" && failed.is_some());
            assert_eq!(stage.int(&left).await, Some(expected), "{table}: {self:?}");
        }
        let said = "SELECT origin AS value FROM conversation_message WHERE direction = 'outbound'";
        assert_eq!(stage.text(said).await.as_deref(), Some("queue"), "{self:?}");
    }
}

fn lived(life: &Life, postgres: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let database = if postgres {
            TestDatabase::postgres().await
        } else {
            TestDatabase::sqlite().await
        };
        life.live(&mut Stage::on(database).await).await;
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_order_of_answer_event_and_receipts_ends_in_the_same_row(life in lives()) {
        lived(&life, false);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn every_order_ends_in_the_same_row_on_postgres_too(life in lives()) {
        lived(&life, true);
    }
}
