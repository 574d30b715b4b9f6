//! How the types of `domain`, and texts that are parsed, look in the OpenAPI document: `domain` itself knows nothing of
//! documents. These are only ever named, never made.

use std::borrow::Cow;

use crate::paging::LONGEST_SEARCH;
use domain::config::{Limits, Pacing};
use utoipa::openapi::schema::{
    AdditionalProperties, KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! schemas {
    ($($name:ident => $schema:expr;)+) => {$(
        #[doc = concat!("How ", stringify!($name), " is described.")]
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                $schema.into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

macro_rules! text_schemas {
    ($($name:ident => $domain:path;)+) => {
        schemas! { $($name => one_of(<$domain>::ALL.iter().map(|value| value.as_str()));)+ }
    };
}

text_schemas! {
    MessageStatus => domain::message_status::MessageStatus;
    Lane => domain::lane::Lane;
    FailureReason => domain::outcome::FailureReason;
    SessionState => domain::session::SessionState;
    SessionProblem => domain::session::SessionProblem;
    LinkWait => domain::linking::LinkWait;
    CappingLevel => domain::release::CappingLevel;
    Refusal => domain::release::Refusal;
    AwaitedEvent => domain::wait::AwaitedEvent;
    AwaitedPerson => domain::wait::AwaitedPerson;
    GuestLanguage => domain::config::Language;
    Origin => domain::conversation::Origin;
    MessageKind => domain::wire::MessageKind;
    BroadcastState => domain::broadcast::BroadcastState;
    Placeholder => domain::broadcast::Placeholder;
    Wrote => domain::broadcast::Wrote;
    WhyLeftOut => domain::broadcast::WhyLeftOut;
    AdviceCode => domain::broadcast::AdviceCode;
}

/// At least one character that is no white space, and no NUL. Written out, because languages differ about `\s`.
const VISIBLE: &str =
    r"^[^\x00]*[^\x00\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000][^\x00]*$";
/// What each database can keep.
const NO_NUL: &str = r"^[^\x00]*$";

schemas! {
    ShortText => text(1, 200, VISIBLE).examples(["Anna"]);
    Reason => text(1, 500, VISIBLE).examples(["She told us on the phone."]);
    TokenName => text(1, 100, VISIBLE).examples(["seating plan"]);
    BlankOrText => text(0, 200, NO_NUL).examples(["Famiglia Rossi"]);
    SearchText => text(0, LONGEST_SEARCH, NO_NUL).examples(["rossi"]);
    Text => text(1, 65_536, VISIBLE).examples(["Ciao!"]);
    TemplateText => formatted(1, 65_536, VISIBLE, "broadcast-template").examples(["{Ciao|Salve} {first_name}!"]);
    SessionName => formatted(1, 40, "^[a-z][a-z0-9-]*$", "session-name").examples(["groom"]);
    PhoneNumber => formatted(5, 40, NO_NUL, "phone-number").examples(["+39 347 000 0001"]);
    InvitationCode => text(11, 20, "^[0-9A-Za-z -]+$").examples(["K7M-Q4XR-P2W9"]);
    Moment => formatted(20, 40, "^20", "date-time").examples(["2026-12-05T18:00:00+01:00"]);
    PageCursor => text(22, 22, "^[A-Za-z0-9_-]{21}[AQgw]$");
    EntityTag => text(1, 20, r#"^(\*|"[0-9]{1,18}")$"#).examples(["\"3\""]);
    RequestKey => text(1, 255, "^[!-~]+$").examples(["0190b5c8-7e1a-7000-8000-3f5d2a9c41be"]);
    ZoneName => formatted(1, 64, "^[A-Za-z0-9_+/-]+$", "time-zone").examples(["Europe/Rome"]);
    CountryCode => formatted(2, 2, "^[A-Za-z]{2}$", "country").examples(["IT"]);
}

/// `format` names what a pattern cannot describe.
fn formatted(least: usize, most: usize, pattern: &str, format: &str) -> ObjectBuilder {
    text(least, most, pattern).format(Some(SchemaFormat::Custom(format.to_owned())))
}

fn text(least: usize, most: usize, pattern: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(least))
        .max_length(Some(most))
        .pattern(Some(pattern))
}

fn one_of(values: impl Iterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(values))
        .into()
}

schemas! {
    Settings => ObjectBuilder::new()
        .property("groom_name", text(0, 80, NO_NUL))
        .property("bride_name", text(0, 80, NO_NUL))
        .property("time_zone", ZoneName::schema())
        .property("language", GuestLanguage::schema())
        .property("country", CountryCode::schema())
        .property("wedding_date", date())
        .property("limits", limits())
        .property("pacing", pacing())
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)));
}

fn date() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .pattern(Some("^20"))
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
}

fn limits() -> ObjectBuilder {
    let time = || {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$"))
    };
    Limits::default()
        .ranges()
        .into_iter()
        .fold(ObjectBuilder::new(), |object, (field, value, range)| {
            object.property(
                last(field),
                number(value.into(), (*range.start()).into(), (*range.end()).into()),
            )
        })
        .property("quiet_from", time())
        .property("quiet_to", time())
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
}

fn pacing() -> ObjectBuilder {
    Pacing::default()
        .ranges()
        .into_iter()
        .fold(ObjectBuilder::new(), |object, (field, value, range)| {
            object.property(last(field), number(value, *range.start(), *range.end()))
        })
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
}

fn number(default: u64, least: u64, most: u64) -> ObjectBuilder {
    let bound = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(bound(least)))
        .maximum(Some(bound(most)))
        .default(Some(default.into()))
}

fn last(field: &'static str) -> &'static str {
    field.rsplit('.').next().unwrap_or(field)
}
