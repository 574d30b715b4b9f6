//! What an installation is made of: the compose file, `.env`, what goes into an image.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const COMPOSE: &str = include_str!("../../../../docker-compose.yml");
const EXAMPLE: &str = include_str!("../../../../.env.example");
const IN_IMAGES: &str = include_str!("../../../../.dockerignore");
const DOCKERFILE: &str = include_str!("../../../../deploy/Dockerfile");
const UPGRADING: &str = include_str!("../../../../docs/upgrading.md");
const WAHA: &str = include_str!("../../../../docs/waha.md");

const SERVICES: [&str; 3] = ["queue-api", "whatsapp-worker", "whatsapp-integration"];
const CONTAINERS: [&str; 6] = [
    "queue-api",
    "whatsapp-worker",
    "whatsapp-integration",
    "waha-groom",
    "waha-bride",
    "db",
];

/// Crates that become part of a service.
const CRATES: [&str; 9] = [
    "chassis",
    "domain",
    "guest-import",
    "qr-picture",
    "queue-api",
    "storage",
    "waha",
    "whatsapp-integration",
    "whatsapp-worker",
];

/// Each secret of `.env`, and the containers that are given it.
const HOLDERS: [(&str, &[&str]); 8] = [
    (
        "WAHA_API_KEY_GROOM",
        &["whatsapp-integration", "waha-groom"],
    ),
    (
        "WAHA_API_KEY_BRIDE",
        &["whatsapp-integration", "waha-bride"],
    ),
    (
        "QUEUE_API_INTERNAL_TOKEN",
        &["queue-api", "whatsapp-integration"],
    ),
    (
        "INTEGRATION_TOKEN",
        &["queue-api", "whatsapp-worker", "whatsapp-integration"],
    ),
    ("WORKER_TOKEN", &["queue-api", "whatsapp-worker"]),
    ("WEBHOOK_SECRET", &["whatsapp-integration"]),
    ("UNKNOWN_WRITERS_KEY", &["queue-api", "whatsapp-worker"]),
    ("POSTGRES_PASSWORD", &["queue-api", "whatsapp-worker", "db"]),
];

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.join("../..").canonicalize().unwrap()
}

/// A session on an unsuitable WAHA is told to move to the image that a new installation starts with.
#[test]
fn every_text_names_the_image_that_sessions_are_told_to_move_to() {
    let image = domain::waha_image::instead_of(Some("2026.8.1 GOWS"));
    assert!(COMPOSE.contains(&format!("${{WAHA_IMAGE:-{image}}}")));
    assert!(EXAMPLE.contains(&format!("#WAHA_IMAGE={image}\n")));
    for text in [UPGRADING, WAHA] {
        assert!(text.contains(&image), "{image}");
    }
    let arm = format!("gows-arm-{}", domain::waha_image::RELEASE);
    for text in [COMPOSE, EXAMPLE, UPGRADING, WAHA] {
        assert!(text.contains(&arm), "{arm}");
    }
}

