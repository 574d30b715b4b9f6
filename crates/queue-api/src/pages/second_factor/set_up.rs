//! Setting a second factor up: the secret for the app, then one code that proves that the app has it, then the recovery codes, shown once.

use askama::Template;
use axum::extract::{Form, State};
use chassis::Problem;
use http::StatusCode;
use qr_picture::QrPicture;
use rand::RngExt;
use secrecy::{ExposeSecret, SecretString};
use storage::EnablingBrowser;
use totp_rs::Secret;

use super::code::{Code, step_of, totp};
use super::recovery;
use crate::app::{App, Shared};
use crate::auth::hash;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/factor_set_up.html")]
struct SetUpPage {
    f: Frame,
    qr: QrPicture,
    /// For an app on the same phone.
    address: String,
    secret: String,
    wrong: bool,
}

#[derive(Template)]
#[template(path = "pages/factor_codes.html")]
struct CodesPage {
    f: Frame,
    codes: Vec<String>,
}

pub(super) async fn begin(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let bytes: [u8; 20] = app.dice().roll(RngExt::random);
    let secret = SecretString::from(Secret::new_stack(bytes).to_base32());
    let (store, account) = (&app.store, visitor.known()?.id);
    if !store
        .begin_second_factor(account, &secret, app.now())
        .await?
    {
        return Err(Problem::new(StatusCode::CONFLICT, "second_factor_is_on").into());
    }
    page(&set_up_page(&app, &visitor, &secret, false).await?)
}

pub(super) async fn confirm(
    State(app): State<Shared>,
    visitor: Visitor,
    Form(given): Form<Code>,
) -> Shown {
    let (store, account, now) = (&app.store, visitor.known()?.id, app.now());
    let begun = store.second_factor(account).await?;
    let begun = begun.filter(|factor| !factor.enabled);
    let secret = begun.and_then(|factor| factor.secret);
    let secret = secret.ok_or_else(|| Problem::new(StatusCode::CONFLICT, "no_second_factor"))?;
    let Some(step) = step_of(&secret, &given.code, now) else {
        return form_again(&set_up_page(&app, &visitor, &secret, true).await?);
    };
    let codes = recovery::fresh(app.dice());
    let hashes: Vec<_> = codes
        .iter()
        .filter_map(|code| recovery::hash_of(code))
        .collect();
    let browser = EnablingBrowser {
        session: &hash(visitor.secret()),
        known_by: visitor.signed_in_before(),
    };
    let by = (&visitor.actor(), now);
    let enabled = store.enable_second_factor(account, (&secret, step), &hashes, browser, by);
    if !enabled.await? {
        return Err(Problem::new(StatusCode::CONFLICT, "no_second_factor").into());
    }
    page(&CodesPage {
        f: Frame::of(&app, &visitor, Section::You, "factor-codes-title").await?,
        codes,
    })
}

async fn set_up_page(
    app: &App,
    visitor: &Visitor,
    secret: &SecretString,
    wrong: bool,
) -> Result<SetUpPage, Refused> {
    let f = Frame::of(app, visitor, Section::You, "factor-title").await?;
    let totp = totp(secret, &f.couple(), &visitor.known()?.name);
    let address = totp.and_then(|totp| totp.to_url().ok());
    let address = address.ok_or_else(Problem::internal)?;
    let letters: Vec<_> = secret.expose_secret().chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|four| four.iter().collect())
        .collect();
    Ok(SetUpPage {
        qr: QrPicture::of(&address).map_err(|_| Problem::internal())?,
        address,
        secret: groups.join(" "),
        wrong,
        f,
    })
}
