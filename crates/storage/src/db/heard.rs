//! What was asked of the database, for tests that must show that two calls do the same work. Compiled for tests only.
//!
//! Heard is what the task itself asks: tests that run side by side do not hear each other.

use std::cell::RefCell;

use super::Sql;

tokio::task_local! {
    static HEARD: RefCell<Vec<&'static str>>;
}

/// Notes a statement, if somebody listens to this task.
pub(super) fn note(sql: &Sql) {
    // nobody listens: nothing to do
    let _ = HEARD.try_with(|heard| heard.borrow_mut().push(sql.sqlite));
}

/// Does `work`, and tells which statements it asked of any store, in order.
pub async fn statements_of<T>(work: impl Future<Output = T>) -> (T, Vec<&'static str>) {
    let all = async {
        let done = work.await;
        (done, HEARD.with(RefCell::take))
    };
    HEARD.scope(RefCell::default(), all).await
}
