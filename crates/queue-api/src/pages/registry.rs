//! The addresses of the pages, each with who may see it. The only way to make one, so that none is without its guard.

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{self, MethodRouter};

use super::access::Access;
use super::guard;
use crate::app::Shared;

/// An address of the page, for whoever wants to try them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRoute {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// As the router matches it, such as `/queue/{id}`.
    pub path: &'static str,
    /// Who may come.
    pub access: Access,
    /// Whether the password must have been given a short time ago.
    pub confirmed: bool,
}

/// The pages so far.
pub(super) struct Pages {
    app: Shared,
    router: Router<Shared>,
    listed: Vec<PageRoute>,
}

impl Pages {
    pub(super) fn new(app: &Shared) -> Self {
        Self {
            app: app.clone(),
            router: Router::new(),
            listed: Vec::new(),
        }
    }

    /// A page to look at. It changes nothing.
    pub(super) fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        self.add("GET", path, (access, false), routing::get(handler))
    }

    /// A form to send. It has a field `csrf`, the first one where files are sent.
    pub(super) fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        self.add("POST", path, (access, false), routing::post(handler))
    }

    /// A form that needs the password again, when it was not given a short time ago: see [`confirm`](super::confirm).
    pub(super) fn post_confirmed<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        self.add("POST", path, (access, true), routing::post(handler))
    }

    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        (access, confirmed): (Access, bool),
        handler: MethodRouter<Shared>,
    ) -> Self {
        let guard = from_fn_with_state((self.app.clone(), access, confirmed), guard::guard);
        self.router = self.router.route(path, handler.layer(guard));
        self.listed.push(PageRoute {
            method,
            path,
            access,
            confirmed,
        });
        self
    }

    /// The state of the pages, for a layer of one's own.
    pub(super) const fn app(&self) -> &Shared {
        &self.app
    }

    /// Puts a layer around the pages that `routes` adds.
    pub(super) fn with(
        mut self,
        routes: impl FnOnce(Self) -> Self,
        layer: impl FnOnce(Router<Shared>) -> Router<Shared>,
    ) -> Self {
        let inner = routes(Self::new(&self.app));
        self.router = self.router.merge(layer(inner.router));
        self.listed.extend(inner.listed);
        self
    }

    pub(super) fn finish(self) -> (Router<Shared>, Vec<PageRoute>) {
        (self.router, self.listed)
    }
}
