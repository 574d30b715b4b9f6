//! The services as processes, as `make run` starts them, but release builds: on free loopback ports, with the WAHAs
//! simulated inside this process.

mod api;
mod places;
mod program;
mod wahas;

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context as _, bail};
use chassis::{Outbound, Shutdown, Tasks};
use domain::{
    ids::ContactId,
    session::{SessionName, SessionState},
};
use serde_json::json;
use storage::{ContactSessionRow, Options, Store, testing::TestDatabase};
use tempfile::TempDir;
use tokio::time::Instant;

pub(crate) use api::Api;
pub(crate) use places::{Places, secret};
pub(crate) use program::Program;
pub(crate) use wahas::{Waha, listen, serve};

/// Far more than any start takes.
const STARTED_WITHIN: Duration = Duration::from_mins(2);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// queue-api, integration and worker at work, every session linked and connected.
pub(crate) struct System {
    pub(crate) queue_api: Program,
    pub(crate) integration: Program,
    pub(crate) worker: Program,
    waha: Waha,
    pub(crate) api: Api,
    /// Where the couple's page is.
    pub(crate) page: SocketAddr,
    /// The database as the services see it, for looking.
    pub(crate) store: Store,
    pub(crate) sessions: Vec<SessionName>,
    tasks: Tasks,
    shutdown: Shutdown,
    _folder: TempDir,
}

impl System {
    /// Starts everything; returns when all sessions are connected.
    pub(crate) async fn start(
        database: &TestDatabase,
        sessions: Vec<SessionName>,
    ) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let shutdown = Shutdown::manual();
        let tasks = Tasks::new(shutdown.clone());
        let waha = Waha::new(&sessions);
        let waha_listener = listen().await?;
        let places = Places::choose(sessions.clone(), waha_listener.local_addr()?)?;
        serve(waha_listener, waha.router(), &tasks, &shutdown);
        let start = |name, settings| Program::start(name, settings, folder.path());
        let queue_api = start("queue-api", places.queue_api(database.url()))?;
        let system = Self {
            api: Api::of(&queue_api, &places, database.url()).await?,
            page: places.api,
            queue_api,
            integration: start("whatsapp-integration", places.integration())?,
            worker: start("whatsapp-worker", places.worker(database.url()))?,
            waha,
            store: look_at(database).await?,
            sessions,
            tasks,
            shutdown,
            _folder: folder,
        };
        system
            .until("all sessions are connected", System::all_connected)
            .await?;
        Ok(system)
    }

    /// Waits until something is so, for two minutes at most.
    pub(crate) async fn until(
        &self,
        what: &str,
        is_so: impl AsyncFn(&Self) -> anyhow::Result<bool>,
    ) -> anyhow::Result<()> {
        let deadline = Instant::now() + STARTED_WITHIN;
        while !is_so(self).await? {
            if Instant::now() > deadline {
                bail!("waited in vain until {what}: {}", self.last_words());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    async fn all_connected(&self) -> anyhow::Result<bool> {
        let rows = self.store.sessions().await?;
        let connected = rows
            .iter()
            .filter(|row| row.state == SessionState::Connected);
        Ok(connected.count() == self.sessions.len())
    }

    /// Puts one guest for each session on the list; their contacts.
    pub(crate) async fn invite(&self) -> anyhow::Result<Vec<ContactId>> {
        let mut contacts = Vec::new();
        for session in 0..self.sessions.len() {
            let name = format!("Guest {session}");
            let body = json!({ "name": name, "phone": guest_of(session) });
            let guest = self.api.post("/guests", &body).await?;
            contacts.push(guest["contact"].as_str().context("a contact")?.parse()?);
        }
        Ok(contacts)
    }

    /// Every guest writes on their session; returns when nothing that was sent to them is unanswered.
    pub(crate) async fn let_guests_write(&self, guests: &[ContactId]) -> anyhow::Result<()> {
        for (index, session) in self.sessions.iter().enumerate() {
            let number = guest_of(index);
            self.waha.writes(session, number.trim_start_matches('+'));
        }
        self.until("every guest is known to have written", async |system| {
            for guest in guests {
                let contact = system.store.contact(*guest).await?.context("a contact")?;
                let answered =
                    |on: &ContactSessionRow| on.last_in_at.is_some() && on.unanswered == 0;
                if !contact.sessions.iter().any(answered) {
                    return Ok(false);
                }
            }
            Ok(true)
        })
        .await
    }

    fn last_words(&self) -> String {
        let programs = [&self.queue_api, &self.integration, &self.worker];
        programs.map(Program::last_words).join("\n")
    }

    /// Ends it all.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.store.close().await;
        self.shutdown.trigger();
        drop((self.queue_api, self.integration, self.worker));
        self.tasks.finish(Duration::from_secs(5)).await
    }
}

/// A second look at a database that services work on.
async fn look_at(database: &TestDatabase) -> anyhow::Result<Store> {
    let deadline = Instant::now() + STARTED_WITHIN;
    loop {
        match Store::open(database.url(), Options::default()).await {
            Ok(store) => return Ok(store),
            Err(error) if Instant::now() > deadline => return Err(error.into()),
            Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
        }
    }
}

/// Waits until a service says that it can do its job.
pub(crate) async fn until_ready(service: &Outbound, program: &Program) -> anyhow::Result<()> {
    let deadline = Instant::now() + STARTED_WITHIN;
    loop {
        let request = http::Request::get("/readyz").body(bytes::Bytes::new())?;
        let answer = service.call(request, Duration::from_secs(2)).await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(());
        }
        if Instant::now() > deadline {
            bail!("a service does not become ready: {}", program.last_words());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// The number of the guest who writes on the session with this index.
pub(crate) fn guest_of(session: usize) -> String {
    format!("+39347{session:07}")
}

/// `count` sessions: groom, bride, and then numbered ones.
pub(crate) fn sessions(count: usize) -> anyhow::Result<Vec<SessionName>> {
    let name = |index| match index {
        0 => "groom".to_owned(),
        1 => "bride".to_owned(),
        index => format!("couple-{index}"),
    };
    (0..count)
        .map(|index| SessionName::parse(&name(index)).map_err(Into::into))
        .collect()
}
