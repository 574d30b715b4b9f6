//! The largest files, and those just beyond.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use guest_import::{MAX_BYTES, MAX_LINES};
use http::StatusCode;
use rstest::rstest;

use super::counts;
use crate::refusals::assert_problem;
use crate::world::{On, World};

/// Every tenth has a number, because without optimisation parsing them is dear; every line from `bad` on is refused.
fn table(lines: usize, bad: usize) -> String {
    let mut file = "nome;telefono;famiglia\n".to_owned();
    for at in 0..lines {
        let number = match at {
            _ if at >= bad => "12",
            _ if at % 10 == 0 => "347 000 0001",
            _ => "",
        };
        writeln!(file, "Ospite {at};{number};Casa {}", at / 3).unwrap();
    }
    file
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn fifty_thousand_lines_come_in_and_one_more_does_not(#[case] on: On) {
    let world = World::on(on).await;

    let too_many = world.import("", table(MAX_LINES + 1, usize::MAX)).await;
    assert_problem(
        &too_many,
        StatusCode::UNPROCESSABLE_ENTITY,
        "file_too_many_lines",
    );
    let done = world.import("", table(MAX_LINES, usize::MAX)).await;

    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert_eq!(done.body["counts"], counts(50_000, 0, 0, 0));
    assert_eq!(done.body["lines"].as_array().unwrap().len(), MAX_LINES);
    assert_eq!(world.count("guest").await, 50_000);
    assert_eq!(world.count("household").await, 16_667);
    assert_eq!(world.count("contact").await, 1);
    let again = world.import("", table(MAX_LINES, usize::MAX)).await;
    assert_eq!(again.body["counts"], counts(0, 0, 50_000, 0));
    assert_eq!(
        world.count("audit_log WHERE action = 'guest.import'").await,
        1
    );
}

#[tokio::test(start_paused = true)]
async fn a_problem_shows_the_first_thousand_of_very_many_refused_lines() {
    let world = World::sqlite().await;

    let refused = world.import("", table(3_000, 500)).await;

    assert_problem(&refused, StatusCode::UNPROCESSABLE_ENTITY, "lines_refused");
    assert_eq!(refused.body["counts"], counts(500, 0, 0, 2_500));
    let lines = refused.body["lines"].as_array().unwrap();
    assert_eq!((lines.len(), &lines[0]["line"]), (1_000, &502.into()));
    assert_eq!(refused.body["lines_left_out"], 1_500);
    world.assert_nothing_stored().await;
    let dry = world.import("dry_run=true", table(3_000, 500)).await;
    assert_eq!(dry.body["lines"].as_array().unwrap().len(), 3_000);
}

#[tokio::test(start_paused = true)]
async fn ten_mebibytes_are_read_and_one_more_byte_is_not() {
    let world = World::sqlite().await;
    let mut file = b"nome\nAda\n".to_vec();
    file.resize(MAX_BYTES, b'\n');

    let fits = world.import("dry_run=true", file.clone()).await;
    assert_eq!(fits.body["counts"], counts(1, 0, 0, 0), "{}", fits.body);

    file.push(b'\n');
    let pieces: Vec<_> = file.chunks(65_536).map(<[u8]>::to_vec).collect();
    let pieces = pieces.into_iter().map(Ok::<_, std::io::Error>);
    let streamed = Body::from_stream(futures_util::stream::iter(pieces));
    for body in [Body::from(file), streamed] {
        let refused = world.import("", body).await;
        assert_problem(&refused, StatusCode::PAYLOAD_TOO_LARGE, "file_too_large");
    }
    world.assert_nothing_stored().await;
}

/// It is not read to its end only to be refused then.
#[tokio::test(start_paused = true)]
async fn a_file_that_goes_on_and_on_is_not_kept_in_memory() {
    let world = World::sqlite().await;
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = taken.clone();
    let pieces = (0..1_000).map(move |_| {
        counter.fetch_add(65_536, Ordering::Relaxed);
        Ok::<_, std::io::Error>(vec![b'\n'; 65_536])
    });
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    let refused = world.import("", body).await;
    assert_problem(&refused, StatusCode::PAYLOAD_TOO_LARGE, "file_too_large");
    let taken = taken.load(Ordering::Relaxed);
    assert!(taken <= MAX_BYTES + 2 * 65_536, "{taken} bytes were taken");
}

#[tokio::test(start_paused = true)]
async fn a_file_that_breaks_off_on_its_way_is_not_imported() {
    let world = World::sqlite().await;
    let broken = std::io::Error::other("the line went dead");
    let pieces = [Ok(b"nome\nAda\n".to_vec()), Err(broken)];
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    let refused = world.import("skip_refused=true", body).await;
    assert_problem(&refused, StatusCode::BAD_REQUEST, "incomplete_body");
    world.assert_nothing_stored().await;
}
