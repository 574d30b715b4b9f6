//! Reading back (recordings E of 2026.4.1): order, filters, ids, chats, hidden ids, and the store's limits.

use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};
use waha_simulator::{AutoAcks, Misbehaviour, Profile};

use crate::scene::{Scene, ZIA, ZIA_CHAT, config};

const P2026: Profile = Profile::Waha2026_4_1NoWeb;

/// The recorded chat: received and own messages in turn, acks that move own ones, one typed by hand.
struct Chat {
    scene: Scene,
    /// Seconds of the first message.
    t0: i64,
    first_own: String,
}

async fn recorded_chat() -> Chat {
    let scene = Scene::with(P2026, |config| config.auto_acks = AutoAcks::NONE);
    scene.sim.work_at_once(config());
    let zio = scene.sim.guest(ZIA).named("Zio");
    let t0 = scene.clock.now().timestamp();
    let mut own = Vec::new();
    for n in 0..3 {
        zio.write(&format!("suo {n}"));
        scene.pass(1).await;
        own.push(scene.send(&format!("mio {n}")).await.raw_id());
        scene.pass(1).await;
    }
    scene.sim.ack(&own[2], -1);
    scene.sim.type_by_hand(ZIA, "dal telefono");
    scene.pass(1).await;
    for (raw_id, level) in [(&own[1], 2), (&own[0], 2), (&own[0], 3)] {
        scene.sim.ack(raw_id, level);
    }
    Chat {
        scene,
        t0,
        first_own: own.remove(0),
    }
}

fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|message| message["body"].as_str().unwrap_or_default())
        .collect()
}

impl Chat {
    async fn read(&self, query: &str) -> Value {
        let path = format!("/api/default/chats/{ZIA_CHAT}/messages?downloadMedia=false&{query}");
        self.scene.get(&path).await.body
    }
}

#[tokio::test(start_paused = true)]
async fn newest_first_and_acks_move_a_message() {
    let chat = recorded_chat().await;
    let all = chat.read("limit=20").await;
    assert_eq!(
        texts(&all),
        [
            "mio 1",
            "mio 0",
            "dal telefono",
            "mio 2",
            "suo 2",
            "suo 1",
            "suo 0"
        ]
        .map(|text| text)
        .to_vec()
    );
}

#[tokio::test(start_paused = true)]
async fn pages_and_filters() {
    let chat = recorded_chat().await;
    let (t0, end) = (chat.t0, chat.t0 + 7);
    let count = async |query: &str| texts(&chat.read(query).await).len();
    assert_eq!(count("").await, 7);
    assert_eq!(count("limit=2&offset=1").await, 2);
    assert_eq!(count("limit=0").await, 0);
    assert_eq!(count("limit=-1").await, 7);
    assert_eq!(count("filter.fromMe=true").await, 4);
    assert_eq!(
        texts(&chat.read("filter.fromMe=false").await),
        ["suo 2", "suo 1", "suo 0"]
    );
    assert_eq!(texts(&chat.read("filter.ack=READ").await), ["mio 0"]);
    assert_eq!(texts(&chat.read("filter.ack=ERROR").await), ["mio 2"]);
    assert_eq!(count("filter.ack=PENDING").await, 0);
    assert_eq!(
        texts(&chat.read(&format!("filter.timestamp.lte={t0}")).await),
        ["suo 0"]
    );
    assert_eq!(
        count(&format!("filter.timestamp.gte={end}")).await,
        2,
        "inclusive, seconds"
    );
    assert_eq!(count(&format!("filter.timestamp.gte={end}000")).await, 0);
    assert_eq!(
        texts(&chat.read("sortOrder=asc&limit=2").await),
        ["suo 0", "suo 1"]
    );
    assert_eq!(count("limit=1&foo=1").await, 1);
}

#[rstest]
#[case(
    "limit=x",
    "limit must be a number conforming to the specified constraints"
)]
#[case(
    "filter.ack=3",
    "filter.ack must be one of the following values: ERROR, PENDING, SERVER, DEVICE, READ, PLAYED"
)]
#[case(
    "filter.timestamp.gte=x",
    "filter.timestamp.gte must be a number conforming to the specified constraints"
)]
#[case(
    "sortBy=nope",
    "sortBy must be one of the following values: timestamp, messageTimestamp"
)]
#[tokio::test(start_paused = true)]
async fn bad_filters(#[case] query: &str, #[case] text: &str) {
    let path = format!("/api/default/chats/{ZIA_CHAT}/messages?{query}");
    let answer = Scene::working(P2026).get(&path).await;
    let recorded = json!({"message":[text],"error":"Bad Request","statusCode":400});
    assert_eq!((answer.status.as_u16(), answer.body), (400, recorded));
}

