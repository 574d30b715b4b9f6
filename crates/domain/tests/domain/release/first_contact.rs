//! What leaves when a guest writes for the first time.

use chrono::TimeDelta;
use domain::{
    Timestamp,
    ids::MessageId,
    release::{FirstContact, WaitingNews, first_contact},
};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

use super::{noon, world::ago};

use FirstContact::{Expired, Goes, PutAside};

/// News queued so many hours ago.
fn news(hours: i64) -> WaitingNews {
    let queued_at = ago(hours * 60);
    let seed = hours.unsigned_abs();
    WaitingNews {
        message: MessageId::new(queued_at, &mut StdRng::seed_from_u64(seed)),
        queued_at,
        not_before: None,
        not_after: Some(ago(-60 * 24)),
        send_now: false,
    }
}

fn until(news: WaitingNews, not_after: Timestamp) -> WaitingNews {
    WaitingNews {
        not_after: Some(not_after),
        ..news
    }
}

fn not_before(news: WaitingNews, at: Timestamp) -> WaitingNews {
    WaitingNews {
        not_before: Some(at),
        ..news
    }
}

#[test]
fn one_alone_goes() {
    assert_eq!(first_contact(&[], noon()), []);
    assert_eq!(first_contact(&[news(5)], noon()), [Goes]);
}

#[test]
fn of_several_only_the_newest_goes_in_whatever_order_they_are_told() {
    let (old, middle, new) = (news(30), news(20), news(10));
    assert_eq!(
        first_contact(&[old, middle, new], noon()),
        [PutAside, PutAside, Goes]
    );
    assert_eq!(
        first_contact(&[new, old, middle], noon()),
        [Goes, PutAside, PutAside]
    );
}

#[test]
fn what_is_over_is_over_and_the_newest_of_the_rest_goes() {
    let over = until(news(10), ago(1));
    assert_eq!(
        first_contact(&[news(30), news(20), over], noon()),
        [PutAside, Goes, Expired]
    );
    // its last moment itself is still in time
    assert_eq!(first_contact(&[until(news(10), noon())], noon()), [Goes]);
    assert_eq!(first_contact(&[over], noon()), [Expired]);
}

/// It has not waited for the guest, and goes at its time.
#[test]
fn what_is_scheduled_for_later_is_left_out() {
    let later = not_before(news(5), ago(-60));
    assert_eq!(
        first_contact(&[news(30), news(20), later], noon()),
        [PutAside, Goes, Goes]
    );
    // one whose time has come counts from that time on
    let since = not_before(news(30), ago(60));
    assert_eq!(first_contact(&[since, news(20)], noon()), [Goes, PutAside]);
}

#[test]
fn a_persons_now_is_not_taken_back() {
    let now = WaitingNews {
        send_now: true,
        ..news(30)
    };
    assert_eq!(
        first_contact(&[now, news(20), news(10)], noon()),
        [Goes, PutAside, Goes]
    );
    let over = until(now, ago(1));
    assert_eq!(first_contact(&[over], noon()), [Expired]);
}

proptest! {
    #[test]
    fn at_most_one_that_waited_goes_and_none_is_forgotten(
        hours in prop::collection::hash_set(1_i64..200, 0..8),
        over in any::<u8>(),
    ) {
        let all: Vec<_> = hours
            .into_iter()
            .enumerate()
            .map(|(n, hours)| if over >> n & 1 == 1 { until(news(hours), ago(1)) } else { news(hours) })
            .collect();
        let fates = first_contact(&all, noon());
        let expired = all.iter().filter(|one| one.not_after < Some(noon())).count();
        let with = |fate| fates.iter().filter(|one| **one == fate).count();
        prop_assert_eq!(with(Expired), expired);
        prop_assert_eq!(with(Goes), usize::from(expired < all.len()));
        prop_assert_eq!(fates.len(), all.len());
        let newest = all.iter().zip(&fates).filter(|(_, fate)| **fate != Expired).max_by_key(|(one, _)| one.queued_at);
        prop_assert!(newest.is_none_or(|(_, fate)| *fate == Goes));
    }
}

#[test]
fn of_one_moment_the_later_id_is_the_newer() {
    let (one, mut other) = (news(10), news(10));
    other.message = MessageId::new(noon() + TimeDelta::hours(1), &mut StdRng::seed_from_u64(1));
    assert_eq!(first_contact(&[other, one], noon()), [Goes, PutAside]);
}
