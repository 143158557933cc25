/** Files that are saved: fetched with the token, which a link could not show. */

import { about, blob } from "./api.js";

/** Have the browser save some bytes under a name. */
export function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 120);
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const REPORTS = { html: "html", text: "txt", markdown: "md", junit: "xml", json: "json" };

/** What can be saved of a mock server: names as people see them, with what saves it. */
export function downloads(server) {
  const name = `${server.consumer}-${server.provider}`;
  const pact = async () => save(await blob(about(server.id, "pact")), `${name}.json`);
  const report = (format) => async () =>
    save(await blob(`${about(server.id, "report")}?format=${format}`), `${name}-report.${REPORTS[format]}`);
  return [
    ["Pact", pact],
    ["Report as HTML", report("html")],
    ["Report as text", report("text")],
    ["Report as Markdown", report("markdown")],
    ["Report as JUnit", report("junit")],
    ["Report as JSON", report("json")],
  ];
}
