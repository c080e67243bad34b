// Keeps a live page fresh: fetches its main part every few seconds and swaps it in only when it changed.

const main = document.querySelector("main[data-live]");
const everyMs = 3000;
let shown = null;

async function refresh() {
  const address = new URL(location.href);
  address.searchParams.set("fragment", "");
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) return;
  const text = await answer.text();
  if (shown !== null && text !== shown && getSelection().isCollapsed) swap(text);
  else if (shown !== null) return;
  shown = text;
}

function swap(text) {
  const open = [...main.querySelectorAll("details[data-key]")].map((one) => [
    one.dataset.key,
    one.open,
  ]);
  main.innerHTML = text;
  for (const [key, isOpen] of open) {
    const again = main.querySelector(`details[data-key="${CSS.escape(key)}"]`);
    if (again) again.open = isOpen;
  }
}

if (main) {
  setInterval(() => {
    // The server may be gone for a while, or for good: the page stays as it is and asks again.
    if (document.visibilityState === "visible") refresh().catch(() => {});
  }, everyMs);
}
