// Keeps a live page fresh: fetches its main part every few seconds and swaps it in only when it changed.

const main = document.querySelector("main[data-live]");
const everyMs = 3000;
let shown = main?.dataset.live;

async function refresh() {
  const address = new URL(location.href);
  address.searchParams.set("fragment", "");
  const answer = await fetch(address, { cache: "no-store" });
  const version = answer.headers.get("etag");
  // What someone is selecting stays; the next round swaps it.
  if (!answer.ok || version === shown || !getSelection().isCollapsed) return;
  swap(await answer.text());
  shown = version;
}

function swap(text) {
  const before = foldable();
  main.innerHTML = text;
  for (const [key, one] of foldable()) one.open = before.get(key)?.open ?? one.open;
}

/** What can be folded, by a name that stays: its own key, or its place in the comment that holds it. */
function foldable() {
  const found = new Map();
  for (const one of main.querySelectorAll("details")) {
    const holder = one.parentElement.closest("[id]").id;
    let place = 1;
    while (found.has(`${holder} ${place}`)) place += 1;
    found.set(one.dataset.key ?? `${holder} ${place}`, one);
  }
  return found;
}

if (main) {
  setInterval(() => {
    // The server may be gone for a while, or for good: the page stays as it is and asks again.
    if (document.visibilityState === "visible") refresh().catch(() => {});
  }, everyMs);
}
