/**
 * Two bodies beside each other, as lines: JSON by its members and items, any other text by its lines.
 *
 * A line is `{left, right, differs, allowed}`: its two texts, null where a side has none; whether that is what the
 * service found different; and whether the sides differ as a rule allows.
 */

import { parse, placeOf, steps } from "./json_text.js";

const MOST_COMPARED = 250_000;
const DEEPEST = 40;

/** Align two texts; `paths` are the path expressions of what differs between them, null where nobody compared. */
export function aligned(expected, received, paths) {
  const [left, right] = [expected, received].map((text) => (text === null ? null : parse(text)));
  const places = new Set();
  for (const path of paths ?? []) {
    const found = steps(path);
    if (found !== null) places.add(placeOf(found));
  }
  const bothRead = (left !== null || expected === null) && (right !== null || received === null);
  if (bothRead && (left !== null || right !== null)) {
    const lines = new Walk(places).walk(left, right);
    return paths === null || lines.some((line) => line.differs) || paths.length === 0 ? lines : firstDiffers(lines);
  }
  return textLines(expected, received, (paths ?? []).length > 0);
}

/** Return the lines of one text that stands by itself. */
export function unaligned(text) {
  const node = parse(text);
  return node === null ? linesOf(text) : printed({ node }, 0);
}

/** Something differs, and no line says so itself, as where lists are of other lengths: say it of those unlike. */
function firstDiffers(lines) {
  const unlike = lines.filter((line) => line.left !== line.right);
  for (const line of unlike.length > 0 ? unlike : lines.slice(0, 1)) line.differs = true;
  return lines;
}

/** Walks through two documents side by side. */
class Walk {
  constructor(places) {
    this.places = places;
    this.lines = [];
  }

  walk(left, right) {
    this.both({ node: left }, { node: right }, [], 0);
    return this.lines;
  }

  /** Take what stands at one place; a side is a node with what stands before and behind it on its line. */
  both(left, right, at, depth) {
    const [one, other] = [left.node, right.node];
    if (one && other && one.kind === other.kind && one.kind !== "scalar") this.inside(left, right, at, depth);
    else this.apart(left, right, depth, this.places.has(placeOf(at)));
  }

  inside(left, right, at, depth) {
    const [open, close] = left.node.kind === "object" ? ["{", "}"] : ["[", "]"];
    const here = this.places.has(placeOf(at));
    const start = this.lines.length;
    this.line(depth, beginning(left, open), beginning(right, open), false);
    const pairs = left.node.kind === "object" ? members(left.node, right.node) : items(left.node, right.node);
    for (const [step, one, other] of pairs) {
      const below = [...at, step];
      if (one.node && other.node) this.both(one, other, below, depth + 1);
      else this.apart(one, other, depth + 1, here || this.places.has(placeOf(below)));
    }
    this.line(depth, close + (left.after ?? ""), close + (right.after ?? ""), false);
    if (here && !this.lines.slice(start).some((line) => line.differs)) this.lines[start].differs = true;
  }

  /** Take two values of which neither is inside of the other's like, or one that is on one side only. */
  apart(left, right, depth, differs) {
    const [one, other] = [left, right].map((side) => (side.node ? printed(side, depth) : []));
    for (let number = 0; number < Math.max(one.length, other.length); number += 1) {
      this.add(one[number] ?? null, other[number] ?? null, differs);
    }
  }

  line(depth, left, right, differs) {
    const indent = "  ".repeat(depth);
    this.add(indent + left, indent + right, differs);
  }

  add(left, right, differs) {
    const isUnlike = left === null || right === null || withoutComma(left) !== withoutComma(right);
    this.lines.push({ left, right, differs, allowed: isUnlike && !differs });
  }
}

function withoutComma(line) {
  return line.replace(/,$/, "");
}

function beginning(side, text) {
  return (side.before ?? "") + text;
}

