// Runs before everything else: what somebody does while the modules still load costs nothing.
(() => {
  // The modules' own listeners are the document's, so these come last and get what those leave.
  const refuse = (event) => {
    if (event.defaultPrevented || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  };
  for (const name of ["dragover", "drop"]) addEventListener(name, refuse);
  // Only modules send a form without a method; the browser would empty it and load the page again.
  addEventListener("submit", (event) => event.target.hasAttribute("method") || event.preventDefault());
})();
