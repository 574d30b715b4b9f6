//! Checks a code of the app, or a recovery code.

use domain::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use storage::{AccountRow, Actor};
use totp_rs::{Builder, Secret, Totp};

use super::recovery;
use crate::app::App;
use crate::pages::refusal::Refused;

/// The two fields for a code; one of them is filled in.
#[derive(Clone, Default, Deserialize)]
pub(in crate::pages) struct Code {
    #[serde(default)]
    pub(in crate::pages) code: String,
    #[serde(default)]
    pub(in crate::pages) recovery: String,
}

/// Which code was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages) enum Accepted {
    OfApp,
    Recovery,
}

/// Uses up the code. `None`: it is wrong, or was used before.
pub(in crate::pages) async fn check(
    app: &App,
    account: &AccountRow,
    given: &Code,
) -> Result<Option<Accepted>, Refused> {
    let (store, now) = (&app.store, app.now());
    if let Some(hash) = recovery::hash_of(&given.recovery) {
        let actor = Actor::new(&account.name);
        let used = store.use_recovery_code(account.id, &hash, (&actor, now));
        return Ok(used.await?.then_some(Accepted::Recovery));
    }
    let factor = store.second_factor(account.id).await?;
    let secret = factor.and_then(|factor| factor.secret);
    let Some(step) = secret.and_then(|secret| step_of(&secret, &given.code, now)) else {
        return Ok(None);
    };
    let used = store.use_second_factor(account.id, step).await?;
    Ok(used.then_some(Accepted::OfApp))
}

/// The time step whose code this is: the present one, the one before or after.
pub(super) fn step_of(secret: &SecretString, code: &str, now: Timestamp) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = now.timestamp().try_into().ok()?;
    let step = totp(secret, "-", "-")?.check(&digits, seconds)?;
    step.try_into().ok()
}

/// As every app makes codes: SHA-1, six digits, thirty seconds. Names have no colon, which divides them in the app's address.
pub(super) fn totp(secret: &SecretString, issuer: &str, account: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret.expose_secret()).ok()?;
    let builder = Builder::new()
        .with_secret(secret)
        .with_issuer(Some(issuer.replace(':', " ")))
        .with_account_name(account.replace(':', " "));
    builder.build().ok()
}

#[cfg(test)]
#[path = "../../../tests/unit/totp_codes.rs"]
mod tests;
