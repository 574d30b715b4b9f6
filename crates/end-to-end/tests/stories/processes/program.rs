//! One service as a process: started, killed, put to sleep and woken by its id, and never left behind.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use nix::{
    sys::signal::{self, Signal},
    unistd::Pid,
};

/// A service and how to start it again.
pub(crate) struct Program {
    name: &'static str,
    settings: Vec<(&'static str, String)>,
    log: PathBuf,
    running: Option<Child>,
}

impl Program {
    /// Starts the binary `name`, which writes to a log in `folder`. It sees `settings` and nothing
    /// of this process' environment.
    pub(crate) fn start(
        name: &'static str,
        log_name: &str,
        settings: Vec<(&'static str, String)>,
        folder: &Path,
    ) -> Self {
        let mut program = Self {
            name,
            settings,
            log: folder.join(format!("{log_name}.log")),
            running: None,
        };
        program.start_again();
        program
    }

    /// The binary's name.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Starts it where it was before.
    pub(crate) fn start_again(&mut self) {
        assert!(self.running.is_none(), "{} is running", self.name);
        let log = File::options().create(true).append(true).open(&self.log);
        let log = log.expect("a log to write to");
        let child = self
            .command()
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log)
            .spawn();
        self.running = Some(child.expect("a process"));
    }

    fn command(&self) -> Command {
        let mut command = Command::new(binary(self.name));
        command
            .env_clear()
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Whether the binary's own health check, with the same settings, finds it alive: what a container's check does.
    pub(crate) async fn is_alive(&self) -> bool {
        let mut check = self.command();
        check.arg("healthcheck");
        let ended = tokio::task::spawn_blocking(move || check.status()).await;
        let status = ended.expect("no panic").expect("a process");
        status.success()
    }

    /// SIGKILL: it ends in the middle of whatever it does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.running.take() {
            child.kill().expect("a child can be killed");
            child.wait().expect("a child can be waited for");
        }
    }

    /// SIGSTOP: it sleeps in the middle of whatever it does, and holds what it holds.
    pub(crate) fn fall_asleep(&self) {
        self.signal(Signal::SIGSTOP);
    }

    /// SIGCONT: it goes on as if nothing had happened.
    pub(crate) fn wake_up(&self) {
        self.signal(Signal::SIGCONT);
    }

    /// SIGTERM, and waits for the end.
    pub(crate) async fn stop(&mut self) {
        self.signal(Signal::SIGTERM);
        let mut child = self.running.take().expect("it runs");
        let ended = tokio::task::spawn_blocking(move || child.wait()).await;
        let status = ended.expect("no panic").expect("a child can be waited for");
        assert!(status.success(), "{} ended with {status}", self.name);
    }

    /// Fails when it has ended by itself.
    pub(crate) fn must_run(&mut self) {
        let Some(child) = &mut self.running else {
            return;
        };
        if let Some(status) = child.try_wait().expect("a child can be asked") {
            self.running = None;
            panic!("{} ended by itself with {status}", self.name);
        }
    }

    fn signal(&self, signal: Signal) {
        let child = self.running.as_ref().expect("it runs");
        let pid = i32::try_from(child.id()).expect("a process id");
        signal::kill(Pid::from_raw(pid), signal).expect("a child can be signalled");
    }

    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            eprintln!("--- {}\n{}", self.log.display(), self.last_words());
        }
    }
}

/// The services are next to the folder of the test binary.
fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let folder = test
        .parent()
        .and_then(Path::parent)
        .expect("a folder of binaries");
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{name} has not been built: run `cargo build --workspace --bins` first (`make test` does)"
    );
    path
}
