//! A phone number in international form: parsed once, with the couple's default country.
//! It says that the number can exist; only WhatsApp knows whether somebody has it.

use std::fmt;

use rlibphonenumber::{PhoneNumberFormat, PhoneNumberType, Region};
use serde::{Deserialize, Serialize};

/// A valid number, kept as digits: country code first, no `+` (`393470000001`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// A country, by its two letters (ISO 3166), whose numbers may be written without a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country(Region);

/// What a `tel:` address may say of a number without its country (RFC 3966).
const CONTEXT: &str = ";phone-context=";

/// Why a text is not a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPhoneNumber {
    /// Nothing that reads as a number.
    #[error("not a phone number: write it with its country code, such as +39 347 000 0001")]
    Unreadable,
    /// It reads, but no such number can exist in that country.
    #[error("no such number can exist in its country: check the digits and the country code")]
    Impossible,
}

/// What the tables of numbers say of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineType {
    /// A mobile phone, or it cannot be told from a fixed line, as in North America.
    Mobile,
    /// A fixed line.
    Fixed,
    /// Neither: internet telephony, a service.
    Other,
}

/// The text is not a country's two letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a country: use its two letters, such as IT")]
pub struct InvalidCountry;

impl Country {
    /// Where most of the guests are, unless the couple says otherwise.
    pub const ITALY: Self = Self(Region::IT);

    /// Reads two letters such as `IT`.
    pub fn parse(text: &str) -> Result<Self, InvalidCountry> {
        Region::try_from(text.to_ascii_uppercase().as_str())
            .map(Self)
            .map_err(|_| InvalidCountry)
    }

    /// The two letters.
    pub fn code(self) -> String {
        self.0.to_string()
    }
}

impl PhoneNumber {
    /// The most digits of an international number (E.164). The tables of some countries, such as Germany's, permit more.
    const MAX_DIGITS: usize = 15;

    /// Reads a number as people write it. Without `+` or `00` it belongs to `default_country`.
    pub fn parse(text: &str, default_country: Country) -> Result<Self, InvalidPhoneNumber> {
        Self::of(&read(text, default_country)?)
    }

    /// Reads a number as [`Self::parse`] does, with its type.
    pub fn parse_typed(
        text: &str,
        default_country: Country,
    ) -> Result<(Self, LineType), InvalidPhoneNumber> {
        let number = read(text, default_country)?;
        let line_type = match number.get_type() {
            PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile => LineType::Mobile,
            PhoneNumberType::FixedLine => LineType::Fixed,
            _ => LineType::Other,
        };
        Ok((Self::of(&number)?, line_type))
    }

    fn of(number: &rlibphonenumber::PhoneNumber) -> Result<Self, InvalidPhoneNumber> {
        let e164 = number.format_as(PhoneNumberFormat::E164);
        let digits = e164.trim_start_matches('+');
        if digits.len() > Self::MAX_DIGITS {
            return Err(InvalidPhoneNumber::Impossible);
        }
        Ok(Self(digits.to_owned()))
    }

    /// Takes digits that WhatsApp itself gave us (`393470000001`): WhatsApp's word outranks any table of numbers.
    pub fn from_whatsapp(digits: &str) -> Result<Self, InvalidPhoneNumber> {
        let valid = (5..=20).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if valid {
            Ok(Self(digits.to_owned()))
        } else {
            Err(InvalidPhoneNumber::Unreadable)
        }
    }

    /// The digits, country code first.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// As people read it: `+39 347 000 0001`.
    pub fn international(&self) -> String {
        let plus = format!("+{}", self.0);
        rlibphonenumber::PhoneNumber::parse(&plus, None)
            .map(|n| n.format_as(PhoneNumberFormat::International).into_owned())
            .unwrap_or(plus)
    }
}

fn read(
    text: &str,
    default_country: Country,
) -> Result<rlibphonenumber::PhoneNumber, InvalidPhoneNumber> {
    // no `tel:` address is written so, and the library panics at it
    let context = text.find(CONTEXT);
    if context.is_some_and(|at| text[at..].contains("tel:")) {
        return Err(InvalidPhoneNumber::Unreadable);
    }
    let text = international_prefix(text.trim());
    let number = rlibphonenumber::PhoneNumber::parse(&text, Some(default_country.0))
        .map_err(|_| InvalidPhoneNumber::Unreadable)?;
    if number.is_valid() {
        Ok(number)
    } else {
        Err(InvalidPhoneNumber::Impossible)
    }
}

/// `00…` is how much of Europe writes `+…`; the library knows it only for the default country's own prefix.
fn international_prefix(text: &str) -> String {
    match text.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => text.to_owned(),
    }
}

// A number in a log is a leak: show only that there is one.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = InvalidPhoneNumber;

    fn try_from(digits: String) -> Result<Self, InvalidPhoneNumber> {
        Self::from_whatsapp(&digits)
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

impl TryFrom<String> for Country {
    type Error = InvalidCountry;

    fn try_from(text: String) -> Result<Self, InvalidCountry> {
        Self::parse(&text)
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.code()
    }
}
