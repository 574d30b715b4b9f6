//! The links in a text, as far as advice about them needs it.

/// Services whose links hide where they lead. Spammers love them, so filters do not.
const SHORTENERS: &[&str] = &[
    "adf.ly",
    "bit.do",
    "bit.ly",
    "buff.ly",
    "cutt.ly",
    "dub.sh",
    "goo.gl",
    "goo.su",
    "is.gd",
    "ity.im",
    "j.mp",
    "lnkd.in",
    "mcaf.ee",
    "ow.ly",
    "q.gs",
    "qr.ae",
    "rb.gy",
    "rebrand.ly",
    "s.id",
    "short.io",
    "shorturl.at",
    "soo.gd",
    "t.co",
    "t.ly",
    "t2m.io",
    "tiny.cc",
    "tiny.one",
    "tinyurl.com",
    "tr.im",
    "trib.al",
    "u.to",
    "urlz.fr",
    "v.gd",
    "x.co",
    "yourls.org",
];

/// A link in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link<'a> {
    /// As it was written.
    pub(super) written: &'a str,
    /// `http://`, which anybody on the way can read and change.
    pub(super) plain_http: bool,
    /// Of a service that hides where it leads.
    pub(super) shortened: bool,
}

/// What may stand around a link without being part of it. Braces and bars are the template's own.
const AROUND: &[char] = &[
    '(', ')', '[', ']', '<', '>', '"', '\'', '«', '»', '“', '”', '‘', '’', '.', ',', ';', ':', '!',
    '?', '*', '_', '~',
];

/// The links of a text. Without `https://` only shortened ones are known as links.
pub(super) fn links(text: &str) -> impl Iterator<Item = Link<'_>> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '|'))
        .filter_map(link)
}

fn link(word: &str) -> Option<Link<'_>> {
    // ASCII only: the places in `word` stay the same.
    let lower = word.to_ascii_lowercase();
    let scheme = ["http://", "https://"]
        .into_iter()
        .find_map(|scheme| Some((lower.find(scheme)?, scheme)));
    let (begin, scheme) = scheme.unwrap_or((0, ""));
    let written = word.get(begin..)?.trim_matches(AROUND);
    let rest = written.get(scheme.len()..)?;
    let shortened = SHORTENERS.contains(&host(rest).as_str());
    let is_link = !scheme.is_empty() || shortened;
    is_link.then_some(Link {
        written,
        plain_http: scheme == "http://",
        shortened,
    })
}

/// The host of an address without its scheme.
fn host(address: &str) -> String {
    let end = address.find(['/', '?', '#']).unwrap_or(address.len());
    let authority = address[..end].rsplit('@').next().unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    let host = host.to_ascii_lowercase();
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}
