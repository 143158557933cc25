/** The interactions of a mock server: what was received, what is missing, how often each answered. */

import { about, gateway, get } from "../service/api.js";
import { Asking } from "../service/asking.js";
import { badge } from "../page/badge.js";
import { alone } from "../difference/body.js";
import { copy } from "../page/clipboard.js";
import { curl } from "./curl.js";
import { example, headerLines } from "./example.js";
import { headerList } from "../difference/header_list.js";
import { button, code, element, fill, said, unseen } from "../page/dom.js";
import { place } from "../page/router.js";
import { count, cut, grouped } from "../page/visible.js";

const SOON = 500;
const MOST = 1000;

export class Interactions {
  constructor(server) {
    this.server = server;
    this.list = element("ol", { class: "rows", "aria-label": "Interactions, in the order of the pact" });
    this.note = element("p", { class: "hint" });
    this.element = element("section", { class: "list", "aria-label": "Interactions" }, this.note, this.list);
    this.abort = new AbortController();
    this.asking = new Asking(() => this.ask(), SOON);
    this.chosen = null;
    this.asking.now();
  }

  told() {
    this.asking.told();
  }

  async ask() {
    try {
      const { interactions, total } = await get(`${about(this.server.id, "interactions")}?limit=${MOST}`, {
        signal: this.abort.signal,
      });
      this.show(interactions, total);
    } catch (error) {
      if (error.name !== "AbortError") fill(this.note, element("span", { class: "error" }, said(error.message)));
    }
  }

  show(interactions, total) {
    const said_ = JSON.stringify(interactions);
    if (said_ === this.said) return;
    this.said = said_;
    const focused = document.activeElement?.dataset?.key;
    fill(this.list, ...interactions.map((item) => this.row(item)));
    if (focused !== undefined)
      [...this.list.querySelectorAll("a")].find((item) => item.dataset.key === focused)?.focus();
    this.note.textContent = summary(interactions, total);
    this.open(this.chosen);
  }

  row(item) {
    const { state, sign, words } = standing(item);
    const row = element(
      "a",
      { class: `row ${state}`, href: place("servers", this.server.id, "interactions", item.key), "data-key": item.key },
      element("span", { class: "sign", "aria-hidden": "true" }, sign),
      unseen(`${words}: `),
      item.method === null ? null : said(cut(item.method, 20), { class: "method" }),
      " ",
      said(cut(item.path ?? item.description, 300), { class: "path" }),
      item.served === null
        ? null
        : element("span", { class: "status" }, `${grouped(item.served)}×`, unseen(" answered")),
      element(
        "span",
        { class: "about" },
        item.path === null ? null : said(cut(item.description, 300)),
        given(item.providerStates),
        item.fault ? [" – answered with ", said(item.fault)] : null,
      ),
    );
    return element("li", {}, row);
  }

