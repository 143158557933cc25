// Elements with texts in them. Whatever comes from a request or a pact is a text: nothing here reads markup.

// element("a", { href: "#x", class: "link" }, "text", anotherElement): attributes by name, true for one without a value,
// null or false for none; what begins with "on" is a listener; children that are null or false are left out.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}
