/** Pacts that are brought to the page: as files that are dropped or chosen, or as text. Each has a mock server then. */

import { post } from "../service/api.js";
import { button, code, element, fill, said } from "../page/dom.js";
import { place } from "../page/router.js";
import { title } from "./servers.js";

/** Start mock servers for files; say of each what became of it. */
export async function postFiles(files, results) {
  for (const file of files) await postOne(file, file.name, results);
}

async function postOne(content, name, results) {
  const line = element("li", {}, "Starting a mock server for ", said(name), "…");
  results.append(line);
  try {
    const { mockServer: server } = await post("", content);
    fill(
      line,
      "✓ ",
      element("a", { href: place("servers", server.id) }, said(title(server))),
      ` plays ${name === "" ? "it" : ""}`,
      said(name),
    );
    return true;
  } catch (error) {
    line.className = "error";
    fill(
      line,
      "✗ ",
      said(name),
      ": ",
      said(error.message),
      error.more?.pointer ? [" at ", code(error.more.pointer)] : null,
    );
    return false;
  }
}

/** Make the form that takes pacts. */
export function posting(results) {
  const input = element("input", {
    type: "file",
    id: "files",
    accept: ".json,application/json",
    multiple: true,
    class: "unseen",
    tabindex: "-1",
    "aria-hidden": "true",
    onchange: async () => {
      await postFiles([...input.files], results);
      input.value = "";
    },
  });
  const area = element("textarea", {
    id: "pasted",
    rows: 6,
    spellcheck: "false",
    placeholder: '{"consumer": {"name": "web"}, "provider": {"name": "users-api"}, "interactions": […]}',
  });
  const send = async (event) => {
    event.preventDefault();
    if (area.value.trim() === "") area.focus();
    else if (await postOne(area.value, "the text", results)) area.value = "";
  };
  return element(
    "section",
    { class: "posting", "aria-labelledby": "posting-title" },
    element("h2", { id: "posting-title" }, "Start a mock server"),
    element(
      "div",
      { class: "drop" },
      element("p", {}, "Drop pact files anywhere on this page, or"),
      button("Choose files…", () => input.click(), { class: "main" }),
      input,
    ),
    element(
      "details",
      {},
      element("summary", {}, "Paste a pact"),
      element(
        "form",
        { onsubmit: send },
        element("label", { for: "pasted" }, "Pact, or contract in consumer-test form"),
        area,
        element("p", { class: "actions" }, element("button", { type: "submit" }, "Start")),
      ),
    ),
    results,
  );
}

/** Take files that are dropped anywhere on the page. */
export function takeDrops(taken) {
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  let depth = 0;
  const over = (change) => {
    depth = Math.max(0, depth + change);
    document.body.classList.toggle("dropping", depth > 0);
  };
  window.addEventListener("dragenter", (event) => hasFiles(event) && over(1));
  window.addEventListener("dragleave", (event) => hasFiles(event) && over(-1));
  window.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  window.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(-depth);
    taken([...event.dataTransfer.files]);
  });
}
