//! What the service is told by its environment.

use clap::Parser;
use domain::session::SessionName;
use rstest::rstest;
use secrecy::ExposeSecret;
use whatsapp_integration::config::{Args, BadConfig, Config, WebhookSecret};

use crate::world::{SECRET, TOKEN, groom};

const GOOD: [&str; 9] = [
    "whatsapp-integration",
    "--token",
    TOKEN,
    "--queue-api-token",
    "queue-api-token-0123456789",
    "--webhook-secret",
    SECRET,
    "--sessions",
    "groom,best-man",
];

fn environment(variable: &str) -> Option<String> {
    let value = match variable {
        "WAHA_URL_GROOM" => "http://waha-groom:3000",
        "WAHA_URL_BEST_MAN" => "http://waha-best-man:3000",
        "WAHA_API_KEY_GROOM" => "key-of-the-groom",
        "WAHA_API_KEY_BEST_MAN" => "key-of-the-best-man",
        "WAHA_SESSION_BEST_MAN" => "second",
        _ => return None,
    };
    Some(value.to_owned())
}

fn read(args: &[&str]) -> Result<Config, BadConfig> {
    Args::parse_from(args).config(environment)
}

#[test]
fn each_session_has_its_own_variables() {
    let config = read(&GOOD).unwrap();
    let [groom, best_man] = &config.sessions[..] else {
        panic!("two sessions");
    };
    assert_eq!(groom.waha_session, "default");
    assert_eq!(groom.api_key.expose_secret(), "key-of-the-groom");
    assert_eq!(best_man.waha_session, "second");
    assert_eq!(best_man.api_key.expose_secret(), "key-of-the-best-man");
    let urls = Args::parse_from(GOOD).waha_urls(environment).unwrap();
    assert_eq!(urls[1].1, "http://waha-best-man:3000");
}

#[rstest]
#[case::short_token("--token", "short", "INTEGRATION_TOKEN: the token is shorter")]
#[case::no_token(
    "--queue-api-token",
    "",
    "QUEUE_API_INTERNAL_TOKEN: the token is empty"
)]
#[case::weak_secret("--webhook-secret", "0123456789", "WEBHOOK_SECRET is shorter")]
#[case::twice("--sessions", "groom,groom", "WAHA_SESSIONS names `groom` twice")]
fn what_cannot_work_is_refused_at_the_start(
    #[case] option: &str,
    #[case] value: &str,
    #[case] sentence: &str,
) {
    let at = GOOD.iter().position(|given| *given == option).unwrap();
    let mut args = GOOD;
    args[at + 1] = value;
    let refusal = read(&args).unwrap_err().to_string();
    assert!(refusal.starts_with(sentence), "{refusal}");
}

#[test]
fn an_address_waha_cannot_use_is_refused() {
    let mut args = GOOD.to_vec();
    args.extend(["--webhook-url", "integration:8084"]);
    assert!(matches!(read(&args), Err(BadConfig::Url { .. })));
}

#[test]
fn a_session_without_its_waha_is_refused() {
    let args = Args::parse_from(GOOD);
    let refusal = args.waha_urls(|_| None).unwrap_err();
    assert!(matches!(refusal, BadConfig::NoUrl(variable) if variable == "WAHA_URL_GROOM"));
}

/// Compose files write a variable that nobody set as an empty one.
#[rstest]
#[case::not_set(None)]
#[case::empty(Some(String::new()))]
fn a_waha_without_a_key_is_refused(#[case] key: Option<String>) {
    let without = |variable: &str| match variable {
        "WAHA_API_KEY_BEST_MAN" => key.clone(),
        other => environment(other),
    };
    let refusal = Args::parse_from(GOOD).config(without).unwrap_err();
    let sentence =
        "WAHA_API_KEY_BEST_MAN is not set. Set it to the API key of that session's WAHA.";
    assert_eq!(refusal.to_string(), sentence);
}

#[test]
fn webhook_secrets_differ_by_session_and_use_and_stay() {
    let secret = WebhookSecret::new(SECRET.to_owned().into()).unwrap();
    let bride = SessionName::parse("bride").unwrap();
    let all = [
        secret.path_part(&groom()),
        secret.signing_key(&groom()),
        secret.path_part(&bride),
        secret.signing_key(&bride),
    ];
    for (n, one) in all.iter().enumerate() {
        assert_eq!(one.expose_secret().len(), 64);
        for other in &all[n + 1..] {
            assert_ne!(one.expose_secret(), other.expose_secret());
        }
    }
    // WAHA keeps what it was told: another derivation would reconfigure every session
    assert!(all[0].expose_secret().starts_with("869f62df9e8b0944"));
    assert!(!format!("{secret:?}").contains(SECRET));
}