/** Pair the members of two objects by their names, in the order of the first, those of the second alone behind them. */
function members(left, right) {
  const sides = [left, right].map(({ members: all }) => {
    const byName = new Map();
    all.forEach(([name, node], index) => {
      const side = { node, before: `${JSON.stringify(name)}: `, after: index < all.length - 1 ? "," : "" };
      if (byName.has(name)) byName.get(name).push(side);
      else byName.set(name, [side]);
    });
    return byName;
  });
  const pairs = [];
  for (const name of new Set([...sides[0].keys(), ...sides[1].keys()])) {
    const [ones, others] = sides.map((byName) => byName.get(name) ?? []);
    for (let number = 0; number < Math.max(ones.length, others.length); number += 1) {
      pairs.push([name, ones[number] ?? {}, others[number] ?? {}]);
    }
  }
  return pairs;
}

function items(left, right) {
  const side = ({ items: all }, index) =>
    index < all.length ? { node: all[index], after: index < all.length - 1 ? "," : "" } : {};
  const pairs = [];
  for (let index = 0; index < Math.max(left.items.length, right.items.length); index += 1) {
    pairs.push([index, side(left, index), side(right, index)]);
  }
  return pairs;
}

/** Print a value, a line a member or item. */
function printed({ node, before = "", after = "" }, depth) {
  const indent = "  ".repeat(depth);
  if (node.kind === "scalar") return [indent + before + node.text + after];
  const [open, close] = node.kind === "object" ? ["{", "}"] : ["[", "]"];
  const inner =
    node.kind === "object"
      ? node.members.map(([name, item]) => ({ node: item, before: `${JSON.stringify(name)}: ` }))
      : node.items.map((item) => ({ node: item }));
  if (inner.length === 0) return [indent + before + open + close + after];
  inner.slice(0, -1).forEach((side) => {
    side.after = ",";
  });
  const lines = [indent + before + open];
  for (const side of inner) for (const line of printed(side, depth + 1)) lines.push(line);
  lines.push(indent + close + after);
  return lines;
}

/** Align two texts by their lines: those that are alike on one height. */
export function textLines(expected, received, differs) {
  const [one, other] = [expected, received].map((text) => (text === null ? [] : linesOf(text)));
  let start = 0;
  while (start < Math.min(one.length, other.length) && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < Math.min(one.length, other.length) - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const alike = (line) => ({ left: line, right: line, differs: false, allowed: false });
  const middle = paired(one.slice(start, one.length - end), other.slice(start, other.length - end));
  return [
    ...one.slice(0, start).map(alike),
    ...middle.map(([left, right]) => ({
      left,
      right,
      differs: differs && left !== right,
      allowed: !differs && left !== right,
    })),
    ...one.slice(one.length - end).map(alike),
  ];
}

/** Pair lines by the longest sequence that both have, where that is not too much to look for. */
function paired(one, other) {
  if (one.length * other.length > MOST_COMPARED) return side(one, other);
  const longest = table(one, other);
  const pairs = [];
  let [i, j, ones, others] = [0, 0, [], []];
  const close = () => {
    pairs.push(...side(ones, others));
    [ones, others] = [[], []];
  };
  while (i < one.length || j < other.length) {
    if (i < one.length && j < other.length && one[i] === other[j]) {
      close();
      pairs.push([one[i++], other[j++]]);
    } else if (j >= other.length || (i < one.length && longest[i + 1][j] >= longest[i][j + 1])) ones.push(one[i++]);
    else others.push(other[j++]);
  }
  close();
  return pairs;
}

function table(one, other) {
  const longest = Array.from({ length: one.length + 1 }, () => new Uint32Array(other.length + 1));
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      longest[i][j] = one[i] === other[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  return longest;
}

function side(one, other) {
  return Array.from({ length: Math.max(one.length, other.length) }, (_, at) => [one[at] ?? null, other[at] ?? null]);
}

/** Break a text into its lines, XML also where it has none: with an element on each. */
function linesOf(text) {
  return /^\s*<[\w?!]/.test(text) && !/\n/.test(text.trim()) ? elements(text.trim()) : text.split(/\r\n|\n/);
}

function elements(text) {
  const lines = [];
  let depth = 0;
  for (const [piece] of text.matchAll(/<[^>]*>|[^<]+|</g)) {
    const isEnd = piece.startsWith("</");
    if (isEnd) depth = Math.max(0, depth - 1);
    lines.push("  ".repeat(Math.min(depth, DEEPEST)) + piece);
    if (/^<\w[^>]*[^/]>$|^<\w>$/.test(piece)) depth += 1;
  }
  return lines;
}
