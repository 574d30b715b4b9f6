//! 2,000 compositions at once in one integration process: each is a task, a stream to the worker, and timers.
//!
//! One session composes one message at a time, so this takes 2,000 sessions.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, bail, ensure};
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use bytes::Bytes;
use chassis::{Clock, Dice, Outbound, Shutdown, Tasks};
use domain::{
    chat_id::ChatId,
    config::Pacing,
    ids::AttemptId,
    lane::ReleaseLane,
    message_text::MessageText,
    pacing::Plan,
    phone_number::PhoneNumber,
    session::{SessionName, SessionState},
    wire::{ComposeLine, ComposeRequest, Fact, FactReport, Phase},
};
use futures_util::{StreamExt as _, future::try_join_all};
use http::Request;
use rand::RngExt as _;
use tokio::time::{Instant, sleep};

use crate::{
    report::{Line, Section},
    statistics::{highest, median, percentile, shown},
    system::{Places, Program, Waha, listen, secret, serve, sessions, until_ready},
};

const COMPOSITIONS: usize = 2_000;
const RUNS: usize = 3;
/// MB of 1,000,000 bytes.
const PROMISED_MB: f64 = 150.0;
const PROMISED_ERROR: Duration = Duration::from_millis(50);
/// Setting up 2,000 sessions takes a while.
const SET_UP_WITHIN: Duration = Duration::from_mins(5);
const CALL: Duration = Duration::from_mins(1);

/// What one run showed.
struct Run {
    open_at_once: usize,
    memory_mb: f64,
    /// How much longer each reading took than its timer was set for.
    errors: Vec<Duration>,
}

pub(super) async fn measure() -> anyhow::Result<Section> {
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        runs.push(run().await?);
    }
    let of = |figure: fn(&Run) -> f64| runs.iter().map(figure).collect::<Vec<_>>();
    let memory = of(|run| run.memory_mb);
    let p99: Vec<_> = runs.iter().map(|run| percentile(&run.errors, 99)).collect();
    let middle: Vec<_> = runs.iter().map(|run| median(&run.errors)).collect();
    let open = runs
        .iter()
        .map(|run| run.open_at_once)
        .min()
        .unwrap_or_default();
    let lines = vec![
        Line {
            on: "memory".to_owned(),
            promised: "under 150 MB",
            measured: format!("{:.1} MB (most {:.1})", median(&memory), highest(&memory)),
            holds: median(&memory) < PROMISED_MB && open == COMPOSITIONS,
        },
        Line {
            on: "timers".to_owned(),
            promised: "p99 error under 50 ms",
            measured: format!(
                "p99 {} (median {})",
                shown(median(&p99)),
                shown(median(&middle))
            ),
            holds: median(&p99) < PROMISED_ERROR && open == COMPOSITIONS,
        },
    ];
    let how = format!(
        "The integration process with 2,000 sessions on one simulated WAHA; a composition is started on each, with plans \
         drawn as in production for texts of 40 to 120 characters; {open} were open at the same time. Memory is the \
         process' highest (`VmHWM`), its start included. The error is what passed between the phases *reading* and \
         *typing*, less the length that the timer was set for; both are stamped by the integration. The simulated WAHA and \
         the reader of the 2,000 streams share the machine. Median of {RUNS} runs."
    );
    let title = "2,000 compositions at once";
    Ok(Section { title, how, lines })
}

async fn run() -> anyhow::Result<Run> {
    let names = sessions(COMPOSITIONS)?;
    let (shutdown, folder) = (Shutdown::manual(), tempfile::tempdir()?);
    let tasks = Tasks::new(shutdown.clone());
    let waha_listener = listen().await?;
    let places = Places::choose(names.clone(), waha_listener.local_addr()?)?;
    serve(waha_listener, Waha::new(&names).router(), &tasks, &shutdown);
    let connected = Connected::default();
    let facts = tokio::net::TcpListener::bind(places.inner).await?;
    serve(facts, connected.clone().router(), &tasks, &shutdown);
    let integration = Program::start("whatsapp-integration", places.integration(), folder.path())?;
    let service = Outbound::network(&format!("http://{}", places.integration))?;
    until_ready(&service, &integration).await?;
    connected.until_all(names.len(), &integration).await?;
    let stage = Stage {
        service,
        dice: Dice::from_os(),
        open: Mutex::new((0, 0)),
    };
    let errors = try_join_all(names.iter().map(|name| stage.compose(name))).await?;
    let memory_mb = integration.most_resident_mb()?;
    let open_at_once = stage
        .open
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .1;
    drop(integration);
    shutdown.trigger();
    tasks.finish(Duration::from_secs(5)).await?;
    Ok(Run {
        open_at_once,
        memory_mb,
        errors,
    })
}

