/**
 * A request as a command line: what curl would have to be told to send the same again.
 *
 * Whatever a request says is an argument there, and never a word of the shell; characters that a terminal would obey
 * are sent through base64, so that nothing happens while the line is pasted.
 */

const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const BY_CURL = new Set(["host", "content-length", "connection", "transfer-encoding", "expect", "keep-alive"]);

/** Quote a text for any shell of POSIX. */
export function quoted(text) {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Quote a text for a shell as printf would write it, where it holds what a terminal would obey. */
function argument(text) {
  if (!UNSAFE.test(text) && !/[\n\t]/.test(text)) return quoted(text);
  const octal = [...new TextEncoder().encode(text)]
    .map((byte) =>
      byte < 0x20 || byte > 0x7e || byte === 0x25 || byte === 0x5c || byte === 0x27
        ? `\\${byte.toString(8).padStart(3, "0")}`
        : String.fromCharCode(byte),
    )
    .join("");
  return `"$(printf '${octal}')"`;
}

/**
 * Return the command line for a request of the journal, to be sent to a base URL.
 *
 * `file` names the file that a body is in which is too long to stand here. Headers that curl would add by itself are
 * left out, or where `others` are welcome, only a content type.
 */
export function curl(request, base, { file = "body", others = false } = {}) {
  const { method, path, query, headerLines, body } = request;
  const target = base + (path.startsWith("/") ? path : `/${path}`) + (query === null ? "" : `?${query}`);
  const words = ["curl"];
  if (method === "HEAD") words.push("--head");
  else if (method !== "GET" || body !== null) words.push("-X", quoted(method));
  if (/\/\.{1,2}(\/|$)/.test(path)) words.push("--path-as-is");
  words.push("-g", argument(target));
  const parts = [words.join(" "), ...headers(headerLines, body, others)];
  return written(parts, body, file);
}

function headers(lines, body, others) {
  const named = new Set(lines.map(([name]) => name.toLowerCase()));
  const sent = lines
    .filter(([name]) => !BY_CURL.has(name.toLowerCase()))
    .map(([name, value]) => `-H ${argument(value === "" ? `${name};` : `${name}: ${value}`)}`);
  const unwanted = [...(others ? [] : ["Accept", "User-Agent"]), ...(body === null ? [] : ["Content-Type"])];
  return [...sent, ...unwanted.filter((name) => !named.has(name.toLowerCase())).map((name) => `-H '${name}:'`)];
}

function written(parts, body, file) {
  const lines = (all) => all.join(" \\\n  ");
  if (body === null) return lines(parts);
  if (body.shown !== undefined) return lines([...parts, `--data-binary ${quoted(`@${file}`)}`]);
  if (body.encoded === false && !UNSAFE.test(body.content))
    return lines([...parts, `--data-raw ${quoted(body.content)}`]);
  const content = body.encoded === "base64" ? body.content : base64(body.content);
  return `printf %s ${quoted(content)} | base64 -d | ${lines([...parts, "--data-binary @-"])}`;
}

/** Return a text as base64 of its UTF-8. */
export function base64(text) {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
