//! One Chromium with an empty profile, and its driver as a process of the test's own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chassis::Outbound;
use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};
use tokio::time::Instant;

use crate::processes::ports;

/// Far more than it takes, also while everybody else starts too.
const STARTED_WITHIN: Duration = Duration::from_mins(1);
const CLOSED_WITHIN: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// The size of a window: a small phone, a laptop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    Phone,
    Desktop,
}

impl Window {
    const fn size(self) -> (u32, u32) {
        match self {
            Self::Phone => (360, 760),
            Self::Desktop => (1280, 900),
        }
    }
}

/// A browser; closed with everything of its own when dropped, which takes a runtime of several threads.
pub(crate) struct Chromium {
    pub(crate) driver: WebDriver,
    /// The driver's address.
    address: String,
    process: Child,
    _profile: TempDir,
}

impl Chromium {
    /// With the unpacked extension in that folder, if one is named.
    pub(crate) async fn open(window: Window, language: &str, extension: Option<&Path>) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let port = ports::free();
        let process = Command::new(program("TEST_CHROMEDRIVER", &["chromedriver"]))
            .arg(format!("--port={port}"))
            .env("HOME", profile.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let mut capabilities = capabilities(window, language, &profile);
        if let Some(extension) = extension {
            let load = format!("--load-extension={}", extension.display());
            capabilities.add_arg(&load).expect("an argument");
        }
        let address = format!("http://127.0.0.1:{port}");
        let driver = connected(&address, capabilities).await;
        Self {
            driver,
            address,
            process,
            _profile: profile,
        }
    }
}

impl Chromium {
    /// Gives the tab that is open an authenticator that approves everything (`WebAuthn`, "User Agent Automation").
    pub(crate) async fn adds_an_authenticator(&self) {
        let session = self.driver.session_id();
        let authenticator = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": true,
        });
        let request = http::Request::post(format!("/session/{session}/webauthn/authenticator"))
            .header("content-type", "application/json")
            .body(authenticator.to_string().into())
            .expect("a request");
        let driver = Outbound::network(&self.address).expect("an address");
        let answer = driver
            .call(request, STARTED_WITHIN)
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200, "{:?}", answer.body());
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // a driver that is ended leaves its browser behind: first the browser
        let quit = self.driver.clone().quit();
        let closed = tokio::task::block_in_place(|| {
            let within = tokio::time::timeout(CLOSED_WITHIN, quit);
            tokio::runtime::Handle::current().block_on(within)
        });
        let _ = self.process.kill();
        let _ = self.process.wait();
        if !matches!(closed, Ok(Ok(()))) {
            eprintln!("a browser was not closed: {closed:?}");
        }
    }
}

async fn connected(address: &str, capabilities: thirtyfour::ChromeCapabilities) -> WebDriver {
    let deadline = Instant::now() + STARTED_WITHIN;
    loop {
        match WebDriver::new(address, capabilities.clone()).await {
            Ok(driver) => return driver,
            Err(error) => assert!(Instant::now() < deadline, "no browser: {error}"),
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

fn capabilities(
    window: Window,
    language: &str,
    profile: &TempDir,
) -> thirtyfour::ChromeCapabilities {
    let mut capabilities = DesiredCapabilities::chrome();
    let (width, height) = window.size();
    let arguments = [
        "--headless".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-quic".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--hide-scrollbars".to_owned(),
        format!("--lang={language}"),
        format!("--accept-lang={language}"),
        format!("--window-size={width},{height}"),
        format!("--user-data-dir={}", profile.path().display()),
    ];
    for argument in &arguments {
        capabilities.add_arg(argument).expect("an argument");
    }
    if window == Window::Phone {
        // a window is never as narrow as a phone: the device is played
        let metrics = json!({ "width": width, "height": height, "pixelRatio": 2.0, "touch": true });
        capabilities
            .add_experimental_option("mobileEmulation", json!({ "deviceMetrics": metrics }))
            .expect("a phone");
    }
    let chromium = program(
        "TEST_CHROMIUM",
        &["chromium", "chromium-browser", "google-chrome"],
    );
    capabilities
        .set_binary(&chromium.to_string_lossy())
        .expect("a path");
    capabilities
        .set_logging_prefs("browser", LoggingPrefsLogLevel::All)
        .expect("a log level");
    capabilities
}

/// The program that `variable` names, or the first of `names` on the path.
fn program(variable: &str, names: &[&str]) -> PathBuf {
    if let Some(named) = std::env::var_os(variable) {
        return named.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let places = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let found = places.into_iter().find(|place| place.exists());
    found.unwrap_or_else(|| {
        panic!(
            "the browser tests need Chromium and its driver ({}): `tools/browser-for-tests.sh` installs them or says how",
            names.join(" or ")
        )
    })
}
