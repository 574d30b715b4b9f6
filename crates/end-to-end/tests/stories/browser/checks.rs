//! What no page of ours may have: a fault that keeps somebody out ([`checks.js`]), a word of the other language, a gap where a
//! text should be, or anything that the browser complains about (a script's error, a breach of the content policy).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use thirtyfour::WebDriver;

const RULES: &str = include_str!("checks.js");

/// Fails when something is wrong with the page that is shown.
pub(crate) async fn page(driver: &WebDriver, language: &str) {
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
    let foreign = foreign(language);
    let untranslated: Vec<_> = texts
        .iter()
        .filter(|text| foreign.contains(*text))
        .collect();
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
        // a refused form is an answer, not a fault of the page
        .filter(|line| {
            !line
                .message
                .contains("the server responded with a status of 4")
        })
        .map(|line| line.message)
        .collect();
    assert!(complaints.is_empty(), "the browser says {complaints:#?}");
}

/// Every text that a person sees, without the marks that keep directions apart.
async fn texts(driver: &WebDriver) -> Vec<String> {
    let script = "
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const texts = [];
        // what says that it is in another language may be
        for (let node = walker.nextNode(); node; node = walker.nextNode())
            if (!node.parentElement.closest('[lang]:not(html)')) texts.push(node.data.trim());
        for (const element of document.querySelectorAll('[aria-label],[title],[alt]'))
            for (const name of ['aria-label', 'title', 'alt']) texts.push((element.getAttribute(name) ?? '').trim());
        return texts.filter((text) => text !== '');";
    let texts = driver.execute(script, Vec::new()).await.expect("a script");
    let texts: Vec<String> = texts.convert().expect("texts");
    let plain = |text: String| text.replace(['\u{2068}', '\u{2069}'], "");
    texts.into_iter().map(plain).collect()
}

/// What the other language says and this one does not.
fn foreign(language: &str) -> BTreeSet<String> {
    let other = if language == "it" { "en" } else { "it" };
    let own = sentences(language);
    let foreign = sentences(other);
    foreign.difference(&own).cloned().collect()
}

/// The texts of a language that stand alone: without anything to be filled in.
fn sentences(language: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../queue-api/locales")
        .join(language);
    let files = fs::read_dir(folder).expect("a folder of texts");
    let texts = files.map(|file| fs::read_to_string(file.expect("a file").path()).expect("a text"));
    let lines: Vec<String> = texts
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let values = lines
        .iter()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    let values = values.filter_map(|line| line.split_once('='));
    let values = values.map(|(_, value)| value.trim().to_owned());
    values
        .filter(|value| !value.is_empty() && !value.contains('{'))
        .collect()
}
