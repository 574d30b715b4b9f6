//! The kill campaign: real processes for two spouses with shared contacts; anyone of them is killed at random while WAHA
//! misbehaves at random. At the end the phones' records are compared with the rows.
//!
//! `make chaos SEED=… KILLS=… FROM=…` runs it long. A campaign is a row of rounds of ten kills, each with a system and a
//! seed of its own; a campaign that was broken off goes on with the round that `FROM` names, and its summary is of the rounds since.

mod end;
mod round;
mod tally;
mod trouble;

use tokio::task::JoinSet;

pub(crate) use self::tally::Tally;
#[cfg(feature = "healing")]
pub(crate) use self::{
    end::word,
    round::{GUESTS, Queued, Round, SESSIONS},
};

use self::round::play;

const KILLS_PER_ROUND: u64 = 10;
/// A campaign of so many kills meets everything that it counts.
const LONG: u64 = 500;
/// Most of a round is waiting, for leases to end and for people.
const ROUNDS_AT_ONCE: usize = 4;

/// A number of the environment, as `make chaos` sets it.
pub(crate) fn number(name: &str, otherwise: u64) -> u64 {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    value.map_or(otherwise, |value| {
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is a number"))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_kills_lose_nothing_and_send_nothing_twice() {
    let (seed, kills) = (number("CHAOS_SEED", 1), number("CHAOS_KILLS", 20));
    let rounds = kills.div_ceil(KILLS_PER_ROUND);
    let from = number("CHAOS_FROM", 0);
    let mut waiting = from..rounds;
    let (mut running, mut total) = (JoinSet::new(), Tally::default());
    loop {
        while running.len() < ROUNDS_AT_ONCE
            && let Some(round) = waiting.next()
        {
            let kills = KILLS_PER_ROUND.min(kills - round * KILLS_PER_ROUND);
            running.spawn(async move { (round, play(seed, round, kills).await) });
        }
        match running.join_next().await {
            Some(Ok((round, tally))) => {
                eprintln!("round {round} of seed {seed}: {}", tally.in_one_line());
                total.add(tally);
            }
            Some(Err(failure)) => total.violation(format!("a round broke off: {failure}")),
            None => break,
        }
    }
    eprintln!(
        "rounds {from} to {} of {rounds}, seed {seed}\n{total}",
        rounds.saturating_sub(1)
    );
    assert_eq!(total.violations(), Vec::<String>::new());
    let (sent, messages) = (total.sent(), total.messages());
    assert!(sent * 2 > messages, "sent {sent} of {messages} messages");
    if total.kills() >= LONG {
        assert_eq!(total.never(), Vec::<&str>::new(), "never came");
    } else if kills >= LONG {
        eprintln!(
            "not judged, because rounds before {from} are not counted: what never came, here {:?}",
            total.never()
        );
    }
}