#[tokio::test(start_paused = true)]
async fn one_message_in_full() {
    let chat = recorded_chat().await;
    let raw_id = &chat.first_own;
    let recorded_id = format!("true_{ZIA_CHAT}_{raw_id}");
    let ids = [
        recorded_id.clone(),
        raw_id.clone(),
        format!("false_{ZIA_CHAT}_{raw_id}"),
    ];
    for id in ids {
        let path = format!("/api/default/chats/{ZIA_CHAT}/messages/{id}?downloadMedia=false");
        let mut message = chat.scene.get(&path).await.body;
        let secret = message.pointer_mut("/_data/message/messageContextInfo/messageSecret/data");
        *secret.expect("a buffer") = json!("…");
        let at = chat.t0 + 7;
        let recorded = json!({"id":recorded_id,"timestamp":at,"from":"393470000001@c.us","fromMe":true,"source":"api","body":"mio 0","hasMedia":false,"media":null,"ack":3,"ackName":"READ","location":null,"vCards":null,"replyTo":null,"_data":{"key":{"remoteJid":"393470000001@s.whatsapp.net","fromMe":true,"id":raw_id},"message":{"extendedTextMessage":{"text":"mio 0"},"messageContextInfo":{"messageSecret":{"type":"Buffer","data":"…"}}},"messageTimestamp":at,"status":4}});
        assert_eq!(message, recorded);
    }
    let everywhere = chat
        .scene
        .get(&format!("/api/default/chats/all/messages/{raw_id}"))
        .await;
    assert_eq!(everywhere.status, 200);
    let not_found = json!({"message":"Message not found","error":"Not Found","statusCode":404});
    for path in [
        "393470000001@c.us/messages/true_393470000001@c.us_NOPE",
        &format!("393479999999@c.us/messages/{raw_id}"),
    ] {
        let answer = chat.scene.get(&format!("/api/default/chats/{path}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body),
            (404, not_found.clone())
        );
    }
}

#[rstest]
#[case("393470000001", 7)]
#[case("393470000001@s.whatsapp.net", 7)]
#[case("393470000001%40c.us", 7)]
#[case("%2B393470000001", 0)]
#[case("all", 7)]
#[case("393479999999@c.us", 0)]
#[tokio::test(start_paused = true)]
async fn chats_by_name(#[case] name: &str, #[case] count: usize) {
    let chat = recorded_chat().await;
    let list = chat
        .scene
        .get(&format!("/api/default/chats/{name}/messages"))
        .await
        .body;
    assert_eq!(list.as_array().map(Vec::len), Some(count));
}

#[tokio::test(start_paused = true)]
async fn the_list_of_chats_and_the_overview() {
    let chat = recorded_chat().await;
    chat.scene
        .sim
        .guest("393470000002")
        .named("Zia")
        .write("ciao");
    let list = chat.scene.get("/api/default/chats").await.body;
    // acks do not move a chat
    let recorded = json!([{"id":"393470000002@s.whatsapp.net","conversationTimestamp":chat.t0 + 7},{"id":"393470000001@s.whatsapp.net","conversationTimestamp":chat.t0 + 6}]);
    assert_eq!(list, recorded);
    let overview = chat
        .scene
        .get("/api/default/chats/overview?limit=1&offset=1")
        .await
        .body;
    assert_eq!(overview.as_array().map(Vec::len), Some(1));
    assert_eq!(overview[0]["id"], ZIA_CHAT);
    assert_eq!(overview[0]["name"], "Zio");
    assert_eq!(overview[0]["lastMessage"]["body"], "mio 1");
    assert_eq!(overview[0]["_chat"], list[1]);
    let body = json!({"ids": ["393470000002@c.us"]});
    let asked = chat
        .scene
        .post("/api/default/chats/overview", body)
        .await
        .body;
    assert_eq!(
        (asked.as_array().map(Vec::len), &asked[0]["name"]),
        (Some(1), &json!("Zia"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_hidden_id_and_its_number_are_one_chat() {
    let chat = recorded_chat().await;
    let unknown = chat.scene.get("/api/default/lids/77@lid").await.body;
    assert_eq!(unknown, json!({"lid":"77@lid","pn":null}));
    chat.scene
        .sim
        .guest(ZIA)
        .with_lid("77")
        .write_from_lid("da lid");
    for name in [ZIA_CHAT, "77@lid"] {
        let list = chat
            .scene
            .get(&format!("/api/default/chats/{name}/messages?limit=2"))
            .await
            .body;
        assert_eq!(texts(&list)[0], "da lid");
        let key = &list[0]["_data"]["key"];
        assert_eq!(key["remoteJid"], "77@lid");
        assert_eq!(key["remoteJidAlt"], "393470000001@s.whatsapp.net");
    }
    let pair = json!({"lid":"77@lid","pn":"393470000001@c.us"});
    assert_eq!(
        chat.scene.get("/api/default/lids").await.body,
        json!([pair])
    );
    assert_eq!(
        chat.scene.get("/api/default/lids/count").await.body,
        json!({"count": 1})
    );
    assert_eq!(chat.scene.get("/api/default/lids/77").await.body, pair);
    assert_eq!(
        chat.scene
            .get("/api/default/lids/pn/393470000001@c.us")
            .await
            .body,
        pair
    );
    let wrong = chat.scene.get("/api/default/lids/77@c.us").await;
    assert_eq!(
        (wrong.status.as_u16(), &wrong.body["message"]),
        (422, &json!("Invalid LID - it must end with @lid"))
    );
    let stranger = chat.scene.sim.guest("393470000009").with_lid("99");
    stranger.write_from_hidden_lid("chi sono?");
    let unknown = chat.scene.get("/api/default/lids/99@lid").await.body;
    assert_eq!(unknown, json!({"lid":"99@lid","pn":null}));
}

#[tokio::test(start_paused = true)]
async fn without_its_store_noweb_reads_nothing() {
    let scene = Scene::of(P2026);
    scene.sim.work_at_once(json!({}));
    let recorded = json!({"message":"Enable NOWEB store \"config.noweb.store.enabled=True\" and \"config.noweb.store.full_sync=True\" when starting a new session. Read more: https://waha.devlike.pro/docs/engines/noweb#store","error":"Bad Request","statusCode":400});
    for path in ["chats", "lids", "chats/all/messages", "chats/overview"] {
        let answer = scene.get(&format!("/api/default/{path}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body),
            (400, recorded.clone())
        );
    }
    assert_eq!(scene.send("senza store").await.status, 201);
}

#[tokio::test(start_paused = true)]
async fn only_the_browser_has_no_chat_of_all() {
    let all = "/api/default/chats/all/messages";
    let webjs = Scene::working(Profile::Waha2026_10WebJs).get(all).await;
    assert_eq!(webjs.status, 501);
    assert!(
        webjs.body["message"]
            .as_str()
            .expect("a text")
            .starts_with("The method is not implemented by")
    );
    assert_eq!(
        Scene::working(Profile::Waha2026_10Gows)
            .get(all)
            .await
            .status,
        200
    );
}

#[tokio::test(start_paused = true)]
async fn a_store_can_lag() {
    let scene = Scene::working(P2026);
    scene.sim.misbehave(Misbehaviour::StoreLags {
        by: Duration::from_mins(1),
    });
    scene.send("in ritardo").await;
    let all = "/api/default/chats/all/messages";
    assert_eq!(scene.get(all).await.body, json!([]));
    scene.pass(61).await;
    assert_eq!(texts(&scene.get(all).await.body), ["in ritardo"]);
    scene.sim.misbehave(Misbehaviour::ReadsFail);
    assert_eq!(scene.get(all).await.status, 500);
    assert_eq!(scene.get(all).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn whether_a_number_exists() {
    let scene = Scene::working(P2026);
    scene.sim.guest("393470000009").leave_whatsapp();
    let check = |phone: &str| format!("/api/contacts/check-exists?session=default&phone={phone}");
    let yes = scene.get(&check("%2B393470000001")).await.body;
    assert_eq!(
        yes,
        json!({"numberExists":true,"chatId":"393470000001@c.us"})
    );
    let no = scene.get(&check("393470000009")).await.body;
    assert_eq!(no, json!({"numberExists":false}));
    let missing = scene
        .get("/api/contacts/check-exists?session=default")
        .await;
    assert_eq!(
        missing.body["exception"]["message"],
        "Cannot read properties of undefined (reading 'split')"
    );
    assert_eq!(
        missing.body["request"]["path"],
        "/api/contacts/check-exists?session=default"
    );
    let send = json!({"session": "default", "chatId": "393470000009", "text": "ci sei?"});
    assert_eq!(scene.post("/api/sendText", send).await.status, 201);
    scene.pass(60).await;
    assert_eq!(scene.sim.all_deliveries(), []);
    assert_eq!(scene.receiver.events("message.ack").len(), 0);
}
