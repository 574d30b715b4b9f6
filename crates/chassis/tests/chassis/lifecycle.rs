use std::env;
use std::process::Stdio;
use std::time::Duration;

use anyhow::bail;
use chassis::{Shutdown, Tasks};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::Instant;

const DEADLINE: Duration = Duration::from_secs(20);

#[tokio::test(start_paused = true)]
async fn tasks_that_end_when_asked_end_well() {
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(shutdown.clone());
    let asked = shutdown.clone();
    tasks.spawn("polite", async move {
        asked.cancelled().await;
        Ok(())
    });

    shutdown.trigger();

    tasks.finish(DEADLINE).await.expect("all ended well");
}

#[tokio::test(start_paused = true)]
async fn a_failing_task_stops_everything_and_is_named() {
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(shutdown.clone());
    tasks.spawn("webhooks", async { bail!("the port is taken") });

    shutdown.cancelled().await;

    let failure = format!("{:#}", tasks.finish(DEADLINE).await.unwrap_err());
    assert_eq!(failure, "the task `webhooks` died: the port is taken");
}

#[tokio::test(start_paused = true)]
async fn a_panicking_task_stops_everything_and_is_named() {
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(shutdown.clone());
    tasks.spawn("settling", async { panic!("+39 333 1234567") });

    shutdown.cancelled().await;

    let failure = format!("{:#}", tasks.finish(DEADLINE).await.unwrap_err());
    assert_eq!(failure, "the task `settling` died: it panicked");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_names_who_is_still_running() {
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(shutdown.clone());
    tasks.spawn("stuck", std::future::pending());
    tasks.spawn("done", async { Ok(()) });
    let started = Instant::now();

    shutdown.trigger();
    let failure = tasks.finish(DEADLINE).await.unwrap_err().to_string();

    assert_eq!(failure, "still running after 20s: stuck");
    assert_eq!(started.elapsed(), DEADLINE);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_begins_when_stopping_is_wished_for() {
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(shutdown.clone());
    let asked = shutdown.token();
    tasks.spawn("slow to stop", async move {
        asked.cancelled().await;
        tokio::time::sleep(DEADLINE / 2).await;
        Ok(())
    });
    tokio::spawn(async move {
        tokio::time::sleep(100 * DEADLINE).await;
        shutdown.trigger();
    });

    tasks
        .finish(DEADLINE)
        .await
        .expect("ten seconds are in time");
}

/// Not a test but the process that the next one sends signals to.
#[tokio::test]
async fn a_service_that_does_not_stop() {
    if env::var_os("CHASSIS_CHILD").is_none() {
        return;
    }
    let shutdown = Shutdown::on_signals().expect("signal handlers");
    println!("\nready");
    shutdown.cancelled().await;
    println!("\nasked to stop");
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn the_second_signal_ends_the_process() {
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "lifecycle::a_service_that_does_not_stop",
            "--nocapture",
        ])
        .env("CHASSIS_CHILD", "1")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut says = async |word: &str| {
        while let Some(line) = lines.next_line().await.unwrap() {
            if line == word {
                return;
            }
        }
        panic!("the child never said `{word}`");
    };

    says("ready").await;
    signal(&child, Signal::SIGTERM);
    says("asked to stop").await;
    signal(&child, Signal::SIGINT);

    assert_eq!(child.wait().await.unwrap().code(), Some(130));
}

fn signal(child: &Child, signal: Signal) {
    let id = child.id().expect("the child runs");
    kill(Pid::from_raw(id.cast_signed()), signal).expect("the signal is delivered");
}
