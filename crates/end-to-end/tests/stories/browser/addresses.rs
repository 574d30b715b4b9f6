//! Every address that the page has: a story is not over before each was looked at.

use std::collections::BTreeSet;

use chassis::service_auth::BearerToken;
use chassis::{Clock, Dice, Outbound};
use domain::config::PaceProfile;
use queue_api::config::{Config, PageUrl, PasskeyExtension, PublicUrl, TrustedProxies};

use super::person::Person;
use crate::processes::system::System;

/// What is no page: pictures, files, and what the script reads.
const NO_PAGES: [&str; 7] = [
    "/static/{version}/{name}",
    "/live",
    // between the password and a second factor only: see `second_factor`
    "/sign-in/code",
    "/pairing/{session}/qr.png",
    "/guests/export.csv",
    "/guests/households/{id}/qr.png",
    "/guests/households/{id}/qr.svg",
];

/// Fails when there is a page that this person has not seen.
pub(super) fn all_were_looked_at(system: &System, person: &Person) {
    let pages = pages(system);
    let been = person.been();
    let seen = |page: &str| been.iter().any(|path| is_at(page, path, &pages));
    let missing: Vec<_> = pages
        .iter()
        .filter(|page| !NO_PAGES.contains(page) && !seen(page))
        .collect();
    assert!(missing.is_empty(), "nobody has looked at {missing:#?}");
}

/// Whether a path is one of that page, such as `/queue/{id}`, and not of another one with a name of its own there.
fn is_at(page: &str, path: &str, pages: &BTreeSet<&'static str>) -> bool {
    if page == path || pages.contains(path) {
        return page == path;
    }
    let (page, path) = (page.split('/'), path.split('/'));
    let same = |(gap, part): (&str, &str)| gap == part || gap.starts_with('{');
    page.clone().count() == path.clone().count() && page.zip(path).all(same)
}

/// The pages of the service, as it lists them.
fn pages(system: &System) -> BTreeSet<&'static str> {
    let token = || BearerToken::new("0123456789abcdef-of-nobody".into()).expect("long enough");
    let nobody = || Outbound::network("http://127.0.0.1:9").expect("an address");
    let config = Config {
        internal_token: token(),
        integration_token: token(),
        worker_token: token(),
        sessions: Vec::new(),
        pace: PaceProfile::Simulated,
        page_url: PageUrl::default(),
        passkey_extension: PasskeyExtension::default(),
        public_url: ""
            .parse::<PublicUrl>()
            .unwrap_or_else(|never| match never {}),
        trusted_proxies: TrustedProxies::default(),
        public_trusted_proxies: TrustedProxies::default(),
    };
    let deps = queue_api::Deps {
        clock: Clock::system(),
        dice: Dice::from_os(),
        store: system.database.store().clone(),
        worker: nobody(),
        integration: nobody(),
    };
    let routes = queue_api::routers(config, deps).pages;
    let pages = routes.into_iter().filter(|route| route.method == "GET");
    pages.map(|route| route.path).collect()
}
