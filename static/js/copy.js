// Copies the text of a field. The button shows up only where the browser can copy; else the field is there to select.

async function copy({ currentTarget: button }) {
  const field = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
    button.parentElement.querySelector("[role=status]").textContent = button.dataset.done;
  } catch {
    field.focus();
    field.select();
  }
}

for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  button.hidden = false;
  button.addEventListener("click", copy);
}
