//! Guests at the public listener, and what the couple prepares for them.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use domain::session::SessionName;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::neighbours::session_view;
use crate::world::World;

/// What a browser got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Page {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("text")
    }

    /// But for the id of the request, which is another one each time.
    pub(crate) fn without_id(mut self) -> Self {
        assert!(self.headers.remove("x-request-id").is_some());
        self
    }
}

/// A guest's browser, from some address.
pub(crate) fn request(path: &str, from: &str) -> Request<Body> {
    let peer: IpAddr = from.parse().unwrap();
    Request::get(path)
        .extension(ConnectInfo(SocketAddr::new(peer, 50_000)))
        .body(Body::empty())
        .unwrap()
}

async fn page(response: Response) -> Page {
    let (parts, body) = response.into_parts();
    Page {
        status: parts.status,
        headers: parts.headers,
        bytes: body.collect().await.unwrap().to_bytes().to_vec(),
    }
}

impl World {
    /// Opens an address of the public listener.
    pub(crate) async fn visit(&self, path: &str) -> Page {
        self.visit_with(request(path, "198.51.100.7")).await
    }

    pub(crate) async fn visit_with(&self, request: Request<Body>) -> Page {
        page(self.public().oneshot(request).await.unwrap()).await
    }

    /// What the couple's listener shows, byte for byte.
    pub(crate) async fn fetch(&self, request: Request<Body>) -> Page {
        page(self.couple().oneshot(request).await.unwrap()).await
    }

    /// The bride's phone is linked and connected.
    pub(crate) async fn bride_connects(&self) {
        let mut view = session_view("connected");
        view["fact"] = json!("session");
        view["own"]["chat"] = json!("393334445555@c.us");
        let answer = self.report("bride", json!([view])).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }

    /// Somebody is put on the list; the address of their household's invitation.
    pub(crate) async fn invite(&self, guest: Value) -> String {
        let added = self.post("/guests", guest).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
        let id = added.body["id"].as_str().unwrap();
        let sql = format!("SELECT household_id AS value FROM guest WHERE id = '{id}'");
        let household = self.database.texts(&sql).await.remove(0).unwrap();
        format!("/households/{household}/invitation")
    }

    /// Anna and her household, guests of that spouse.
    pub(crate) async fn annas_household(&self, side: Option<&SessionName>) -> String {
        let side = side.map(SessionName::as_str);
        let anna = json!({ "name": "Anna", "household": "Villa Rossi", "side": side });
        self.invite(anna).await
    }

    /// The token of the invitation at that address.
    pub(crate) async fn invitation_token(&self, invitation: &str) -> String {
        let answer = self.get(invitation).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.body["token"].as_str().unwrap().to_owned()
    }

    /// The couple writes their names and chooses a language.
    pub(crate) async fn couple_is(&self, bride: &str, groom: &str, language: &str) {
        let config = json!({ "bride_name": bride, "groom_name": groom, "language": language });
        let version = self.get("/config").await.body["version"].clone();
        let body = json!({ "version": version, "config": config });
        let answer = self.ask("PUT", "/config", body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
}
