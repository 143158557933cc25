/** One mock server: how it stands, what can be done with it, and the parts of it that can be looked at. */

import { about, gateway, remove } from "../service/api.js";
import { badge } from "../page/badge.js";
import { copy } from "../page/clipboard.js";
import { confirmed } from "../page/dialog.js";
import { button, code, element, fill, said } from "../page/dom.js";
import { downloads } from "../service/downloads.js";
import { InteractionPane, Interactions } from "./interactions.js";
import { Messages } from "./messages.js";
import { RequestPane } from "./request.js";
import { Requests } from "./requests.js";
import { go, place } from "../page/router.js";
import { lease, progress, title, verdict } from "./servers.js";
import { tell } from "../page/telling.js";
import { Trying } from "./trying.js";
import { count, grouped } from "../page/visible.js";

const LISTS = {
  requests: { List: Requests, Pane: RequestPane, read: Number },
  interactions: { List: Interactions, Pane: InteractionPane, read: String },
  messages: { List: Messages },
};

export class ServerPage {
  constructor({ servers, server }) {
    this.servers = servers;
    this.server = server;
    this.head = element("div", { class: "server-head" });
    this.tabs = element("nav", { class: "tabs", "aria-label": "Parts of this mock server" });
    this.content = element("div", { class: "content" });
    this.element = element("div", { class: "server" }, this.head, this.tabs, this.content);
    this.error = element("p", { class: "error", role: "alert" });
    this.list = null;
    this.pane = null;
    this.abort = new AbortController();
    document.addEventListener("pointerdown", (event) => this.closeMenu(event.target), { signal: this.abort.signal });
  }

  /** Close the menu when somebody points elsewhere. */
  closeMenu(target) {
    const menu = this.head.querySelector("details.menu[open]");
    if (menu !== null && !menu.contains(target)) menu.open = false;
  }

  get title() {
    return title(this.server);
  }

  /** Show a part of it: its requests, and one of them. */
  open(part = "requests", item = null) {
    if (part === "try") this.put("try", new Trying(this.server, item === null ? null : Number(item)), null);
    else {
      const kind = Object.hasOwn(LISTS, part) ? part : "requests";
      const { List, Pane, read } = LISTS[kind];
      const isSame = this.part === kind;
      this.put(
        kind,
        isSame ? this.list : new List(this.server),
        item === null || !Pane ? null : new Pane(this.server, read(item)),
      );
      this.list.open?.(item === null ? null : read(item));
    }
    this.update();
  }

  put(part, list, pane) {
    if (this.list !== list) this.list?.close();
    this.pane?.close();
    Object.assign(this, { part, list, pane });
    this.content.className = `content ${part}${pane === null ? "" : " opened"}`;
    const children = pane === null ? [list.element] : [list.element, pane.element];
    if (this.content.firstChild === list.element) {
      [...this.content.children].slice(1).forEach((child) => child.remove());
      this.content.append(...children.slice(1));
    } else fill(this.content, ...children);
  }

  /** Something happened at this mock server. */
  told() {
    this.list?.told?.();
    this.pane?.told?.();
  }

  update() {
    const server = this.servers.find(this.server.id);
    if (server === null) {
      fill(
        this.head,
        element(
          "p",
          { class: "error", role: "alert" },
          "This mock server has ended. ",
          element("a", { href: "#/" }, "See those that run"),
        ),
      );
      return;
    }
    const shown = JSON.stringify([server, lease(server), this.part]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.server = server;
    const focused = document.activeElement?.id;
    const open = this.head.querySelector("details.menu")?.open;
    fill(this.head, ...this.headed(server));
    if (open) this.head.querySelector("details.menu").open = true;
    fill(this.tabs, ...this.tabbed(server));
    if (focused) document.getElementById(focused)?.focus();
  }

  headed(server) {
    return [
      element(
        "div",
        { class: "title" },
        element("h1", {}, said(title(server))),
        badge(verdict(server)),
        this.actions(server),
      ),
      this.error,
      facts(server),
      server.warnings.length === 0
        ? null
        : element(
            "details",
            { class: "warnings" },
            element("summary", { id: "warnings" }, count(server.warnings.length, "warning")),
            element(
              "ul",
              {},
              ...server.warnings.map((item) =>
                element("li", {}, said(item.warning), item.pointer ? [" ", code(item.pointer)] : null),
              ),
            ),
          ),
    ];
  }

  actions(server) {
    const trying = (act) => async () => {
      this.error.textContent = "";
      try {
        await act();
      } catch (error) {
        this.error.textContent = error.message;
      }
    };
    const menu = element(
      "details",
      { class: "menu" },
      element("summary", { id: "download", class: "button" }, "Download"),
      element(
        "ul",
        {},
        ...downloads(server).map(([name, act]) =>
          element(
            "li",
            {},
            button(
              name,
              trying(async () => {
                await act();
                menu.open = false;
                menu.firstChild.focus();
              }),
            ),
          ),
        ),
      ),
    );
    return element(
      "div",
      { class: "actions" },
      menu,
      button(
        "Forget requests…",
        trying(() => this.reset()),
        { id: "reset" },
      ),
      button(
        "End…",
        trying(() => this.end()),
        { id: "end", class: "danger" },
      ),
    );
  }

  async reset() {
    const is = await confirmed(
      `Forget what ${this.title} received?`,
      "Its requests and its verdict are gone then. What is expected stays.",
      "Forget requests",
    );
    if (!is) return;
    await remove(about(this.server.id, "requests"));
    tell("What was received is forgotten");
    go(place("servers", this.server.id));
    this.list?.asking?.now();
    this.servers.told();
  }

  async end() {
    const is = await confirmed(
      `End ${this.title}?`,
      "Its port is closed, and what it received is gone. The pact is not written.",
      "End it",
    );
    if (!is) return;
    await remove(about(this.server.id));
    tell("The mock server has ended");
    await this.servers.now();
    go("#/");
  }

  tabbed(server) {
    const tab = (part, words, number) =>
      element(
        "a",
        {
          id: `tab-${part}`,
          href: part === "requests" ? place("servers", server.id) : place("servers", server.id, part),
          "aria-current": this.part === part ? "page" : null,
        },
        words,
        number === null ? null : element("span", { class: "number" }, number),
      );
    return [
      tab("requests", "Requests", grouped(server.metrics.requests)),
      tab("interactions", "Interactions", grouped(server.interactions)),
      server.messages > 0 ? tab("messages", "Messages", grouped(server.messages)) : null,
      tab("try", "Try a request", null),
    ].filter(Boolean);
  }

  close() {
    this.abort.abort();
    this.list?.close();
    this.pane?.close();
  }
}

function facts(server) {
  const address = (text, id) => [
    code(text),
    " ",
    button("Copy", () => copy(text, "Address"), { class: "small", id, "aria-label": `Copy ${text}` }),
  ];
  const rows = [
    server.name === null
      ? null
      : [
          "Consumer and provider",
          [said(server.consumer), element("span", { "aria-label": " to " }, " → "), said(server.provider)],
        ],
    ["Address", address(server.url, "copy-url")],
    server.gatewayUrl === null ? null : ["Through this service", address(gateway(server.id), "copy-gateway")],
    ["Received", progress(server)],
    ["Pact", `${server.specification}${server.transport === "http" ? "" : `, played over ${server.transport}`}`],
    server.state === null ? null : ["Provider state", said(server.state)],
    ["Lease", lease(server)],
  ];
  return element(
    "dl",
    { class: "facts" },
    ...rows
      .filter(Boolean)
      .map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
}
