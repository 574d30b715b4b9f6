//! Both spouses write to the same guest: the guest's phone sees the limits of one contact, not of two.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use storage::testing::TestDatabase;

use super::{setup::Setup, system::System};

const ZIA: &str = "393470000001";

/// When each message of either spouse arrived, in order.
fn arrivals(system: &System) -> Vec<DateTime<Utc>> {
    let shown = ["groom", "bride"].map(|spouse| system.waha(spouse).phone(ZIA));
    let mut at: Vec<_> = shown.iter().flatten().map(|message| message.at).collect();
    at.sort_unstable();
    at
}

#[tokio::test(start_paused = true)]
async fn both_spouses_together_keep_the_limits_of_a_contact() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    for n in 1..=6 {
        for spouse in ["groom", "bride"] {
            let text = format!("Messaggio {n} di {spouse}");
            system.enqueue(spouse, "+39 347 000 0001", &text).await;
        }
    }
    // The guest writes to one of them every quarter of an hour: the cool-down never holds, the share of the hour does.
    for quarter in 0..32 {
        let spouse = if quarter % 2 == 0 { "groom" } else { "bride" };
        system.waha(spouse).guest(ZIA).write("Ciao!");
        tokio::time::sleep(Duration::from_mins(15)).await;
    }
    let arrivals = arrivals(&system);
    assert_eq!(arrivals.len(), 12, "everything was sent: {arrivals:?}");
    for window in arrivals.windows(5) {
        assert!(
            window[4] - window[0] >= TimeDelta::hours(1),
            "five messages within an hour: {window:?}"
        );
    }
}
