//! What somebody writes who makes an account: their name, a password, their language.

use domain::config::Language;
use serde::Deserialize;
use storage::NewAccount;

use crate::app::App;
use crate::pages::password;
use crate::pages::refusal::Refused;

/// The form.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Wishes {
    #[serde(default)]
    pub(super) code: String,
    #[serde(default)]
    pub(super) session: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) password: String,
    #[serde(default)]
    pub(super) language: Option<Language>,
}

/// The longest name.
const LONGEST_NAME: usize = 60;

/// The key of what is wrong with it.
pub(super) async fn mistake(app: &App, wishes: &Wishes) -> Result<Option<&'static str>, Refused> {
    let name = wishes.name.trim();
    let name_is_good =
        (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if name_is_good {
        password::mistake(app, &wishes.password, name).await
    } else {
        Ok(Some("account-bad-name"))
    }
}

/// The account, its password hashed.
pub(super) async fn account(
    app: &App,
    wishes: &Wishes,
    usual: Language,
) -> Result<NewAccount, Refused> {
    Ok(NewAccount {
        name: wishes.name.trim().to_owned(),
        language: wishes.language.unwrap_or(usual),
        password_hash: app
            .passwords
            .hash(wishes.password.clone(), app.dice())
            .await?,
    })
}
