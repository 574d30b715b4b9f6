//! What the binaries log when everything is logged: no number, no text, no secret. Nor do they write temporary files, which would hold
//! such things outside the database, and which a full `/tmp` would make fail.

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use storage::testing::TestDatabase;

use super::{
    places::secret,
    system::{GUEST, System},
};

const TEXT: &str = "Vi aspettiamo alle undici!";
const WORD: &str = "Buongiorno a tutti e due";
/// From the guest's word to the send; a composition takes some seconds.
const SENT_WITHIN: Duration = Duration::from_mins(1);

#[tokio::test]
async fn hold_nothing_of_anybody_at_trace() {
    let tmp = tempfile::tempdir().expect("a folder for temporary files");
    let untouched = changed_at(tmp.path());
    let settings = vec![("TMPDIR", tmp.path().display().to_string())];
    let mut system = System::start_with(TestDatabase::sqlite().await, settings).await;
    let id = system.enqueue(TEXT).await;
    system.waha.guest(GUEST).write(WORD);
    system.until(&id, &["sent"], SENT_WITHIN).await;
    for program in [
        &mut system.worker,
        &mut system.integration,
        &mut system.queue_api,
    ] {
        program.stop().await;
    }

    let logs = system.logs();

    let secrets = ["internal", "integration", "worker", "groom", "webhooks"].map(secret);
    let own = waha_simulator::Owner::default().number;
    let private = [GUEST, &GUEST[2..], &own, TEXT, WORD, system.token()];
    for private in private
        .into_iter()
        .chain(secrets.iter().map(String::as_str))
    {
        let line = logs.lines().find(|line| line.contains(private));
        assert_eq!(line, None, "{private:?}");
    }
    let services = ["queue-api", "whatsapp-integration", "whatsapp-worker"];
    for service in services {
        let of = format!("\"service\":\"{service}\"");
        assert!(logs.contains(&of), "{service} logged nothing");
    }
    assert_eq!(
        changed_at(tmp.path()),
        untouched,
        "a temporary file was made"
    );
}

/// When a file was last made or removed in the folder.
fn changed_at(folder: &Path) -> SystemTime {
    let folder = fs::metadata(folder).expect("the folder");
    folder.modified().expect("a time")
}
