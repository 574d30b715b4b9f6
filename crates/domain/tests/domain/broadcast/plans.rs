//! Who gets what, and who does not.

use domain::broadcast::{Audience, Placeholder, RenderError, WhyLeftOut};

use super::people::{List, days_ago, session, some_contact};

#[test]
fn who_gets_nothing_is_told_why() {
    let mut list = List::default();
    let names = [
        "Sana", "Esclusa", "Muta", "Basta", "Forse", "Ha già", "Con Sana",
    ];
    let guests: Vec<_> = names
        .iter()
        .zip([1, 2, 3, 4, 5, 6, 1])
        .map(|(name, n)| list.add(name, n))
        .collect();
    list.guests[2].contact = None;
    list.known(4).opted_out_at = Some(days_ago(1));
    list.known(5).suspended_at = Some(days_ago(1));
    list.known(6).has_copy = true;
    let audience = Audience {
        without: vec![guests[1]],
        ..Audience::default()
    };
    let plan = list.plan_for("Ciao {name}", &audience);
    let left_out: Vec<_> = plan
        .left_out
        .iter()
        .map(|one| (one.guest, one.why))
        .collect();
    assert_eq!(
        left_out,
        [
            (guests[1], WhyLeftOut::Excluded),
            (guests[2], WhyLeftOut::NoNumber),
            (guests[3], WhyLeftOut::OptedOut),
            (guests[4], WhyLeftOut::Suspended),
            (guests[5], WhyLeftOut::HasCopy),
            (guests[6], WhyLeftOut::SharesPhone),
        ]
    );
    let [copy] = plan.copies.as_slice() else {
        panic!("one copy: {:?}", plan.copies);
    };
    assert_eq!(copy.contact, some_contact(1));
    let gets: Vec<_> = copy
        .guests
        .iter()
        .map(|(id, name)| (*id, name.as_str()))
        .collect();
    assert_eq!(gets, [(guests[0], "Sana"), (guests[6], "Con Sana")]);
    let text = copy.text.as_ref().expect("a text");
    assert_eq!(text.as_str(), "Ciao Sana e Con Sana");
}

/// Whoever is left out is not named in a copy that goes to their phone all the same.
#[test]
fn who_is_taken_out_by_hand_is_not_named() {
    let mut list = List::default();
    let anna = list.add("Anna", 1);
    list.add("Marco", 1);
    let audience = Audience {
        without: vec![anna],
        ..Audience::default()
    };
    let plan = list.plan_for("Ciao {name}", &audience);
    assert_eq!(
        plan.copies[0].text.as_ref().expect("a text").as_str(),
        "Ciao Marco"
    );
    assert_eq!(plan.left_out.len(), 1);
}

#[test]
fn the_session_is_their_side_else_the_one_they_wrote_to_last_else_the_default() {
    let (groom, bride) = (session("groom"), session("bride"));
    let mut list = List::default();
    list.add("Side", 1);
    list.last().side = Some(groom.clone());
    list.known(1).wrote = vec![(bride.clone(), days_ago(1))];
    list.add("Last", 2);
    list.known(2).wrote = vec![(bride.clone(), days_ago(2)), (groom.clone(), days_ago(1))];
    list.add("Default", 3);
    list.known(3).wrote = vec![];
    list.add("Gone session", 4);
    list.last().side = Some(session("cousin"));
    list.known(4).wrote = vec![
        (session("cousin"), days_ago(1)),
        (groom.clone(), days_ago(9)),
    ];
    list.add("Nobody's", 5);
    list.add("The groom's", 5);
    list.last().side = Some(groom.clone());
    list.known(5).wrote = vec![(bride.clone(), days_ago(1))];
    let plan = list.plan("Ciao {name}");
    let sessions: Vec<_> = plan.copies.iter().map(|copy| &copy.session).collect();
    assert_eq!(sessions, [&groom, &groom, &bride, &groom, &groom]);
    let wrote: Vec<_> = plan.copies.iter().map(|copy| copy.wrote_at).collect();
    assert_eq!(
        wrote,
        [None, Some(days_ago(1)), None, Some(days_ago(9)), None]
    );
}

#[test]
fn who_is_cold_or_was_never_written_to_is_marked() {
    let mut list = List::default();
    for n in 1..=3 {
        list.add("Anna", n);
    }
    list.known(2).wrote = vec![(session("groom"), days_ago(29))];
    list.known(3).sent_before = false;
    let plan = list.plan("Ciao {name}");
    let marks: Vec<_> = plan
        .copies
        .iter()
        .map(|copy| (copy.is_cold, copy.is_first))
        .collect();
    assert_eq!(marks, [(false, false), (true, false), (false, true)]);
}

#[test]
fn all_copies_that_cannot_be_written_are_told_at_once() {
    let mut list = List::default();
    for n in 1..=3 {
        list.add("Anna", n);
    }
    list.guests[1].household_name = Some("Villa".to_owned());
    let plan = list.plan("Ciao {name} di {household}");
    let unwritten: Vec<_> = plan
        .unwritten()
        .map(|(copy, error)| (copy.contact, error))
        .collect();
    let missing = RenderError::Missing(Placeholder::Household);
    assert_eq!(
        unwritten,
        [(some_contact(1), missing), (some_contact(3), missing)]
    );
}
