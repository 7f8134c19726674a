// What the page asks the registry for: its own distribution API, Docker's search, and /ui/tags.
export class Refusal extends Error {
  constructor(status, message) { super(message); this.status = status; }
}

const store = { get: () => { try { return sessionStorage.getItem("login"); } catch { return null; } } };
let login = store.get();

export const user = () => login ? new TextDecoder().decode(Uint8Array.from(atob(login), c => c.charCodeAt(0))).split(":")[0] : null;

export function logIn(name, password) {
  login = btoa(String.fromCharCode(...new TextEncoder().encode(`${name}:${password}`)));
  try { sessionStorage.setItem("login", login); } catch { /* then until the page is left */ }
}

export function logOut() {
  login = null;
  try { sessionStorage.removeItem("login"); } catch { /* nothing was stored */ }
}

async function request(path, options = {}) {
  // Without the browser's own credentials it does not open its own login window.
  const headers = { ...options.headers, ...(login ? { Authorization: `Basic ${login}` } : {}) };
  const response = await fetch(path, { ...options, headers, credentials: "omit" });
  if (response.ok) return response;
  let message = `${response.status} ${response.statusText}`;
  try { message = (await response.json()).errors[0].message; } catch { /* the status must do */ }
  throw new Refusal(response.status, message);
}

export const ping = () => request("/v2/");

export const search = async (text, page, signal) =>
  (await request(`/v1/search?n=50&page=${page}&q=${encodeURIComponent(text)}`, { signal })).json();

export const tags = async repository => (await request(`/ui/tags?repository=${encodeURIComponent(repository)}`)).json();

const types = ["application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.docker.distribution.manifest.v2+json"];

export async function manifest(repository, reference) {
  const response = await request(`/v2/${repository}/manifests/${reference}`, { headers: { Accept: types.join(", ") } });
  const text = await response.text();
  return { digest: response.headers.get("Docker-Content-Digest"), type: response.headers.get("Content-Type"), size: new Blob([text]).size, document: JSON.parse(text) };
}

export const blob = async (repository, digest) => (await request(`/v2/${repository}/blobs/${digest}`)).json();

export async function referrers(repository, digest) {
  const found = [];
  for (let path = `/v2/${repository}/referrers/${digest}`; path;) {
    const response = await request(path);
    found.push(...(await response.json()).manifests);
    path = response.headers.get("Link")?.match(/<([^>]+)>;\s*rel="next"/)?.[1];
  }
  return found;
}

export const remove = (repository, reference) => request(`/v2/${repository}/manifests/${reference}`, { method: "DELETE" });
