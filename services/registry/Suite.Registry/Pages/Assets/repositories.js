import { counted, h, ago, size, announce, command, notice } from "./dom.js";
import * as api from "./api.js";

// The list of repositories, which the search field narrows as one types.
export async function repositories(main, query, signal) {
  const list = h("ul", { class: "list" });
  const more = h("button", { type: "button", hidden: true }, "Show more");
  const title = h("h1", null, query ? "Search" : "Repositories");
  const count = h("p", { class: "soft" });
  let page = 0, shown = 0;

  async function load() {
    const answer = await api.search(query, ++page, signal);
    const first = shown;
    shown += answer.results.length;
    list.append(...answer.results.map(result => h("li", null, row(result, query))));
    more.hidden = answer.num_pages <= page;
    const plus = more.hidden ? "" : "+";
    count.textContent = query ? `${shown}${plus} with “${query}” in the name` : `${shown}${plus} in this registry`;
    announce(`${shown}${plus} repositories`);
    if (first > 0) list.children[first]?.querySelector("a")?.focus();
  }

  await load();
  more.addEventListener("click", load);
  if (shown === 0 && !query) {
    main.replaceChildren(notice("Nothing here yet", h("p", null, "Push an image, and it appears on this page."), command(`suite push ${location.host}/app:latest`)));
    return;
  }

  const content = shown === 0
    ? h("div", { class: "card" }, h("div", { class: "notice" }, h("h2", null, "Nothing found"), h("p", null, "No repository that you may pull has this text in its name.")))
    : h("div", { class: "card" }, list);
  main.replaceChildren(h("div", { class: "head" }, h("div", null, title, count)), content, more);
}

function row(result, query) {
  return h("a", { class: "row", href: `#/r/${result.name}` },
    h("strong", null, marked(result.name, query)),
    h("span", { class: "end num" }, counted(result.tag_count, "tag")),
    h("span", { class: "end num size" }, size(result.size)),
    h("span", { class: "end num" }, ago(result.pushed_at)),
    result.description && h("p", null, result.description));
}

function marked(name, query) {
  const at = query ? name.indexOf(query.toLowerCase()) : -1;
  return at < 0 ? name : [name.slice(0, at), h("mark", null, name.slice(at, at + query.length)), name.slice(at + query.length)];
}

// Arrow keys go from the search field through the results and back.
export function arrows(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...document.querySelectorAll("a.row")];
  const at = links.indexOf(document.activeElement);
  const field = document.getElementById("query");
  if (at < 0 && document.activeElement !== field) return;
  event.preventDefault();
  const next = at + (event.key === "ArrowDown" ? 1 : -1);
  (next < 0 ? field : links[Math.min(next, links.length - 1)])?.focus();
}
