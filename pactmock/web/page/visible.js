/** Text that cannot hide part of itself, nor look like another: as `pactmock/reports/visible.py` has it. */

const CONTROL =
  "\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ufff9-\\ufffb";
const UNPRINTABLE = new RegExp(
  `[${CONTROL}]|[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]`,
  "g",
);
const NAMES = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Write control characters, and what turns the direction of writing, as escapes such as `\n` and `\u{1b}`. */
export function visible(text) {
  return text.replace(UNPRINTABLE, (found) => NAMES[found] ?? `\\u{${found.charCodeAt(0).toString(16)}}`);
}

/** Cut a text that is longer than a line has use for, and say so. */
export function cut(text, most) {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}… (${grouped(text.length - most)} more characters)`;
}

/** Write a number with its thousands apart. */
export function grouped(number) {
  return number.toLocaleString("en");
}

/** Say a number of things: `1 request`, `2,000 requests`. */
export function count(number, one, many = `${one}s`) {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** Say how many bytes. */
export function bytes(number) {
  if (number < 1000) return count(number, "byte");
  const [size, unit] = number < 1_000_000 ? [number / 1000, "kB"] : [number / 1_000_000, "MB"];
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`;
}

/** Say a moment as the clock of whoever looks has it. */
export function clock(time) {
  const moment = new Date(time);
  const two = (number) => String(number).padStart(2, "0");
  const day = moment.toDateString() === new Date().toDateString() ? "" : `${moment.toLocaleDateString()} `;
  const seconds = `${two(moment.getSeconds())}.${String(moment.getMilliseconds()).padStart(3, "0")}`;
  return `${day}${two(moment.getHours())}:${two(moment.getMinutes())}:${seconds}`;
}
