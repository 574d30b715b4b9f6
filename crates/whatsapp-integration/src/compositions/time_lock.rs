//! Error 463 has two meanings (WAHA §4.7): the account may not start chats, or WhatsApp refuses this contact. The account's time-lock, read
//! at once, tells them apart.

use std::time::Duration;

use domain::outcome::SendAnswer;
use tokio::time::timeout;
use waha::{Timelock, Waha};

use crate::sessions::time_lock_end;

/// For each of two calls: with the send's 60 s and the look at the own number the worker, which waits for 70 s, rarely has to ask again.
const PATIENCE: Duration = Duration::from_secs(4);

/// What a send that was refused with error 463 proves. A time-lock that cannot be read counts as in force.
pub(super) async fn after_refusal(waha: &Waha) -> SendAnswer {
    match read(waha).await {
        Some(time_lock) if !time_lock.is_active => SendAnswer::ContactRefused,
        time_lock => SendAnswer::Restricted {
            until: time_lock.as_ref().and_then(time_lock_end),
        },
    }
}

/// As WhatsApp says now, else as the account was told last. What it was told before the refusal proves no freedom. An answer without a
/// time-lock says that the account never had one (WAHA §2.6).
async fn read(waha: &Waha) -> Option<Timelock> {
    if let Ok(Ok(now)) = timeout(PATIENCE, waha.timelock()).await {
        return Some(now.unwrap_or_default());
    }
    let read = timeout(PATIENCE, waha.session()).await.ok()?;
    let told = read.ok()??.me?.reachout_timelock;
    told.filter(|told| told.is_active)
}