  open(key) {
    this.chosen = key;
    for (const row of this.list.querySelectorAll("a")) {
      if (row.dataset.key === key) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  close() {
    this.abort.abort();
    this.asking.stop();
  }
}

/** Say what an interaction is given: others may have its method, path and description, and no more tells them apart. */
function given(states) {
  if (states.length === 0) return null;
  const names = states.map((state) => cut(state.name ?? String(state), 100)).join(", ");
  return [" given ", said(names)];
}

function summary(listed, total) {
  if (total === 0) return "The pact has no interactions that are played here.";
  const missing = listed.filter((item) => item.received === false).length;
  const state = missing > 0 ? `${grouped(missing)} not received yet` : "all received";
  const more = total > listed.length ? `; the first ${grouped(listed.length)} are listed` : "";
  return `${count(total, "interaction")}, ${state}${more}`;
}

function standing(item) {
  if (item.received === null) return { state: "open", sign: "·", words: "Only its plugin knows" };
  if (!item.received) return { state: "open", sign: "○", words: "Not received" };
  return item.served > 0
    ? { state: "good", sign: "✓", words: "Received" }
    : { state: "bad", sign: "✗", words: "Received, and never matched" };
}

/** One interaction, whole. */
export class InteractionPane {
  constructor(server, key) {
    this.server = server;
    this.key = key;
    this.abort = new AbortController();
    this.element = element(
      "section",
      { class: "pane", "aria-label": "Interaction" },
      element("p", { class: "hint" }, "Asking for the interaction…"),
    );
    this.asking = new Asking(() => this.load(), SOON);
    this.asking.now();
  }

  /** A request may have met it. */
  told() {
    this.asking.told();
  }

  async load() {
    const back = element(
      "p",
      { class: "back" },
      element("a", { href: place("servers", this.server.id, "interactions") }, "← All interactions"),
    );
    try {
      const item = await get(`${about(this.server.id, "interactions", this.key)}?most=${256 * 1024}`, {
        signal: this.abort.signal,
      });
      const shown = JSON.stringify(item);
      if (shown === this.shown) return;
      this.shown = shown;
      const focused = document.activeElement?.id;
      fill(this.element, back, ...whole(this.server, item));
      if (focused === "copy-example") document.getElementById(focused)?.focus();
    } catch (error) {
      this.shown = null;
      if (error.name !== "AbortError")
        fill(this.element, back, element("p", { class: "error", role: "alert" }, said(error.message)));
    }
  }

  close() {
    this.abort.abort();
    this.asking.stop();
  }
}

function whole(server, item) {
  const states = item.providerStates.map((state) => [
    said(state.name ?? state),
    state.params ? [" ", code(JSON.stringify(state.params))] : null,
  ]);
  return [
    element(
      "header",
      {},
      element("h2", {}, said(item.description)),
      element(
        "p",
        { class: "facts" },
        badge(standing(item)),
        item.served === null ? null : ` answered ${count(item.served, "request")}`,
      ),
    ),
    states.length > 0
      ? element("p", {}, "Given ", ...states.flatMap((state, at) => [at > 0 ? ", " : null, ...state]))
      : null,
    item.fault ? element("p", { class: "advice" }, "Its answers are ", said(item.fault)) : null,
    copying(server, item.request),
    item.request === null
      ? element("p", { class: "hint" }, "Only the plugin that plays it knows what it expects.")
      : expected(item.request),
    item.response === null
      ? null
      : element(
          "section",
          { class: "part" },
          element("h3", {}, `The answer: ${item.response.status}`),
          headerList(headerLines(item.response.headers)),
          alone(item.response.body),
        ),
  ];
}

/** Offer the example as a command line that matches. */
function copying(server, request) {
  const sent = request === null ? null : example(request);
  if (sent === null) return null;
  const act = () => copy(curl(sent, gateway(server.id), { others: true }), "Command line");
  return element("p", { class: "actions" }, button("Copy as curl", act, { id: "copy-example" }));
}

function expected(request) {
  const query = Object.entries(request.query).flatMap(([name, values]) => values.map((value) => [name, value ?? ""]));
  const rules = Object.entries(request.matchingRules).flatMap(([part, all]) => rulesOf(part, all));
  return element(
    "section",
    { class: "part" },
    element("h3", {}, "What is expected"),
    element("p", { class: "target" }, code(request.method), " ", code(request.path)),
    query.length > 0 ? [element("h4", {}, "Query"), headerList(query)] : null,
    Object.keys(request.headers).length > 0 ? [element("h4", {}, "Headers"), headerList(headerLines(request.headers))] : null,
    request.body === null ? null : [element("h4", {}, "Body"), alone(request.body)],
    rules.length > 0 ? [element("h4", {}, "Matching rules"), element("ul", { class: "headers" }, ...rules)] : null,
  );
}

/** List the rules of a part, one a line: for what they are, and what they say. */
function rulesOf(part, all) {
  const isWhole = Array.isArray(all.matchers);
  const entries = isWhole ? [["", all]] : Object.entries(all);
  return entries.map(([path, { matchers, combine }]) =>
    element(
      "li",
      {},
      code(part),
      path === "" ? "" : [" ", code(cut(path, 300))],
      ": ",
      code(cut(matchers.map((item) => JSON.stringify(item)).join(` ${combine} `), 1000), { class: "plain" }),
    ),
  );
}
