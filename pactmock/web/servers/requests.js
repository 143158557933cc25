/**
 * The requests of a mock server, the newest first, as they come.
 *
 * Whatever is told, the service is asked for those after the last one that is known: so the list is right also where
 * events were missed. A thousand lines are in the document, so that a browser's own search finds them; those out of
 * sight are not laid out (`content-visibility`).
 */

import { about, gateway, get } from "../service/api.js";
import { Asking } from "../service/asking.js";
import { isLate, outcome } from "../page/badge.js";
import { curl } from "./curl.js";
import { element, fill, said, unseen } from "../page/dom.js";
import { example } from "./example.js";
import { command } from "./home.js";
import { queried } from "../difference/query.js";
import { place } from "../page/router.js";
import { clock, count, cut, grouped } from "../page/visible.js";

const MOST = 1000;
const SHORT = 2000;

/** The filter stays while one looks at a request and comes back, or at another mock server. */
const filter = { text: "", method: "", verdict: "" };

export class Requests {
  constructor(server) {
    this.server = server;
    this.lines = [];
    this.rows = new Map();
    this.dropped = 0;
    this.isShown = false;
    this.asking = new Asking(() => this.ask());
    this.chosen = null;
    this.abort = new AbortController();
    this.list = element("ol", { class: "rows", reversed: true, "aria-label": "Requests, the newest first" });
    this.note = element("p", { class: "hint", id: "shown" });
    this.empty = element("div");
    this.methods = element("select", { id: "method", onchange: () => this.choose("method", this.methods.value) });
    this.element = element(
      "section",
      { class: "list", "aria-label": "Requests" },
      this.filters(),
      this.note,
      this.empty,
      this.list,
    );
    this.asking.now();
  }

  filters() {
    this.search = element("input", {
      type: "search",
      id: "filter",
      value: filter.text,
      placeholder: "Filter",
      autocomplete: "off",
      spellcheck: "false",
      "aria-keyshortcuts": "/",
      oninput: () => this.choose("text", this.search.value),
    });
    const verdicts = element(
      "select",
      { id: "verdict", onchange: () => this.choose("verdict", verdicts.value) },
      ...[
        ["", "All verdicts"],
        ["matched", "Matched"],
        ["failed", "Did not match"],
        ["late", "Late"],
      ].map(([value, text]) => element("option", { value, selected: value === filter.verdict }, text)),
    );
    this.offer();
    const labelled = (text, field) => element("label", { for: field.id, class: `of-${field.id}` }, unseen(text), field);
    return element(
      "div",
      { class: "filters", role: "search", "aria-label": "Filter requests" },
      labelled("Filter by text", this.search),
      labelled("Method", this.methods),
      labelled("Verdict", verdicts),
    );
  }

  /** Offer the methods that there are. */
  offer() {
    const methods = [...new Set([...this.lines.map((line) => line.method), filter.method])]
      .filter(Boolean)
      .sort()
      .slice(0, 40);
    if (this.offered === methods.join(" ")) return;
    this.offered = methods.join(" ");
    fill(
      this.methods,
      ...["", ...methods].map((value) =>
        element("option", { value, selected: value === filter.method }, value === "" ? "All methods" : cut(value, 30)),
      ),
    );
  }

  choose(name, value) {
    filter[name] = value;
    this.show();
  }

  /** Something may have been received. */
  told() {
    this.asking.told();
  }

  /** Ask for those that came since. */
  async ask() {
    try {
      let since = this.lines[0]?.number ?? 0;
      const found = [];
      let page = null;
      for (; since !== null; since = page.next) {
        const query = `brief=true&since=${since}&limit=${MOST}`;
        page = await get(`${about(this.server.id, "requests")}?${query}`, { signal: this.abort.signal });
        found.push(...page.requests);
      }
      this.dropped = page.dropped;
      this.take(found, page.first ?? Infinity);
    } catch (error) {
      if (error.name !== "AbortError")
        fill(this.empty, element("p", { class: "error", role: "alert" }, said(error.message)));
    }
  }

