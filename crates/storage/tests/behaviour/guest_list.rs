//! What the stories about guests and households are told with.

use domain::ids::{GuestId, HouseholdId};
use storage::{GuestRow, NewGuest};

use super::stage::{Stage, groom, phone};

impl Stage {
    /// A guest of that household, or one alone, with the n-th number if any.
    pub(crate) async fn invited(
        &mut self,
        name: &str,
        household: Option<&str>,
        number: Option<u64>,
    ) -> GuestRow {
        let guest = NewGuest {
            household: household.map(str::to_owned),
            phone: number.map(phone),
            ..self.newcomer(name, "")
        };
        self.store().add_guest(&guest, self.now).await.unwrap()
    }

    /// Somebody to be put on the list, a moment after the last.
    pub(crate) fn newcomer(&mut self, name: &str, household: &str) -> NewGuest {
        self.later(chrono::TimeDelta::milliseconds(1));
        NewGuest {
            id: GuestId::new(self.now, &mut self.dice),
            name: name.to_owned(),
            side: None,
            language: None,
            household: Some(household.to_owned()),
            phone: None,
        }
    }

    /// Everything that may point to a household: a revoked invitation, a contact that it tied, and a stranger who may belong to it.
    pub(crate) async fn much_points_to(&self, household: HouseholdId, n: u64) {
        let (at, phone, session) = (self.now.timestamp_millis(), phone(n), groom());
        for sql in [
            format!(
                "INSERT INTO invitation (id, household_id, token, created_at, valid_until, revoked_at)
                 VALUES ('old-{household}', '{household}', 'old-{household}', {at}, {at}, {at})"
            ),
            format!(
                "INSERT INTO contact (id, phone, created_at, household_id)
                 VALUES ('01930000-0000-7000-8000-{n:012}', '{}', {at}, '{household}')",
                phone.digits()
            ),
            format!(
                "INSERT INTO unknown_writer (id, session, identity, suggested_household_id, first_at, last_at)
                 VALUES ('{n}', '{session}', '{n}', '{household}', {at}, {at})"
            ),
        ] {
            self.tamper(&sql).await;
        }
    }

    /// How many households there are, invitations, contacts tied to a household, and strangers who may belong to one.
    pub(crate) async fn standing(&self) -> [i64; 4] {
        [
            self.count("household").await,
            self.count("invitation").await,
            self.count("contact WHERE household_id IS NOT NULL").await,
            self.count("unknown_writer WHERE suggested_household_id IS NOT NULL")
                .await,
        ]
    }

    pub(crate) async fn count(&self, rows: &str) -> i64 {
        let count = format!("SELECT CAST(count(*) AS BIGINT) AS value FROM {rows}");
        self.int(&count).await.expect("a count")
    }

    /// Each household has one invitation in force, and all but those made empty have a guest.
    pub(crate) async fn assert_households_are_whole(&self) {
        let broken = self
            .count(
                "household h
                 WHERE NOT EXISTS (SELECT 1 FROM guest g WHERE g.household_id = h.id)
                    OR 1 <> (SELECT count(*) FROM invitation i WHERE i.household_id = h.id AND i.revoked_at IS NULL)",
            )
            .await;
        assert_eq!(broken, 0, "a household without a guest or an invitation");
    }

    /// The newest lines of the audit log: action, and detail; without what was put there.
    pub(crate) async fn deeds(&self) -> Vec<(String, Option<String>)> {
        let rows = self.store().audit(None, 50).await.unwrap().items;
        rows.into_iter()
            .filter(|row| row.action.split('.').next_back() != Some("add"))
            .map(|row| (row.action, row.detail))
            .collect()
    }

    /// All of the list: guests, households, invitations, contacts and what was done, row by row.
    pub(crate) async fn whole_list(&self) -> Vec<Option<String>> {
        let mut all = Vec::new();
        for sql in [
            "SELECT id || name || COALESCE(side, '-') || COALESCE(language, '-') || household_id || COALESCE(contact_id, '-')
                    AS value FROM guest ORDER BY id",
            "SELECT id || COALESCE(name, '-') AS value FROM household ORDER BY id",
            "SELECT id || household_id || token AS value FROM invitation ORDER BY id",
            "SELECT id || COALESCE(phone, '-') AS value FROM contact ORDER BY id",
            "SELECT id || action AS value FROM audit_log ORDER BY id",
        ] {
            all.extend(self.db.texts(sql).await);
        }
        all
    }
}
