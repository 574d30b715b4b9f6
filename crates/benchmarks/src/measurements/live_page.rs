//! A browser that is signed in and holds the stream of what happens open.

use std::{net::SocketAddr, time::Duration};

use anyhow::{bail, ensure};
use chassis::Clock;
use domain::{account::Person, config::Language, ids::AccountId};
use sha2::{Digest, Sha256};
use storage::{Actor, LinkPurpose, NewAccount, NewLink, Redeemed, Store};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::system::System;

const SECRET: &str = "the-cookie-of-a-page-that-is-only-measured";

/// A spouse's browser, known to the database.
pub(super) async fn sign_in(system: &System) -> anyhow::Result<()> {
    let spouse = Person::Spouse(system.sessions[0].clone());
    let id = account(&system.store, "measured", spouse).await?;
    let now = Clock::system().now();
    let signed_in = system.store.sign_in(id, &hash(SECRET), now).await?;
    ensure!(signed_in, "the account is gone");
    Ok(())
}

/// An account of that name.
pub(super) async fn account(
    store: &Store,
    name: &str,
    person: Person,
) -> anyhow::Result<AccountId> {
    let now = Clock::system().now();
    let link = NewLink {
        hash: format!("a link for {name}"),
        purpose: LinkPurpose::Invite(person),
        valid: Duration::from_mins(1),
    };
    store
        .add_link(&link, &Actor::new("benchmarks"), now)
        .await?;
    let account = NewAccount {
        name: name.to_owned(),
        language: Language::Italian,
        password_hash: "none".to_owned(),
    };
    let made = store.redeem_invitation(&link.hash, &account, None, now);
    let Redeemed::Account(id) = made.await? else {
        bail!("no account was made");
    };
    Ok(id)
}

/// What is stored of a cookie.
pub(super) fn hash(cookie: &str) -> String {
    hex::encode(Sha256::digest(cookie))
}

/// A stream of what happens, as a browser holds it open.
pub(super) struct Page {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Page {
    pub(super) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!(
            "GET /live HTTP/1.1\r\nHost: {address}\r\nCookie: wedding_queue={SECRET}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut page = Self {
            stream,
            heard: Vec::new(),
        };
        page.hears_of("event: lost").await?;
        ensure!(page.heard.starts_with(b"HTTP/1.1 200"), "no stream");
        Ok(page)
    }

    pub(super) fn forget(&mut self) {
        self.heard.clear();
    }

    /// Reads until `word` has come.
    pub(super) async fn hears_of(&mut self, word: &str) -> anyhow::Result<()> {
        let word = word.as_bytes();
        let mut part = [0; 4096];
        while !self.heard.windows(word.len()).any(|heard| heard == word) {
            let read = self.stream.read(&mut part).await?;
            ensure!(read > 0, "the stream ended");
            self.heard.extend_from_slice(&part[..read]);
        }
        Ok(())
    }
}
