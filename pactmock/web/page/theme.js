/** Light or dark: as the system has it, or as somebody has chosen here, which is remembered for the next time. */

const KEPT = "pactmock.theme";

/** Have a select choose the colours. */
export function themes(select) {
  select.value = kept();
  if (select.selectedIndex < 0) select.value = "";
  apply(select.value);
  select.addEventListener("change", () => {
    apply(select.value);
    try {
      localStorage.setItem(KEPT, select.value);
    } catch {
      // It holds until the page is left.
    }
  });
}

function kept() {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

function apply(theme) {
  if (theme === "") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
