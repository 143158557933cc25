/** A request that is typed by hand: would it match? Nothing is sent to the mock server, and nothing noted. */

import { about, get, post } from "../service/api.js";
import { badge } from "../page/badge.js";
import { base64 } from "./curl.js";
import { element, fill, said } from "../page/dom.js";
import { comparison } from "./request.js";

const OF_THE_WAY = new Set(["connection", "content-length", "transfer-encoding"]); // what changes with the body
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

export class Trying {
  constructor(server, number = null) {
    this.server = server;
    this.abort = new AbortController();
    this.verdict = element("p", { role: "status" });
    this.result = element("div", { class: "result" }, this.verdict);
    this.error = element("p", { class: "error", role: "alert" });
    const field = (label, input, hint) =>
      element(
        "p",
        { class: `field ${input.id}` },
        element("label", { for: input.id }, label),
        input,
        hint ? element("small", { id: `${input.id}-hint` }, hint) : null,
      );
    this.method = element("input", {
      id: "try-method",
      list: "methods",
      value: "GET",
      autocomplete: "off",
      spellcheck: "false",
      required: true,
    });
    this.target = element("input", {
      id: "try-target",
      value: "/",
      autocomplete: "off",
      spellcheck: "false",
      required: true,
    });
    this.headers = element("textarea", {
      id: "try-headers",
      rows: 3,
      spellcheck: "false",
      "aria-describedby": "try-headers-hint",
    });
    this.body = element("textarea", { id: "try-body", rows: 8, spellcheck: "false" });
    this.element = element(
      "section",
      { class: "trying", "aria-label": "Try a request" },
      element("p", { class: "hint" }, "Would this request match? It is explained, and neither sent nor noted."),
      element(
        "form",
        { onsubmit: (event) => this.explain(event) },
        element("datalist", { id: "methods" }, ...METHODS.map((value) => element("option", { value }))),
        element("div", { class: "line" }, field("Method", this.method), field("Path and query", this.target)),
        field("Headers", this.headers, "One a line, such as Content-Type: application/json"),
        field("Body", this.body),
        this.error,
        element("p", { class: "actions" }, element("button", { type: "submit", class: "main" }, "Explain")),
      ),
      this.result,
    );
    if (number !== null) this.prefill(number);
  }

  /** Begin with a request that was received. */
  async prefill(number) {
    try {
      const { request } = await get(`${about(this.server.id, "requests", number)}?most=${256 * 1024}`, {
        signal: this.abort.signal,
      });
      if (request === undefined) return;
      this.method.value = request.method;
      this.target.value = request.path + (request.query === null ? "" : `?${request.query}`);
      this.headers.value = request.headerLines
        .filter(([name]) => !OF_THE_WAY.has(name.toLowerCase()))
        .map(([name, value]) => `${name}: ${value}`)
        .join("\n");
      if (request.body !== null && request.body.encoded === false) this.body.value = request.body.content;
      else if (request.body !== null) this.error.textContent = "Its body is no text, and is left out here.";
    } catch (error) {
      if (error.name !== "AbortError") this.error.textContent = error.message;
    }
  }

  async explain(event) {
    event.preventDefault();
    this.error.textContent = "";
    fill(this.result, fill(this.verdict));
    try {
      const [asked, shown] = typed(this.method.value, this.target.value, this.headers.value, this.body.value);
      const told = await post(about(this.server.id, "explain"), asked);
      const state = told.matched
        ? { state: "good", sign: "✓", words: "It would match" }
        : { state: "bad", sign: "✗", words: "It would not match" };
      fill(this.verdict, badge(state));
      fill(
        this.result,
        this.verdict,
        element("p", { class: "sentence" }, said(told.sentence)),
        comparison(this.server, shown, told, this.abort.signal),
      );
    } catch (error) {
      this.error.textContent = error.message;
    }
  }

  told() {}

  close() {
    this.abort.abort();
  }
}

/** Read what was typed: as the service takes a request, and as this page shows one. */
export function typed(method, target, headerText, body) {
  const [, path, query] = /^([^?]*)(?:\?(.*))?$/s.exec(target.trim());
  const headerLines = headerText
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const at = line.indexOf(":");
      if (at < 1) throw new Error(`'${line}' is no header: write a name, a colon and a value`);
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
  const headers = {};
  for (const [name, value] of headerLines) (headers[name.toLowerCase()] ??= []).push(value);
  const asked = { method: method.trim(), path: path === "" ? "/" : path, headers };
  if (query !== undefined) asked.query = query;
  // As bytes, so that it is read as a mock server would read it, and not as what a pact file would make of a text.
  if (body !== "")
    asked.body = { content: base64(body), contentType: headers["content-type"]?.join(", ") ?? "", encoded: "base64" };
  const size = new TextEncoder().encode(body).length;
  return [
    asked,
    {
      method: asked.method.toUpperCase(),
      path: asked.path,
      query: query ?? null,
      headers,
      headerLines,
      body: body === "" ? null : { content: body, encoded: false, size },
    },
  ];
}
