//! What the couple can set, who may sign in, and who changed what.

use super::registry::Pages;

pub(super) const fn routes(pages: Pages) -> Pages {
    pages
}
