//! The guests of a demo: each writes at every start, as soon as somebody would hear it. So nothing that was sent before
//! a restart is still without an answer after it.

use std::time::Duration;

use chassis::Shutdown;
use waha_simulator::Simulator;

use crate::options::Options;

/// From the session working until the first guest writes, and between two guests.
const PAUSE: Duration = Duration::from_secs(1);

const FIRST_WORDS: [&str; 4] = [
    "Ciao! Ho ricevuto l'invito 💍",
    "Evviva gli sposi! Ci siamo.",
    "Ciao, vi confermo presto!",
    "Hello! Got the invitation, thank you.",
];

const LATER_WORDS: [&str; 4] = [
    "Grazie, letto!",
    "Ricevuto, a presto!",
    "Perfetto, grazie 😊",
    "Thanks, see you there!",
];

/// Writes for every guest; ends with the last of them or at `shutdown`.
pub(crate) async fn write(
    simulator: Simulator,
    options: Options,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let writing = async {
        for (index, number) in options.guests_write.iter().enumerate() {
            let guest = simulator
                .guest(number)
                .named(&format!("Ospite {}", index + 1));
            let words = if guest.has_written() {
                LATER_WORDS
            } else {
                FIRST_WORDS
            };
            simulator.until_listened_to().await;
            tokio::time::sleep(PAUSE).await;
            guest.write(words[index % words.len()]);
        }
    };
    tokio::select! {
        () = writing => {}
        () = shutdown.cancelled() => {}
    }
    Ok(())
}
