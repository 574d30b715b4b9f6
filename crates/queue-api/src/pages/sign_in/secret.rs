//! Secrets that work once: made here, stored as hashes only.

use std::time::Duration;

use chassis::Dice;
use domain::Timestamp;
use domain::ids::AccountId;
use domain::invitation::InvitationToken;
use secrecy::ExposeSecret;
use storage::{Actor, LinkPurpose, NewLink, Store};

use crate::app::App;
use crate::auth::{hash, new_secret};

/// How long the first code works: whoever starts the service is there.
const FIRST: Duration = Duration::from_hours(1);
/// How long an invitation or a new password can wait to be used.
const LINK: Duration = Duration::from_hours(48);

/// Makes the code that the first account is made with, for an hour, instead of the one before. `None`: that account is
/// there already.
pub async fn new_first_code(
    store: &Store,
    now: Timestamp,
    dice: &Dice,
) -> Result<Option<String>, storage::Error> {
    // easy to copy from one screen to another: no letters that look alike
    let code = dice.roll(InvitationToken::new).to_string();
    let link = NewLink {
        hash: hash(&code),
        purpose: LinkPurpose::First,
        valid: FIRST,
    };
    let made = store
        .add_link(&link, &Actor::new("command line"), now)
        .await?;
    Ok(made.then_some(code))
}

/// What is stored of a code, however it was typed.
pub(super) fn hash_of_code(typed: &str) -> Option<String> {
    let code: InvitationToken = typed.trim().parse().ok()?;
    Some(hash(&code.to_string()))
}

/// Makes a link for a new password from the command line; its path. Nobody else makes one for a spouse.
pub async fn new_password_link(
    store: &Store,
    account: AccountId,
    now: Timestamp,
    dice: &Dice,
) -> Result<String, storage::Error> {
    let (path, link) = link(LinkPurpose::Password(account), dice);
    store
        .add_link(&link, &Actor::new("command line"), now)
        .await?;
    Ok(path)
}

/// Makes a link that works once; its path. `None`: it would be for a spouse who has an account.
pub(in crate::pages) async fn new_link(
    app: &App,
    purpose: LinkPurpose,
    actor: &Actor,
) -> Result<Option<String>, storage::Error> {
    let (path, link) = link(purpose, app.dice());
    let made = app.store.add_link(&link, actor, app.now()).await?;
    Ok(made.then_some(path))
}

/// The path of a new link, and what is stored of it.
fn link(purpose: LinkPurpose, dice: &Dice) -> (String, NewLink) {
    let secret = new_secret(dice);
    let secret = secret.expose_secret();
    let stored = NewLink {
        hash: hash(secret),
        purpose,
        valid: LINK,
    };
    (format!("/link/{secret}"), stored)
}
