//! The PostgreSQL server of `tools/healing.sh`: ended, started again, and looked after as a supervisor would.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::{process::Command, task::JoinHandle, time::sleep};

/// A supervisor looks this often whether the server runs.
const LOOK: Duration = Duration::from_millis(500);

/// A server with a folder of its own. Clones are the same server.
#[derive(Clone)]
pub(super) struct Cluster {
    folder: PathBuf,
    log: PathBuf,
}

/// How often the log says that the server broke off, and that it restarted itself after that.
#[derive(Clone, Copy, Default)]
pub(super) struct Breaks {
    pub(super) panics: usize,
    pub(super) by_itself: usize,
}

impl Cluster {
    pub(super) fn of_environment() -> Self {
        Self {
            folder: super::setting("HEALING_SERVER").into(),
            log: super::setting("POSTGRES_LOG").into(),
        }
    }

    /// Stops the server at once, as if its process was killed.
    pub(super) async fn end(&self) {
        assert!(self.run("end").await, "the server ends");
    }

    /// Starts the server where it was; whether it takes connections.
    pub(super) async fn start_again(&self) -> bool {
        self.run("start-again").await
    }

    async fn run(&self, verb: &str) -> bool {
        let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools");
        let ended = Command::new(tools.join("postgres-for-tests.sh"))
            .arg(verb)
            .arg(&self.folder)
            .output()
            .await;
        ended.expect("bash and pg_ctl").status.success()
    }

    /// Whether its first process is there.
    fn runs(&self) -> bool {
        let pid = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
        let pid = pid.lines().next().unwrap_or_default().trim();
        !pid.is_empty() && Path::new("/proc").join(pid).exists()
    }

    pub(super) fn breaks(&self) -> Breaks {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let count = |words: &str| log.lines().filter(|line| line.contains(words)).count();
        Breaks {
            panics: count(" PANIC: "),
            by_itself: count("all server processes terminated; reinitializing"),
        }
    }

    /// Starts the server whenever it has ended, as a container's restart policy does.
    pub(super) fn supervise(&self) -> Supervisor {
        let (cluster, starts) = (self.clone(), Arc::<AtomicU32>::default());
        let counted = Arc::clone(&starts);
        let task = tokio::spawn(async move {
            loop {
                if !cluster.runs() {
                    counted.fetch_add(1, Ordering::Relaxed);
                    cluster.start_again().await;
                }
                sleep(LOOK).await;
            }
        });
        Supervisor { task, starts }
    }
}

/// Looks after the server while it lives.
pub(super) struct Supervisor {
    task: JoinHandle<()>,
    starts: Arc<AtomicU32>,
}

impl Supervisor {
    /// How often it started the server, also without success.
    pub(super) fn starts(&self) -> u32 {
        self.starts.load(Ordering::Relaxed)
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.task.abort();
    }
}
