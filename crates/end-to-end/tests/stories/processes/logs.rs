//! What the binaries log when everything is logged: no number, no text, no secret (design §9).

use std::time::Duration;

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
    let mut system = System::start(TestDatabase::sqlite().await).await;
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
}
