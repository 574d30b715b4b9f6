//! The guests of a demo: each writes at every start, as soon as somebody would hear it, and answers what it gets if told to.
//! So a demo is never stuck on a guest who has not written.

use std::time::Duration;

use chassis::Shutdown;
use waha_simulator::{Guest, Simulator};

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

/// Lives until `shutdown`.
pub(crate) async fn live(
    simulator: Simulator,
    options: Options,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let guests = invite(&simulator, &options.guests_write);
    let living = async {
        write_first(&simulator, &guests).await;
        if let Some(seconds) = options.guests_answer_after {
            answer(&simulator, &guests, Duration::from_secs(seconds)).await;
        }
    };
    tokio::select! {
        () = living => shutdown.cancelled().await,
        () = shutdown.cancelled() => {}
    }
    Ok(())
}

fn invite(simulator: &Simulator, numbers: &[String]) -> Vec<Guest> {
    let named = |(index, number): (usize, &String)| {
        simulator
            .guest(number)
            .named(&format!("Ospite {}", index + 1))
    };
    numbers.iter().enumerate().map(named).collect()
}

async fn write_first(simulator: &Simulator, guests: &[Guest]) {
    for (index, guest) in guests.iter().enumerate() {
        let words = if guest.has_written() {
            LATER_WORDS
        } else {
            FIRST_WORDS
        };
        simulator.until_listened_to().await;
        tokio::time::sleep(PAUSE).await;
        guest.write(words[index % words.len()]);
    }
}

/// One answer to all that came until then. What came before they wrote first is answered with that.
async fn answer(simulator: &Simulator, guests: &[Guest], after: Duration) {
    let mut changes = simulator.changes();
    let mut answered: Vec<_> = guests.iter().map(|guest| guest.phone().len()).collect();
    while changes.changed().await.is_ok() {
        let got = |(guest, answered): (&Guest, &usize)| guest.phone().len() > *answered;
        if !guests.iter().zip(&answered).any(got) {
            continue;
        }
        tokio::time::sleep(after).await;
        for (index, (guest, answered)) in guests.iter().zip(&mut answered).enumerate() {
            let shown = guest.phone().len();
            if shown > *answered {
                *answered = shown;
                guest.write(LATER_WORDS[index % LATER_WORDS.len()]);
            }
        }
    }
}
