//! The lengths of a composition stay inside what design §6 says.

use std::time::Duration;

use domain::{config::Pacing, lane::ReleaseLane, message_text::MessageText, pacing::Plan};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

proptest! {
    #[test]
    fn typing_grows_with_the_text_and_is_capped_before_it_varies(chars in 1_usize..2_000, seed in any::<u64>()) {
        let text = MessageText::parse("x".repeat(chars)).unwrap();
        let plan = Plan::draw(&text, ReleaseLane::Automatic, &Pacing::default(), &mut StdRng::seed_from_u64(seed));
        let even = (300 * chars as u64).min(60_000);
        prop_assert!((2_000..=5_000).contains(&plan.reading_ms));
        prop_assert!((even * 8 / 10..=even * 12 / 10).contains(&plan.typing_ms), "typing {} for {chars}", plan.typing_ms);
        prop_assert!((500..=2_000).contains(&plan.pause_ms));
        prop_assert_eq!(plan.total(), Duration::from_millis(plan.reading_ms + plan.typing_ms + plan.pause_ms));
    }
}

#[test]
fn long_texts_do_not_all_take_the_cap() {
    let text = MessageText::parse("x".repeat(5_000)).expect("valid");
    let draws: Vec<u64> = (0..40)
        .map(|seed| {
            Plan::draw(
                &text,
                ReleaseLane::Automatic,
                &Pacing::default(),
                &mut StdRng::seed_from_u64(seed),
            )
            .typing_ms
        })
        .collect();
    assert!(
        draws.iter().any(|ms| *ms > 61_000) && draws.iter().any(|ms| *ms < 59_000),
        "no spread: {draws:?}"
    );
}

#[test]
fn a_reply_is_read_faster() {
    let text = MessageText::parse("Sì!").expect("valid");
    for seed in 0..200 {
        let plan = Plan::draw(
            &text,
            ReleaseLane::Reply,
            &Pacing::default(),
            &mut StdRng::seed_from_u64(seed),
        );
        assert!((1_000..=3_000).contains(&plan.reading_ms));
    }
}

#[test]
fn a_plan_without_typing_takes_as_long() {
    let plan = Plan {
        reading_ms: 3_000,
        typing_ms: 5_000,
        pause_ms: 700,
    };
    let silent = Plan {
        reading_ms: 8_000,
        typing_ms: 0,
        pause_ms: 700,
    };
    assert_eq!(plan.without_typing(), silent);
}
