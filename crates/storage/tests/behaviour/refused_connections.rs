//! A PostgreSQL server that refuses a connection or breaks it off, whatever reason it gives: to the caller that is a database that is away,
//! not a failure of ours. A server that has restarted on a full disk refuses all with `XX000`.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
};

use storage::{Error, Options, Store, testing::TestDatabase};

#[tokio::test]
async fn are_a_database_that_is_away_when_the_server_gives_another_reason() {
    let db = TestDatabase::postgres().await;
    let every_start_fails = "DO $$ BEGIN EXECUTE format(
        'ALTER DATABASE %I SET session_preload_libraries = ''not_there''', current_database()); END $$";
    db.execute(every_start_fails).await.expect("a setting");

    let opened = Store::open(db.url(), Options::default()).await;

    let failed = opened.err().expect("no connection");
    assert!(matches!(failed, Error::Unavailable(_)), "{failed:?}");
}

#[tokio::test]
async fn are_a_database_that_is_away_when_the_server_ends_in_the_middle_of_an_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = listener.local_addr().expect("an address");
    let server = thread::spawn(move || {
        let (mut connection, _) = listener.accept().expect("a connection");
        let mut request = [0; 8];
        connection.read_exact(&mut request).expect("a request");
        connection
            .write_all(&[0])
            .expect("no answer that PostgreSQL gives");
    });

    let url = format!("postgres://postgres@{address}/queue");
    let opened = Store::open(&url, Options::default()).await;

    server.join().expect("one connection");
    let failed = opened.err().expect("no connection");
    assert!(matches!(failed, Error::Unavailable(_)), "{failed:?}");
}
