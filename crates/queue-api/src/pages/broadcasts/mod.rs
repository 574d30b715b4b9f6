//! The same news to many guests.

use super::registry::Pages;

pub(super) const fn routes(pages: Pages) -> Pages {
    pages
}
