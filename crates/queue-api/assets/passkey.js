// Linking with a passkey: finds the browser extension, has it sign, and shows how long that may take. Without it the page's script to paste
// and its form do the same. Neither challenge nor answer is kept.
(() => {
  const notes = document.querySelector("[data-passkey-extension]");
  if (notes === null) return;
  const PING_MS = 300;

  // Chromium: the extension by its id
  const chromium = (message) => new Promise((resolve, reject) => {
    if (!window.chrome?.runtime?.sendMessage) return reject(new Error("no extension"));
    chrome.runtime.sendMessage(notes.dataset.passkeyExtension, message, (answer) => {
      const lost = chrome.runtime.lastError;
      if (lost) reject(new Error(lost.message));
      else resolve(answer);
    });
  });

  // Firefox: the extension's script in this window
  let requests = 0;
  const firefox = (message, signal) => new Promise((resolve) => {
    const requestId = `passkey-${Date.now()}-${++requests}`;
    addEventListener("message", ({ source, origin, data }) => {
      const ours = source === window && origin === location.origin;
      if (ours && data?.source === "waha-passkey-extension" && data.requestId === requestId) resolve(data);
    }, { signal });
    postMessage({ source: "waha-passkey-page", requestId, ...message }, location.origin);
  });

  const within = async (ms, ask, message) => {
    const over = new AbortController();
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error("expired")), ms);
    });
    try {
      return await Promise.race([ask(message, over.signal), late]);
    } finally {
      clearTimeout(timer);
      over.abort();
    }
  };

  let ask = null;
  for (const way of [chromium, firefox]) {
    within(PING_MS, way, { type: "waha-passkey-ping" }).then((answer) => {
      if (answer?.ok !== true) return;
      ask = way;
      document.documentElement.dataset.extension = "yes";
    }, () => {});
  }

  const show = (name) => {
    for (const note of notes.children) note.hidden = note.dataset.passkeyNote !== name;
  };

  const ends = new WeakMap();
  const left = (clock) => {
    if (!ends.has(clock)) ends.set(clock, performance.now() + clock.dataset.seconds * 1000);
    return Math.max(0, ends.get(clock) - performance.now());
  };

  const tick = () => {
    const clock = document.querySelector("[data-seconds]");
    if (clock === null) return;
    clock.textContent = Math.ceil(left(clock) / 1000);
    // it came without time left: the page's own refresh brings the next one
    if (clock.dataset.seconds === "0") return;
    if (left(clock) > 0 || "over" in clock.dataset) return;
    clock.dataset.over = "";
    // a focused script would keep the page from showing the next one
    if (document.activeElement?.readOnly) document.activeElement.blur();
    document.dispatchEvent(new Event("page-refresh"));
  };
  setInterval(tick, 250);

  const sign = async (button, part) => {
    const challenge = JSON.parse(button.dataset.passkeySign);
    const time = left(part.querySelector("[data-seconds]"));
    const answer = await within(time, ask, { type: "waha-passkey-sign", challenge });
    if (answer?.ok === true && answer.assertion) {
      const form = part.querySelector("[data-passkey-answer]");
      form.elements.assertion.value = JSON.stringify(answer.assertion);
      form.requestSubmit();
      return null;
    }
    return /NotAllowed|abort|cancel|clos|denied|reject|timed out/i.test(answer?.error ?? "") ? "refused" : "failed";
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-passkey-sign]");
    if (button === null || ask === null) return;
    const part = button.closest("[data-live]");
    // live updates leave the part alone until this is over
    part.dataset.busy = "";
    button.disabled = true;
    show(null);
    const said = await sign(button, part).catch((error) => (error.message === "expired" ? "expired" : "failed"));
    if (said === null) return;
    show(said);
    delete part.dataset.busy;
    button.disabled = false;
    document.dispatchEvent(new Event("page-refresh"));
  });
})();
