//! The program, with its arguments, its questions and the two files that it writes.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use rstest::rstest;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::api::{self, LINK, QR};
use crate::documents::document;

const TOKEN: &str = "token-of-the-pilot";

/// How often the person is asked what only they can see.
const QUESTIONS: usize = 8;

/// The files of one run.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        std::fs::write(files.document(), document()).unwrap();
        files
    }

    fn document(&self) -> PathBuf {
        self.0.path().join("waha.md")
    }

    fn transcript(&self) -> PathBuf {
        self.0.path().join("transcript.md")
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// Runs the program against that API, with those answers on its standard input.
async fn runs(api: &str, files: &Files, answers: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_pilot"))
        .args(["--api", api, "--by", "Anna Rossi"])
        .arg("--transcript")
        .arg(files.transcript())
        .arg("--document")
        .arg(files.document())
        .env("PILOT_TOKEN", TOKEN)
        .env_remove("PILOT_SESSIONS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut input = program.stdin.take().unwrap();
    input.write_all(answers.as_bytes()).await.unwrap();
    drop(input);
    program.wait_with_output().await.unwrap()
}

#[rstest]
#[case::real_accounts("y", true)]
#[case::simulated_ones("n", false)]
#[tokio::test]
async fn a_run_writes_its_transcript_and_for_real_accounts_its_row(
    #[case] real: &str,
    #[case] is_recorded: bool,
) {
    let (files, api) = (Files::new(), api::serve().await);
    let answers = format!("perhaps\n{}{real}\n", "yes\n".repeat(QUESTIONS));
    let run = runs(&api, &files, &answers).await;
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}");
    for part in [
        "Is the phone of groom off? [y/n]",
        "Scan this code",
        LINK,
        "Are both numbers real WhatsApp accounts? [y/n]",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let transcript = read(&files.transcript());
    let steps = transcript.lines().filter(|line| line.starts_with("| "));
    assert_eq!(steps.count(), 9, "{transcript}");
    for private in [QR, TOKEN, "RADIO42", "333", "127.0.0.1", "Anna", "wa.me"] {
        assert!(!transcript.contains(private), "{private}: {transcript}");
    }
    let row = "\n| 2026.10.1 | GOWS | a real account | Anna Rossi | 20";
    let written = read(&files.document());
    assert_eq!(written.contains(row), is_recorded, "{written}");
    assert_eq!(written == document(), !is_recorded);
}

/// What the network says may name a host: the transcript has words of its own for it.
#[rstest]
#[case::closed(false, "the API could not be reached")]
#[case::broken(true, "the connection to the API broke")]
#[tokio::test]
async fn an_api_that_does_not_answer_is_told_in_fixed_words(
    #[case] accepts: bool,
    #[case] told: &str,
) {
    let files = Files::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    if accepts {
        tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    } else {
        drop(listener);
    }
    let run = runs(&format!("http://{address}"), &files, "").await;
    let said = String::from_utf8_lossy(&run.stdout);
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.contains("A step failed"), "{said}");
    let transcript = read(&files.transcript());
    let line = format!("| link both phones | FAILED: {told} | 0 |\n");
    assert!(transcript.ends_with(&line), "{transcript}");
    assert_eq!(read(&files.document()), document(), "nothing is recorded");
}
