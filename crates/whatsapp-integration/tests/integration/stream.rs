//! The lines of a composition, as they come.

use chassis::outbound::BodyStream;
use domain::wire::ComposeLine;
use futures_util::StreamExt;

pub(crate) struct Lines {
    body: BodyStream,
    rest: Vec<u8>,
}

impl Lines {
    pub(crate) fn new(body: BodyStream) -> Self {
        Self {
            body,
            rest: Vec::new(),
        }
    }

    /// The next line, or none at the end of the stream.
    pub(crate) async fn next(&mut self) -> Option<ComposeLine> {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<_> = self.rest.drain(..=end).collect();
                return Some(serde_json::from_slice(&line).expect("a line is JSON"));
            }
            self.rest.extend(self.body.next().await?.ok()?);
        }
    }

    /// The next line that is not a heartbeat.
    pub(crate) async fn next_step(&mut self) -> Option<ComposeLine> {
        loop {
            match self.next().await? {
                ComposeLine::Heartbeat => {}
                line => return Some(line),
            }
        }
    }

    /// Reads until the composition is ready; the id its message will have.
    pub(crate) async fn until_ready(&mut self) -> Option<String> {
        loop {
            match self.next_step().await.expect("it becomes ready") {
                ComposeLine::Ready { message_id } => return message_id,
                ComposeLine::Phase { .. } | ComposeLine::Heartbeat => {}
                ComposeLine::Ended { why } => panic!("it ended instead: {why}"),
            }
        }
    }

    /// Reads to the end; the last line.
    pub(crate) async fn last(&mut self) -> Option<ComposeLine> {
        let mut last = None;
        while let Some(line) = self.next_step().await {
            last = Some(line);
        }
        last
    }
}
