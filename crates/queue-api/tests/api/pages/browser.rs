//! A browser without script: it keeps its cookie and sends forms as they stand on the page.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::extract::ConnectInfo;
use domain::account::Person;
use domain::config::Language;
use domain::ids::AccountId;
use http::{Method, Request, StatusCode, header};
use sha2::{Digest, Sha256};
use storage::{Actor, LinkPurpose, NewAccount, NewLink, Redeemed};
use url::form_urlencoded;

use crate::visits::Page;
use crate::world::{World, groom};

/// Somebody's browser.
#[derive(Clone, Debug, Default)]
pub(crate) struct Browser {
    /// Each `name=value`.
    cookies: Vec<String>,
    /// Where it asks from, where that matters.
    from: Option<IpAddr>,
    /// More headers of each request.
    says: Vec<(&'static str, &'static str)>,
    speaks: Option<&'static str>,
}

impl Browser {
    /// A browser that was never here, of somebody who speaks that language.
    pub(crate) fn new(speaks: &'static str) -> Self {
        Self {
            speaks: Some(speaks),
            ..Self::default()
        }
    }

    /// The same browser at another address.
    pub(crate) fn at(mut self, address: &str) -> Self {
        self.from = Some(address.parse().unwrap());
        self
    }

    /// From now on it sends this header.
    pub(crate) fn says(&mut self, name: &'static str, value: &'static str) {
        self.says.push((name, value));
    }

    /// The groom's, signed in, in Italian.
    pub(crate) async fn of_groom(world: &World) -> Self {
        Self::signed_in(world, "Marco", Person::Spouse(groom()), Language::Italian).await
    }

    /// The friend's who runs it, signed in, in English.
    pub(crate) async fn of_operator(world: &World) -> Self {
        Self::signed_in(world, "Olga", Person::Operator, Language::English).await
    }

    /// Of somebody with an account, which is made here without any page.
    pub(crate) async fn signed_in(
        world: &World,
        name: &str,
        person: Person,
        language: Language,
    ) -> Self {
        let link = NewLink {
            hash: format!("link of {name}"),
            purpose: LinkPurpose::Invite(person),
            valid: std::time::Duration::from_mins(1),
        };
        let (store, now) = (&world.store, world.clock.now());
        store
            .add_link(&link, &Actor::new("test"), now)
            .await
            .unwrap();
        let account = NewAccount {
            name: name.to_owned(),
            language,
            password_hash: "none".to_owned(),
        };
        let made = store.redeem_invitation(&link.hash, &account, None, now);
        let Redeemed::Account(id) = made.await.unwrap() else {
            panic!("{name} has an account already");
        };
        Self::with_account(world, id, name).await
    }

    /// One more browser of somebody who has an account.
    pub(crate) async fn again(world: &World, name: &str) -> Self {
        static BROWSERS: AtomicU32 = AtomicU32::new(0);
        let account = world.store.account_by_name(name).await.unwrap().unwrap();
        let number = BROWSERS.fetch_add(1, Ordering::Relaxed);
        Self::with_account(world, account.id, &format!("{name} {number}")).await
    }

    async fn with_account(world: &World, account: AccountId, seed: &str) -> Self {
        let secret = hex::encode(Sha256::digest(seed));
        let hash = hex::encode(Sha256::digest(&secret));
        let now = world.clock.now();
        world.store.sign_in(account, &hash, now).await.unwrap();
        Self {
            cookies: vec![format!("wedding_queue={secret}")],
            ..Self::default()
        }
    }

    /// Opens a page, and follows no redirect.
    pub(crate) async fn get(&mut self, world: &World, path: &str) -> Page {
        self.send(world, Method::GET, path, None).await
    }

    /// Sends a form with the token of `on`, a page that was opened before.
    pub(crate) async fn post(
        &mut self,
        world: &World,
        on: &Page,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let mut all = vec![("csrf", csrf(on))];
        all.extend_from_slice(fields);
        self.post_as_it_is(world, path, &all).await
    }

    /// Sends a form of exactly these fields.
    pub(crate) async fn post_as_it_is(
        &mut self,
        world: &World,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.send(world, Method::POST, path, Some(form.finish()))
            .await
    }

    async fn send(
        &mut self,
        world: &World,
        method: Method,
        path: &str,
        form: Option<String>,
    ) -> Page {
        let mut request = Request::builder().method(method).uri(path);
        if !self.says.iter().any(|(name, _)| *name == "host") {
            request = request.header(header::HOST, "localhost");
        }
        if !self.cookies.is_empty() {
            request = request.header(header::COOKIE, self.cookies.join("; "));
        }
        for (name, value) in &self.says {
            request = request.header(*name, *value);
        }
        if let Some(from) = self.from {
            request = request.extension(ConnectInfo(SocketAddr::new(from, 50_000)));
        }
        if let Some(speaks) = self.speaks {
            request = request.header(header::ACCEPT_LANGUAGE, speaks);
        }
        if form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = form.map_or_else(Body::empty, Body::from);
        let page = world.fetch(request.body(body).unwrap()).await;
        for set in page.headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().unwrap().split(';').next().unwrap();
            let name = set.split('=').next().unwrap();
            let of_that_name = |kept: &String| kept.split('=').next() == Some(name);
            self.cookies.retain(|kept| !of_that_name(kept));
            self.cookies.push(set.to_owned());
        }
        page
    }

    /// The cookies, as they are sent.
    pub(crate) fn cookie(&self) -> Option<String> {
        (!self.cookies.is_empty()).then(|| self.cookies.join("; "))
    }
}

/// The form token of a page.
pub(crate) fn csrf(page: &Page) -> &str {
    let rest = page.text().split_once("name=\"csrf\" value=\"");
    let (_, rest) = rest.unwrap_or_else(|| panic!("no form on {}", page.text()));
    rest.split('"').next().unwrap()
}

/// Where a page sends its browser on to.
pub(crate) fn goes_to(page: &Page) -> &str {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    page.headers[header::LOCATION].to_str().unwrap()
}
