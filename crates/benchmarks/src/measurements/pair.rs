//! What measurements on a short and a long database side by side have in common.

use storage::{Options, Store, testing::TestDatabase};

/// Does `work` on one processor. SQLite's connections are threads: one that has to be woken on another processor takes twice as long
/// for every statement, and which of two that befalls is chance.
pub(super) async fn on_one_processor<T: Send + 'static>(
    work: impl AsyncFnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let measuring = std::thread::spawn(move || {
        let mut first = rustix::thread::CpuSet::new();
        first.set(0);
        // threads that are started from here on stay there, too
        rustix::thread::sched_setaffinity(None, &first)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(work())
    });
    let joined = tokio::task::spawn_blocking(move || measuring.join()).await?;
    joined.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked))
}

/// The store as a worker has it, who filled no database: what a million inserts leave behind in the memory of the
/// connection that made them would be measured with every call.
pub(super) async fn opened_again(database: &TestDatabase) -> anyhow::Result<Store> {
    database.store().close().await;
    let options = Options {
        durable: false,
        ..Options::default()
    };
    Ok(Store::open(database.url(), options).await?)
}
