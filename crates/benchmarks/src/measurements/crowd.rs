//! A crowd at queue-api: sign-ins, bodies that stall and open pages at the same time. What it takes of memory, and whether queue-api still answers.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use chassis::{Clock, Outbound};
use domain::account::Person;
use futures_util::future::try_join_all;
use http::{Request, StatusCode, header};
use storage::{Store, testing::TestDatabase};
use tokio::{
    io::AsyncWriteExt as _,
    net::TcpStream,
    sync::oneshot,
    time::{Instant, sleep},
};

use super::live_page::{Page, account, hash, sign_in};
use crate::{
    report::{Line, Section},
    statistics::{median, shown},
    system::{System, sessions},
};

const SIGN_INS: usize = 60;
const STALLED: usize = 200;
const PAGES: usize = 500;
/// MB of 1,000,000 bytes.
const PROMISED: f64 = 100.0;
const PROMISED_ANSWER: Duration = Duration::from_millis(200);
const BETWEEN_PROBES: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) async fn measure() -> anyhow::Result<Section> {
    let mut lines = Vec::new();
    for database in TestDatabase::each().await {
        lines.extend(on(&database).await?);
    }
    let how = format!(
        "{PAGES} streams of `GET /live` and {STALLED} forms whose body stalls are open at queue-api. Then {SIGN_INS} browsers from as many \
         addresses, each known to an account of its own, try a wrong password at once; each is hashed. The most resident memory of the process (`VmHWM`), in MB \
         of 1,000,000 bytes, and the slowest of the answers of `GET /readyz`, which is asked each {} ms until all tries are answered. /readyz writes \
         to the database.",
        BETWEEN_PROBES.as_millis()
    );
    let title = "Many strangers at once";
    Ok(Section { title, how, lines })
}

async fn on(database: &TestDatabase) -> anyhow::Result<[Line; 2]> {
    let system = System::start(database, sessions(1)?).await?;
    sign_in(&system).await?;
    let service = Outbound::network(&format!("http://{}", system.page))?;
    let (mut pages, mut stalled, mut browsers) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..PAGES {
        pages.push(Page::open(system.page).await?);
    }
    for _ in 0..STALLED {
        stalled.push(stall(system.page).await?);
    }
    for number in 0..SIGN_INS {
        browsers.push(Browser::at_the_form(&system.store, &service, number).await?);
    }
    let (stop, stopped) = oneshot::channel();
    let probes = tokio::spawn(probe(service.clone(), stopped));
    try_join_all(browsers.iter().map(|browser| browser.tries(&service))).await?;
    drop(stop);
    let times = probes.await??;
    let (most, slowest) = (
        system.queue_api.most_resident_mb()?,
        times.iter().max().copied().unwrap_or_default(),
    );
    drop((pages, stalled));
    system.stop().await?;
    let kind = database.kind();
    Ok([
        Line {
            on: format!("{kind}, most resident memory"),
            promised: "under 100 MB",
            measured: format!("{most:.1} MB"),
            holds: most < PROMISED,
        },
        Line {
            on: format!("{kind}, slowest of {} answers of /readyz", times.len()),
            promised: "under 200 ms",
            measured: format!("{} (median {})", shown(slowest), shown(median(&times))),
            holds: slowest < PROMISED_ANSWER,
        },
    ])
}

/// A form that ends after its beginning.
async fn stall(address: SocketAddr) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 16000\r\n\r\ncsrf="
    );
    stream.write_all(head.as_bytes()).await?;
    Ok(stream)
}

/// Asks again and again, until `stopped`; how long each answer took.
async fn probe(
    service: Outbound,
    mut stopped: oneshot::Receiver<()>,
) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::new();
    while stopped.try_recv() == Err(oneshot::error::TryRecvError::Empty) {
        let begun = Instant::now();
        let answer = service
            .call(Request::get("/readyz").body(Bytes::new())?, PATIENCE)
            .await?;
        ensure!(answer.status() == StatusCode::OK, "not ready: {answer:?}");
        times.push(begun.elapsed());
        sleep(BETWEEN_PROBES).await;
    }
    Ok(times)
}

/// One that has the form before it.
struct Browser {
    name: String,
    address: String,
    cookies: String,
    csrf: String,
}

impl Browser {
    async fn at_the_form(store: &Store, service: &Outbound, number: usize) -> anyhow::Result<Self> {
        let name = format!("crowd-{number}");
        let id = account(store, &name, Person::Operator).await?;
        let known = format!("a-browser-of-a-measurement-{number}");
        let now = Clock::system().now();
        store.remember_browser(id, &hash(&known), now).await?;
        let address = format!("198.51.{}.{}", number / 250, number % 250);
        let request = Request::get("/sign-in").header("x-forwarded-for", &address);
        let page = service.call(request.body(Bytes::new())?, PATIENCE).await?;
        let cookie = page.headers().get(header::SET_COOKIE).context("a cookie")?;
        let (cookie, _) = cookie.to_str()?.split_once(';').context("a cookie")?;
        let text = String::from_utf8_lossy(page.body()).into_owned();
        let (_, csrf) = text
            .split_once("name=\"csrf\" value=\"")
            .context("a form")?;
        let (csrf, _) = csrf.split_once('"').context("a form")?;
        Ok(Self {
            name,
            address,
            cookies: format!("{cookie}; wedding_queue_before={known}"),
            csrf: csrf.to_owned(),
        })
    }

    async fn tries(&self, service: &Outbound) -> anyhow::Result<()> {
        let (csrf, name) = (&self.csrf, &self.name);
        let form = format!("csrf={csrf}&name={name}&password=a+wrong+one");
        let request = Request::post("/sign-in")
            .header("x-forwarded-for", &self.address)
            .header(header::COOKIE, &self.cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.into())?;
        let status = service.call(request, PATIENCE).await?.status();
        ensure!(
            status == StatusCode::UNPROCESSABLE_ENTITY,
            "refused: {status}"
        );
        Ok(())
    }
}
