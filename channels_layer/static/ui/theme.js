// Runs before the first paint: theme, column widths and the person's time zone.
(() => {
  const root = document.documentElement;
  const own = (name) => localStorage.getItem(`parley:${root.dataset.user ?? ""}:${name}`);
  const theme = localStorage.getItem("parley:theme");
  if (theme) root.dataset.theme = theme;
  for (const column of ["list", "details", "chats", "ticket"]) {
    const width = Number(own(`width:${column}`));
    if (width) root.style.setProperty(`--${column}`, `${width}px`);
  }
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `timezone=${zone}; path=/; max-age=31536000; samesite=lax`;
})();
