//! A law: whatever file comes, either nothing is stored or exactly its good lines; and the same file again changes nothing.
//! The dice are seeded, so that a file that breaks it comes again.

use std::collections::BTreeMap;

use http::StatusCode;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rstest::rstest;
use serde_json::Value;

use super::made_up::any_file;
use crate::world::{Answer, On, World};

/// What the list says of a guest, as it is compared: name, number, household, side and language.
type Guest = [String; 5];

/// Stands between columns; no text of a guest holds it.
const BETWEEN: char = '\u{1f}';

async fn guests(world: &World) -> BTreeMap<String, Guest> {
    let column = |column: &str| format!("COALESCE({column}, '')");
    let columns = [
        "g.id",
        "g.name",
        "c.phone",
        "h.name_folded",
        "g.side",
        "g.language",
    ];
    let columns = columns.map(column).join(&format!(" || '{BETWEEN}' || "));
    let sql = format!(
        "SELECT {columns} AS value FROM guest g
         JOIN household h ON h.id = g.household_id LEFT JOIN contact c ON c.id = g.contact_id"
    );
    let rows = world.database.texts(&sql).await.into_iter().flatten();
    let guest = |row: String| {
        let mut columns = row.split(BETWEEN).map(str::to_owned);
        (
            columns.next().unwrap(),
            std::array::from_fn(|_| columns.next().unwrap()),
        )
    };
    rows.map(guest).collect()
}

/// Every row that an import may touch.
async fn everything(world: &World) -> Vec<Option<String>> {
    let mut all = Vec::new();
    for sql in [
        "SELECT id || name || household_id || COALESCE(contact_id, '') || COALESCE(side, '') || COALESCE(language, '')
                AS value FROM guest ORDER BY id",
        "SELECT id || COALESCE(name, '') AS value FROM household ORDER BY id",
        "SELECT id || household_id || token AS value FROM invitation ORDER BY id",
        "SELECT id || phone AS value FROM contact ORDER BY id",
        "SELECT id || COALESCE(detail, '') AS value FROM audit_log ORDER BY id",
    ] {
        all.extend(world.database.texts(sql).await);
    }
    all
}

/// Nobody is left over: each household has a guest and one invitation, each contact a guest.
async fn assert_whole(world: &World) {
    for left_over in [
        "household WHERE id NOT IN (SELECT household_id FROM guest)",
        "household h WHERE 1 <> (SELECT count(*) FROM invitation i WHERE i.household_id = h.id)",
        "contact c WHERE NOT EXISTS (SELECT 1 FROM guest g WHERE g.contact_id = c.id)",
    ] {
        assert_eq!(world.count(left_over).await, 0, "{left_over}");
    }
}

/// The line as the list should say it; empty where it says nothing.
fn said(line: &Value) -> Guest {
    let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
    let phone = text("phone").replace(|c: char| !c.is_ascii_digit(), "");
    let household = text("household").to_lowercase();
    [
        text("name"),
        phone,
        household,
        text("side"),
        text("language"),
    ]
}

/// The list as it must be after those lines: by id, and those who are new.
fn expected(
    before: &BTreeMap<String, Guest>,
    lines: &[Value],
) -> (BTreeMap<String, Guest>, Vec<Guest>) {
    let (mut list, mut new) = (before.clone(), Vec::new());
    for line in lines {
        let said = said(line);
        if line["action"] == "add" {
            new.push(said);
        } else if let Some(id) = line["guest"].as_str() {
            let guest = list.get_mut(id).expect("somebody on the list");
            for (known, said) in guest.iter_mut().zip(said).skip(1) {
                if !said.is_empty() {
                    assert!(
                        line["action"] == "update" || *known == said,
                        "{line} is no change"
                    );
                    *known = said;
                }
            }
        }
    }
    new.sort();
    (list, new)
}

fn lines(answer: &Answer) -> &[Value] {
    answer.body["lines"].as_array().expect("lines")
}

async fn assert_stored(world: &World, before: BTreeMap<String, Guest>, lines: &[Value]) {
    let (known, new) = expected(&before, lines);
    let (was_there, mut is_new): (Vec<_>, Vec<_>) = guests(world)
        .await
        .into_iter()
        .partition(|(id, _)| before.contains_key(id));
    assert_eq!(was_there.into_iter().collect::<BTreeMap<_, _>>(), known);
    let mut is_new: Vec<_> = is_new.drain(..).map(|(_, guest)| guest).collect();
    is_new.sort();
    assert_eq!(is_new, new);
    assert_whole(world).await;
}

fn assert_sentence(refused: &Answer) {
    assert!(refused.status.is_client_error(), "{}", refused.body);
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(!refused.code().is_empty() && detail.len() > 20, "{detail}");
}

async fn try_out(world: &World, file: &[u8], skip: bool) {
    let (before, all) = (guests(world).await, everything(world).await);
    let query = format!("skip_refused={skip}");
    let dry = world
        .import(&format!("dry_run=true&{query}"), file.to_vec())
        .await;
    assert!(everything(world).await == all, "a dry run writes nothing");
    let answer = world.import(&query, file.to_vec()).await;
    if answer.status != StatusCode::OK {
        assert_sentence(&answer);
        assert!(
            everything(world).await == all,
            "what is refused leaves nothing"
        );
        if ["lines_refused", "phones_unconfirmed"].contains(&answer.code()) {
            assert!(!skip && dry.body["counts"] == answer.body["counts"]);
        } else {
            assert_eq!((dry.status, dry.code()), (answer.status, answer.code()));
        }
        return;
    }
    assert_eq!(lines(&dry), lines(&answer));
    assert_stored(world, before, lines(&answer)).await;
    let all = everything(world).await;
    let again = world.import(&query, file.to_vec()).await;
    let counts = &again.body["counts"];
    assert!(
        counts["add"] == 0 && counts["update"] == 0,
        "{}",
        again.body
    );
    for withheld in ["check", "refused"] {
        assert_eq!(counts[withheld], answer.body["counts"][withheld]);
    }
    assert!(everything(world).await == all, "again is nothing new");
}

/// Shows the file when the test fails in it.
struct Showing<'a>(&'a [u8]);

impl Drop for Showing<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the file was: {}", self.0.escape_ascii());
        }
    }
}

#[rstest]
#[case::sqlite(On::Sqlite, 1, 150)]
#[case::postgres(On::Postgres, 2, 75)]
#[tokio::test(start_paused = true)]
async fn whatever_file_comes_nothing_is_stored_or_exactly_its_good_lines(
    #[case] on: On,
    #[case] seed: u64,
    #[case] rounds: u32,
) {
    let world = World::on(on).await;
    let mut dice = StdRng::seed_from_u64(seed);
    let mut imported = 0;
    for _ in 0..rounds {
        let (file, skip) = (any_file(&mut dice), dice.random_bool(0.6));
        let _showing = Showing(&file);
        let before = world.count("audit_log").await;
        try_out(&world, &file, skip).await;
        imported += world.count("audit_log").await - before;
    }
    assert!(
        imported > i64::from(rounds / 5),
        "only {imported} files changed the list"
    );
}