/// Where the compositions are played.
struct Stage {
    service: Outbound,
    dice: Dice,
    /// How many are open, and the most that were.
    open: Mutex<(usize, usize)>,
}

impl Stage {
    /// One composition up to *ready*; how late its first timer was.
    async fn compose(&self, session: &SessionName) -> anyhow::Result<Duration> {
        let request = self.request()?;
        let body = serde_json::to_vec(&request)?;
        let call = Request::post(format!("/sessions/{session}/compose"))
            .header("authorization", format!("Bearer {}", secret("integration")))
            .header("content-type", "application/json")
            .body(Bytes::from(body))?;
        let answer = self.service.stream(call, CALL).await?;
        ensure!(
            answer.status().is_success(),
            "compose answered {}",
            answer.status()
        );
        self.note(|open| open + 1);
        let (mut stream, mut lines, mut phases) = (answer.into_body(), Vec::new(), Vec::new());
        loop {
            lines.extend_from_slice(&stream.next().await.context("the stream ended")??);
            while let Some(end) = lines.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = lines.drain(..=end).collect();
                match serde_json::from_slice(&line)? {
                    ComposeLine::Phase { phase, at } => phases.push((phase, at)),
                    ComposeLine::Heartbeat => {}
                    ComposeLine::Ready { .. } => {
                        self.note(|open| open - 1);
                        return late(&phases, &request.plan);
                    }
                    ComposeLine::Ended { why } => bail!("a composition ended: {why}"),
                }
            }
        }
    }

    fn request(&self) -> anyhow::Result<ComposeRequest> {
        let now = Clock::system().now();
        self.dice.roll(|dice| {
            let text = MessageText::parse("a".repeat(dice.random_range(40..=120)))?;
            Ok(ComposeRequest {
                attempt: AttemptId::new(now, dice),
                epoch: 1,
                own_number: PhoneNumber::from_whatsapp("393331112222")?,
                chat: ChatId::parse("393470000001@c.us")?,
                plan: Plan::draw(&text, ReleaseLane::Automatic, &Pacing::default(), dice),
                text,
                seen: Vec::new(),
                reply_to: None,
                link_preview: false,
            })
        })
    }

    fn note(&self, change: impl FnOnce(usize) -> usize) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.0 = change(open.0);
        open.1 = open.1.max(open.0);
    }
}

fn late(phases: &[(Phase, domain::Timestamp)], plan: &Plan) -> anyhow::Result<Duration> {
    let at = |wanted| {
        phases
            .iter()
            .find(|(phase, _)| *phase == wanted)
            .map(|(_, at)| *at)
    };
    let (reading, typing) = at(Phase::Reading)
        .zip(at(Phase::Typing))
        .context("two phases")?;
    let took = (typing - reading).to_std()?;
    Ok(took.saturating_sub(Duration::from_millis(plan.reading_ms)))
}

/// In queue-api's place: takes every fact, and knows who is connected.
#[derive(Clone, Default)]
struct Connected(Arc<Mutex<BTreeSet<SessionName>>>);

impl Connected {
    fn router(self) -> Router {
        Router::new()
            .route("/facts", post(Self::take))
            .route("/healthz", get(async || StatusCode::OK))
            .with_state(self)
    }

    #[expect(clippy::unused_async, reason = "axum takes handlers that are async")]
    async fn take(State(connected): State<Self>, Json(report): Json<FactReport>) -> StatusCode {
        let is_connected = |fact: &Fact| matches!(fact, Fact::Session(view) if view.state == SessionState::Connected);
        if report.facts.iter().any(is_connected) {
            connected.names().insert(report.session);
        }
        StatusCode::NO_CONTENT
    }

    async fn until_all(&self, count: usize, integration: &Program) -> anyhow::Result<()> {
        let deadline = Instant::now() + SET_UP_WITHIN;
        loop {
            let connected = self.names().len();
            if connected == count {
                return Ok(());
            }
            let last_words = || integration.last_words();
            ensure!(
                Instant::now() < deadline,
                "only {connected} are connected: {}",
                last_words()
            );
            sleep(Duration::from_millis(200)).await;
        }
    }

    fn names(&self) -> std::sync::MutexGuard<'_, BTreeSet<SessionName>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
