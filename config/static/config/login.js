/** Shows and hides the typed password. */
document.querySelector("[data-reveal]")?.addEventListener("click", (event) => {
  const button = event.currentTarget;
  const field = button.parentElement.querySelector("input");
  const isShown = field.type === "password";
  field.type = isShown ? "text" : "password";
  button.setAttribute("aria-pressed", String(isShown));
});
