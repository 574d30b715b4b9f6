//! On a database with a long history, no statement on the way of a message, of an inbound message, of a receipt or of a page reads a
//! table that grows from one end to the other.

use std::collections::BTreeSet;

use domain::Timestamp;
use storage::{
    Actor, ImportLine, RefusedLines,
    testing::{History, Observer, TestDatabase, Watched, Ways, reads_of},
};

use super::cast::{groom, phone};
use exceptions::EXCEPTIONS;

mod exceptions;

const MESSAGES: u32 = 20_000;
/// Of these a thousand wait.
const WAIT_AMONG: u32 = 5_000;
const GUESTS: u32 = 5_000;

/// Tables that grow with messages, conversations, events, changes, broadcasts, guests or pages that are open.
const GROWING: [&str; 22] = [
    "account_session",
    "ack_parking",
    "audit_log",
    "broadcast",
    "contact",
    "contact_lid",
    "contact_session",
    "conversation_message",
    "conversation_seen",
    "early_change",
    "guest",
    "household",
    "idempotency_key",
    "invitation",
    "invitation_phone",
    "live_event",
    "message_reaction",
    "send_refusal",
    "send_reservation",
    "unknown_writer",
    "whatsapp_message_event",
    "whatsapp_message_queue",
];

/// Rows that one step of a statement may read on PostgreSQL. A page has 50 lines, a scene 300 messages.
const ROWS: u64 = 400;
/// Instructions that one statement may take on SQLite. A step to the next row takes at least three.
const INSTRUCTIONS: u64 = 12_000;

