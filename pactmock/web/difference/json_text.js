/**
 * JSON as it was written: `1` and `1.0` are different values in a pact, and so are integers beyond 2^53, which a
 * browser's own JSON reads as the same. Names that are there twice stay too.
 */

const DEEPEST = 200;
const MARK = /([{}[\],:])/;
const TEXT = /("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")/;
const OTHER = /(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/;
const TOKEN = new RegExp(`\\s*(?:${[MARK, TEXT, OTHER].map((item) => item.source).join("|")})`, "y");

/**
 * Read a document: `{kind: "object", members: [[name, node]]}`, `{kind: "array", items: [node]}` or
 * `{kind: "scalar", text}`; null for what is no JSON, or nested deeper than anybody can look at.
 */
export function parse(text) {
  try {
    const reader = new Reader(text);
    const node = reader.node(0);
    return /^\s*$/.test(text.slice(reader.at)) ? node : null;
  } catch (error) {
    if (error instanceof NotJson) return null;
    throw error;
  }
}

class NotJson extends Error {}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  token() {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.text);
    if (found === null) throw new NotJson();
    this.at = TOKEN.lastIndex;
    return found;
  }

  node(depth) {
    if (depth > DEEPEST) throw new NotJson();
    const [, mark, string, other] = this.token();
    if (mark === "{") return { kind: "object", members: this.items("}", () => this.member(depth)) };
    if (mark === "[") return { kind: "array", items: this.items("]", () => this.node(depth + 1)) };
    if (mark !== undefined) throw new NotJson();
    return { kind: "scalar", text: string ?? other };
  }

  member(depth) {
    const [, , name] = this.token();
    if (name === undefined || this.token()[1] !== ":") throw new NotJson();
    return [JSON.parse(name), this.node(depth + 1)];
  }

  items(end, read) {
    const found = [];
    const start = this.at;
    if (this.token()[1] === end) return found;
    this.at = start;
    for (;;) {
      found.push(read());
      const mark = this.token()[1];
      if (mark === end) return found;
      if (mark !== ",") throw new NotJson();
    }
  }
}

/** Return the steps of a path expression without wildcards, such as `$.a['b c'][0]`; null for any other. */
export function steps(expression) {
  const found = [];
  const step = /\.([^.[\]'"]+)|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]/y;
  if (!expression.startsWith("$")) return null;
  step.lastIndex = 1;
  while (step.lastIndex < expression.length) {
    const [matched, plain, single, double, index] = step.exec(expression) ?? [];
    if (matched === undefined) return null;
    found.push(index === undefined ? (plain ?? (single ?? double).replace(/\\(.)/g, "$1")) : Number(index));
  }
  return found;
}

/** Return what names a place, for comparing. */
export function placeOf(found) {
  return JSON.stringify(found);
}
