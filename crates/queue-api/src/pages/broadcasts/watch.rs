//! One piece of news: a draft with all that would leave, or one under way with how its copies stand.

use askama::Template;
use axum::extract::{Path, State};
use domain::broadcast::BroadcastState;
use domain::ids::BroadcastId;
use storage::BroadcastRow;

use super::preview::{self, Preview};
use crate::app::Shared;
use crate::broadcasts;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/broadcasts/draft.html")]
struct DraftPage {
    f: Frame,
    row: BroadcastRow,
    preview: Preview,
}

#[derive(Template)]
#[template(path = "pages/broadcasts/under_way.html")]
struct UnderWayPage {
    f: Frame,
    row: BroadcastRow,
    preview: Preview,
}

pub(super) async fn one(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Broadcasts, "broadcasts-title").await?;
    let looked = broadcasts::plan(&app, id).await?;
    let row = looked.row;
    let f = f.titled(row.title.clone());
    let preview = Preview::from(looked.plan);
    if row.state == BroadcastState::Draft {
        page(&DraftPage { f, row, preview })
    } else {
        page(&UnderWayPage { f, row, preview })
    }
}
