/** What keys do: `/` looks for something, `j` and `k` go down and up in a list, Escape goes back. */

import { opened } from "./dialog.js";
import { button, element } from "./dom.js";
import { go } from "./router.js";
import { areOn, isTyping, keySwitch } from "./single_keys.js";

const KEYS = [
  ["/", "filter requests"],
  ["j", "the next request, interaction or mock server"],
  ["k", "the one before"],
  ["Enter", "open it"],
  ["Esc", "back: out of the filter, from a request to the list, to all mock servers"],
  ["?", "this help"],
];

/** Have keys do what they do, and a button tell of it. */
export function listenToKeys(helpButton) {
  helpButton.addEventListener("click", help);
  window.addEventListener("keydown", (event) => {
    if (
      event.defaultPrevented ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      document.querySelector("dialog[open]")
    )
      return;
    if (event.key === "Escape") back(event);
    else if (areOn() && !isTyping(event.target)) act(event);
  });
}

function act(event) {
  const acts = { "/": look, j: () => step(1), k: () => step(-1), "?": help };
  if (!Object.hasOwn(acts, event.key)) return;
  event.preventDefault();
  acts[event.key]();
}

function look() {
  const filter = document.getElementById("filter");
  if (filter?.checkVisibility() === false && window.location.hash.includes("/requests/"))
    go(window.location.hash.split("/requests/")[0]);
  filter?.focus();
  filter?.select();
}

/** Go to the next line of the list; where one is open, open that. */
function step(by) {
  const rows = [...document.querySelectorAll("a.row")].filter((row) => row.closest("[hidden]") === null);
  if (rows.length === 0) return;
  const current = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const focused = rows.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : current;
  const at = from < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(from + by, 0), rows.length - 1);
  const isOpen = document.querySelector(".content.opened") !== null;
  if (rows[at].checkVisibility()) rows[at].focus();
  rows[at].scrollIntoView({ block: "nearest" });
  if (isOpen) go(rows[at].getAttribute("href"), { instead: true });
}

function back(event) {
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (isTyping(event.target)) leave(event.target);
  else up();
}

/** Leave a field: a filter is emptied first. */
function leave(field) {
  if (field.id === "filter" && field.value !== "") {
    field.value = "";
    field.dispatchEvent(new Event("input"));
  } else field.blur();
}

function up() {
  const parts = window.location.hash.split("/");
  if (parts.length > 4) {
    const was = window.location.hash;
    go(parts.slice(0, parts[3] === "requests" ? 3 : 4).join("/"));
    [...document.querySelectorAll("a.row")].find((row) => row.getAttribute("href") === was)?.focus();
  } else if (parts.length > 2) go("#/");
}

function help() {
  const dialog = opened("Keys", [
    element(
      "dl",
      { class: "keys" },
      ...KEYS.map(([key, text]) =>
        element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, text)),
      ),
    ),
    element("p", {}, ...keySwitch("Single keys do this")),
    element(
      "p",
      { class: "actions" },
      button("Close", () => dialog.close()),
    ),
  ]);
}
