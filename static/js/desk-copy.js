// Copies the text of a field. The button shows up only where the browser can copy; else the field is there to select.

const button = document.querySelector("[data-copy]");
const field = button && document.getElementById(button.dataset.copy);
const said = button && button.parentElement.querySelector("[role=status]");

async function copy() {
  try {
    await navigator.clipboard.writeText(field.value);
    said.textContent = button.dataset.done;
  } catch {
    field.focus();
    field.select();
  }
}

if (field && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", copy);
}
