// The administration: rows that are added and removed, and texts that are copied.

const COPIED_FOR = 2000;

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-rows]").forEach(watchRows);
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.addEventListener("click", () => copy(button));
  });
});

/** Let rows be added and removed; a removed one stays in the form, marked. */
function watchRows(rows) {
  const list = rows.querySelector("[data-rows-list]");
  const total = rows.querySelector("[name$='-TOTAL_FORMS']");
  const most = Number(rows.querySelector("[name$='-MAX_NUM_FORMS']").value);
  const add = rows.querySelector("[data-rows-add]");
  const shown = () => [...list.children].filter((row) => !row.hidden);
  const bound = () => {
    add.disabled = shown().length >= most;
  };
  list.querySelectorAll("[data-row]").forEach(watchRow);
  list.addEventListener("removed", bound);
  add.addEventListener("click", () => {
    const row = blank(rows, total.value);
    total.value = Number(total.value) + 1;
    list.append(row);
    watchRow(row);
    row.querySelector("input:not([type=hidden]), select, textarea").focus();
    bound();
  });
  bound();
}

/** Make an empty row with the number that comes next. */
function blank(rows, number) {
  const row = rows.querySelector("[data-rows-blank]").content.firstElementChild.cloneNode(true);
  for (const element of row.querySelectorAll("[name], [id], [for]")) {
    for (const attribute of ["name", "id", "for"]) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.replace("__prefix__", number));
    }
  }
  return row;
}

/** Put a button in place of the box that removes a row. */
function watchRow(row) {
  const box = row.querySelector("[name$='-DELETE']");
  const button = row.querySelector("[data-row-remove]");
  box.closest("label").hidden = true;
  row.hidden = box.checked;
  button.hidden = false;
  button.addEventListener("click", () => {
    box.checked = true;
    row.hidden = true;
    row.dispatchEvent(new Event("removed", { bubbles: true }));
    row.closest("[data-rows]").querySelector("[data-rows-add]").focus();
  });
}

/** Copy the text of the element that the button names, and say so on the button. */
async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const word = button.textContent;
  if (!(await written(source))) return;
  button.textContent = button.dataset.copied;
  setTimeout(() => {
    button.textContent = word;
  }, COPIED_FOR);
}

/** Write an element's text to the clipboard; where that is refused, select it to be copied by hand. */
async function written(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  }
}
