// Live updates, and two conveniences at the end: every page works without this. What happens comes over one stream; then the page is asked
// for again, as it is for this visitor, and the parts that are marked `data-live` are put in place of the old ones.
"use strict";

(() => {
  const from = document.body.dataset.liveFrom;
  const parts = () => [...document.querySelectorAll("[data-live][id]")];
  const announce = document.getElementById("announce");
  const kinds = ["message", "contact", "session", "writer"];
  const wanted = (kind) => parts().some((part) => part.dataset.live.split(" ").includes(kind));

  let asked = false;
  let asking = false;

  // a part in which somebody writes or has opened something is left alone, and so is one that says that it is busy
  const busy = (part) => {
    const active = document.activeElement;
    const writes = part.contains(active) && active.matches("input, textarea, select");
    const written = [...part.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
    return writes || written || "busy" in part.dataset || part.querySelector("details[open]:not([data-open])") !== null;
  };

  // what only a script can do is shown only with it
  const reveal = (root) => {
    for (const button of root.querySelectorAll("[data-copy], [data-print]")) button.hidden = false;
  };

  const replace = (fresh) => {
    reveal(fresh);
    for (const old of parts()) {
      const next = fresh.getElementById(old.id);
      if (next === null || busy(old) || old.isEqualNode(next)) continue;
      const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
      old.replaceWith(document.adoptNode(next));
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    }
    const said = fresh.getElementById("news")?.textContent.trim();
    if (said && said !== announce.textContent) announce.textContent = said;
  };

  const refresh = async () => {
    if (asking) {
      asked = true;
      return;
    }
    asking = true;
    do {
      asked = false;
      try {
        const answer = await fetch(location.href, { headers: { "X-Live": document.visibilityState } });
        // signed out, or the page goes on elsewhere
        if (answer.redirected) location.assign(answer.url);
        if (answer.ok) replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
      } catch {
        // the server is away: the stream comes back with it, and then this
      }
    } while (asked);
    asking = false;
  };

  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, 80);
  };

  if (from && parts().length > 0 && "EventSource" in window) {
    const stream = new EventSource(`/live?from=${encodeURIComponent(from)}`);
    for (const kind of kinds) {
      stream.addEventListener(kind, () => {
        if (wanted(kind)) soon();
      });
    }
    // what happened while we slept is not known any more: look at everything
    stream.addEventListener("lost", soon);
    // refused: signed out elsewhere, and what is shown here goes too
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) soon();
    });
    addEventListener("pagehide", () => stream.close());
    addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload();
    });
  }

  // what changes by itself, such as a QR code, says how often: data-refresh="5"
  const every = Number(document.querySelector("[data-refresh]")?.dataset.refresh ?? 0);
  if (every > 0) setInterval(() => document.visibilityState === "visible" && refresh(), every * 1000);

  document.addEventListener("page-refresh", refresh);

  reveal(document);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (button === null) return;
    if ("print" in button.dataset) return print();
    const field = document.getElementById(button.dataset.copy);
    field.select();
    // where the clipboard is not ours, the selected text is at least ready to be copied
    await navigator.clipboard?.writeText(field.value).catch(() => {});
  });
})();
