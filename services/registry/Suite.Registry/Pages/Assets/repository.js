import { h, size, time, shortDigest, command, card, crumbs, notice } from "./dom.js";
import * as api from "./api.js";
import { askDelete } from "./dialogs.js";

// One repository: how to pull it, and its tags.
export async function repository(main, name, reload) {
  const { tags } = await api.tags(name);
  const newest = [...tags].sort((a, b) => b.pushed_at - a.pushed_at)[0];
  const head = [crumbs(["Repositories", "#/"], [name]), h("div", { class: "head" }, h("h1", null, name))];
  if (tags.length === 0) {
    main.replaceChildren(...head, h("div", { class: "card" }, h("div", { class: "notice" }, h("h2", null, "No tags"), h("p", null, "What is here can be pulled by digest only."))));
    return;
  }

  const rows = tags.map(tag => h("tr", null,
    h("td", { "data-name": "Tag" }, h("a", { href: `#/r/${name}:${tag.name}` }, tag.name)),
    h("td", { "data-name": "Digest" }, h("code", { title: tag.digest }, shortDigest(tag.digest))),
    h("td", { "data-name": "Platforms" }, h("span", { class: "soft" }, tag.platforms > 0 ? `${tag.platforms} platforms` : "one")),
    h("td", { class: "num", "data-name": "Size" }, size(tag.total_size)),
    h("td", { class: "num", "data-name": "Pushed" }, time(tag.pushed_at)),
    h("td", { class: "num", "data-name": "" }, h("button", { class: "danger", type: "button", "aria-label": `Delete tag ${tag.name}`, onclick: () => remove(tag) }, "Delete"))));

  async function remove(tag) {
    if (await askDelete(name, tag.name, true, [])) await reload(`Deleted tag ${tag.name}`);
  }

  main.replaceChildren(...head,
    card("Pull", "the newest", h("div", { class: "body" }, ["suite", "docker", "podman"].map(tool => command(`${tool} pull ${location.host}/${name}:${newest.name}`)))),
    card("Tags", String(tags.length), h("table", { class: "stack" },
      h("thead", null, h("tr", null, ["Tag", "Digest", "Platforms"].map(text => h("th", { scope: "col" }, text)),
        h("th", { scope: "col", class: "num" }, "Size"), h("th", { scope: "col", class: "num" }, "Pushed"),
        h("th", { scope: "col" }, h("span", { class: "hidden" }, "Delete")))),
      h("tbody", null, rows))));
}

export function missing(main, error) {
  main.replaceChildren(notice("There is nothing here", h("p", null, error.message), h("p", null, h("a", { href: "#/" }, "All repositories"))));
}
