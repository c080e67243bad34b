// The page before GitHub's: all that GitHub will be asked for, and the form that carries it there. Pure.

import { neededEvents, neededPermissions } from "../../doctor/asked-of-owners.ts";
import { fields, type Typed, type Wish } from "../wish.ts";
import { html, type Html, type Page } from "./layout.ts";

export interface ReviewLook {
  wish: Wish;
  typed: Typed;
  key: string;
  /** What GitHub is given, as JSON. */
  manifest: string;
  hook: string;
  /** Where it is given to, with the state. */
  action: string;
}

export function reviewPage(look: ReviewLook): Page {
  const { wish, typed, key, manifest, hook, action } = look;
  const github = new URL(action);
  return {
    title: "This is what GitHub will be asked",
    step: 2,
    formsTo: github.origin,
    main: html`<dl>
        <dt>Name</dt>
        <dd>${wish.name}</dd>
        <dt>Owner</dt>
        <dd>${wish.organization ?? `you, as you are signed in at ${github.host}`}</dd>
        <dt>Deliveries go to</dt>
        <dd><code>${hook}</code></dd>
        <dt>May be installed by</dt>
        <dd>${wish.isPublic ? "anybody" : "its owner alone"}</dd>
      </dl>
      ${permissions()}
      <p>
        It hears of ${listed(Object.values(neededEvents).map((called) => called.toLowerCase()))}. It
        is never asked to change workflows, settings or members.
      </p>
      <p>
        On GitHub's page you can still change the name: if somebody else's App has it, GitHub says
        so there. GitHub keeps the result for one hour; it brings you back here by itself.
      </p>
      <div class="actions">
        <form method="post" action="${action}">
          <input type="hidden" name="manifest" value="${manifest}" />
          <button type="submit">Go on at ${github.host}</button>
        </form>
        <form method="post" action="/">
          <input type="hidden" name="key" value="${key}" />
          <input type="hidden" name="again" value="1" />
          ${fields.map((field) => html`<input type="hidden" name="${field}" value="${typed[field]}" />`)}
          <button class="second" type="submit">Change something</button>
        </form>
      </div>`,
  };
}

function permissions(): Html {
  const rows = Object.values(neededPermissions).map(
    ({ level, called }) =>
      html`<tr>
        <th scope="row">${called}</th>
        <td>${level === "write" ? "read and write" : "read"}</td>
      </tr>`,
  );
  return html`<h2>What it may do in repositories it is installed on</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Permission</th>
          <th scope="col">Access</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`;
}

const listed = (names: readonly string[]): string => {
  const plural = names.map((name) => (name.endsWith("s") ? name : `${name}s`));
  return `${plural.slice(0, -1).join(", ")} and ${plural.at(-1)}`;
};
