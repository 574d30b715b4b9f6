//! Invitations: found by their token while they are in force, renewed, prolonged, revoked, and all of it in the audit log.

use chrono::TimeDelta;
use domain::{
    Timestamp,
    config::Language,
    ids::{GuestId, HouseholdId},
    invitation::{Host, InvitationToken, InvitedGuest},
    session::SessionName,
};
use storage::{InvitationChange, Invited, NewGuest, testing::statements_of};

use super::stage::{Stage, bride, groom, view};

async fn add(
    stage: &mut Stage,
    name: &str,
    side: Option<SessionName>,
    language: Option<Language>,
) -> HouseholdId {
    stage.later(TimeDelta::milliseconds(1));
    let guest = NewGuest {
        id: GuestId::new(stage.now, &mut stage.dice),
        name: name.to_owned(),
        side,
        language,
        household: Some("Villa".to_owned()),
        phone: None,
    };
    let row = stage.store().add_guest(&guest, stage.now).await.unwrap();
    row.household_id
}

async fn household(stage: &mut Stage) -> HouseholdId {
    add(stage, "Pia", Some(bride()), Some(Language::English)).await
}

async fn of(stage: &Stage, household: HouseholdId) -> Invited {
    let found = stage.store().invitation_of(household).await.unwrap();
    found.expect("every household has an invitation")
}

async fn with(stage: &Stage, token: &InvitationToken) -> Option<Invited> {
    let store = stage.store();
    store
        .invitation_in_force(Some(token), stage.now)
        .await
        .unwrap()
}

/// The actions of the audit log with what they were done to, newest first; without what was put there.
async fn deeds(stage: &Stage) -> Vec<(String, String, Option<String>)> {
    let page = stage.store().audit(None, 50).await.unwrap();
    let told = page.items.into_iter();
    told.filter(|row| row.action.split('.').next_back() != Some("add"))
        .map(|row| (row.action, row.subject, row.detail))
        .collect()
}

#[tokio::test]
async fn an_invitation_is_found_with_all_that_it_is_written_from() {
    for mut stage in Stage::each().await {
        let villa = household(&mut stage).await;
        add(&mut stage, "Ugo", None, None).await;
        let mother = SessionName::parse("mother").unwrap();
        let store = stage.store();
        store
            .ensure_sessions(std::slice::from_ref(&mother), stage.now)
            .await
            .unwrap();

        let by_household = of(&stage, villa).await;
        let by_token = with(&stage, &by_household.invitation.token).await;

        assert_eq!(by_token.as_ref(), Some(&by_household));
        let invitation = &by_household.invitation;
        assert_eq!(invitation.household, villa);
        assert_eq!(
            invitation.valid_until,
            stage.now - TimeDelta::milliseconds(1) + TimeDelta::days(365)
        );
        assert_eq!((invitation.revoked_at, invitation.tied_at), (None, None));
        let guest = |side: Option<SessionName>, language| InvitedGuest { side, language };
        assert_eq!(
            by_household.guests,
            [
                guest(Some(bride()), Some(Language::English)),
                guest(None, None)
            ]
        );
        let host = |session: SessionName, n| Host { session, number: n };
        let own = |session: &SessionName| {
            let own = view(session, domain::session::SessionState::Connected, stage.now).own;
            let digits = own.unwrap().chat.phone_digits().unwrap().to_owned();
            Some(domain::phone_number::PhoneNumber::from_whatsapp(&digits).unwrap())
        };
        assert_eq!(
            by_household.hosts,
            [
                host(bride(), own(&bride())),
                host(groom(), own(&groom())),
                host(mother, None)
            ]
        );
        assert_eq!(by_household.config, store.config().await.unwrap().0);
    }
}

#[tokio::test]
async fn a_token_that_is_not_in_force_is_nobodys_and_no_sort_of_it_is_less_work() {
    for mut stage in Stage::each().await {
        let villa = household(&mut stage).await;
        let (store, person) = (stage.store(), Stage::person());
        let revoked = of(&stage, villa).await.invitation.token;
        let until = Some(stage.now + TimeDelta::days(1));
        store
            .renew_invitation(villa, until, &person, stage.now)
            .await
            .unwrap();
        let expired = of(&stage, villa).await.invitation;
        let wrong = InvitationToken::new(&mut stage.dice);
        let lookup = |token: Option<InvitationToken>, now: Timestamp| {
            let store = store.clone();
            async move {
                let work = Box::pin(store.invitation_in_force(token.as_ref(), now));
                let (found, statements) = statements_of(work).await;
                (
                    found.unwrap().map(|found| found.invitation.token),
                    statements,
                )
            }
        };
        let last = expired.valid_until - TimeDelta::milliseconds(1);

        let (found, good) = lookup(Some(expired.token), last).await;
        assert_eq!(found, Some(expired.token), "valid to its last moment");
        assert!(good.len() >= 4, "{good:?}");
        for (token, now) in [
            (Some(expired.token), expired.valid_until),
            (Some(revoked), last),
            (Some(wrong), last),
            (None, last),
        ] {
            let (found, statements) = lookup(token, now).await;
            assert_eq!(found, None);
            assert_eq!(statements, good);
        }
    }
}

