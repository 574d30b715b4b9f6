//! Files of guests, line by line: what each does, and that nothing is done by half.

use domain::{config::Language, ids::GuestId};
use storage::{GuestField, GuestRow, ImportLine, Imported, LinePlan, RefusedLines};

use super::stage::{Stage, bride, groom, phone};

/// Line `number`: a name, a household if it is not empty, and the n-th number unless it is 0.
pub(crate) fn line(number: u32, name: &str, household: &str, n: u64) -> ImportLine {
    ImportLine {
        number,
        name: name.to_owned(),
        phone: (n > 0).then(|| phone(n)),
        phone_unconfirmed: false,
        household: Some(household.to_owned()).filter(|name| !name.is_empty()),
        side: None,
        language: None,
    }
}

/// Imports, after a dry run that must say the same.
pub(crate) async fn import(stage: &Stage, lines: &[ImportLine], refused: RefusedLines) -> Imported {
    let planned = stage.store().plan_import(lines).await.unwrap();
    let person = Stage::person();
    let store = stage.store();
    let imported = store.import_guests(lines, refused, &person, stage.now);
    let imported = imported.await.unwrap();
    assert_eq!(imported.plans, planned, "a dry run says what is done");
    imported
}

/// All of it is imported; what each line did.
async fn done(stage: &Stage, lines: &[ImportLine]) -> Vec<LinePlan> {
    let imported = import(stage, lines, RefusedLines::None).await;
    assert!(imported.done, "{:?}", imported.plans);
    imported.plans
}

async fn found(stage: &Stage, name: &str) -> GuestRow {
    let page = stage.store().guests(Some(name), None, 5).await.unwrap();
    let [guest] = page.items.as_slice() else {
        panic!("one guest: {:?}", page.items);
    };
    guest.clone()
}

fn updated(guest: GuestId, fields: &[GuestField]) -> LinePlan {
    let fields = fields.to_vec();
    LinePlan::Update { guest, fields }
}

#[tokio::test]
async fn a_file_becomes_guests_who_share_households_and_phones() {
    for stage in Stage::each().await {
        let mut lines = [
            line(2, "Ada", "Villa", 1),
            line(3, "Ugo", "VILLA", 1),
            line(5, "Eva", "", 2),
            line(6, "Eva", "Baita", 0),
            line(9, "Leo", "", 0),
        ];
        lines[0].side = Some(bride());
        lines[1].language = Some(Language::English);

        assert_eq!(done(&stage, &lines).await, [const { LinePlan::Add }; 5]);

        let (ada, ugo) = (found(&stage, "ada").await, found(&stage, "ugo").await);
        assert_eq!(ada.contact, ugo.contact, "one phone is one contact");
        assert_eq!((ada.phone, &ada.side), (Some(phone(1)), &Some(bride())));
        assert_eq!(ada.household_id, ugo.household_id);
        assert_eq!(ugo.household.as_deref(), Some("Villa"), "as it came first");
        assert_eq!(ugo.language, Some(Language::English));
        assert_eq!(found(&stage, "leo").await.household, None);
        assert_eq!(
            (stage.count("contact").await, stage.count("household").await),
            (2, 4)
        );
        stage.assert_households_are_whole().await;
        let counted = "added: 5, changed: 0, unchanged: 0, refused: 0".to_owned();
        assert_eq!(
            stage.deeds().await,
            [("guest.import".to_owned(), Some(counted))]
        );
    }
}

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    for mut stage in Stage::each().await {
        let lines = [
            line(2, "Ada", "Villa", 1),
            line(3, "Ugo", "Villa", 1),
            line(4, "Eva", "", 2),
            line(5, "Leo", "Baita", 0),
            line(6, "Pia", "", 0),
        ];
        done(&stage, &lines).await;
        let before = stage.whole_list().await;
        stage.later(chrono::TimeDelta::hours(1));

        let again = done(&stage, &lines).await;

        let all_unchanged = again
            .iter()
            .all(|plan| matches!(plan, LinePlan::Unchanged { .. }));
        assert!(all_unchanged, "{again:?}");
        assert_eq!(
            stage.whole_list().await,
            before,
            "not even in the audit log"
        );
    }
}

#[tokio::test]
async fn a_line_changes_what_it_says_and_a_blank_erases_nothing() {
    for mut stage in Stage::each().await {
        let ada = stage.invited("Ada", Some("Villa"), Some(1)).await.id;
        let ugo = stage.invited("Ugo", Some("Villa"), None).await.id;
        let eva = stage.invited("Eva", None, None).await.id;
        let mut lines = [
            line(2, "ADA", "Baita", 1),
            line(3, "Ugo", "villa", 2),
            line(4, "Eva", "", 0),
        ];
        (lines[0].side, lines[0].language) = (Some(groom()), Some(Language::Italian));
        lines[2].side = Some(bride());

        let plans = done(&stage, &lines).await;

        let wanted = [
            updated(
                ada,
                &[
                    GuestField::Side,
                    GuestField::Language,
                    GuestField::Household,
                ],
            ),
            updated(ugo, &[GuestField::Phone]),
            updated(eva, &[GuestField::Side]),
        ];
        assert_eq!(plans, wanted);
        let row = stage.store().guest(ada).await.unwrap().unwrap();
        assert_eq!((row.name.as_str(), row.phone), ("Ada", Some(phone(1))));
        assert_eq!(row.household.as_deref(), Some("Baita"));
        let row = stage.store().guest(ugo).await.unwrap().unwrap();
        assert_eq!(
            (row.phone, row.household.as_deref()),
            (Some(phone(2)), Some("Villa"))
        );

        let blank = [
            line(2, "Ada", "", 1),
            line(3, "Ugo", "Villa", 0),
            line(4, "Eva", "", 0),
        ];
        let before = stage.whole_list().await;
        let unchanged = [ada, ugo, eva].map(|guest| LinePlan::Unchanged { guest });
        assert_eq!(done(&stage, &blank).await, unchanged);
        assert_eq!(stage.whole_list().await, before);
    }
}

