//! Files of tens of thousands of lines, which come to the database in several pieces of one transaction.

use storage::{ImportLine, LinePlan, RefusedLines};

use super::{
    importing::{import, line},
    stage::Stage,
};

/// More than one piece.
const LINES: u32 = 6_000;

/// A third alone, a third in pairs, a third in households of their own; every second has a number, shared by two.
fn file() -> Vec<ImportLine> {
    let of = |n: u32| {
        let household = match n % 3 {
            0 => String::new(),
            1 => format!("Casa {}", n / 6),
            _ => format!("Villa {n}"),
        };
        let number = if n.is_multiple_of(2) {
            0
        } else {
            u64::from(n / 4 + 1)
        };
        line(n + 2, &format!("Guest {n}"), &household, number)
    };
    (0..LINES).map(of).collect()
}

#[tokio::test]
async fn a_long_file_comes_in_and_again_changes_nothing() {
    for stage in Stage::each().await {
        let imported = import(&stage, &file(), RefusedLines::None).await;
        assert!(imported.done);
        assert!(imported.plans.iter().all(|plan| *plan == LinePlan::Add));
        assert_eq!(stage.count("guest").await, i64::from(LINES));
        assert_eq!(
            stage.count("household").await,
            i64::from(LINES / 3 + LINES / 6 + LINES / 3)
        );
        assert_eq!(stage.count("contact").await, i64::from(LINES / 4));
        stage.assert_households_are_whole().await;
        let before = stage.whole_list().await;

        let again = import(&stage, &file(), RefusedLines::None).await;
        let unchanged = |plan: &LinePlan| matches!(plan, LinePlan::Unchanged { .. });
        assert!(again.plans.iter().all(unchanged));
        assert!(stage.whole_list().await == before);
    }
}

#[tokio::test]
async fn everybody_moves_and_the_households_they_leave_go() {
    for stage in Stage::each().await {
        import(&stage, &file(), RefusedLines::None).await;
        let mut moved = file();
        for line in &mut moved {
            if line.phone.is_some() {
                line.household = Some(format!("Hotel {}", line.number % 5));
            }
        }
        let imported = import(&stage, &moved, RefusedLines::None).await;
        let moved = |plan: &&LinePlan| matches!(plan, LinePlan::Update { .. });
        let moved = imported.plans.iter().filter(moved).count();
        assert_eq!(moved, usize::try_from(LINES / 2).unwrap());
        assert_eq!(stage.count("guest").await, i64::from(LINES));
        stage.assert_households_are_whole().await;
    }
}

/// All namesakes: whoever compared each with each would be at it for minutes.
#[tokio::test]
async fn a_long_file_of_one_name_is_no_slower() {
    for stage in Stage::each().await {
        let lines: Vec<_> = (0..LINES)
            .map(|n| line(n + 2, "Anna", "Villa", u64::from(n + 1)))
            .collect();
        let imported = import(&stage, &lines, RefusedLines::None).await;
        assert!(imported.done);
        let again = import(&stage, &lines, RefusedLines::None).await;
        let unchanged = |plan: &LinePlan| matches!(plan, LinePlan::Unchanged { .. });
        assert!(again.plans.iter().all(unchanged));
    }
}
