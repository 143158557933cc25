/** The page of the control API: what `openapi.json` says, for people. */

import { askForTokenWith, fetched, hasToken, root } from "./service/api.js";
import { askToken } from "./page/dialog.js";
import { element, fill } from "./page/dom.js";
import { inline, member, members, nameOf, schemaId, told, typeOf } from "./schema.js";
import { areOn, isTyping, keySwitch } from "./page/single_keys.js";
import { themes } from "./page/theme.js";

const byId = (id) => document.getElementById(id);
const main = byId("main");

async function start() {
  themes(byId("theme"));
  askForTokenWith(askToken);
  const answer = await fetched("openapi.json");
  const text = await answer.text();
  const api = JSON.parse(text);
  if (!answer.ok) throw new Error(api.error);
  show(api, URL.createObjectURL(new Blob([text], { type: "application/json" })));
}

function show(api, address) {
  const groups = grouped(api);
  const schemas = Object.entries(api.components.schemas);
  fill(
    main,
    head(api, address),
    ...groups.map(([name, calls]) =>
      section(
        name,
        calls.map((call) => callArticle(call, api)),
      ),
    ),
    section(
      "Schemas",
      schemas.map(([name, schema]) => schemaArticle(name, schema)),
    ),
  );
  fill(
    byId("contents"),
    ...groups.map(([name, calls]) =>
      list(
        name,
        calls.map(({ id, method, path }) => [id, `${method} ${path}`]),
      ),
    ),
    list(
      "Schemas",
      schemas.map(([name]) => [schemaId(name), name]),
    ),
  );
  listenToFinder();
  listenToKeys();
  addEventListener("hashchange", showAddressed);
  showAddressed();
}

function head({ info }, address) {
  const keys = [
    ["/", "find"],
    ["j", "the next"],
    ["k", "the one before"],
    ["Esc", "all again"],
  ];
  return element(
    "header",
    { class: "about-api" },
    element("h1", {}, "The control API"),
    element(
      "p",
      { class: "hint" },
      `pactmock ${info.version}. `,
      element("a", { href: address, download: "openapi.json" }, "Save openapi.json"),
    ),
    element(
      "search",
      { class: "field" },
      element("label", { for: "find" }, "Find a call"),
      element("input", {
        id: "find",
        type: "search",
        autocomplete: "off",
        spellcheck: "false",
        placeholder: "verify, POST, nearMisses",
        "aria-keyshortcuts": "/",
      }),
      element("p", { class: "hint", id: "found", role: "status" }),
    ),
    element(
      "p",
      { class: "hint" },
      keys.map(([key, text]) => [element("kbd", {}, key), ` ${text}, `]).flat(),
      ...keySwitch("single keys do this"),
    ),
  );
}

/** The calls by what they are about, in the order of its tags: [[group, calls], ...]. */
function grouped(api) {
  const groups = new Map((api.tags ?? []).map(({ name }) => [name, []]));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const name = operation.tags?.[0] ?? "Calls";
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push({ id: operation.operationId, method: method.toUpperCase(), path, operation });
    }
  }
  return [...groups].filter(([, calls]) => calls.length);
}

function section(name, articles) {
  return element("section", { "aria-label": name }, element("h2", {}, name), articles);
}

function list(name, links) {
  return element(
    "div",
    {},
    element("h2", {}, name),
    element(
      "ul",
      {},
      links.map(([id, text]) => element("li", {}, element("a", { href: `#${id}` }, text))),
    ),
  );
}

const anchor = (id, name) => element("a", { class: "anchor", href: `#${id}`, "aria-label": `Link to ${name}` }, "#");

