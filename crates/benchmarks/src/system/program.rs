//! One service as a process, and the memory it has.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, ensure};

/// Linux counts a process' time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// A running service; killed when dropped.
pub(crate) struct Program {
    child: Child,
    log: PathBuf,
}

impl Program {
    /// Starts the binary next to this one. It sees `settings` and nothing of this process' environment; what it says goes
    /// to a file in `folder`.
    pub(crate) fn start(
        name: &str,
        settings: Vec<(String, String)>,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log)?;
        let child = Command::new(binary(name)?)
            .env_clear()
            .envs(settings)
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;
        Ok(Self { child, log })
    }

    /// Runs a binary to its end; what it printed.
    pub(crate) async fn ask(
        name: &str,
        arguments: &[&str],
        settings: Vec<(String, String)>,
    ) -> anyhow::Result<String> {
        let mut command = Command::new(binary(name)?);
        command.args(arguments).env_clear().envs(settings);
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{name} failed: {complaint}");
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Resident memory now (`VmRSS`), in MB of 1,000,000 bytes.
    pub(crate) fn resident_mb(&self) -> anyhow::Result<f64> {
        self.status("VmRSS:")
    }

    /// The most resident memory so far (`VmHWM`), in MB of 1,000,000 bytes.
    pub(crate) fn most_resident_mb(&self) -> anyhow::Result<f64> {
        self.status("VmHWM:")
    }

    /// The processor time it has used so far, all its threads together.
    pub(crate) fn processor_time(&self) -> anyhow::Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // the name stands in parentheses and may hold anything; user and system time are the 12th and 13th field after it
        let (_, fields) = stat.rsplit_once(')').context("a line of fields")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let ticks = |place: usize| -> anyhow::Result<u32> {
            let field = fields.get(place).context("a field")?;
            Ok(field.parse()?)
        };
        Ok(TICK * (ticks(11)? + ticks(12)?))
    }

    fn status(&self, field: &str) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let kibibytes = line.context("the service has ended by itself")?;
        let kibibytes: f64 = kibibytes.trim().trim_end_matches(" kB").parse()?;
        Ok(kibibytes * 1_024.0 / 1_000_000.0)
    }

    /// The end of its log.
    pub(crate) fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // what has ended already cannot be killed, and that is fine
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn binary(name: &str) -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let path = own.with_file_name(name);
    ensure!(path.exists(), "{name} is not built: `make bench` builds it");
    Ok(path)
}
