//! A needle in every column that may hold something of a guest; after erasing, none is in the tables, nor in the database's files.

use domain::ids::{ContactId, GuestId, HouseholdId};
use storage::{Erased, testing::TestDatabase};

use super::{
    columns::{Column, of_guests},
    erase, much_about,
    own_cluster::OwnCluster,
    secrets,
};
use crate::stage::{Stage, phone};

/// The guest of whom much is stored.
struct Planted {
    guest: GuestId,
    household: HouseholdId,
    contact: ContactId,
}

/// What PostgreSQL is told to write its files anew (docs/security.md).
const ANEW: [&str; 4] = [
    "DELETE FROM pg_statistic",
    "VACUUM (FULL, ANALYZE)",
    "SELECT pg_switch_wal()",
    "CHECKPOINT",
];

/// What the product itself wrote there, where it is read again and cannot be just any needle.
fn written(place: &str) -> Option<String> {
    let [number, hidden, ..] = secrets();
    match place {
        "ack_parking.raw_id" | "send_reservation.raw_id" => Some("OUT1".to_owned()),
        "audit_log.detail" => Some("Zelinda l'ha detto a voce".to_owned()),
        "broadcast.audience" => Some("Quattrocchi".to_owned()),
        "contact.phone" | "chat_reading.chat_id" => Some(number),
        "contact_lid.lid" => Some(hidden),
        _ => None,
    }
}

impl Planted {
    /// Which rows of a table are theirs, as a condition.
    fn rows(&self, table: &str) -> String {
        match table {
            "guest" => format!("id = '{}'", self.guest),
            "guest_before" => format!("guest_id = '{}'", self.guest),
            "household" => format!("id = '{}'", self.household),
            _ => format!("contact_id = '{}'", self.contact),
        }
    }

    /// Rows that the story of [`much_about`] leaves out.
    async fn add_the_rest(&self, stage: &Stage) {
        let (contact, at) = (self.contact, stage.now.timestamp_millis());
        let number = phone(1);
        let number = number.digits();
        for sql in [
            "DELETE FROM guest WHERE name = 'Bruno'".to_owned(),
            "INSERT INTO ack_parking (session, raw_id, ack, at) SELECT session, raw_id, 3, 0 FROM send_reservation".to_owned(),
            "UPDATE send_reservation SET snapshot = '[]'".to_owned(),
            format!("INSERT INTO guest_before (guest_id, name) VALUES ('{}', 'before')", self.guest),
            format!("INSERT INTO chat_reading (session, chat_id, asked_at) VALUES ('groom', '{number}@c.us', {at})"),
            format!(
                "INSERT INTO early_change (session, raw_id, body, edited_at, learnt_at, contact_id)
                 VALUES ('groom', 'early', 'early', {at}, {at}, '{contact}')"
            ),
            format!(
                "INSERT INTO invitation_phone (invitation_id, contact_id, tied_at)
                 SELECT id, '{contact}', {at} FROM invitation WHERE household_id = '{}'",
                self.household
            ),
            format!("INSERT INTO unreadable_message (session, raw_id, contact_id, at) VALUES ('groom', 'unreadable', '{contact}', {at})"),
            format!(
                "INSERT INTO broadcast (id, title, template, audience, session, not_after, state, created_at, created_by)
                 VALUES ('news', 'news', 'news', '{{\"search\":\"Zelinda Quattrocchi\"}}', 'groom', {at}, 'draft', {at}, 'test')"
            ),
        ] {
            stage.tamper(&sql).await;
        }
    }

    /// Puts a needle into the column, unless the product wrote something there that is searched for.
    async fn plant(&self, db: &TestDatabase, column: Column) {
        let Column { table, name } = column;
        let place = format!("{table}.{name}");
        let written = written(&place);
        if written.is_none() {
            let value = match name {
                "snapshot" => format!("'[\"needle-{place}\"]'"),
                _ => format!(
                    "'needle-{place}-' || COALESCE({name}, '') || {}",
                    tail(table)
                ),
            };
            let rows = self.rows(table);
            let sql = format!("UPDATE {table} SET {name} = {value} WHERE {rows}");
            db.execute(&sql).await.unwrap();
        }
        let needle = written.unwrap_or_else(|| "needle".to_owned());
        let found = format!(
            "SELECT count(*) AS value FROM {table} WHERE {name} LIKE '%{}%'",
            needle.replace('\'', "''")
        );
        let found = db.ints(&found).await;
        assert!(found[0] > Some(0), "{place} has no {needle:?}");
    }
}

/// What makes a needle different in each row.
fn tail(table: &str) -> &'static str {
    match table {
        "conversation_message" | "whatsapp_message_queue" | "send_reservation" => "id",
        _ => "''",
    }
}

async fn planted(stage: &mut Stage) -> Planted {
    let guest = much_about(stage).await;
    let planted = Planted {
        guest: guest.id,
        household: guest.household_id,
        contact: guest.contact.unwrap(),
    };
    planted.add_the_rest(stage).await;
    for column in of_guests() {
        planted.plant(&stage.db, column).await;
    }
    planted
}

fn assert_nothing_in(place: &str, text: &str) {
    let needles = secrets();
    for needle in needles.iter().map(String::as_str).chain(["needle"]) {
        let Some(at) = text.find(needle) else {
            continue;
        };
        let around = text.get(at.saturating_sub(80)..(at + 80).min(text.len()));
        panic!("{needle:?} is in {place}: {around:?}");
    }
}

async fn erase_and_search(stage: &Stage, planted: Planted) {
    assert_eq!(erase(stage, planted.guest).await, Erased::Done);
    assert_nothing_in("the tables", &stage.db.dump().await.join("\n"));
}

#[tokio::test]
async fn nothing_of_an_erased_guest_is_in_any_column() {
    for mut stage in Stage::each().await {
        let planted = planted(&mut stage).await;
        erase_and_search(&stage, planted).await;
        assert_nothing_in("the files", &stage.db.files_as_text());
    }
}

/// A deleted row stays in PostgreSQL's files until they are written anew, as docs/security.md says.
#[tokio::test]
async fn nothing_is_in_the_files_of_postgres_after_they_are_written_anew() {
    let cluster = OwnCluster::start();
    let mut stage = Stage::on(TestDatabase::postgres_at(&cluster.url).await).await;
    for sql in [
        "ALTER SYSTEM SET wal_recycle = off",
        "SELECT pg_reload_conf()",
    ] {
        stage.db.execute_alone(sql).await;
    }
    let planted = planted(&mut stage).await;
    // as the server does by itself after a minute: its statistics are samples of the rows
    stage.db.execute_alone("ANALYZE").await;
    erase_and_search(&stage, planted).await;
    let before = cluster.files_as_text();
    assert!(before.contains("needle"), "they are searched in vain");
    for sql in ANEW {
        stage.db.execute_alone(sql).await;
    }
    assert_nothing_in("PostgreSQL's files", &cluster.files_as_text());
}

#[test]
fn the_commands_for_postgres_are_those_of_the_documentation() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let read = |file: &str| std::fs::read_to_string(format!("{root}/{file}")).unwrap();
    let told = ANEW.map(|sql| format!("-c '{sql}'")).join(" ");
    assert!(read("docs/security.md").contains(&told), "{told}");
    assert!(read("docker-compose.yml").contains("wal_recycle=off"));
}