function callArticle({ id, method, path, operation }, api) {
  const parameters = operation.parameters ?? [];
  return element(
    "article",
    { id, "aria-labelledby": `${id}-name`, "data-call": true },
    element(
      "h3",
      { id: `${id}-name`, tabindex: "-1" },
      element("span", { class: `method ${method.toLowerCase()}` }, method),
      element("code", {}, path),
      " ",
      anchor(id, `${method} ${path}`),
    ),
    element("p", { class: "summary" }, inline(operation.summary ?? "")),
    told(operation.description),
    element("p", { class: "hint" }, needs(operation.security, api)),
    parameterList(
      "In the path",
      parameters.filter((parameter) => parameter.in === "path"),
    ),
    parameterList(
      "Query parameters",
      parameters.filter((parameter) => parameter.in === "query"),
    ),
    parameterList(
      "Headers",
      parameters.filter((parameter) => parameter.in === "header"),
    ),
    body(operation.requestBody, api),
    element("h4", {}, "Answers"),
    answers(operation.responses, api),
    element("pre", {}, element("code", {}, curl(method, path, operation))),
  );
}

/** Which secret a call needs: the document lists the ways in, of which an empty one is to need none. */
function needs(security = [], api) {
  const names = security.flatMap((way) => Object.keys(way));
  if (!names.length) return "Open to everybody who can reach the service.";
  const texts = names.map((name) => api.components.securitySchemes[name]?.description ?? name);
  return [element("code", {}, "Authorization: Bearer"), `: ${texts.join(" ")}`];
}

function parameterList(title, parameters) {
  if (!parameters.length) return [];
  return [
    element("h4", {}, title),
    element(
      "dl",
      { class: "members" },
      parameters.map(({ name, schema, required, description }) => member(name, given(schema), required, description)),
    ),
  ];
}

/** A parameter is given or left out: it cannot be null, as the model behind it can. */
function given(schema) {
  const choices = schema.anyOf?.filter(({ type }) => type !== "null");
  return choices?.length === 1 ? { ...schema, anyOf: undefined, ...choices[0] } : schema;
}

function body(asked, api) {
  if (!asked) return [];
  const contents = Object.entries(asked.content);
  return [
    element("h4", {}, "Body"),
    element(
      "p",
      { class: "hint" },
      contents.map(([type], index) => [index ? " or " : "", element("code", {}, type)]),
      asked.required ? ", required" : ", may be left out",
    ),
    told(asked.description),
    membersOf(contents[0][1].schema, api) ?? element("p", {}, typeOf(contents[0][1].schema)),
  ].flat();
}

function membersOf(schema, api) {
  return members(nameOf(schema) === null ? schema : api.components.schemas[nameOf(schema)]);
}

/** What is answered: what everybody hopes for first, and what can go wrong to be opened. */
function answers(responses, api) {
  const all = Object.entries(responses);
  const errors = all.filter(([, answer]) => isError(answer));
  const others = all.filter(([, answer]) => !isError(answer));
  return [
    answerList(others, api),
    errors.length
      ? element(
          "details",
          { class: "of" },
          element("summary", {}, `Errors: ${errors.map(([status]) => statusName(status)).join(", ")}`),
          answerList(errors, api),
        )
      : null,
  ];
}

const isError = (answer) => nameOf(Object.values(answer.content ?? {})[0]?.schema) === "Error";
const statusName = (status) => (status === "default" ? "others" : status);

function answerList(answered, api) {
  return element(
    "dl",
    { class: "members" },
    answered.map(([status, answer]) => {
      const contents = Object.entries(answer.content ?? {});
      const listed = !isError(answer) && contents.length ? membersOf(contents[0][1].schema, api) : null;
      return element(
        "div",
        {},
        element(
          "dt",
          {},
          element("code", { class: "name" }, statusName(status)),
          contents.map(([type, { schema }]) => element("span", { class: "type" }, typeOf(schema), ` as ${type}`)),
        ),
        element(
          "dd",
          {},
          told(answer.description),
          listed && element("details", { class: "of" }, element("summary", {}, "Members"), listed),
        ),
      );
    }),
  );
}

