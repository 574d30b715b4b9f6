//! How much of the data each statement reads, for tests and benchmarks that must show that no statement reads a table that
//! grows. Compiled for them only.
//!
//! SQLite counts the instructions of its virtual machine. PostgreSQL runs the statement first inside a savepoint, as
//! `EXPLAIN ANALYZE`, with the plan for its arguments and with the plan that a prepared statement has after five runs.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use serde_json::Value as Json;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, SqliteConnection};

use super::{Sql, Value, tx::Inner};
use crate::Error;

/// Instructions between two calls of SQLite's progress handler.
const STEPS: i32 = 10;
/// A prepared statement is planned for its arguments this many times before PostgreSQL compares that with one plan for all.
const RUNS_BEFORE_GENERIC_PLAN: usize = 5;

tokio::task_local! {
    static WATCH: Watch;
}

/// What one statement read.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The statement.
    pub statement: &'static str,
    /// Rows that PostgreSQL read from tables, or instructions of SQLite's virtual machine.
    pub read: u64,
    /// How it was read, one step a line; on PostgreSQL the steps of both plans.
    pub plan: Vec<String>,
}

#[derive(Default)]
struct Watch {
    seen: Mutex<Vec<Watched>>,
    steps: Arc<AtomicU64>,
    /// SQLite's count when the statement began that runs now.
    began: AtomicU64,
}

impl Watch {
    fn seen(&self) -> std::sync::MutexGuard<'_, Vec<Watched>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the SQLite statement that ran last.
    fn end(&self) {
        let ended = self.steps.load(Ordering::Relaxed);
        let began = self.began.swap(ended, Ordering::Relaxed);
        if let Some(last) = self.seen().last_mut() {
            last.read = last.read.max(ended - began);
        }
    }
}

/// Does `work`, and tells how much each statement of the same task read of any store's data, in order.
pub async fn reads_of<T>(work: impl Future<Output = T>) -> (T, Vec<Watched>) {
    let all = async {
        let done = work.await;
        WATCH.with(Watch::end);
        (done, WATCH.with(|watch| watch.seen().clone()))
    };
    WATCH.scope(Watch::default(), all).await
}

/// Notes a statement that is about to run, if its task is watched.
pub(super) async fn note(tx: &mut Inner, sql: &Sql, args: &[Value]) -> Result<(), Error> {
    // No plan is made for a savepoint.
    if sql.postgres.contains("SAVEPOINT") {
        return Ok(());
    }
    let Ok(steps) = WATCH.try_with(|watch| {
        watch.end();
        watch.steps.clone()
    }) else {
        return Ok(());
    };
    let (read, plan) = match tx {
        Inner::Sqlite(tx) => (0, explain_sqlite(tx, sql, args, steps).await?),
        Inner::Postgres(tx) => explain_postgres(tx, sql, args).await?,
    };
    WATCH.with(|watch| {
        watch.seen().push(Watched {
            statement: sql.sqlite,
            read,
            plan,
        });
        let now = watch.steps.load(Ordering::Relaxed);
        watch.began.store(now, Ordering::Relaxed);
    });
    Ok(())
}

async fn explain_sqlite(
    tx: &mut SqliteConnection,
    sql: &Sql,
    args: &[Value],
    steps: Arc<AtomicU64>,
) -> Result<Vec<String>, Error> {
    let explain = format!("EXPLAIN QUERY PLAN {}", sql.sqlite);
    let query =
        args.iter().cloned().fold(
            sqlx::query(AssertSqlSafe(explain)),
            |query, value| match value {
                Value::Text(text) => query.bind(text),
                Value::Int(int) => query.bind(int),
            },
        );
    let rows = query.fetch_all(&mut *tx).await?;
    tx.lock_handle()
        .await?
        .set_progress_handler(STEPS, move || {
            steps.fetch_add(STEPS.unsigned_abs().into(), Ordering::Relaxed);
            true
        });
    rows.iter().map(|row| Ok(row.try_get("detail")?)).collect()
}

