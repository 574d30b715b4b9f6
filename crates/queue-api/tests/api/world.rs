//! One installation per test, and the verbs that tests are written with.

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use chassis::service_auth::BearerToken;
use chassis::{Clock, Dice};
use domain::Timestamp;
use domain::config::PaceProfile;
use domain::ids::MessageId;
use domain::session::SessionName;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use queue_api::config::{Config, PageUrl, PasskeyExtension, TrustedProxies};
use queue_api::{Deps, PageRoute, Routers, create_token, parse_scopes, routers};
use rand::SeedableRng;
use rand::rngs::StdRng;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use storage::Store;
use storage::testing::TestDatabase;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use crate::contract::assert_described;
use crate::neighbours::{Integration, Worker, session_view};
use crate::worker::Hand;

/// A guest of the tests, as people write the number.
pub(crate) const ANNA: &str = "+39 347 000 0001";
/// The same, as WhatsApp writes it.
pub(crate) const ANNA_CHAT: &str = "393470000001@c.us";
/// Where guests of the tests would find their invitations.
pub(crate) const PUBLIC_URL: &str = "https://nozze.example.org";
pub(crate) const INTERNAL: &str = "internal-token-of-tests";

/// Which database a test runs on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum On {
    Sqlite,
    Postgres,
}

pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) store: Store,
    pub(crate) worker: Worker,
    pub(crate) integration: Integration,
    pub(crate) clock: Clock,
    couple: Router,
    pub(crate) inner: Router,
    public: Router,
    pub(crate) pages: Vec<PageRoute>,
    following: Option<JoinHandle<()>>,
    everything: String,
    pub(crate) hand: Hand,
    pub(crate) dice: StdRng,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The `code` of a problem.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The `id` in the body.
    pub(crate) fn id(&self) -> MessageId {
        self.body["id"]
            .as_str()
            .expect("an id")
            .parse()
            .expect("an id")
    }
}

/// A name for a session of the tests.
pub(crate) fn groom() -> SessionName {
    SessionName::parse("groom").unwrap()
}

/// By day in Rome.
pub(crate) fn noon() -> Timestamp {
    "2026-06-01T10:00:00Z".parse().unwrap()
}

/// Two sessions, and a secret for each door.
pub(crate) fn test_config() -> Config {
    let bearer = |text: &str| BearerToken::new(SecretString::from(text)).unwrap();
    Config {
        internal_token: bearer(INTERNAL),
        integration_token: bearer("integration-token-of-tests"),
        worker_token: bearer("worker-token-of-tests"),
        sessions: vec![groom(), SessionName::parse("bride").unwrap()],
        pace: PaceProfile::Production,
        page_url: PageUrl::default(),
        passkey_extension: PasskeyExtension::default(),
        public_url: PUBLIC_URL.parse().unwrap(),
        trusted_proxies: TrustedProxies::default(),
        public_trusted_proxies: TrustedProxies::default(),
    }
}

impl World {
    pub(crate) async fn on(database: On) -> Self {
        Self::configured(database, test_config()).await
    }

    pub(crate) async fn configured(database: On, config: Config) -> Self {
        Self::set_up(database, config, false).await
    }

    /// One whose open pages hear what happens.
    pub(crate) async fn following(database: On) -> Self {
        Self::set_up(database, test_config(), true).await
    }

    /// As when the service stops.
    pub(crate) async fn stops_following(&mut self) {
        let following = self.following.take().expect("it follows");
        following.abort();
        assert!(following.await.unwrap_err().is_cancelled());
    }

    async fn set_up(database: On, config: Config, follow: bool) -> Self {
        let database = match database {
            On::Sqlite => TestDatabase::sqlite().await,
            On::Postgres => TestDatabase::postgres().await,
        };
        let (clock, _) = Clock::virtual_from(noon());
        let store = database.store().keeping_unknown_writers();
        store
            .ensure_sessions(&config.sessions, clock.now())
            .await
            .unwrap();
        let (worker, integration) = (Worker::new(), Integration::new());
        let deps = Deps {
            clock: clock.clone(),
            dice: Dice::seeded(7),
            store: store.clone(),
            worker: worker.outbound(),
            integration: integration.outbound(),
        };
        let Routers {
            couple,
            inner,
            public,
            pages,
            live,
        } = routers(config, deps);
        let mut world = Self {
            database,
            store,
            worker,
            integration,
            clock,
            couple,
            inner,
            public,
            pages,
            following: follow.then(|| tokio::spawn(live)),
            everything: String::new(),
            hand: Hand::new(),
            dice: StdRng::seed_from_u64(3),
        };
        world.everything = world.token("read,enqueue,operate").await;
        world
    }

    pub(crate) async fn sqlite() -> Self {
        Self::on(On::Sqlite).await
    }

    /// A token with these scopes, as the command line makes it.
    pub(crate) async fn token(&self, scopes: &str) -> String {
        self.token_of(None, scopes).await
    }

    /// A token of a spouse, by session.
    pub(crate) async fn token_of(&self, session: Option<&SessionName>, scopes: &str) -> String {
        let scopes = parse_scopes(scopes).unwrap();
        let dice = Dice::from_os();
        let now = self.clock.now();
        let secret = create_token(&self.store, "test", &scopes, session, now, &dice)
            .await
            .unwrap();
        secret.expose_secret().to_owned()
    }

    // ---- asking --------------------------------------------------------------------------------------------------

