//! The person at a terminal.

use std::io::{BufRead as _, Write as _};

use pilot::{Question, Task, Tester};
use qr_picture::QrPicture;

/// Prints what to do, and asks on standard input.
pub(crate) struct Terminal;

impl Tester for Terminal {
    fn show(&mut self, task: &Task<'_>) {
        println!("\n→ {}", instruction(task));
    }

    async fn confirms(&mut self, question: Question<'_>) -> bool {
        let question = match question {
            Question::ArrivedOnce { phone, text } => {
                format!("Is the new message “{text}” on the phone of {phone}, exactly once?")
            }
            Question::IsOff { phone } => format!("Is the phone of {phone} off?"),
            Question::IsDone { phone } => {
                format!("Is that done? Then the pilot presses “Link again” for {phone}.")
            }
            Question::GoesOn { phone } => format!(
                "Run the pilot with the WAHA of {phone} as it is? Later steps may fail because of it."
            ),
        };
        let (tell, told) = tokio::sync::oneshot::channel();
        // a thread of its own: a run that is broken off does not wait for the answer
        std::thread::spawn(move || tell.send(agrees(&question)));
        told.await.unwrap_or(false)
    }

    fn note(&mut self, line: &str) {
        println!("\n{line}");
    }
}

fn instruction(task: &Task<'_>) -> String {
    match task {
        Task::Scan { phone, qr } => {
            let code = picture(qr);
            format!(
                "On the phone of {phone}: WhatsApp, Settings, Linked devices, Link a device. Scan this code, or the one on the \
                 couple's page. A newer one follows by itself.\n{code}"
            )
        }
        Task::LinkOnPage { phone } => {
            format!("Open /pairing/{phone} of the couple's page: it says what WhatsApp asks for.")
        }
        Task::Advice { phone, advice } => format!(
            "The session of {phone}: {advice} (`…/link` is “Link again” of the couple's page.)"
        ),
        Task::OpenInvitation { phone, link } => {
            let code = picture(link);
            format!(
                "On the phone of {phone}: scan this code with the camera, or open the link below it. Then send the message that \
                 WhatsApp shows, as it is.\n{code}\n{link}"
            )
        }
        Task::WriteToOther { phone } => {
            format!("On the phone of {phone}: write any word to the other phone.")
        }
        Task::SwitchOff { phone } => format!("Switch the phone of {phone} off."),
        Task::SwitchOn { phone } => format!("Switch the phone of {phone} on again."),
        Task::Unlink { phone } => format!(
            "On the phone of {phone}: WhatsApp, Settings, Linked devices. Choose the device and log it out."
        ),
    }
}

/// A QR code. One that cannot be drawn is left out: the text stands beside it, or on the couple's page.
fn picture(text: &str) -> String {
    let code = QrPicture::of(text).map(|code| code.text());
    code.unwrap_or_default()
}

/// Asks until the answer is yes or no. The end of the input is a no.
pub(crate) fn agrees(question: &str) -> bool {
    loop {
        print!("? {question} [y/n] ");
        let _ = std::io::stdout().flush();
        let mut line = String::new();
        match std::io::stdin().lock().read_line(&mut line) {
            Ok(0) | Err(_) => return false,
            Ok(_) => {}
        }
        match line.trim() {
            "y" | "yes" => return true,
            "n" | "no" => return false,
            _ => {}
        }
    }
}
