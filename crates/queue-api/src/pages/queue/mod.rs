//! What waits, is on its way and was sent.

use super::registry::Pages;

pub(super) const fn routes(pages: Pages) -> Pages {
    pages
}
