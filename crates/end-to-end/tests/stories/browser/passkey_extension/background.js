// Answers as the public extension is documented to (docs/waha.md, 3.1), without a tab and without a passkey. The domain of a
// challenge says how the person acts. `slow.example` takes longer than the page takes to ask for itself again.
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

chrome.runtime.onMessageExternal.addListener((message, _sender, answer) => {
  if (message.type === "waha-passkey-ping") answer({ ok: true, version: chrome.runtime.getManifest().version });
  if (message.type !== "waha-passkey-sign") return;
  const { rpId } = message.challenge;
  if (rpId === "silent.example") return true;
  if (rpId === "refused.example") return answer({ ok: false, error: "NotAllowedError: the person refused" });
  setTimeout(() => answer({ ok: true, assertion: assertion(message.challenge) }), rpId === "slow.example" ? 8000 : 0);
  return true;
});
