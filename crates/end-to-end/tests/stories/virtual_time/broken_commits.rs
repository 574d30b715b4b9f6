//! The connection to PostgreSQL breaks at the COMMIT of the point of no return: before the server has it, or before its answer comes.
//! The worker reads what came of it. It calls when the COMMIT was carried out, and gives the message back when it was not.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use storage::{Options, Store, testing::TestDatabase};
use url::Url;

use super::{setup::Setup, system::System};

/// Only the point of no return writes this.
const POINT_OF_NO_RETURN: &[u8] = b"committed_at = $3, client_raw_id = $4";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Breaks {
    /// The server never gets the COMMIT.
    Before,
    /// The server carries it out, and its answer is lost.
    After,
}

/// A proxy before PostgreSQL. It breaks the connection of the first point of no return, once.
#[derive(Clone)]
struct Proxy {
    server: String,
    breaks: Breaks,
    broken: Arc<AtomicBool>,
}

impl Proxy {
    fn start(&self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let proxy = self.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                let (proxy, client) = (proxy.clone(), client.expect("a connection"));
                thread::spawn(move || proxy.relay(client));
            }
        });
        port
    }

    fn relay(&self, mut client: TcpStream) {
        let mut server = TcpStream::connect(&self.server).expect("PostgreSQL");
        let cut = Arc::new(AtomicBool::new(false));
        let answers = (copy_of(&server), copy_of(&client), Arc::clone(&cut));
        thread::spawn(move || pass_answers(answers.0, answers.1, &answers.2));
        let (mut bytes, mut armed) = (vec![0; 65_536], false);
        while let Ok(count @ 1..) = client.read(&mut bytes) {
            let said = &bytes[..count];
            armed |= holds(said, POINT_OF_NO_RETURN);
            if armed && holds(said, b"COMMIT") && !self.broken.swap(true, SeqCst) {
                if self.breaks == Breaks::Before {
                    break;
                }
                cut.store(true, SeqCst);
            }
            if server.write_all(said).is_err() {
                break;
            }
        }
        close(&client, &server);
    }
}

/// Passes the server's answers on until the cut: what comes after it is lost.
fn pass_answers(mut server: TcpStream, mut client: TcpStream, cut: &AtomicBool) {
    let mut bytes = vec![0; 65_536];
    while let Ok(count @ 1..) = server.read(&mut bytes) {
        if cut.load(SeqCst) || client.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    close(&client, &server);
}

fn copy_of(stream: &TcpStream) -> TcpStream {
    stream.try_clone().expect("a second handle")
}

/// The other side may have closed it already.
fn close(one: &TcpStream, other: &TcpStream) {
    let _ = one.shutdown(Shutdown::Both);
    let _ = other.shutdown(Shutdown::Both);
}

fn holds(said: &[u8], part: &[u8]) -> bool {
    said.windows(part.len()).any(|window| window == part)
}

/// How often a message was taken until it was sent, when the first COMMIT of its point of no return breaks so.
async fn claims_until_sent(breaks: Breaks) -> usize {
    let mut system = System::start(TestDatabase::postgres().await, Setup::default()).await;
    let mut url = Url::parse(system.database.url()).expect("an address");
    let (host, port) = (url.host_str().expect("a host"), url.port().unwrap_or(5432));
    let proxy = Proxy {
        server: format!("{host}:{port}"),
        breaks,
        broken: Arc::default(),
    };
    url.set_host(Some("127.0.0.1")).expect("another host");
    url.set_port(Some(proxy.start())).expect("another port");
    system.stop_worker().await;
    let through = Store::open(url.as_str(), Options::default()).await;
    system.store = through.expect("the database").keeping_unknown_writers();
    system.start_worker();
    let guest = system.waha("groom").guest("393470000001");
    guest.write("Ciao, sono la zia");
    let id = system.enqueue("groom", "+39 347 000 0001", "Ciao!").await;
    let sent = system.until(&id, "sent", Duration::from_mins(10)).await;
    assert!(proxy.broken.load(SeqCst), "no COMMIT broke");
    assert_eq!(system.waha("groom").phone("393470000001").len(), 1);
    system.stop_worker().await;
    let timeline = sent["timeline"].as_array().expect("a timeline");
    let claims = timeline.iter().filter(|line| line["phase"] == "claimed");
    claims.count()
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_was_carried_out_is_followed_by_its_call() {
    assert_eq!(claims_until_sent(Breaks::After).await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_was_not_carried_out_gives_the_message_back() {
    assert_eq!(claims_until_sent(Breaks::Before).await, 2);
}
