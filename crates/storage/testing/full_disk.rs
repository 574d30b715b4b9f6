//! A disk without room, as the database's own connections meet it.

use super::{Home, TestDatabase};

/// PostgreSQL's way to say that a disk is full, by triggers: its own disk cannot be filled for one database.
const FULL: [&str; 4] = [
    "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$",
    "CREATE TRIGGER no_room BEFORE INSERT ON whatsapp_session_status EXECUTE FUNCTION no_room()",
    "CREATE TRIGGER no_room BEFORE INSERT ON whatsapp_message_queue EXECUTE FUNCTION no_room()",
    "CREATE TRIGGER no_room BEFORE UPDATE ON write_probe EXECUTE FUNCTION no_room()",
];

const FREE: [&str; 1] = ["DROP FUNCTION no_room() CASCADE"];

impl TestDatabase {
    /// From now on a session, a message and the probe find no room. On SQLite, where what is written in place finds some, only what needs
    /// more pages than the file has.
    pub async fn fill_disk(&self) {
        match self.home {
            // no fewer than it has
            Home::Sqlite { .. } => self.all_of(&["PRAGMA max_page_count = 1"]).await,
            Home::Postgres { .. } => self.all_of(&FULL).await,
        }
    }

    /// There is room again.
    pub async fn free_disk(&self) {
        match self.home {
            Home::Sqlite { .. } => {
                self.all_of(&["PRAGMA max_page_count = 4294967294"]).await;
            }
            Home::Postgres { .. } => self.all_of(&FREE).await,
        }
    }

    async fn all_of(&self, statements: &[&str]) {
        for statement in statements {
            self.execute(statement).await.expect("a good statement");
        }
    }
}
