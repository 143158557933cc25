/** Questions before what cannot be undone, and the one for the token. */

import { button, element } from "./dom.js";

/** Ask whether to go on; resolves to true or false. */
export function confirmed(question, explanation, yes) {
  return new Promise((resolve) => {
    let answer = false;
    const close = (chosen) => () => {
      answer = chosen;
      dialog.close();
    };
    const no = button("Cancel", close(false));
    const dialog = opened(
      question,
      [
        element("p", { dir: "auto" }, explanation),
        element("p", { class: "actions" }, no, button(yes, close(true), { class: "danger" })),
      ],
      () => resolve(answer),
    );
    no.focus();
  });
}

/** Open a dialog with a headline; `closed` is called at its end, also by Escape. */
export function opened(headline, content, closed = () => {}) {
  const title = element("h2", { id: `dialog-${Math.random().toString(36).slice(2)}` }, headline);
  const dialog = element(
    "dialog",
    {
      class: "dialog",
      "aria-labelledby": title.id,
      onclose: () => {
        dialog.remove();
        closed();
      },
    },
    title,
    ...content,
  );
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Ask for the token until one is given, in the place of what is shown, which is there again then. */
export function askToken(isWrong, wasRight) {
  return new Promise((resolve) => {
    const main = document.getElementById("main");
    const covered = [...main.childNodes];
    const input = element("input", {
      id: "token",
      type: "password",
      autocomplete: "off",
      required: true,
      spellcheck: "false",
      "aria-describedby": "token-hint",
    });
    const error = element("p", { class: "error", role: "alert" });
    if (wasRight) error.textContent = "The service has another token now.";
    else if (isWrong) error.textContent = "That is not the token of this service.";
    const give = (event) => {
      event.preventDefault();
      const given = input.value.trim();
      if (/^[\x20-\x7e\u00a0-\u00ff]+$/.test(given)) {
        main.replaceChildren(...covered);
        resolve(given);
      } else error.textContent = given === "" ? "Type the token." : "No token has such characters: look at it again.";
    };
    const form = element(
      "form",
      { class: "token", onsubmit: give, "aria-labelledby": "token-title" },
      element("h1", { id: "token-title" }, "This service needs its token"),
      element(
        "p",
        { id: "token-hint" },
        "It is what the service was given with ",
        element("code", {}, "--token"),
        " or ",
        element("code", {}, "--token-file"),
        ". It is kept for this tab, and sent to this service alone.",
      ),
      element("p", { class: "field" }, element("label", { for: "token" }, "Token"), input),
      error,
      element("p", { class: "actions" }, element("button", { type: "submit", class: "main" }, "Go on")),
    );
    main.replaceChildren(form);
    input.focus();
  });
}
