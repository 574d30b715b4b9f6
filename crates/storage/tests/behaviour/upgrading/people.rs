//! Consent, wishes and secrets are kept by an upgrade.

use domain::{account::Person, ids::ContactId, session::SessionName, wait::WaitReason};
use storage::{LinkPurpose, Redeemed, testing::TestDatabase};

use super::{DATA, LAST_MIGRATION};

use crate::stage::{Stage, bride, chat, groom, inbound, phone};

impl Stage {
    /// Whether an automatic message to the n-th guest may leave as far as consent goes.
    async fn may_write(&mut self, session: &SessionName, n: u64) -> bool {
        let session = session.clone();
        let id = self.queue_with(phone(n), |m| m.session = session).await;
        let wait = self.row(id).await.wait;
        wait.is_none_or(|wait| wait.reason != WaitReason::GuestHasNotWritten)
    }

    async fn contact_of(&mut self, n: u64) -> ContactId {
        let id = self.queue(phone(n)).await;
        self.row(id).await.contact
    }
}

/// The 21st guest wrote to a third session. The bride was linked to two numbers, and that version did not keep to which of them
/// her guests wrote: they count for neither.
#[tokio::test]
async fn writes_to_the_same_guests_when_upgraded() {
    for mut stage in Stage::each_upgraded().await {
        let witness = SessionName::parse("witness").unwrap();
        let wrote: [(SessionName, &[u64]); 3] = [
            (
                groom(),
                &[1, 6, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21],
            ),
            (bride(), &[]),
            (witness, &[21]),
        ];
        for (session, guests) in wrote {
            let mut may = Vec::new();
            for n in [1, 2, 4].into_iter().chain(6..=6).chain(9..=21).chain([33]) {
                if stage.may_write(&session, n).await {
                    may.push(n);
                }
            }
            assert_eq!(may, guests, "{session}");
        }
    }
}

#[tokio::test]
async fn knows_who_asked_for_no_messages_when_upgraded() {
    for mut stage in Stage::each_upgraded().await {
        let opted_out = async |stage: &Stage, contact| {
            let row = stage.store().contact(contact).await.unwrap().unwrap();
            row.opted_out_at.is_some()
        };
        let fabio = stage.contact_of(5).await;
        assert!(opted_out(&stage, fabio).await);
        // Erased, and put on the list anew: one had asked for none, the other has a copy of a broadcast.
        let hugo = stage.invited("Hugo", None, Some(7)).await.contact.unwrap();
        assert!(opted_out(&stage, hugo).await);
        let ilaria = stage
            .invited("Ilaria", None, Some(8))
            .await
            .contact
            .unwrap();
        assert!(!opted_out(&stage, ilaria).await);
        // what was erased of it is the text
        let news = stage.named("✕").await;
        assert_eq!(news.contact, ilaria);
        // Ignored as no guest, and not shown again for another word.
        stage.record(&inbound(chat(31), "AGAIN", stage.now)).await;
        let shown = stage.unknown().await;
        let phones: Vec<_> = shown.into_iter().map(|writer| writer.phone).collect();
        assert_eq!(phones, [Some(phone(30))]);
    }
}

#[tokio::test]
async fn accepts_the_same_secrets_when_upgraded() {
    for stage in Stage::each_upgraded().await {
        let (store, now) = (stage.store(), stage.now);
        let page = store
            .token_by_hash("hash of page", now)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(page.scopes, ["read", "enqueue"]);
        assert_eq!(page.session, Some(groom()));
        assert_eq!(store.token_by_hash("hash of old", now).await.unwrap(), None);
        for (cookie, name) in [("cookie of Marco", "Marco"), ("cookie of Giulia", "Giulia")] {
            let browser = store.signed_in(cookie, now).await.unwrap().unwrap();
            assert_eq!(browser.name, name);
        }
        let invited = store.link("link for a friend", now).await.unwrap();
        assert_eq!(invited, Some(LinkPurpose::Invite(Person::Operator)));
        let used = store.link("link of Marco", now).await.unwrap();
        assert_eq!(used, None, "a link works once");
        let changed = store.redeem_password("link for Giulia", "$argon2id$new", now);
        assert!(matches!(changed.await.unwrap(), Redeemed::Account(_)));
        assert!(
            store
                .signed_in("cookie of Giulia", now)
                .await
                .unwrap()
                .is_none()
        );
    }
}

/// An invitation that had tied its household has one seat used; one that a listed number had answered is usable by the others.
#[tokio::test]
async fn carries_over_who_came_in_by_a_code() {
    for stage in Stage::each_upgraded().await {
        let tied = "SELECT h.id || ' ' || c.id AS value FROM household h JOIN contact c ON c.household_id = h.id";
        let seats = "SELECT i.household_id || ' ' || p.contact_id AS value FROM invitation_phone p
                     JOIN invitation i ON i.id = p.invitation_id AND i.tied_at = p.tied_at WHERE p.refused_at IS NULL";
        let sorted = async |sql| {
            let mut rows = stage.db.texts(sql).await;
            rows.sort_unstable();
            rows
        };
        let seats = sorted(seats).await;
        assert!(!seats.is_empty(), "nobody came in by a code");
        assert_eq!(seats, sorted(tied).await);
    }
}

/// A phone that a person had added by hand is older than the household's first word, and the log is gone: it did not come in by the code.
#[tokio::test]
async fn labels_no_phone_that_was_added_by_hand() {
    const BY_HAND: &str = "
        INSERT INTO contact (id, phone, created_at, household_id)
        SELECT '01a01e9c-fd0b-7000-8000-000000000001', '393470000077', 1787220000011, id FROM household
        WHERE id IN (SELECT household_id FROM guest WHERE name = 'Marta');
        DELETE FROM audit_log;";
    for db in TestDatabase::each().await {
        let db = db
            .upgraded(LAST_MIGRATION, &format!("{DATA}{BY_HAND}"))
            .await;
        let came_in = "SELECT l.lid AS value FROM invitation_phone p
                       LEFT JOIN contact_lid l ON l.contact_id = p.contact_id";
        // his message has the code
        assert_eq!(
            db.texts(came_in).await,
            [Some("770003".to_owned())],
            "{}",
            db.kind()
        );
    }
}