#[tokio::test]
async fn a_renewed_invitation_has_another_token_and_only_one_is_in_force() {
    for mut stage in Stage::each().await {
        let villa = household(&mut stage).await;
        let (store, person) = (stage.store(), Stage::person());
        let before = of(&stage, villa).await.invitation;
        stage.later(TimeDelta::hours(1));
        let until = stage.now + TimeDelta::days(3);
        let renewed = store.renew_invitation(villa, Some(until), &person, stage.now);
        assert!(renewed.await.unwrap());

        let after = of(&stage, villa).await.invitation;
        assert_ne!((after.id, after.token), (before.id, before.token));
        assert_eq!(
            (after.created_at, after.valid_until, after.revoked_at),
            (stage.now, until, None)
        );
        assert!(with(&stage, &after.token).await.is_some());
        assert!(with(&stage, &before.token).await.is_none());

        let again = store.renew_invitation(villa, None, &person, stage.now);
        assert!(again.await.unwrap());
        let usual = of(&stage, villa).await.invitation.valid_until;
        assert_eq!(usual, stage.now + TimeDelta::days(365));
        let deed = |detail| ("invitation.renew".to_owned(), villa.to_string(), detail);
        assert_eq!(
            deeds(&stage).await,
            [
                deed(None),
                deed(Some(format!("valid until {}", until.to_rfc3339())))
            ]
        );
    }
}

#[tokio::test]
async fn an_invitation_is_prolonged_also_after_its_end() {
    for mut stage in Stage::each().await {
        let villa = household(&mut stage).await;
        let (store, person) = (stage.store(), Stage::person());
        let before = of(&stage, villa).await.invitation;
        stage.now = before.valid_until + TimeDelta::days(1);
        assert!(with(&stage, &before.token).await.is_none());

        let until = stage.now + TimeDelta::days(7);
        let change = store.prolong_invitation(villa, until, &person, stage.now);
        assert_eq!(change.await.unwrap(), InvitationChange::Done);

        let after = with(&stage, &before.token).await.unwrap().invitation;
        assert_eq!((after.id, after.valid_until), (before.id, until));
        let [(action, subject, detail)] = deeds(&stage).await.try_into().unwrap();
        assert_eq!(
            (action.as_str(), subject),
            ("invitation.prolong", villa.to_string())
        );
        assert_eq!(detail, Some(format!("valid until {}", until.to_rfc3339())));
    }
}

#[tokio::test]
async fn a_revoked_invitation_is_still_shown_to_the_couple_and_changed_no_more() {
    for mut stage in Stage::each().await {
        let villa = household(&mut stage).await;
        let (store, person) = (stage.store(), Stage::person());
        let before = of(&stage, villa).await.invitation;
        let change = store.revoke_invitation(villa, &person, stage.now).await;
        assert_eq!(change.unwrap(), InvitationChange::Done);

        assert!(with(&stage, &before.token).await.is_none());
        let after = of(&stage, villa).await.invitation;
        assert_eq!((after.id, after.revoked_at), (before.id, Some(stage.now)));
        let change = store.revoke_invitation(villa, &person, stage.now).await;
        assert_eq!(change.unwrap(), InvitationChange::NoneInForce);
        let until = stage.now + TimeDelta::days(7);
        let change = store.prolong_invitation(villa, until, &person, stage.now);
        assert_eq!(change.await.unwrap(), InvitationChange::NoneInForce);
        let deed = ("invitation.revoke".to_owned(), villa.to_string(), None);
        assert_eq!(
            deeds(&stage).await,
            [deed],
            "what changed nothing is no deed"
        );

        store
            .renew_invitation(villa, None, &person, stage.now)
            .await
            .unwrap();
        let newest = of(&stage, villa).await.invitation;
        assert_ne!(newest.id, before.id);
        assert_eq!(newest.revoked_at, None);
    }
}

#[tokio::test]
async fn a_household_that_there_is_not_has_no_invitation() {
    for mut stage in Stage::each().await {
        let nobody = HouseholdId::new(stage.now, &mut stage.dice);
        let (store, now, person) = (stage.store(), stage.now, Stage::person());
        assert_eq!(store.invitation_of(nobody).await.unwrap(), None);
        let renewed = store.renew_invitation(nobody, None, &person, now).await;
        assert!(!renewed.unwrap());
        let none = InvitationChange::NoHousehold;
        let change = store.prolong_invitation(nobody, now, &person, now).await;
        assert_eq!(change.unwrap(), none);
        let change = store.revoke_invitation(nobody, &person, now).await;
        assert_eq!(change.unwrap(), none);
        assert_eq!(deeds(&stage).await, []);
    }
}

#[tokio::test]
async fn two_who_renew_at_once_leave_one_invitation_in_force() {
    for mut stage in Stage::each().await {
        let villa = household(&mut stage).await;
        let (store, now, person) = (stage.store(), stage.now, Stage::person());
        let renew = || store.renew_invitation(villa, None, &person, now);
        let (one, two, three) = tokio::join!(renew(), renew(), renew());
        assert!(one.unwrap() && two.unwrap() && three.unwrap());
        let in_force = stage
            .db
            .ints(
                "SELECT CAST(count(*) AS BIGINT) AS value FROM invitation WHERE revoked_at IS NULL",
            )
            .await;
        assert_eq!(in_force, [Some(1)]);
    }
}

#[tokio::test]
async fn no_token_is_in_what_is_shown_for_logs() {
    for mut stage in Stage::each().await {
        let villa = household(&mut stage).await;
        let invited = of(&stage, villa).await;
        let shown = format!("{invited:?}");
        assert!(!shown.contains(&invited.invitation.token.to_string()));
        assert!(!shown.contains("393330000001"));
    }
}
