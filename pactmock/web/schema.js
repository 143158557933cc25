/** JSON schemas of an OpenAPI document, told as types and lists of members. */

import { element } from "./page/dom.js";

const REFERENCE = "#/components/schemas/";
const code = (value) => element("code", {}, typeof value === "string" ? value : JSON.stringify(value));

/** A text with `code` in it and empty lines between its paragraphs. */
export function told(text) {
  return (text ?? "")
    .trim()
    .split(/\n\s*\n/)
    .filter(Boolean)
    .map((paragraph) => element("p", {}, inline(paragraph)));
}

export function inline(text) {
  return text.split(/`([^`]+)`/).map((piece, index) => (index % 2 ? code(piece) : piece));
}

export const schemaId = (name) => `schema-${name}`;
export const nameOf = (schema) => (schema?.$ref?.startsWith(REFERENCE) ? schema.$ref.slice(REFERENCE.length) : null);

/** What a value can be, in words and links: 'integer or null', 'array of Mismatch'. */
export function typeOf(schema) {
  const name = nameOf(schema);
  if (name !== null) return [element("a", { href: `#${schemaId(name)}` }, name)];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return joined(choices.map(typeOf));
  if (schema.allOf?.length === 1) return typeOf(schema.allOf[0]);
  if (schema.enum) return joined(schema.enum.map((value) => [code(JSON.stringify(value))]));
  if ("const" in schema) return [code(JSON.stringify(schema.const))];
  const types = [schema.type ?? "any value"].flat();
  return joined(types.map((type) => typed(type, schema)));
}

function typed(type, schema) {
  if (type === "array" && schema.items) return ["array of ", typeOf(schema.items)].flat();
  const values = schema.additionalProperties;
  if (type === "object" && values && values !== true && Object.keys(values).length)
    return ["object of ", typeOf(values)].flat();
  return [schema.format ? `${type} (${schema.format})` : type];
}

function joined(types) {
  const texts = new Set();
  const different = types.filter((nodes) => {
    const text = nodes.map((node) => node.textContent ?? node).join("");
    return !texts.has(text) && texts.add(text);
  });
  return different.flatMap((nodes, index) => (index ? [" or ", ...nodes] : nodes));
}

const LIMITS = {
  minimum: "at least",
  exclusiveMinimum: "more than",
  maximum: "at most",
  exclusiveMaximum: "less than",
  minLength: "characters at least",
  maxLength: "characters at most",
  minItems: "items at least",
  maxItems: "items at most",
  pattern: "matches",
};

/** What else is said of a value: its bounds, and what it is where it is left out. */
function facts(schema) {
  const all = [schema, ...(schema.anyOf ?? [])];
  const limits = Object.entries(LIMITS).flatMap(([key, words]) =>
    all.filter((part) => key in part).map((part) => element("span", { class: "fact" }, `${words} `, code(part[key]))),
  );
  if (schema.default === undefined || schema.default === null) return limits;
  return [...limits, element("span", { class: "fact" }, "else ", code(JSON.stringify(schema.default)))];
}

/** One member or parameter: its name, type and bounds, then what it means. */
export function member(name, schema, isRequired, text) {
  return element(
    "div",
    {},
    element(
      "dt",
      {},
      element("code", { class: "name" }, name),
      element("span", { class: "type" }, typeOf(schema)),
      isRequired && element("span", { class: "required" }, "required"),
      facts(schema),
    ),
    element("dd", {}, told(text)),
  );
}

/** The members of an object; of what has none, null. */
export function members(schema) {
  const entries = Object.entries(schema?.properties ?? {});
  if (!entries.length) return null;
  const required = new Set(schema.required ?? []);
  return element(
    "dl",
    { class: "members" },
    entries.map(([name, each]) => member(name, each, required.has(name), each.description)),
    schema.additionalProperties === true &&
      element("div", {}, element("dt", {}, element("span", { class: "type" }, "and others"))),
  );
}