/** A line that makes the call, with names in capitals where something has to be put in. */
function curl(method, path, operation) {
  const url = new URL(
    path.slice(1).replace(/\{(\w+)\}/g, (_, name) => name.toUpperCase()),
    root,
  );
  const type = Object.keys(operation.requestBody?.content ?? {})[0];
  return [
    streams(operation) ? "curl -N" : "curl",
    method === "GET" ? "" : method === "HEAD" ? " --head" : ` -X ${method}`,
    secret(operation.security),
    type ? ` -H 'Content-Type: ${type}' --data-binary @FILE` : "",
    ` '${url}'`,
  ].join("");
}

/** The header of a call that always needs a secret, or of one that needs the token where there is one. */
function secret(security = []) {
  const names = security.flatMap((way) => Object.keys(way));
  if (names.includes("serverKey")) return " -H 'Authorization: Bearer SERVER_KEY'";
  return hasToken() && names.length > 0 ? " -H 'Authorization: Bearer TOKEN'" : "";
}

const streams = ({ responses }) => Object.keys(responses["200"]?.content ?? {}).includes("text/event-stream");

function schemaArticle(name, schema) {
  const id = schemaId(name);
  const listed = members(schema);
  return element(
    "article",
    { id, "aria-labelledby": `${id}-name` },
    element("h3", { id: `${id}-name`, tabindex: "-1" }, element("code", {}, name), " ", anchor(id, name)),
    told(schema.description),
    listed ?? element("p", {}, typeOf(schema)),
  );
}

/** What is typed into the field is looked for in all that is said of a call or schema; each word has to be there. */
function listenToFinder() {
  const texts = new Map(
    [...main.querySelectorAll("article")].map((article) => [article, article.textContent.toLowerCase()]),
  );
  byId("find").addEventListener("input", () => {
    const words = byId("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const [article, text] of texts) article.hidden = !words.every((word) => text.includes(word));
    for (const each of main.querySelectorAll("section")) each.hidden = !each.querySelector("article:not([hidden])");
    for (const link of byId("contents").querySelectorAll("a"))
      link.parentElement.hidden = byId(link.hash.slice(1)).hidden;
    for (const each of byId("contents").children) each.hidden = !each.querySelector("li:not([hidden])");
    byId("found").textContent = words.length ? counted() : "";
  });
}

function findAll() {
  byId("find").value = "";
  byId("find").dispatchEvent(new Event("input"));
}

function counted() {
  const calls = [...main.querySelectorAll("article[data-call]")];
  const shown = calls.filter((article) => !article.hidden).length;
  const schemas = main.querySelectorAll("article:not([data-call]):not([hidden])").length;
  return `${shown} of ${calls.length} calls, ${schemas} schema${schemas === 1 ? "" : "s"}`;
}

function listenToKeys() {
  const acts = { "/": () => byId("find").focus(), j: () => step(1), k: () => step(-1) };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      findAll();
      byId("find").blur();
    } else if (areOn() && !isTyping(event.target) && Object.hasOwn(acts, event.key)) {
      event.preventDefault();
      acts[event.key]();
    }
  });
}

/** Go to the next call or schema that is shown, or to the one before. */
function step(by) {
  const shown = [...main.querySelectorAll("article:not([hidden])")];
  const at = shown.indexOf(document.activeElement.closest("article"));
  const from = at >= 0 ? at : by > 0 ? -1 : shown.length;
  shown[Math.min(Math.max(from + by, 0), shown.length - 1)]?.querySelector("h3").focus();
}

/** Whoever follows a link to what the finder has hidden wants to see it; and after loading nothing was there yet. */
function showAddressed() {
  const target = byId(decodeURIComponent(location.hash.slice(1)));
  if (target === null || target === main) return;
  if (target.hidden) findAll();
  target.scrollIntoView();
}

start().catch((error) => {
  fill(
    main,
    element("p", { class: "error", role: "alert" }, `The document about the API cannot be shown: ${error.message}`),
  );
});
