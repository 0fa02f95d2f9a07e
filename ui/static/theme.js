// The colours a person chose, before anything is drawn: light, dark, or as the system has them.

{
  const kept = localStorage.getItem("shopdesk-theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
}
