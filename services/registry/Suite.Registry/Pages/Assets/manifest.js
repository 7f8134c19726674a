import { h, size, counted, time, shortDigest, command, card, crumbs, facts } from "./dom.js";
import * as api from "./api.js";
import { askDelete } from "./dialogs.js";

const isDigest = reference => reference.includes(":");
const link = (repository, digest) => h("a", { href: `#/r/${repository}@${digest}`, title: digest }, h("code", null, shortDigest(digest)));

// One manifest, by tag or digest: what it is made of and what refers to it.
export async function manifest(main, name, reference, reload) {
  const { digest, type, size: bytes, document } = await api.manifest(name, reference);
  const isIndex = Array.isArray(document.manifests);
  const [config, referrers, tags] = await Promise.all([
    !isIndex && /image\.config|container\.image/.test(document.config?.mediaType) ? api.blob(name, document.config.digest).catch(() => null) : null,
    api.referrers(name, digest).catch(() => []),
    api.tags(name).then(answer => answer.tags.filter(tag => tag.digest === digest).map(tag => tag.name)).catch(() => []),
  ]);
  const separator = isDigest(reference) ? "@" : ":";
  const place = `${location.host}/${name}${separator}${reference}`;
  const total = (document.layers ?? []).reduce((sum, layer) => sum + layer.size, 0);

  async function remove() {
    if (await askDelete(name, reference, !isDigest(reference), tags)) await reload(`Deleted ${reference}`, `#/r/${name}`);
  }

  main.replaceChildren(
    crumbs(["Repositories", "#/"], [name, `#/r/${name}`], [isDigest(reference) ? shortDigest(reference) : reference]),
    h("div", { class: "head" },
      h("h1", null, isDigest(reference) ? h("span", { class: "mono" }, shortDigest(reference)) : reference),
      h("button", { class: "danger", type: "button", onclick: remove }, isDigest(reference) ? "Delete manifest" : "Delete tag")),
    card("Pull", null, h("div", { class: "body" },
      ["suite", "docker", "podman"].map(tool => command(`${tool} pull ${place}`)), isDigest(reference) ? null : command(`suite pull ${location.host}/${name}@${digest}`))),
    card("About", null, h("div", { class: "body" }, facts([
      ["Digest", h("code", null, digest)],
      ["Type", h("code", null, document.artifactType ?? type)],
      ["Tags", tags.length ? h("span", { class: "chips" }, tags.map(tag => h("span", { class: "chip" }, tag))) : null],
      ["Platform", config ? [config.os, config.architecture, config.variant].filter(Boolean).join("/") : null],
      ["Created", config?.created ? time(Date.parse(config.created)) : null],
      ["Size", isIndex ? null : `${size(total)} in ${counted(document.layers?.length ?? 0, "layer")}, manifest ${size(bytes)}`],
      ["Subject", document.subject ? link(name, document.subject.digest) : null],
      ["Author", config?.author],
    ]))),
    isIndex ? platforms(name, document.manifests) : layers(document.layers ?? [], total),
    config?.history?.length ? history(config.history, document.layers ?? []) : "",
    config?.config ? settings(config.config) : "",
    annotations(document.annotations),
    referrers.length ? referrersCard(name, referrers) : "");
}

const table = (names, rows) => h("table", { class: "stack" },
  h("thead", null, h("tr", null, names.map(text => h("th", { scope: "col", class: text === "Size" ? "num" : null }, text)))), h("tbody", null, rows));

const platforms = (name, manifests) => card("Platforms", String(manifests.length), table(["Platform", "Digest", "Type", "Size"], manifests.map(entry => h("tr", null,
  h("td", { "data-name": "Platform" }, entry.platform ? [entry.platform.os, entry.platform.architecture, entry.platform.variant].filter(Boolean).join("/") : "none"),
  h("td", { "data-name": "Digest" }, link(name, entry.digest)),
  h("td", { "data-name": "Type" }, h("span", { class: "soft" }, kind(entry))),
  h("td", { class: "num", "data-name": "Size" }, size(entry.size))))));

const layers = (list, total) => card("Layers", `${counted(list.length, "layer")}, ${size(total)}`, table(["Digest", "Type", "Size"], list.map(layer => h("tr", null,
  h("td", { "data-name": "Digest" }, h("code", { title: layer.digest }, shortDigest(layer.digest))),
  h("td", { "data-name": "Type" }, h("span", { class: "soft" }, kind(layer))),
  h("td", { class: "num", "data-name": "Size" }, h("span", null, size(layer.size),
    h("span", { class: "share", "aria-hidden": "true" }, h("i", { style: { width: `${total ? Math.max(1, 100 * layer.size / total) : 0}%` } }))))))));

const kind = entry => (entry.artifactType ?? entry.mediaType ?? "").replace("application/vnd.", "").replace(/\+json$/, "");

function history(steps, list) {
  let next = 0;
  return card("History", counted(steps.length, "step"), h("ol", { class: "steps" }, steps.map(step => {
    const layer = step.empty_layer ? null : list[next++];
    const text = (step.created_by ?? step.comment ?? "").replace(/^\/bin\/sh -c #\(nop\)\s*/, "").replace(/^\/bin\/sh -c /, "RUN ");
    return h("li", { class: step.empty_layer ? "empty" : null }, h("code", null, text || "no command was recorded"), h("span", { class: "soft num" }, layer ? size(layer.size) : ""));
  })));
}

function settings(config) {
  const words = list => list?.length ? h("code", null, list.map(word => /[\s"]/.test(word) ? JSON.stringify(word) : word).join(" ")) : null;
  const lines = list => list?.length ? list.map(text => h("div", null, h("code", null, text))) : null;
  const pairs = [["Entrypoint", words(config.Entrypoint)], ["Command", words(config.Cmd)], ["User", config.User], ["Folder", config.WorkingDir && h("code", null, config.WorkingDir)],
    ["Ports", lines(Object.keys(config.ExposedPorts ?? {}))], ["Volumes", lines(Object.keys(config.Volumes ?? {}))], ["Environment", lines(config.Env)],
    ["Labels", lines(Object.entries(config.Labels ?? {}).map(([name, value]) => `${name}=${value}`))]];
  return pairs.some(([, value]) => value) ? card("Configuration", null, h("div", { class: "body" }, facts(pairs))) : "";
}

// Builders name what they do not know, and leave it empty.
const annotations = list => Object.values(list ?? {}).some(Boolean) ? card("Annotations", null, h("div", { class: "body" }, facts(Object.entries(list)))) : "";

const referrersCard = (name, list) => card("Referrers", String(list.length), table(["Digest", "Type", "Size"], list.map(entry => h("tr", null,
  h("td", { "data-name": "Digest" }, link(name, entry.digest)),
  h("td", { "data-name": "Type" }, h("span", { class: "soft" }, kind(entry))),
  h("td", { class: "num", "data-name": "Size" }, size(entry.size))))));
