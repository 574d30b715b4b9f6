//! How often passwords may be tried: for one account, and in all. The limit by address stands beside it: an attacker can have many addresses.
//!
//! The rule that must hold: no attacker can keep the couple out. A browser that is signed in, or was signed in before, does not share a limit
//! with others: its passwords, codes and repeated passwords have counts of its own.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use storage::folded_name;

use crate::auth::hash;

/// Of one account: ten, then one a minute. Some 1,450 a day against ten characters.
const OF_ACCOUNT: Pace = Pace(NonZeroU32::new(10).unwrap(), Duration::from_mins(1));
/// In all: thirty, then one each two seconds.
const IN_ALL: Pace = Pace(NonZeroU32::new(30).unwrap(), Duration::from_secs(2));

struct Pace(NonZeroU32, Duration);

/// Counts tries at passwords of browsers that were never signed in.
pub(crate) struct Attempts {
    /// By the name as [`storage::folded_name`] has it, whether it is an account's or not: the answer tells no names.
    of_account: DefaultKeyedRateLimiter<String>,
    in_all: DefaultDirectRateLimiter,
    /// Browsers that are signed in to an account or were before, by a hash: no other browser uses their tries up.
    of_browser: DefaultKeyedRateLimiter<String>,
}

impl Default for Attempts {
    fn default() -> Self {
        Self {
            of_account: RateLimiter::keyed(OF_ACCOUNT.quota()),
            in_all: RateLimiter::direct(IN_ALL.quota()),
            of_browser: RateLimiter::keyed(OF_ACCOUNT.quota()),
        }
    }
}

impl Attempts {
    /// Counts a try at the account of that name; fails with the time after which another may be made.
    pub(super) fn count(&self, name: &str) -> Result<(), Duration> {
        let now = DefaultClock::default().now();
        let waits = |until: governor::NotUntil<_>| until.wait_time_from(now);
        // so that made-up names take memory for a minute only
        self.of_account.retain_recent();
        let key = hash(&folded_name(name));
        self.of_account.check_key(&key).map_err(waits)?;
        self.in_all.check().map_err(waits)
    }

    /// Counts a try of one browser of the account's own, at the pace of an account.
    pub(super) fn count_browser(&self, hash: &str) -> Result<(), Duration> {
        let now = DefaultClock::default().now();
        self.of_browser.retain_recent();
        let counted = self.of_browser.check_key(&hash.to_owned());
        counted.map_err(|until| until.wait_time_from(now))
    }
}

impl Pace {
    fn quota(&self) -> Quota {
        match Quota::with_period(self.1) {
            Some(quota) => quota.allow_burst(self.0),
            // only a period of nothing has no quota
            None => Quota::per_minute(self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_accounts_together_have_a_limit_of_their_own() {
        let attempts = Attempts::default();
        let tries = (0..200).map(|number| format!("name {number}"));
        let taken = tries.filter(|name| attempts.count(name).is_ok()).count();
        // a machine that is slow for some seconds earns a few more
        assert!((30..100).contains(&taken), "{taken}");
    }

    #[test]
    fn each_name_has_a_limit_however_it_is_written() {
        let attempts = Attempts::default();
        let name = |number| if number % 2 == 0 { "Marco" } else { "MARCO" };
        let taken = (0..100)
            .filter(|number| attempts.count(name(*number)).is_ok())
            .count();
        assert!((10..20).contains(&taken), "{taken}");
        assert!(attempts.count("Giulia").is_ok());
    }
}
