//! A database that version 50af645 filled is migrated and still means the same (tests/fixtures/50af645/README.md).

mod meaning;
mod people;
mod tokens;
mod under_way;

use domain::Timestamp;
use rand::{SeedableRng, rngs::StdRng};
use storage::{MessageFilter, MessageRow, testing::TestDatabase};

use crate::stage::{Stage, Worker, groom};

/// The newest migration of that version.
const LAST_MIGRATION: i64 = 8;
const DATA: &str = include_str!("../../fixtures/50af645/data.sql");
/// What that version itself read from its database, with the changes of meaning that the fixture's README lists.
const MEANING: &str = include_str!("../../fixtures/50af645/meaning.txt");

impl Stage {
    /// The upgraded database of each kind, at the moment at which the fixture was read, without a lease.
    async fn each_upgraded() -> [Self; 2] {
        let [sqlite, postgres] = TestDatabase::each().await;
        let sqlite = sqlite.upgraded(LAST_MIGRATION, DATA).await;
        let postgres = postgres.upgraded(LAST_MIGRATION, DATA).await;
        [sqlite, postgres].map(|db| {
            let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("a time");
            let mut dice = StdRng::seed_from_u64(8);
            let worker = Worker::new(groom(), now, &mut dice);
            Self {
                db,
                now,
                worker,
                dice,
            }
        })
    }

    /// The message of the fixture with that text.
    async fn named(&self, text: &str) -> MessageRow {
        let page = self
            .store()
            .messages(&MessageFilter::default(), None, 200)
            .await;
        let mut items = page.unwrap().items.into_iter();
        items
            .find(|row| row.text.as_str() == text)
            .expect("a message of the fixture")
    }
}

/// A new version may add settings; every other line is the same.
#[tokio::test]
async fn means_the_same_when_an_earlier_version_filled_it() {
    let expected: Vec<&str> = MEANING.lines().collect();
    for stage in Stage::each_upgraded().await {
        let lines = meaning::meaning(&stage.store(), stage.now).await;
        let lines = lines.iter().map(String::as_str);
        let lines: Vec<_> = lines
            .filter(|line| !line.starts_with("setting ") || expected.contains(line))
            .collect();
        let only_in = |these: &[&str], others: &[&str]| {
            let lines = these.iter().filter(|line| !others.contains(line));
            lines.map(ToString::to_string).collect::<Vec<_>>()
        };
        let (lost, new) = (only_in(&expected, &lines), only_in(&lines, &expected));
        assert!(
            lost.is_empty() && new.is_empty(),
            "lost: {lost:#?} new: {new:#?}"
        );
        assert_eq!(lines, expected, "in another order");
        assert_eq!(stage.store().stuck_messages(stage.now).await.unwrap(), []);
    }
}