/// What each call asked of the database.
#[derive(Default)]
struct Statements(Vec<(&'static str, Watched)>);

impl Observer for Statements {
    async fn observe<T>(&mut self, call: &'static str, work: impl Future<Output = T>) -> T {
        let (done, seen) = reads_of(work).await;
        self.0.extend(seen.into_iter().map(|one| (call, one)));
        done
    }
}

#[tokio::test]
async fn reads_no_growing_table_from_end_to_end_on_sqlite() {
    let db = TestDatabase::sqlite().await;
    let mut ways = ways(&db).await;
    reads_little(&db, &mut ways, sqlite).await;
    sees_claims_that_scan(&db, &mut ways, sqlite).await;
}

#[tokio::test]
async fn reads_no_growing_table_from_end_to_end_on_postgres() {
    let db = TestDatabase::postgres().await;
    let mut ways = ways(&db).await;
    reads_little(&db, &mut ways, postgres).await;
    sees_claims_that_scan(&db, &mut ways, postgres).await;
}

/// No call reads more than it may, and no exception is left that none needs.
async fn reads_little(db: &TestDatabase, ways: &mut Ways, reads: impl Fn(&str, &Watched) -> Reads) {
    let (found, used) = offenders(&round(db, ways).await, reads);
    assert_eq!(found, NONE);
    let needed = EXCEPTIONS.iter().filter(|one| one.on.contains(&db.kind()));
    let needed: BTreeSet<_> = needed.map(|one| one.text).collect();
    assert_eq!(used, needed, "exceptions on {}", db.kind());
}

/// Without the indexes of the slots each claim reads them all.
async fn sees_claims_that_scan(
    db: &TestDatabase,
    ways: &mut Ways,
    reads: impl Fn(&str, &Watched) -> Reads,
) {
    for index in ["reservation_ended", "reservation_of_contact"] {
        db.execute(&format!("DROP INDEX {index}")).await.unwrap();
    }
    let (found, _) = offenders(&round(db, ways).await, reads);
    let of_claim =
        |line: &&String| line.starts_with("claim: ") && line.contains("send_reservation");
    assert!(found.iter().any(|line| of_claim(&line)), "{found:#?}");
}

/// A filled database's ways.
async fn ways(db: &TestDatabase) -> Ways {
    let (now, session) = (now(), groom());
    db.connect(&session, now).await.unwrap();
    let history = History {
        session: &session,
        messages: MESSAGES,
        waits_among: WAIT_AMONG,
        guests: GUESTS,
        now,
    };
    db.fill_history(&history).await.unwrap();
    Ways::open(db.store(), &history).await.unwrap()
}

/// Makes every call once, and returns their statements with their plans.
async fn round(db: &TestDatabase, ways: &mut Ways) -> Vec<(&'static str, Watched)> {
    let mut statements = Statements::default();
    Box::pin(ways.round(&mut statements)).await.unwrap();
    Box::pin(ways.prune(&mut statements)).await.unwrap();
    let line = ImportLine {
        number: 1,
        name: "Guest 7".to_owned(),
        phone: Some(phone(7)),
        phone_unconfirmed: false,
        household: None,
        side: Some(groom()),
        language: None,
    };
    let (lines, person) = ([line], Actor::new("test"));
    let call = db
        .store()
        .import_guests(&lines, RefusedLines::None, &person, now());
    let imported = Box::pin(statements.observe("import_guests", call));
    let imported = imported.await.unwrap();
    assert!(imported.done, "{:?}", imported.plans);
    statements.0
}

fn now() -> Timestamp {
    "2026-11-23T11:00:00Z".parse().unwrap()
}

/// What a statement reads of growing tables: those that it scans, and whether it reads more rows than a bound allows.
struct Reads {
    scanned: Vec<&'static str>,
    is_much: bool,
}

const NONE: BTreeSet<String> = BTreeSet::new();

/// One line for each statement that reads a growing table as it should not, and is no exception; and the exceptions that were used.
fn offenders(
    statements: &[(&str, Watched)],
    reads: impl Fn(&str, &Watched) -> Reads,
) -> (BTreeSet<String>, BTreeSet<&'static str>) {
    let (mut found, mut used) = (BTreeSet::new(), BTreeSet::new());
    for (call, one) in statements {
        let text: Vec<_> = one.statement.split_whitespace().collect();
        let text = text.join(" ");
        let Reads {
            mut scanned,
            mut is_much,
        } = reads(&text, one);
        for exception in EXCEPTIONS.iter().filter(|one| one.is_of(call, &text)) {
            let scans = scanned.len();
            scanned.retain(|table| !exception.scans.contains(table));
            if scanned.len() < scans || (is_much && exception.reads_much) {
                used.insert(exception.text);
            }
            is_much &= !exception.reads_much;
        }
        if !scanned.is_empty() || is_much {
            let (read, plan) = (one.read, one.plan.join("; "));
            found.insert(format!(
                "{call}: scans {scanned:?}, reads {read}: {text}: {plan}"
            ));
        }
    }
    (found, used)
}

/// `SCAN q USING INDEX …`: the tables behind the names.
fn sqlite(text: &str, one: &Watched) -> Reads {
    let scanned = one.plan.iter().filter_map(|step| {
        let name = step.strip_prefix("SCAN ")?.split(' ').next()?;
        GROWING.into_iter().find(|table| {
            let named = |word: &str| text.contains(&format!("{word} {table} {name}"));
            *table == name || ["FROM", "JOIN"].into_iter().any(named)
        })
    });
    Reads {
        scanned: scanned.collect(),
        is_much: one.read > INSTRUCTIONS,
    }
}

/// `Seq Scan on whatsapp_message_queue, 20000 rows`. A table of a few rows is rightly read so.
fn postgres(_text: &str, one: &Watched) -> Reads {
    let much: Vec<_> = one
        .plan
        .iter()
        .filter(|step| {
            let rows = step
                .rsplit(", ")
                .next()
                .and_then(|rows| rows.split(' ').next());
            rows.and_then(|rows| rows.parse().ok()).unwrap_or(0) > ROWS
        })
        .collect();
    let scanned = much.iter().filter_map(|step| {
        let table = step.strip_prefix("Seq Scan on ")?.split(',').next()?;
        GROWING.into_iter().find(|name| *name == table)
    });
    Reads {
        scanned: scanned.collect(),
        is_much: !much.is_empty(),
    }
}
