//! What no page of ours may have: a fault that keeps somebody out ([`checks.js`]), a word of the other language, a gap where a
//! text should be, or anything that the browser complains about (a script's error, a breach of the content policy).

use thirtyfour::WebDriver;

use super::texts::{ISOLATES, Texts};

const RULES: &str = include_str!("checks.js");

/// Fails when something is wrong with the page that is shown.
pub(crate) async fn page(driver: &WebDriver, language: &str, own: &Texts) {
    let place = driver.current_url().await.expect("an address");
    let place = place.path();
    let faults: Vec<String> = driver
        .execute(RULES, Vec::new())
        .await
        .expect("a script that runs")
        .convert()
        .expect("a list of sentences");
    assert!(faults.is_empty(), "{place}: {faults:#?}");
    let texts = texts(driver).await;
    let gap = texts.iter().find(|text| text.contains('⟦'));
    assert!(gap.is_none(), "{place}: a text is missing: {gap:?}");
    let untranslated: Vec<_> = texts.iter().filter(|text| own.is_foreign(text)).collect();
    assert!(
        untranslated.is_empty(),
        "{place} in {language}: {untranslated:?}"
    );
    let shown = driver
        .find(thirtyfour::By::Tag("html"))
        .await
        .expect("a page");
    let declared = shown.attr("lang").await.expect("an attribute");
    assert_eq!(declared.as_deref(), Some(language), "{place}");
}

/// Fails when the browser has complained since the last time.
pub(crate) async fn console(driver: &WebDriver) {
    let said = driver.browser_log().await.expect("the browser's log");
    let complaints: Vec<_> = said
        .into_iter()
        .filter(|line| matches!(line.level.as_str(), "SEVERE" | "WARNING"))
        .map(|line| line.message)
        .filter(|message| !is_an_answer(message))
        .collect();
    assert!(complaints.is_empty(), "the browser says {complaints:#?}");
}

/// A form that is refused is an answer, not a fault of the page; a missing style or script is one.
fn is_an_answer(message: &str) -> bool {
    let address = message.split(' ').next().unwrap_or_default();
    message.contains("the server responded with a status of 4") && !address.contains("/static/")
}

/// Every text that a person sees or hears, without the marks that keep directions apart.
async fn texts(driver: &WebDriver) -> Vec<String> {
    let script = "
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const texts = [document.title.split(' · ')[0]];
        // what says that it is in another language may be
        for (let node = walker.nextNode(); node; node = walker.nextNode())
            if (!node.parentElement.closest('[lang]:not(html)')) texts.push(node.data.trim());
        for (const element of document.querySelectorAll('[aria-label],[title],[alt]'))
            for (const name of ['aria-label', 'title', 'alt']) texts.push((element.getAttribute(name) ?? '').trim());
        return texts.filter((text) => text !== '');";
    let texts = driver.execute(script, Vec::new()).await.expect("a script");
    let texts: Vec<String> = texts.convert().expect("texts");
    texts
        .into_iter()
        .map(|text| text.replace(ISOLATES, ""))
        .collect()
}