#[tokio::test]
async fn another_name_on_a_known_phone_is_another_guest() {
    for mut stage in Stage::each().await {
        let ada = stage.invited("Ada", Some("Villa"), Some(1)).await;
        // another number is another person, too
        let lines = [line(2, "Ugo", "Villa", 1), line(3, "Ada", "Villa", 2)];
        assert_eq!(done(&stage, &lines).await, [LinePlan::Add, LinePlan::Add]);
        assert_eq!(found(&stage, "ugo").await.contact, ada.contact);
        assert_eq!(stage.count("guest").await, 3);
    }
}

#[tokio::test]
async fn a_refused_line_keeps_the_file_out_unless_it_is_left_out() {
    for stage in Stage::each().await {
        let lines = [
            line(2, "Ada", "Villa", 1),
            line(3, "Ada", "villa", 0),
            line(4, "Ugo", "", 2),
        ];
        let wanted = [
            LinePlan::Add,
            LinePlan::SameAsLine { line: 2 },
            LinePlan::Add,
        ];
        let before = stage.whole_list().await;

        let refused = import(&stage, &lines, RefusedLines::None).await;
        assert_eq!(
            (refused.plans.as_slice(), refused.done),
            (&wanted[..], false)
        );
        assert_eq!(
            stage.whole_list().await,
            before,
            "nobody, not even a contact"
        );

        let left_out = import(&stage, &lines, RefusedLines::LeftOut(3)).await;
        assert_eq!(
            (left_out.plans.as_slice(), left_out.done),
            (&wanted[..], true)
        );
        assert_eq!(stage.count("guest").await, 2);
        let counted = "added: 2, changed: 0, unchanged: 0, refused: 4".to_owned();
        assert_eq!(
            stage.deeds().await,
            [("guest.import".to_owned(), Some(counted))]
        );
        stage.assert_households_are_whole().await;
    }
}

#[tokio::test]
async fn a_household_that_a_file_empties_goes() {
    for mut stage in Stage::each().await {
        let ada = stage.invited("Ada", Some("Villa"), Some(1)).await;
        stage.invited("Ugo", Some("Baita"), Some(2)).await;
        stage.invited("Eva", Some("Baita"), None).await;
        stage.much_points_to(ada.household_id, 11).await;
        let lines = [line(2, "Ada", "Malga", 1), line(3, "Ugo", "Malga", 2)];
        done(&stage, &lines).await;
        assert_eq!(
            stage.standing().await,
            [2, 2, 0, 0],
            "Malga and Eva's Baita"
        );
        stage.assert_households_are_whole().await;
    }
}

#[tokio::test]
async fn a_file_sent_twice_at_once_adds_everybody_once() {
    for stage in Stage::each().await {
        let lines: Vec<_> = (0..40)
            .map(|n| {
                line(
                    n + 2,
                    &format!("Guest {n}"),
                    &format!("Casa {}", n % 7),
                    u64::from(n % 9),
                )
            })
            .collect();
        let (one, two, person) = (stage.store(), stage.store(), Stage::person());
        let (first, second) = tokio::join!(
            one.import_guests(&lines, RefusedLines::None, &person, stage.now),
            two.import_guests(&lines, RefusedLines::None, &person, stage.now)
        );
        assert!(first.unwrap().done && second.unwrap().done);
        assert_eq!(stage.count("guest").await, 40);
        assert_eq!(stage.count("household").await, 7);
        assert_eq!(stage.deeds().await.len(), 1, "the second found all done");
    }
}

#[tokio::test]
async fn a_guest_gets_a_number_only_after_it_was_confirmed() {
    for mut stage in Stage::each().await {
        let ada = stage.invited("Ada", Some("Villa"), Some(1)).await.id;
        let ugo = stage.invited("Ugo", Some("Villa"), None).await.id;
        let mut lines = [
            line(2, "Ada", "Villa", 1),
            line(3, "Ugo", "Villa", 2),
            line(4, "Eva", "", 3),
            line(5, "Leo", "", 4),
        ];
        for line in &mut lines[..3] {
            line.phone_unconfirmed = true;
        }
        let wanted = [
            LinePlan::Unchanged { guest: ada },
            LinePlan::PhoneUnconfirmed,
            LinePlan::PhoneUnconfirmed,
            LinePlan::Add,
        ];
        let before = stage.whole_list().await;

        let kept_out = import(&stage, &lines, RefusedLines::None).await;
        assert_eq!(
            (kept_out.plans.as_slice(), kept_out.done),
            (&wanted[..], false)
        );
        assert_eq!(stage.whole_list().await, before);

        let left_out = import(&stage, &lines, RefusedLines::LeftOut(0)).await;
        assert_eq!(
            (left_out.plans.as_slice(), left_out.done),
            (&wanted[..], true)
        );
        assert_eq!(found(&stage, "ugo").await.phone, None);
        assert_eq!(stage.count("guest").await, 3, "Leo is new");

        for line in &mut lines {
            line.phone_unconfirmed = false;
        }
        let confirmed = done(&stage, &lines).await;
        assert_eq!(
            confirmed[1..3],
            [updated(ugo, &[GuestField::Phone]), LinePlan::Add]
        );
        assert_eq!(found(&stage, "ugo").await.phone, Some(phone(2)));
    }
}
