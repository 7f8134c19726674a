import { announce, notice, h } from "./dom.js";
import * as api from "./api.js";
import { askLogin } from "./dialogs.js";
import { arrows, repositories } from "./repositories.js";
import { missing, repository } from "./repository.js";
import { manifest } from "./manifest.js";

const main = document.getElementById("main");
const field = document.getElementById("query");
const account = document.getElementById("account");
let running = new AbortController();

// #/ and #/?q=TEXT, #/r/NAME, #/r/NAME:TAG, #/r/NAME@DIGEST: a link to each can be kept and sent.
function route() {
  const hash = decodeURIComponent(location.hash.slice(1)) || "/";
  const found = hash.match(/^\/r\/([^:@]+)(?:@(.+)|:(.+))?$/);
  if (found) return { view: found[2] ?? found[3] ? "manifest" : "repository", name: found[1], reference: found[2] ?? found[3] };
  return { view: "repositories", query: hash.match(/^\/\?q=(.*)$/)?.[1] ?? "" };
}

async function show(focus) {
  running.abort();
  const controller = running = new AbortController();
  const { view, name, reference, query } = route();
  // Drawn aside: what was asked for first and answers last must not win.
  const page = document.createElement("div");
  try {
    if (view === "repositories") await repositories(page, query, controller.signal);
    else if (view === "repository") await repository(page, name, reload);
    else await manifest(page, name, reference, reload);
  } catch (error) {
    if (error.name === "AbortError") return;
    if (error.status === 401) page.replaceChildren(notice("Please log in", h("p", null, "This registry shows its content to those it knows."), h("p", null, h("button", { class: "primary", type: "button", onclick: logIn }, "Log in"))));
    else if (error.status === 404) missing(page, error);
    else page.replaceChildren(notice("That did not work", h("p", { class: "problem", role: "alert" }, error.message), h("p", null, h("button", { type: "button", onclick: () => show() }, "Try again"))));
  }

  if (controller !== running) return;
  main.replaceChildren(...page.childNodes);
  document.title = `${reference ? `${name} ${reference}` : name ?? "Repositories"} · ${location.host}`;
  if (focus) { main.focus({ preventScroll: true }); scrollTo(0, 0); }
}

async function reload(message, to) {
  if (to && location.hash !== to) location.hash = to;
  else await show(true);
  announce(message);
}

async function logIn() {
  if (await askLogin()) { showAccount(); await show(true); announce(`Logged in as ${api.user()}`); }
}

function showAccount() {
  const name = api.user();
  account.textContent = name ? `Log out ${name}` : "Log in";
}

account.addEventListener("click", async () => {
  if (!api.user()) return logIn();
  api.logOut();
  showAccount();
  await show(true);
  announce("Logged out");
});

let pause;
field.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => {
    history.replaceState(null, "", field.value.trim() ? `#/?q=${encodeURIComponent(field.value.trim())}` : "#/");
    show(false);
  }, 120);
});
document.querySelector(".search").addEventListener("submit", event => { event.preventDefault(); document.querySelector("a.row")?.focus(); });
addEventListener("keydown", event => {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "/" && !/^(input|textarea)$/i.test(document.activeElement.tagName)) { event.preventDefault(); field.focus(); field.select(); }
  arrows(event);
});
addEventListener("hashchange", () => { field.value = route().query ?? ""; show(true); });

document.getElementById("host").textContent = location.host;
field.value = route().query ?? "";
showAccount();
// A registry that everybody may use has nobody to log in.
api.ping().then(() => { if (!api.user()) account.hidden = true; }, () => { account.hidden = false; });
show(false);
