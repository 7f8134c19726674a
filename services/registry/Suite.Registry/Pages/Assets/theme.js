// Before the first paint, so that a dark page does not flash white.
(function () {
  var stored = null;
  try { stored = localStorage.getItem("theme"); } catch { /* storage may be forbidden */ }
  var system = matchMedia("(prefers-color-scheme: dark)");
  function apply() { document.documentElement.dataset.theme = stored || (system.matches ? "dark" : "light"); }
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", function () {
    var button = document.getElementById("theme");
    function show() { button.setAttribute("aria-pressed", String(document.documentElement.dataset.theme === "dark")); }
    show();
    system.addEventListener("change", show);
    button.addEventListener("click", function () {
      stored = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
      try { localStorage.setItem("theme", stored); } catch { /* then for this page only */ }
      apply();
      show();
    });
  });
})();
