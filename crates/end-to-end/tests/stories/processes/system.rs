//! One system of real processes: queue-api, integration and worker on their own ports and database; the WAHA and the
//! wire between worker and integration live in the test.

use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use chassis::{Clock, Dice, Outbound};
use http::{Method, Request, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle, time::Instant};
use waha_simulator::{Delivery, Owner, Profile, Simulator, SimulatorConfig};

use super::{
    gates::WireGates,
    places::{Places, secret},
    program::Program,
    wire,
};
use crate::stuck::assert_nothing_is_stuck;

pub(crate) const GUEST: &str = "393470000001";
const TO: &str = "+39 347 000 0001";

/// Far more than a start takes, also while everybody else starts too.
const STARTED_WITHIN: Duration = Duration::from_mins(1);
const CALL: Duration = Duration::from_secs(20);
/// Between two looks at a state that only the API tells.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// The services are still at work when the scenario ends.
const LOOKS_FOR_STUCK: u32 = 5;

/// A running system: one session, `groom`, linked and connected; or both, with phones that are linked (`couple`) or never were (`new_couple`).
pub(crate) struct System {
    /// The groom's.
    pub(crate) waha: Simulator,
    /// The bride's, where she has one.
    pub(crate) bride: Option<Simulator>,
    pub(crate) gates: WireGates,
    pub(crate) integration: Program,
    pub(crate) worker: Program,
    pub(crate) queue_api: Program,
    places: Places,
    api: Api,
    in_this_process: Vec<JoinHandle<()>>,
    pub(crate) database: TestDatabase,
    folder: TempDir,
}

/// The couple's API as a program calls it. Clones call the same.
#[derive(Clone)]
pub(crate) struct Api {
    queue_api: Outbound,
    token: String,
}

impl Api {
    /// One call; none when queue-api does not answer. `key` makes a creating call repeatable.
    pub(crate) async fn try_call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        key: Option<&str>,
    ) -> Option<(StatusCode, Value)> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = request
            .body(body.map_or_else(Bytes::new, |body| body.to_string().into()))
            .expect("a request");
        let answer = self.queue_api.call(request, CALL).await.ok()?;
        let json = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
        Some((answer.status(), json))
    }
}

impl System {
    /// Starts everything on `database`; returns when the session is connected.
    pub(crate) async fn start(database: TestDatabase) -> Self {
        Self::start_with(database, Vec::new()).await
    }

