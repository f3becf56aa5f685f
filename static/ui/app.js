// Small behaviours. Every page works without this file; nothing here decides anything.

const root = document.documentElement;
const YEAR = 60 * 60 * 24 * 365;

// Appearance: the server reads the same cookies, so the next page comes in the right colours at once.
document.addEventListener("submit", (event) => {
  const { submitter, target } = event;
  if (!target.matches("[data-appearance]") || !submitter?.name) return;
  event.preventDefault();
  const { name, value } = submitter;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${value ? YEAR : 0}; samesite=lax${secure}`;
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  for (const button of target.querySelectorAll(`button[name="${name}"]`)) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
});

// Menus close on Escape, on a click elsewhere, and when focus leaves them.
const openMenus = () => document.querySelectorAll("details.menu[open], details.side-menu[open]");
const closeMenusUnless = (keeps) => {
  for (const menu of openMenus()) {
    if (!keeps(menu.matches(".side-menu") ? menu.closest(".side") : menu)) menu.open = false;
  }
};
document.addEventListener("click", ({ target }) => closeMenusUnless((region) => region.contains(target)));
// Pressing on a label inside a menu first moves the focus to the page around it; that is not leaving.
document.addEventListener("focusin", ({ target }) =>
  closeMenusUnless((region) => region.contains(target) || target.contains(region)),
);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Dialogs: a link to the dialog's anchor opens it.
export const openDialog = (id) => {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
};
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    openDialog(opener.hash.slice(1));
  }
  const closer = event.target.closest("[data-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog")?.close();
  }
});
if (location.hash && document.querySelector(`dialog[id="${CSS.escape(location.hash.slice(1))}"]`)) {
  openDialog(location.hash.slice(1));
}

document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.parentElement.remove());

// What happened, for those who do not see it.
export const announce = (text) => {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("done");
  announce(button.dataset.done);
  setTimeout(() => button.classList.remove("done"), 1600);
});

// Selection: one box for all rows, and how many are chosen.
export const countSelection = () => {
  const chosen = document.querySelectorAll("[data-check]:checked").length;
  const all = document.querySelectorAll("[data-check]").length;
  const master = document.querySelector("[data-check-all]");
  if (master) {
    master.checked = chosen > 0 && chosen === all;
    master.indeterminate = chosen > 0 && chosen < all;
  }
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  bar.classList.toggle("has-selection", chosen > 0);
  const words = bar.querySelector("[data-selected]");
  words.textContent = chosen ? words.dataset.text.replace("{count}", chosen.toLocaleString(root.lang)) : "";
};
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-check-all]")) {
    for (const box of document.querySelectorAll("[data-check]")) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-check], [data-check-all]")) countSelection();
});
if (document.querySelector("[data-check]:checked")) countSelection();

// A file dropped on the field's box counts as chosen.
for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const box = event.target.closest?.("[data-filedrop]");
    if (!box) return;
    event.preventDefault();
    box.classList.toggle("over", type === "dragover");
    const input = box.querySelector('input[type="file"]');
    if (type !== "drop" || !event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// htmx: tell the new number of results; boxes that came with the new rows are counted afresh.
document.addEventListener("htmx:afterSwap", (event) => {
  const count = event.target.querySelector?.("[data-count]");
  if (count) announce(count.textContent.trim());
  countSelection();
});

// After a refused form the reader starts at the list of errors.
document.querySelector("[data-focus]")?.focus();
