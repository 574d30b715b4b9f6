//! How the types of `domain` look in the OpenAPI document: `domain` itself knows nothing of documents. These are only
//! ever named, never made.

use std::borrow::Cow;

use domain::config::{GlobalConfig, Language, Limits, Pacing};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! text_schemas {
    ($($name:ident => $domain:path;)+) => {$(
        #[doc = concat!("`", stringify!($domain), "`.")]
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                one_of(<$domain>::ALL.iter().map(|value| value.as_str()))
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

text_schemas! {
    MessageStatus => domain::message_status::MessageStatus;
    Lane => domain::lane::Lane;
    FailureReason => domain::outcome::FailureReason;
    SessionState => domain::session::SessionState;
    SessionProblem => domain::session::SessionProblem;
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

fn one_of(values: impl Iterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(values))
        .into()
}

/// `domain::config::GlobalConfig`, with the ranges that are checked.
pub(crate) enum Settings {}

impl ToSchema for Settings {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Settings")
    }
}

impl PartialSchema for Settings {
    fn schema() -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let default = GlobalConfig::default();
        let languages = Language::ALL.iter().map(|language| language.as_str());
        ObjectBuilder::new()
            .property("groom_name", text().max_length(Some(80)))
            .property("bride_name", text().max_length(Some(80)))
            .property("time_zone", text().examples([default.time_zone.name()]))
            .property("language", one_of(languages))
            .property("country", text().examples([default.country.code()]))
            .property("wedding_date", date())
            .property("limits", limits())
            .property("pacing", pacing())
            .into()
    }
}

fn date() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
}

fn limits() -> ObjectBuilder {
    let time = || {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[0-2][0-9]:[0-5][0-9]$"))
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
}

fn pacing() -> ObjectBuilder {
    Pacing::default().ranges().into_iter().fold(
        ObjectBuilder::new(),
        |object, (field, value, range)| {
            object.property(last(field), number(value, *range.start(), *range.end()))
        },
    )
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