async fn explain_postgres(
    tx: &mut PgConnection,
    sql: &Sql,
    args: &[Value],
) -> Result<(u64, Vec<String>), Error> {
    let types: Vec<_> = args.iter().map(type_of).collect();
    let literals: Vec<_> = args.iter().map(literal).collect();
    let listed = |items: &[String]| match items {
        [] => String::new(),
        items => format!("({})", items.join(", ")),
    };
    let execute = format!("EXECUTE watched{}", listed(&literals));
    run(
        tx,
        format!("PREPARE watched{} AS {}", listed(&types), sql.postgres),
    )
    .await?;
    let mut most = analyze(tx, &execute).await?;
    for _ in 0..RUNS_BEFORE_GENERIC_PLAN {
        run(tx, format!("EXPLAIN {execute}")).await?;
    }
    let later = analyze(tx, &execute).await?;
    most.0 = most.0.max(later.0);
    most.1.extend(later.1);
    run(tx, "DEALLOCATE watched".to_owned()).await?;
    Ok(most)
}

/// Runs the statement and takes back what it did.
async fn analyze(tx: &mut PgConnection, execute: &str) -> Result<(u64, Vec<String>), Error> {
    run(tx, "SAVEPOINT watched".to_owned()).await?;
    let explain = format!("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {execute}");
    let explained = sqlx::raw_sql(AssertSqlSafe(explain))
        .fetch_all(&mut *tx)
        .await;
    run(
        tx,
        "ROLLBACK TO SAVEPOINT watched; RELEASE SAVEPOINT watched".to_owned(),
    )
    .await?;
    let explained = match explained {
        // A statement that a constraint refuses is refused again when it runs.
        Err(sqlx::Error::Database(error))
            if error.is_unique_violation() || error.is_foreign_key_violation() =>
        {
            Vec::new()
        }
        explained => explained?,
    };
    let mut found = (0, Vec::new());
    for row in explained {
        let json: Json = serde_json::from_str(row.try_get_unchecked("QUERY PLAN")?)?;
        add_scans(&json, &mut found);
    }
    Ok(found)
}

async fn run(tx: &mut PgConnection, sql: String) -> Result<(), Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(tx).await?;
    Ok(())
}

/// Adds the rows that each scan of a table read, those that a filter dropped included.
fn add_scans(json: &Json, found: &mut (u64, Vec<String>)) {
    if let Json::Array(nodes) = json {
        for node in nodes {
            add_scans(node, found);
        }
    }
    let Json::Object(node) = json else { return };
    let text = |name: &str| node.get(name).and_then(Json::as_str);
    if let (Some(kind), Some(table)) = (text("Node Type"), text("Relation Name"))
        && kind.contains("Scan")
    {
        // Newer servers tell the average of a step's loops, with decimals.
        let number = |name: &str| node.get(name).and_then(Json::as_f64);
        let rows = number("Actual Rows").expect("PostgreSQL tells how many rows it read");
        let each = rows
            + number("Rows Removed by Filter").unwrap_or(0.0)
            + number("Rows Removed by Index Recheck").unwrap_or(0.0);
        let read = whole(each * number("Actual Loops").unwrap_or(0.0));
        let index = text("Index Name").map_or_else(String::new, |name| format!(" using {name}"));
        found.0 += read;
        found
            .1
            .push(format!("{kind} on {table}{index}, {read} rows"));
    }
    node.values()
        .filter(|value| value.is_array() || value.is_object())
        .for_each(|value| add_scans(value, found));
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of rows is small and not negative"
)]
fn whole(rows: f64) -> u64 {
    rows.ceil() as u64
}

fn type_of(value: &Value) -> String {
    match value {
        Value::Text(_) => "text",
        Value::Int(_) => "bigint",
    }
    .to_owned()
}

fn literal(value: &Value) -> String {
    match value {
        Value::Text(Some(text)) => format!("'{}'", text.replace('\'', "''")),
        Value::Int(Some(int)) => int.to_string(),
        Value::Text(None) | Value::Int(None) => "NULL".to_owned(),
    }
}
