/**
 * The request that an interaction expects, in the form of one that was received: its example can be sent, and matches.
 */

/** Make that request of the `request` of an interaction; null where a body is too long to be at hand as a whole. */
export function example({ method, path, query, headers, body }) {
  if (body?.shown !== undefined) return null;
  const pairs = Object.entries(query).flatMap(([name, values]) => values.map((value) => pair(name, value)));
  return {
    method,
    path: sendable(path),
    query: pairs.length > 0 ? pairs.join("&") : null,
    headerLines: headerLines(headers),
    body,
  };
}

/** Lines of a name and a value; several values of a name stand in one, as they do in a pact. */
export function headerLines(headers) {
  return Object.entries(headers).map(([name, values]) => [name, values.join(", ")]);
}

const pair = (name, value) =>
  value === null ? encodeURIComponent(name) : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;

/** A path is sent as it is, but for what no address can have. */
const sendable = (path) => path.replace(/[^!-~]+/gu, (piece) => encodeURIComponent(piece.toWellFormed()));
