// Keys for lists: j k move, x selects, o opens, a answers, c claims, n takes the next one, / searches, ? helps,
// g d and g i go. Never while typing.

const PREFIX_WAIT = 1200;
const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

const rows = () => [...document.querySelectorAll("[data-rows] > tr:not([data-no-row]), [data-rows] > li")];
const here = () => document.querySelector("[data-rows] > .here");

const move = (step) => {
  const all = rows();
  if (!all.length) return;
  const next = Math.min(Math.max(all.indexOf(here()) + step, 0), all.length - 1);
  here()?.classList.remove("here");
  const row = all[next];
  row.classList.add("here");
  row.querySelector("a[href]")?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
};

const openRow = () => here()?.querySelector("a[href]")?.click();
const selectRow = () => here()?.querySelector("[data-check]")?.click();

// A key presses what the page has for it: for the selection, for the row one is on, for the page as a whole.
const press = (key) => {
  const ofMany = document.querySelector("[data-check]:checked") && document.querySelector(`[data-key-of-many="${key}"]`);
  const ofRow = here()?.querySelector(`[data-key="${key}"]`);
  const control = ofMany || ofRow || document.querySelector(`[data-key="${key}"]:not([data-rows] *)`);
  control?.click();
};
const search = () => document.querySelector("[data-search]")?.focus();
const help = () => document.querySelector('[data-dialog][href="#keyboard-help"]')?.click();

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  x: selectRow,
  o: openRow,
  a: () => press("a"),
  c: () => press("c"),
  n: () => press("n"),
  "/": search,
  "?": help,
};

let prefixUntil = 0;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return;
  if (prefixUntil > Date.now()) {
    prefixUntil = 0;
    const goal = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (goal) {
      event.preventDefault();
      location.assign(goal.href);
      return;
    }
  }
  if (event.key === "g") {
    prefixUntil = Date.now() + PREFIX_WAIT;
    return;
  }
  const act = ACTS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
