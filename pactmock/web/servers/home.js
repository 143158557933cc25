/** All mock servers, and how to start one. */

import { hasToken, root } from "../service/api.js";
import { badge } from "../page/badge.js";
import { copy } from "../page/clipboard.js";
import { button, element, fill, said } from "../page/dom.js";
import { posting } from "./posting.js";
import { place } from "../page/router.js";
import { lease, progress, title, verdict } from "./servers.js";
import { count } from "../page/visible.js";

export class Home {
  constructor({ servers, results }) {
    this.servers = servers;
    this.list = element("div");
    this.title = "Mock servers";
    this.element = element("div", { class: "home" }, element("h1", {}, this.title), this.list, posting(results));
    this.update();
  }

  update() {
    const { all, error } = this.servers;
    if (error !== null) fill(this.list, element("p", { class: "error", role: "alert" }, said(error.message)));
    else if (all === null) fill(this.list, element("p", { class: "hint" }, "Asking the service…"));
    else if (all.length === 0) fill(this.list, nothing());
    else keyed(this.list, all);
  }

  close() {}
}

/** Show the cards of all mock servers; those that look the same stay, with the focus that may be on them. */
function keyed(list, all) {
  let cards = list.querySelector("ul");
  if (cards === null) fill(list, (cards = element("ul", { class: "cards" })));
  const before = new Map([...cards.children].map((item) => [item.dataset.id, item]));
  const now = all.toReversed().map((server) => {
    const shown = JSON.stringify([server, lease(server)]);
    const old = before.get(server.id);
    if (old?.dataset.shown === shown) return old;
    const hadFocus = old?.contains(document.activeElement);
    const made = card(server);
    Object.assign(made.dataset, { id: server.id, shown });
    old?.replaceWith(made);
    if (hadFocus) made.querySelector("a").focus();
    return made;
  });
  for (const [id, item] of before) if (!all.some((server) => server.id === id)) item.remove();
  now.forEach((item, at) => {
    if (cards.children[at] !== item) cards.insertBefore(item, cards.children[at] ?? null);
  });
}

function card(server) {
  return element(
    "li",
    { class: "card" },
    element("h2", {}, element("a", { href: place("servers", server.id), class: "row" }, said(title(server)))),
    badge(verdict(server)),
    element(
      "p",
      { class: "between" },
      said(server.consumer),
      element("span", { "aria-label": "to" }, " → "),
      said(server.provider),
    ),
    element("p", { class: "facts" }, `${progress(server)} · ${count(server.metrics.requests, "request")}`),
    element(
      "p",
      { class: "facts" },
      [
        `Port ${server.port}`,
        `Pact ${server.specification}`,
        lease(server),
        server.warnings.length > 0 ? count(server.warnings.length, "warning") : null,
      ]
        .filter(Boolean)
        .join(" · "),
      server.state === null ? null : [" · given ", said(server.state)],
    ),
  );
}

function nothing() {
  const secret = hasToken() ? "-H 'Authorization: Bearer TOKEN' " : "";
  const line = `curl ${secret}-H 'Content-Type: application/json' -d @pact.json ${root.href}`;
  return element(
    "div",
    { class: "empty" },
    element("p", {}, "No mock server runs. Post a pact, and one plays it on a port of its own:"),
    command(line),
  );
}

/** Show a command line that can be copied. */
export function command(line) {
  return element(
    "div",
    { class: "command" },
    element("pre", {}, line),
    button("Copy", () => copy(line, "Command line")),
  );
}
