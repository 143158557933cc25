// Asks the service whose page this is. Where it needs a token, the token is asked for once, and kept for this tab.
import { element } from "./elements.js";

// All calls are below this URL, also where the service is under a prefix.
export const root = new URL("..", import.meta.url);

// A tab keeps it until it is closed.
const KEY = "pactmock.token";

export const token = {
  get: () => sessionStorage.getItem(KEY),
  keep: (text) => sessionStorage.setItem(KEY, text),
  forget: () => sessionStorage.removeItem(KEY),
};

// Makes a call, as fetch does, with the token. One that is missing or wrong is asked for until it is right, so an answer
// is never 401. `path` has no slash in front: "mockserver/7/requests".
export async function ask(path, options = {}) {
  for (;;) {
    const shown = token.get();
    const headers = new Headers(options.headers);
    if (shown !== null) headers.set("Authorization", `Bearer ${shown}`);
    const answer = await fetch(new URL(path, root), { ...options, headers, credentials: "omit" });
    if (answer.status !== 401) return answer;
    if (token.get() === shown) await askForToken(shown !== null);
  }
}

let asking = null; // what waits for the person at the keyboard; all calls wait for the same

function askForToken(wasWrong) {
  asking ??= new Promise((resolve) => {
    const field = element("input", { id: "token", type: "password", autocomplete: "off", spellcheck: "false", required: true });
    const reason = wasWrong ? "This is not the token of the service." : "This service needs a token: the one it was started with.";
    const form = element("form", { method: "dialog" },
      element("p", { id: "token-reason", role: wasWrong ? "alert" : null }, reason),
      element("label", { for: "token" }, "Token"),
      field,
      element("button", {}, "Open"));
    const dialog = element("dialog", { class: "token", "aria-labelledby": "token-reason" }, form);
    dialog.addEventListener("cancel", (event) => event.preventDefault()); // there is nothing to see without it
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      token.keep(field.value.trim());
      dialog.close();
      dialog.remove();
      asking = null;
      resolve();
    });
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  });
  return asking;
}
