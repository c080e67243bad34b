// Where an App begins: the page that shows a manifest before it becomes one, and the page that installs it.

import { appNameCharacters, type Manifest } from "../rules/manifest.ts";
import { html, type Html, nothing } from "./html.ts";
import { emptyBox, type Page } from "./layout.ts";

/** A manifest that somebody's page sent here, and what it was sent with. */
export interface NewAppLook {
  manifest: Manifest;
  /** As it came, to be sent again. */
  text: string;
  state: string;
  /** Who may own it: people, or the one organization of the address. */
  owners: readonly string[];
  action: string;
  /** What kept it from being made. */
  problem?: string;
}

const plain = (title: string, main: Html): Page => ({ title, repository: null, tab: null, main });

export function newAppPage(look: NewAppLook): Page {
  const { manifest, text, state, owners, action, problem } = look;
  const page = plain(
    "Create GitHub App",
    html`<h1>Create GitHub App for ${owners.length === 1 ? owners[0] : "yourself"}</h1>
      ${problem === undefined ? nothing : html`<p class="box notice" role="alert">${problem}</p>`}
      <form class="box speak wide" method="post" action="${action}">
        <label class="box-head"
          >Create as
          <select name="as">
            ${owners.map((login) => html`<option value="${login}">${login}</option>`)}
          </select></label
        >
        <input type="hidden" name="manifest" value="${text}" />
        <input type="hidden" name="state" value="${state}" />
        <label class="named"
          >GitHub App name
          <input name="name" required maxlength="${appNameCharacters}" value="${manifest.name}"
        /></label>
        <p class="sub hint">${manifest.description}</p>
        <div class="send"><button type="submit">Create GitHub App</button></div>
      </form>
      ${asked(manifest)}`,
  );
  return { ...page, formsTo: new URL(manifest.redirect_url).origin };
}

function asked(manifest: Manifest): Html {
  const permissions = Object.entries(manifest.default_permissions);
  return html`<h2>What it asks for</h2>
    <ul class="box list">
      ${permissions.map(([name, level]) => html`<li><span class="grow">${name}</span> <span class="pill">${level}</span></li>`)}
    </ul>
    <h2>What it hears of</h2>
    <ul class="box list">
      ${manifest.default_events.map((name) => html`<li>${name}</li>`)}
    </ul>
    <p class="sub">
      Webhooks go to <span class="mono">${manifest.hook_attributes.url}</span>. It is
      ${manifest.public ? "public: anybody may install it." : "private: only its owner may install it."}
    </p>`;
}

/** For whoever comes here without a manifest. */
export const noManifestPage = (why: string | null): Page =>
  plain(
    "Register a GitHub App",
    html`<h1>Register a GitHub App</h1>
      ${emptyBox(
        why ??
          "An App begins here with a manifest that another page sends, such as the one of `npx fanfold setup`.",
      )}`,
  );

/** Whom the App may come to. */
export function installPage(
  { slug, name, isPublic }: { slug: string; name: string; isPublic: boolean },
  { accounts, setupUrl }: { accounts: readonly string[]; setupUrl: string | null },
): Page {
  const form = html`<form class="box speak wide" method="post">
    <label class="box-head"
      >Install on
      <select name="on">
        ${accounts.map((login) => html`<option value="${login}">${login}</option>`)}
      </select></label
    >
    <p class="sub hint">It sees all repositories there, now and later.</p>
    <div class="send"><button type="submit">Install</button></div>
  </form>`;
  const nobody = emptyBox(
    isPublic ? "There is no account here yet." : "Its owner has no account here any more.",
  );
  const page = plain(
    `Install ${slug}`,
    html`<h1>Install ${name}</h1>
      ${accounts.length === 0 ? nobody : form}`,
  );
  return setupUrl === null ? page : { ...page, formsTo: new URL(setupUrl).origin };
}
