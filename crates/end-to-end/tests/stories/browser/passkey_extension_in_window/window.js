// Answers in the page's own window, as the public extension does in Firefox (docs/waha.md, 3.1). No page can call it by an id.
"use strict";

const base64url = (text) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const assertion = ({ challenge }) => ({
  id: "AX8bTgH2",
  rawId: "AX8bTgH2",
  type: "public-key",
  response: {
    clientDataJSON: base64url(JSON.stringify({ type: "webauthn.get", challenge, origin: "https://web.whatsapp.com" })),
    authenticatorData: "SZYN5YgO",
    signature: "MEUCIQDA",
  },
});

addEventListener("message", ({ source, data }) => {
  if (source !== window || data?.source !== "waha-passkey-page") return;
  const answer = (requestId, said) => postMessage({ source: "waha-passkey-extension", requestId, ...said }, location.origin);
  // what belongs to another request is no answer to this one
  answer("another", { ok: false, error: "NotAllowedError: another request" });
  if (data.type === "waha-passkey-ping") answer(data.requestId, { ok: true, version: "1.0" });
  if (data.type === "waha-passkey-sign") answer(data.requestId, { ok: true, assertion: assertion(data.challenge) });
});
