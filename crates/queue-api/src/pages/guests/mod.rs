//! The list of guests, their invitations, import and export.

use super::registry::Pages;

pub(super) const fn routes(pages: Pages) -> Pages {
    pages
}