    /// Sends a request as it is to the couple's router.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let answer = read(self.couple.clone().oneshot(request).await.unwrap()).await;
        assert_described(&method, &path, &answer);
        answer
    }

    /// A request with a token of all scopes. `body` null: none.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: Value) -> Answer {
        self.ask_as(&self.everything, method, path, &[], body).await
    }

    pub(crate) async fn ask_with(
        &self,
        headers: &[(&str, &str)],
        method: &str,
        path: &str,
        body: Value,
    ) -> Answer {
        self.ask_as(&self.everything, method, path, headers, body)
            .await
    }

    pub(crate) async fn ask_as(
        &self,
        token: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = if body.is_null() {
            request.body(Body::empty())
        } else {
            request
                .header("content-type", "application/json")
                .body(Body::from(body.to_string()))
        };
        self.send(request.unwrap()).await
    }

    /// The public router, as guests reach it.
    pub(crate) fn public(&self) -> Router {
        self.public.clone()
    }

    /// The couple's router, to be asked while the world goes on.
    pub(crate) fn couple(&self) -> Router {
        self.couple.clone()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, body).await
    }

    /// Sends raw bytes as JSON.
    pub(crate) async fn post_raw(&self, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {}", self.everything))
            .header("content-type", "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }

    /// Sends a file of guests as it is. `query`: what follows the `?`.
    pub(crate) async fn import(&self, query: &str, file: impl Into<Body>) -> Answer {
        self.import_as("text/csv", query, file).await
    }

    pub(crate) async fn import_as(&self, kind: &str, query: &str, file: impl Into<Body>) -> Answer {
        let request = Request::post(format!("/api/v1/guests/import?{query}"))
            .header("authorization", format!("Bearer {}", self.everything))
            .header("content-type", kind);
        self.send(request.body(file.into()).unwrap()).await
    }

    /// Posts facts as the integration does.
    pub(crate) async fn report(&self, session: &str, facts: Value) -> Answer {
        self.report_as(INTERNAL, json!({ "session": session, "facts": facts }))
            .await
    }

    pub(crate) async fn report_as(&self, token: &str, report: Value) -> Answer {
        let request = Request::post("/facts")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(report.to_string()))
            .unwrap();
        read(self.inner.clone().oneshot(request).await.unwrap()).await
    }

    // ---- what happens in the world ---------------------------------------------------------------------------------

    /// The groom's phone is linked and connected.
    pub(crate) async fn groom_connects(&self) {
        let mut view = session_view("connected");
        view["fact"] = json!("session");
        let answer = self.report("groom", json!([view])).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }

    /// Anna is put on the list.
    pub(crate) async fn anna_is_a_guest(&self) -> Value {
        let guest = self
            .post("/guests", json!({ "name": "Anna", "phone": ANNA }))
            .await;
        assert_eq!(guest.status, StatusCode::CREATED, "{}", guest.body);
        guest.body
    }

    /// Anna writes to the groom.
    pub(crate) async fn anna_writes(&self, raw_id: &str, text: &str) {
        let facts = json!([self.message(raw_id, text, false)]);
        let answer = self.report("groom", facts).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }

    /// A message between Anna and the groom, as a fact.
    pub(crate) fn message(&self, raw_id: &str, text: &str, from_me: bool) -> Value {
        json!({
            "fact": "message",
            "raw_id": raw_id,
            "full_id": format!("{from_me}_{ANNA_CHAT}_{raw_id}"),
            "chat": ANNA_CHAT,
            "alt": null,
            "from_me": from_me,
            "at": self.clock.now(),
            "kind": "text",
            "body": text,
            "reply_to": null,
            "push_name": "Anna",
            "ack": null,
        })
    }

    /// Everything is such that a message to Anna may go; it is queued.
    pub(crate) async fn ready_message(&self) -> MessageId {
        self.groom_connects().await;
        self.anna_is_a_guest().await;
        self.anna_writes("IN1", "hello").await;
        let queued = self.post("/messages", to_anna("Ciao!")).await;
        assert_eq!(queued.status, StatusCode::CREATED, "{}", queued.body);
        queued.id()
    }

    /// Two messages of the groom failed because WAHA rejects them all.
    pub(crate) async fn sends_are_rejected(&self) {
        let at = self.clock.now().timestamp_millis();
        let sql = format!(
            "INSERT INTO send_outage (session, own_number, refusal, since, failures, contacts, lost, stopped_at, probes, permitted)
             SELECT name, COALESCE(own_number, ''), 'bad_request', {at}, 2, '[]', 2, {at}, 0, 0
             FROM whatsapp_session_status WHERE name = 'groom'"
        );
        self.database.execute(&sql).await.unwrap();
    }

    /// How many rows a table has.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        let sql = format!("SELECT CAST(count(*) AS BIGINT) AS value FROM {table}");
        self.database.ints(&sql).await[0].unwrap()
    }

    /// Nothing was queued, nobody became known, nothing was changed.
    pub(crate) async fn assert_nothing_stored(&self) {
        for table in [
            "whatsapp_message_queue",
            "contact",
            "guest",
            "household",
            "invitation",
            "conversation_message",
            "idempotency_key",
        ] {
            assert_eq!(self.count(table).await, 0, "{table} is not empty");
        }
    }
}

/// The body of a message to Anna from the groom.
pub(crate) fn to_anna(text: &str) -> Value {
    json!({ "session": "groom", "to": ANNA, "text": text })
}

async fn read(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    }
}
