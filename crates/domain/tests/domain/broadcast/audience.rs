//! Whom a broadcast is for.

use domain::{
    broadcast::{Audience, Wrote},
    config::Language,
};
use rstest::rstest;

use super::people::{List, days_ago, session};

/// Ada: the bride's, English, wrote to her lately. Ugo: the groom's, wrote to him long ago. Zoe: nobody's, wrote to nobody.
fn three() -> List {
    let mut list = List::default();
    list.add("Ada Love", 1);
    list.last().side = Some(session("bride"));
    list.last().language = Some(Language::English);
    list.last().household_name = Some("Villa ÀLBA".to_owned());
    list.known(1).wrote = vec![(session("bride"), days_ago(2))];
    list.add("Ugo Foscolo", 2);
    list.last().side = Some(session("groom"));
    list.known(2).wrote = vec![(session("groom"), days_ago(29))];
    list.add("Zoe", 3);
    list.known(3).wrote = vec![];
    list
}

fn got(audience: &Audience) -> Vec<String> {
    let plan = three().plan_for("Ciao {name}", audience);
    assert_eq!(plan.left_out, []);
    plan.copies
        .iter()
        .map(|copy| copy.guests[0].1.clone())
        .collect()
}

fn all() -> Audience {
    Audience::default()
}

#[rstest]
#[case(all(), &["Ada Love", "Ugo Foscolo", "Zoe"])]
#[case(Audience { side: Some(session("bride")), ..all() }, &["Ada Love"])]
#[case(Audience { language: Some(Language::English), ..all() }, &["Ada Love"])]
#[case(Audience { language: Some(Language::Italian), ..all() }, &["Ugo Foscolo", "Zoe"])]
#[case(Audience { wrote: Some(Wrote::Has), ..all() }, &["Ada Love", "Ugo Foscolo"])]
#[case(Audience { wrote: Some(Wrote::HasNot), ..all() }, &["Zoe"])]
#[case(Audience { wrote: Some(Wrote::GoneCold), ..all() }, &["Ugo Foscolo"])]
#[case(Audience { search: Some(" FOSCOLO ".to_owned()), ..all() }, &["Ugo Foscolo"])]
#[case(Audience { search: Some("villa àlba".to_owned()), ..all() }, &["Ada Love"])]
#[case(Audience { search: Some("347 000 0003".to_owned()), ..all() }, &["Zoe"])]
#[case(Audience { search: Some("03".to_owned()), ..all() }, &[])]
#[case(Audience { side: Some(session("groom")), wrote: Some(Wrote::HasNot), ..all() }, &[])]
fn conditions_hold_together(#[case] audience: Audience, #[case] expected: &[&str]) {
    assert_eq!(got(&audience), expected);
}

#[test]
fn households_can_be_chosen() {
    let list = three();
    let audience = Audience {
        households: vec![list.guests[0].household, list.guests[2].household],
        ..all()
    };
    let plan = list.plan_for("Ciao {name}", &audience);
    assert_eq!(plan.copies.len(), 2);
}

/// What counts is the session that would write: a word to the other spouse lets nothing go.
#[test]
fn a_word_to_the_other_spouse_is_none() {
    let mut list = three();
    list.known(1).wrote = vec![(session("groom"), days_ago(1))];
    let has_not = Audience {
        wrote: Some(Wrote::HasNot),
        ..all()
    };
    let plan = list.plan_for("Ciao {name}", &has_not);
    assert_eq!(plan.copies.len(), 2);
    assert_eq!(plan.copies[0].wrote_at, None);
}

#[test]
fn it_is_kept_as_it_was() {
    let list = three();
    let audience = Audience {
        side: Some(session("bride")),
        language: Some(Language::English),
        wrote: Some(Wrote::Has),
        households: vec![list.guests[0].household],
        search: Some("a".to_owned()),
        without: vec![list.guests[1].guest],
    };
    let json = serde_json::to_string(&audience).expect("JSON");
    assert_eq!(
        serde_json::from_str::<Audience>(&json).expect("read"),
        audience
    );
    assert_eq!(serde_json::from_str::<Audience>("{}").expect("read"), all());
}