    /// The same, where every service has these settings besides.
    pub(crate) async fn start_with(
        database: TestDatabase,
        settings: Vec<(&'static str, String)>,
    ) -> Self {
        let waha = simulator("groom");
        waha.remember_login();
        let mut system = Self::with(database, waha, None, settings).await;
        system.until_connected().await;
        system
    }

    /// Starts everything for two spouses; returns when both sessions are connected.
    pub(crate) async fn couple(database: TestDatabase) -> Self {
        Self::couple_with(database, Vec::new()).await
    }

    /// The same, where every service has these settings besides.
    pub(crate) async fn couple_with(
        database: TestDatabase,
        settings: Vec<(&'static str, String)>,
    ) -> Self {
        let wahas = (simulator("groom"), simulator("bride"));
        wahas.0.remember_login();
        wahas.1.remember_login();
        let mut system = Self::with(database, wahas.0, Some(wahas.1), settings).await;
        system.until_connected().await;
        system
    }

    /// Starts everything for two spouses whose phones were never linked; returns when the page answers.
    pub(crate) async fn new_couple(database: TestDatabase) -> Self {
        Self::new_couple_with(database, Vec::new()).await
    }

    /// The same, where every service has these settings besides.
    pub(crate) async fn new_couple_with(
        database: TestDatabase,
        settings: Vec<(&'static str, String)>,
    ) -> Self {
        let wahas = (simulator("groom"), simulator("bride"));
        let mut system = Self::with(database, wahas.0, Some(wahas.1), settings).await;
        system.until_answering().await;
        system
    }

    async fn with(
        database: TestDatabase,
        waha: Simulator,
        bride: Option<Simulator>,
        settings: Vec<(&'static str, String)>,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder for logs");
        let mut places = Places::choose(settings);
        let gates = WireGates::default();
        let mut in_this_process = Vec::new();
        let wire = wire::router(&format!("http://{}", places.integration), gates.clone());
        places.wire = serve(wire, &mut in_this_process).await;
        places.waha = serve(waha.router(), &mut in_this_process).await;
        if let Some(bride) = &bride {
            places.bride = Some(serve(bride.router(), &mut in_this_process).await);
        }
        let token = api_token(&database).await;
        let start = |name, settings| Program::start(name, name, settings, folder.path());
        Self {
            queue_api: start("queue-api", places.queue_api(&database)),
            integration: start("whatsapp-integration", places.integration()),
            worker: start("whatsapp-worker", places.worker(&database, &places.worker)),
            api: Api {
                queue_api: Outbound::network(&format!("http://{}", places.api))
                    .expect("a base URL"),
                token,
            },
            waha,
            bride,
            gates,
            places,
            in_this_process,
            database,
            folder,
        }
    }

    async fn until_answering(&mut self) {
        let deadline = Instant::now() + STARTED_WITHIN;
        while self
            .try_call(Method::GET, "/sessions", None, None)
            .await
            .is_none()
        {
            self.queue_api.must_run();
            assert!(Instant::now() < deadline, "queue-api does not answer");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// One more worker on the same database and the same wire. Nobody nudges it: it looks by itself.
    pub(crate) fn second_worker(&self) -> Program {
        let settings = self.places.worker(&self.database, "127.0.0.1:0");
        Program::start(
            "whatsapp-worker",
            "second-worker",
            settings,
            self.folder.path(),
        )
    }

    async fn until_connected(&mut self) {
        let deadline = Instant::now() + STARTED_WITHIN;
        loop {
            self.must_run();
            let answer = self.try_call(Method::GET, "/sessions", None, None).await;
            let states = answer.map_or_else(Vec::new, |(_, sessions)| states(&sessions));
            let all = states.len() == 1 + usize::from(self.bride.is_some());
            if all && states.iter().all(|state| state == "connected") {
                break;
            }
            assert!(Instant::now() < deadline, "the session does not connect");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        for waha in std::iter::once(&self.waha).chain(&self.bride) {
            waha.until_listened_to().await;
        }
    }

    /// Fails when a service has ended by itself.
    pub(crate) fn must_run(&mut self) {
        for program in [&mut self.queue_api, &mut self.integration, &mut self.worker] {
            program.must_run();
        }
    }

    /// Where the couple's page is.
    pub(crate) fn page(&self) -> String {
        format!("http://{}", self.places.api)
    }

    /// Where guests find their invitations.
    pub(crate) fn public_page(&self) -> String {
        format!("http://{}", self.places.public)
    }

    /// The API token of the calls.
    pub(crate) fn token(&self) -> &str {
        &self.api.token
    }

    /// The API with a token, for a task of its own.
    #[cfg(feature = "healing")]
    pub(crate) fn api(&self) -> Api {
        self.api.clone()
    }

    /// What all processes have logged.
    pub(crate) fn logs(&self) -> String {
        let files = std::fs::read_dir(self.folder.path()).expect("the folder");
        let read = |file: std::io::Result<std::fs::DirEntry>| {
            std::fs::read_to_string(file.expect("a file").path()).expect("a log")
        };
        files.map(read).collect()
    }

    /// The code that the first account is made with.
    pub(crate) async fn first_code(&self) -> String {
        let now = Clock::system().now();
        let code = queue_api::new_first_code(self.database.store(), now, &Dice::from_os()).await;
        code.expect("a code").expect("nobody has an account")
    }

    /// One API call; the answer's status and JSON.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let answer = self.try_call(method, path, body, None).await;
        answer.expect("queue-api answers")
    }

    /// The same, while queue-api may be down; `key` makes a creating call repeatable.
    pub(crate) async fn try_call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        key: Option<&str>,
    ) -> Option<(StatusCode, Value)> {
        self.api.try_call(method, path, body, key).await
    }

    /// Queues a message to the guest; its id.
    pub(crate) async fn enqueue(&self, text: &str) -> String {
        let body = json!({ "session": "groom", "to": TO, "text": text });
        let (status, answer) = self.call(Method::POST, "/messages", Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        answer["id"].as_str().expect("an id").to_owned()
    }

    pub(crate) async fn message(&self, id: &str) -> Value {
        let path = format!("/messages/{id}");
        let (status, answer) = self.call(Method::GET, &path, None).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    }

    /// Waits until the message has one of these statuses.
    pub(crate) async fn until(&self, id: &str, statuses: &[&str], within: Duration) -> Value {
        let deadline = Instant::now() + within;
        loop {
            let path = format!("/messages/{id}");
            let answer = self.try_call(Method::GET, &path, None, None).await;
            let message = answer.map_or(Value::Null, |(_, message)| message);
            if statuses.iter().any(|status| message["status"] == *status) {
                return message;
            }
            assert!(
                Instant::now() < deadline,
                "not {statuses:?} after {within:?}: {message:#}"
            );
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// How often the guest's phone shows this text.
    pub(crate) fn shown(&self, text: &str) -> usize {
        let phone = self.waha.phone(GUEST);
        phone.iter().filter(|message| message.text == text).count()
    }

    /// The queue's rows: status and text, oldest first.
    pub(crate) async fn rows(&self) -> Vec<(String, String)> {
        let (status, page) = self.call(Method::GET, "/messages?limit=50", None).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let items = page["items"].as_array().expect("a page of messages");
        let word = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let rows = items.iter().rev();
        rows.map(|row| (word(row, "status"), word(row, "text")))
            .collect()
    }
}

/// The state of each session of a list.
fn states(sessions: &Value) -> Vec<Value> {
    let items = sessions["items"].as_array().into_iter().flatten();
    items.map(|session| session["state"].clone()).collect()
}

impl Drop for System {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let now = || Clock::system().now();
            assert_nothing_is_stuck(self.database.url(), LOOKS_FOR_STUCK, now);
        }
        for task in &self.in_this_process {
            task.abort();
        }
    }
}

/// Whose phone it is: two spouses have two numbers.
fn owner(session: &str) -> Owner {
    match session {
        "bride" => Owner {
            number: "393334445555".to_owned(),
            name: "Sposa".to_owned(),
            lid: "555444333222111".to_owned(),
        },
        _ => Owner::default(),
    }
}

/// A WAHA of that spouse, and a phone.
fn simulator(session: &str) -> Simulator {
    let config = SimulatorConfig {
        auto_online: false,
        delivery: Delivery::Network,
        owner: owner(session),
        ..SimulatorConfig::new(Profile::Waha2026_10Gows, secret(session))
    };
    Simulator::new(config, Clock::system(), Dice::from_os())
}

async fn serve(router: Router, tasks: &mut Vec<JoinHandle<()>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let address = listener.local_addr().expect("an address").to_string();
    tasks.push(tokio::spawn(async move {
        axum::serve(listener, router)
            .await
            .expect("serving goes on");
    }));
    address
}

async fn api_token(database: &TestDatabase) -> String {
    let scopes = queue_api::parse_scopes("read,enqueue,operate").expect("known scopes");
    let (clock, dice) = (Clock::system(), Dice::from_os());
    let token =
        queue_api::create_token(database.store(), "tests", &scopes, None, clock.now(), &dice).await;
    token.expect("a token").expose_secret().to_owned()
}
