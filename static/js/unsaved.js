// A long form that was changed says so beside its button, until it is sent.
for (const form of document.querySelectorAll("[data-unsaved]")) {
  const says = form.querySelector("[data-say]");
  const leaving = (event) => event.preventDefault();
  form.addEventListener("change", () => {
    says.textContent = says.dataset.say;
    addEventListener("beforeunload", leaving);
  });
  form.addEventListener("submit", () => removeEventListener("beforeunload", leaving));
}