  /** Show those that were found above the others, of which those before the `first` are not kept any more. */
  take(found, first) {
    const fresh = found
      .filter((line) => !this.rows.has(line.number))
      .slice(-MOST)
      .reverse();
    const all = [...fresh, ...this.lines];
    this.lines = all.filter((line, at) => at < MOST && line.number >= first);
    if (fresh.length === 0 && this.lines.length === all.length && this.isShown) return;
    for (const line of fresh) this.rows.set(line.number, this.row(line));
    const kept = new Set(this.lines);
    for (const line of all.filter((each) => !kept.has(each))) {
      this.rows.get(line.number).remove();
      this.rows.delete(line.number);
    }
    this.list.prepend(...fresh.filter((line) => kept.has(line)).map((line) => this.rows.get(line.number)));
    this.isShown = true;
    this.offer();
    this.show();
  }

  row(line) {
    const { state, sign, words } = outcome(line);
    const about_ = line.matched ? (line.interaction?.description ?? "") : withoutTarget(line);
    return element(
      "li",
      {},
      element(
        "a",
        { class: `row ${state}`, href: place("servers", this.server.id, "requests", line.number) },
        element("span", { class: "sign", "aria-hidden": "true" }, sign),
        unseen(`${words}: `),
        said(cut(line.method, 20), { class: "method" }),
        " ",
        element("span", { class: "path" }, said(cut(line.path, 300)), queried(line.query, 200)),
        element("span", { class: "status" }, unseen(" answered "), String(line.status)),
        element("time", { datetime: line.received }, clock(line.received)),
        said(cut(about_, 400), { class: "about" }),
      ),
    );
  }

  /** Show the lines that are asked for. */
  show() {
    const text = filter.text.trim().toLowerCase();
    let shown = 0;
    for (const line of this.lines) {
      const isShown = matches(line, text);
      this.rows.get(line.number).hidden = !isShown;
      shown += isShown;
    }
    this.mark();
    const isFiltered = text !== "" || filter.method !== "" || filter.verdict !== "";
    const dropped = this.dropped > 0 ? `; ${count(this.dropped, "older one is", "older ones are")} no longer kept` : "";
    this.note.textContent =
      this.lines.length === 0
        ? ""
        : `${isFiltered ? `${grouped(shown)} of ` : ""}${count(this.lines.length, "request")}${dropped}`;
    fill(
      this.empty,
      this.lines.length === 0
        ? this.nothing()
        : shown === 0
          ? element("p", { class: "hint" }, "No request is like that.")
          : null,
    );
  }

  nothing() {
    if (this.server.transport !== "http")
      return element("p", { class: "empty" }, "Only the plugin that plays this pact sees its requests.");
    const line = element("div");
    this.first ??= this.example();
    this.first.then((shown) => fill(line, command(shown)));
    return element(
      "div",
      { class: "empty" },
      element("p", {}, "Nothing was received yet. Point the code under test to one of the addresses above, or try:"),
      line,
    );
  }

  /** Return the command line of a request that matches, where an interaction has a short one. */
  async example() {
    const base = gateway(this.server.id);
    try {
      const asked = { signal: this.abort.signal };
      const { interactions } = await get(`${about(this.server.id, "interactions")}?limit=1`, asked);
      for (const { key } of interactions) {
        const { request } = await get(`${about(this.server.id, "interactions", key)}?most=${SHORT}`, asked);
        const sent = request === null ? null : example(request);
        if (sent !== null) return curl(sent, base, { others: true });
      }
    } catch {
      // Any request is something to begin with.
    }
    return `curl -i ${base}/`;
  }

  /** Mark the request that is looked at. */
  open(number) {
    this.chosen = number;
    this.mark();
  }

  mark() {
    this.list.querySelector("[aria-current]")?.removeAttribute("aria-current");
    this.rows.get(this.chosen)?.firstChild.setAttribute("aria-current", "true");
  }

  close() {
    this.abort.abort();
    this.asking.stop();
  }
}

function matches(line, text) {
  if (filter.method !== "" && line.method !== filter.method) return false;
  if (filter.verdict === "matched" && (!line.matched || isLate(line))) return false;
  if (filter.verdict === "failed" && (line.matched || isLate(line))) return false;
  if (filter.verdict === "late" && !isLate(line)) return false;
  return (
    text === "" ||
    `#${line.number} ${line.method} ${line.path}${line.query ? `?${line.query}` : ""} ${line.status} ${line.sentence} ${line.interaction?.description ?? ""}`
      .toLowerCase()
      .includes(text)
  );
}

/** A sentence without the method and path that it begins with, as the line has them already. */
function withoutTarget(line) {
  const target = `${line.method} ${line.path} `;
  return line.sentence.startsWith(target) ? line.sentence.slice(target.length) : line.sentence;
}
