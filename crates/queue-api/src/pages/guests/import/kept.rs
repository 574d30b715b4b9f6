//! Files between being looked at and being imported. They are kept here, in memory, bound to the browser that sent them:
//! a form cannot carry ten megabytes back and forth, and to ask for the file again would import another one than was looked
//! at. A restart of the service forgets them, and then the page asks for the file again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::TimeDelta;
use domain::Timestamp;
use sha2::{Digest, Sha256};

/// How long a file is kept.
const KEPT_FOR: TimeDelta = TimeDelta::minutes(15);

/// How much is kept of all browsers' files: some six of the largest. The oldest go first.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// One for each browser at most.
#[derive(Default)]
pub(crate) struct KeptFiles(Mutex<Vec<Kept>>);

struct Kept {
    browser: String,
    mark: String,
    file: Bytes,
    until: Timestamp,
}

impl KeptFiles {
    /// Keeps a browser's file in place of the one before; the mark it is asked for with.
    pub(super) fn keep(&self, browser: String, file: Bytes, now: Timestamp) -> String {
        let mark = hex::encode(&Sha256::digest(&file)[..8]);
        let mut all = self.current(now);
        all.retain(|kept| kept.browser != browser);
        all.push(Kept {
            browser,
            mark: mark.clone(),
            file,
            until: now + KEPT_FOR,
        });
        while all.len() > 1 && all.iter().map(|kept| kept.file.len()).sum::<usize>() > MOST_BYTES {
            all.remove(0);
        }
        mark
    }

    /// The browser's file, if it is that one.
    pub(super) fn find(&self, browser: &str, mark: &str, now: Timestamp) -> Option<Bytes> {
        let all = self.current(now);
        let mut own = all.iter().filter(|kept| kept.browser == browser);
        own.find(|kept| kept.mark == mark)
            .map(|kept| kept.file.clone())
    }

    /// Forgets the browser's file.
    pub(super) fn forget(&self, browser: &str, now: Timestamp) {
        self.current(now).retain(|kept| kept.browser != browser);
    }

    /// Those whose time is not over.
    fn current(&self, now: Timestamp) -> MutexGuard<'_, Vec<Kept>> {
        // a list that somebody died over is still a list
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|kept| kept.until > now);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T11:00:00Z".parse().unwrap()
    }

    fn keep(files: &KeptFiles, browser: &str, file: &'static [u8]) -> String {
        files.keep(browser.to_owned(), Bytes::from_static(file), now())
    }

    #[test]
    fn a_file_is_there_for_its_own_browser_and_a_quarter_of_an_hour() {
        let files = KeptFiles::default();
        let mark = keep(&files, "a", b"name\nAnna");
        assert!(files.find("a", &mark, now()).is_some());
        assert!(files.find("b", &mark, now()).is_none());
        assert!(files.find("a", "other", now()).is_none());
        assert!(files.find("a", &mark, now() + KEPT_FOR).is_none());
        assert!(files.find("a", &mark, now()).is_none(), "it was forgotten");
    }

    #[test]
    fn one_for_each_browser_and_not_too_much_in_all() {
        let files = KeptFiles::default();
        let first = keep(&files, "a", b"one");
        let second = keep(&files, "a", b"two");
        assert!(files.find("a", &first, now()).is_none());
        assert!(files.find("a", &second, now()).is_some());
        files.keep("b".to_owned(), Bytes::from(vec![0; MOST_BYTES]), now());
        assert!(files.find("a", &second, now()).is_none(), "the oldest goes");
        files.forget("b", now());
        assert!(files.current(now()).is_empty());
    }
}
