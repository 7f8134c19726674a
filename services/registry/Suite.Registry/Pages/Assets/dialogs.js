import { h } from "./dom.js";
import * as api from "./api.js";

// The browser's own dialog keeps the focus inside, closes on Escape and gives the focus back.
function open(title, content, submit, label, danger) {
  return new Promise(resolve => {
    const problem = h("p", { class: "problem", role: "alert", hidden: true });
    const ok = h("button", { class: danger ? "primary danger" : "primary", type: "submit" }, label);
    const form = h("form", {
      method: "dialog",
      async onsubmit(event) {
        event.preventDefault();
        ok.disabled = true;
        problem.hidden = true;
        try {
          await submit(new FormData(form));
          dialog.returnValue = "done";
          dialog.close("done");
        } catch (error) {
          problem.textContent = error.message;
          problem.hidden = false;
          ok.disabled = false;
        }
      },
    }, h("h2", { id: "dialog-title" }, title), ...content, problem,
    h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), ok));
    const dialog = h("dialog", { "aria-labelledby": "dialog-title", onclose: () => { dialog.remove(); resolve(dialog.returnValue === "done"); } }, form);
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const askLogin = () => open("Log in", [
  h("label", { for: "user" }, "User name"), h("input", { id: "user", name: "user", autocomplete: "username", autocapitalize: "off", required: true }),
  h("label", { for: "password" }, "Password"), h("input", { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true }),
], async form => {
  api.logIn(form.get("user"), form.get("password"));
  try {
    await api.ping();
  } catch (error) {
    api.logOut();
    throw error;
  }
}, "Log in");

export const askDelete = (repository, reference, isTag, tags) => open(isTag ? "Delete this tag?" : "Delete this manifest?", [
  h("p", null, isTag
    ? ["The tag ", h("strong", null, `${repository}:${reference}`), " is deleted. Its manifest stays and can be pulled by its digest until garbage is collected."]
    : ["The manifest ", h("code", null, reference), " of ", h("strong", null, repository), " is deleted",
      tags.length ? [", and with it the tags ", h("strong", null, tags.join(", "))] : "", ". This cannot be undone."]),
], () => api.remove(repository, reference), "Delete", true);
