/**
 * The requests of a mock server, the newest first, as they come.
 *
 * Whatever is told, the service is asked for those after the last one that is known: so the list is right also where
 * events were missed. A thousand lines are in the document, so that a browser's own search finds them; those out of
 * sight are not laid out (`content-visibility`).
 */

import { about, gateway, get } from "./api.js";
import { isLate, outcome } from "./badge.js";
import { element, fill, said, unseen } from "./dom.js";
import { command } from "./home.js";
import { place } from "./router.js";
import { clock, count, cut } from "./visible.js";

const MOST = 1000;
const SOON = 120;
const LATER = 3000;
const SHARE = 5; // of the time it takes to ask and to show, so that neither keeps anybody busy

/** The filter stays while one looks at a request and comes back, or at another mock server. */
const filter = { text: "", method: "", verdict: "" };

export class Requests {
  constructor(server) {
    this.server = server;
    this.lines = [];
    this.rows = new Map();
    this.total = 0;
    this.timer = null;
    this.pause = SOON;
    this.chosen = null;
    this.abort = new AbortController();
    this.list = element("ol", { class: "rows", reversed: true, "aria-label": "Requests, the newest first" });
    this.note = element("p", { class: "hint", id: "shown" });
    this.empty = element("div");
    this.methods = element("select", { id: "method", onchange: () => this.choose("method", this.methods.value) });
    this.element = element("section", { class: "list", "aria-label": "Requests" }, this.filters(), this.note, this.empty, this.list);
    this.ask(true);
  }

  filters() {
    this.search = element("input", {
      type: "search", id: "filter", value: filter.text, placeholder: "Filter", autocomplete: "off", spellcheck: "false", "aria-keyshortcuts": "/",
      oninput: () => this.choose("text", this.search.value),
    });
    const verdicts = element("select", { id: "verdict", onchange: () => this.choose("verdict", verdicts.value) },
      ...[["", "All verdicts"], ["matched", "Matched"], ["failed", "Did not match"], ["late", "Late"]].map(([value, text]) => element("option", { value, selected: value === filter.verdict }, text)));
    this.offer();
    const labelled = (text, field) => element("label", { for: field.id, class: `of-${field.id}` }, unseen(text), field);
    return element("div", { class: "filters", role: "search", "aria-label": "Filter requests" },
      labelled("Filter by text", this.search), labelled("Method", this.methods), labelled("Verdict", verdicts));
  }

  /** Offer the methods that there are. */
  offer() {
    const methods = [...new Set([...this.lines.map((line) => line.method), filter.method])].filter(Boolean).sort().slice(0, 40);
    if (this.offered === methods.join(" ")) return;
    this.offered = methods.join(" ");
    fill(this.methods, ...["", ...methods].map((value) => element("option", { value, selected: value === filter.method }, value === "" ? "All methods" : cut(value, 30))));
  }

  choose(name, value) {
    filter[name] = value;
    this.show();
  }

  /** Something may have been received. */
  told() {
    if (this.timer !== null) return;
    this.timer = setTimeout(() => this.ask(false), this.pause);
  }

  /** Ask for those that came since, or for all of them. */
  async ask(all) {
    clearTimeout(this.timer);
    this.timer = -1;
    const start = performance.now();
    try {
      let since = all ? 0 : this.lines[0]?.number ?? 0;
      const found = [];
      for (let page; since !== null; since = page.next) {
        const query = `brief=true&since=${since}&limit=${MOST}`;
        page = await get(`${about(this.server.id, "requests")}?${query}`, { signal: this.abort.signal });
        if (!all && page.total < this.total) return await this.ask(true); // what was received was forgotten
        found.push(...page.requests);
        this.total = page.total;
        this.dropped = page.dropped;
      }
      this.take(found, all);
    } catch (error) {
      if (error.name !== "AbortError") fill(this.empty, element("p", { class: "error", role: "alert" }, said(error.message)));
    } finally {
      this.pause = Math.min(Math.max(SOON, SHARE * (performance.now() - start)), LATER);
      this.timer = null;
    }
  }

  take(found, all) {
    if (all) {
      this.lines = [];
      this.rows.clear();
      this.list.replaceChildren();
    }
    if (found.length === 0 && !all) return;
    const fresh = found.slice(-MOST).reverse();
    this.lines = [...fresh, ...this.lines];
    for (const line of this.lines.splice(MOST)) {
      this.rows.get(line.number)?.remove();
      this.rows.delete(line.number);
    }
    const made = fresh.map((line) => {
      const row = this.row(line);
      this.rows.set(line.number, row);
      return row;
    });
    this.list.prepend(...made);
    this.offer();
    this.show();
  }

  row(line) {
    const { state, sign, words } = outcome(line);
    const about_ = line.matched ? line.interaction?.description ?? "" : withoutTarget(line);
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
        said(cut(line.path, 300), { class: "path" }),
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
    this.note.textContent = this.lines.length === 0 ? "" : `${isFiltered ? `${shown.toLocaleString("en")} of ` : ""}${count(this.lines.length, "request")}${dropped}`;
    fill(this.empty, this.lines.length === 0 ? this.nothing() : shown === 0 ? element("p", { class: "hint" }, "No request is like that.") : null);
  }

  nothing() {
    if (this.server.transport !== "http") return element("p", { class: "empty" }, "Only the plugin that plays this pact sees its requests.");
    return element(
      "div",
      { class: "empty" },
      element("p", {}, "Nothing was received yet. Point the code under test to one of the addresses above, or try:"),
      command(`curl -i ${gateway(this.server.id)}/`),
    );
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
    clearTimeout(this.timer);
  }
}

function matches(line, text) {
  if (filter.method !== "" && line.method !== filter.method) return false;
  if (filter.verdict === "matched" && (!line.matched || isLate(line))) return false;
  if (filter.verdict === "failed" && (line.matched || isLate(line))) return false;
  if (filter.verdict === "late" && !isLate(line)) return false;
  return text === "" || `#${line.number} ${line.method} ${line.path} ${line.status} ${line.sentence} ${line.interaction?.description ?? ""}`.toLowerCase().includes(text);
}

/** A sentence without the method and path that it begins with, as the line has them already. */
function withoutTarget(line) {
  const target = `${line.method} ${line.path} `;
  return line.sentence.startsWith(target) ? line.sentence.slice(target.length) : line.sentence;
}