/// The lines that belong to a key of the compose file, which is written with so many spaces before it.
fn block(spaces: usize, key: &str) -> String {
    let head = format!("\n{}{key}:", " ".repeat(spaces));
    let (_, rest) = COMPOSE.split_once(&head).expect("the key is there");
    let inside = " ".repeat(spaces + 1);
    let lines = rest.lines().skip(1);
    let lines = lines.take_while(|line| line.is_empty() || line.starts_with(&inside));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn only_queue_api_is_published_and_on_loopback() {
    for container in CONTAINERS {
        let published = block(2, container).contains("ports:");
        assert_eq!(published, container == "queue-api", "{container}");
    }
    let queue_api = block(2, "queue-api");
    let (_, ports) = queue_api.split_once("ports:\n").unwrap();
    let ports: Vec<_> = ports
        .lines()
        .map(str::trim)
        .take_while(|line| line.starts_with("- "))
        .collect();
    assert_eq!(
        ports,
        [
            "- \"${QUEUE_API_PUBLISH:-127.0.0.1:8080}:8080\"",
            "- \"${QUEUE_API_PUBLIC_PUBLISH:-127.0.0.1:8090}:8090\"",
        ]
    );
    for network in ["inner", "data"] {
        let internal = format!("\n  {network}: {{ internal: true }}\n");
        assert!(COMPOSE.contains(&internal), "{network}");
    }
}

#[test]
fn services_run_without_rights_that_they_do_not_need() {
    let service = block(0, "x-service");
    for setting in [
        "read_only: true",
        "cap_drop: [ALL]",
        "security_opt: [\"no-new-privileges:true\"]",
    ] {
        assert!(service.contains(setting), "{setting}");
    }
    for name in SERVICES {
        assert!(block(2, name).contains("<<: *service"), "{name}");
    }
    let waha = block(0, "x-waha-environment");
    for off in ["WAHA_DASHBOARD_ENABLED", "WHATSAPP_SWAGGER_ENABLED"] {
        assert!(waha.contains(&format!("{off}: \"False\"")), "{off}");
    }
    for name in ["waha-groom", "waha-bride"] {
        assert!(block(2, name).contains("<<: *waha-environment"), "{name}");
    }
}

#[test]
fn each_container_is_given_its_own_secrets_only() {
    for (secret, holders) in HOLDERS {
        for container in CONTAINERS {
            let given = block(2, container).contains(&format!("${{{secret}:?"));
            assert_eq!(given, holders.contains(&container), "{secret} {container}");
        }
    }
}

/// Writes an `.env` as `make up` does, and reads it.
fn fresh_env(name: &str) -> String {
    let file = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
    let script = root().join("tools/make-env.sh");
    let written = Command::new(script).arg(&file).status().unwrap();
    assert!(written.success());
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = fs::read_to_string(&file).unwrap();
    fs::remove_file(file).unwrap();
    text
}

#[test]
fn secrets_are_random_and_their_owner_s_alone() {
    let asked = EXAMPLE.lines().filter(|line| !line.starts_with('#'));
    let asked: Vec<_> = asked.filter(|line| line.ends_with('=')).collect();
    assert_eq!(asked.len(), 8, "a default secret is none");
    let mut secrets = BTreeSet::new();
    for name in ["env-one", "env-two"] {
        let env = fresh_env(name);
        for variable in &asked {
            let line = env.lines().find_map(|line| line.strip_prefix(*variable));
            let secret = line.unwrap_or_else(|| panic!("no {variable}"));
            let is_hex = secret.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_hex && secret.len() == 64, "{variable}");
            assert!(secrets.insert(secret.to_owned()), "{variable} is no secret");
        }
    }
}

#[test]
fn images_are_built_from_the_sources_alone() {
    let lines = IN_IMAGES.lines().filter(|line| !line.starts_with('#'));
    let lines: Vec<_> = lines.collect();
    let expected = ["*", "!Cargo.toml", "!Cargo.lock", "!crates", "!migrations"];
    assert_eq!(lines, expected);
    let binaries = SERVICES.map(|name| format!("target/release/{name} "));
    let copied = format!("cp {}/out/ \\\n    && du", binaries.concat());
    assert!(DOCKERFILE.contains(&copied), "{copied}");
    let (_, services) = DOCKERFILE.split_once("FROM base AS services\n").unwrap();
    let mut services = services.lines();
    let only = "COPY --from=build /out/ /usr/local/bin/";
    assert_eq!(services.next(), Some(only));
    assert_eq!(services.next(), Some("CMD [\"queue-api\"]"));
    assert_eq!(services.next(), Some(""));
    assert!(DOCKERFILE.contains("\nUSER 10001:10001\n\nFROM base AS services\n"));
}

fn assert_starts_no_program(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_starts_no_program(&path);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for call in ["process::Command", "Command::new("] {
            assert!(!text.contains(call), "{}: {call}", path.display());
        }
    }
}

#[test]
fn no_service_starts_a_program() {
    for name in CRATES {
        assert_starts_no_program(&root().join("crates").join(name).join("src"));
    }
}
