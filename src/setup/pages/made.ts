// The pages after GitHub's: the App is there and wants to be installed; and what to type when it is. Pure.

import type { NewApp } from "../../world/new-app.ts";
import { html, type Html, nothing, type Page } from "./layout.ts";

export interface MadeLook {
  app: Pick<NewApp, "name" | "slug" | "page" | "owner">;
  isPublic: boolean;
  /** Where its variables are. */
  path: string;
  /** A file that was there before and was left as it was; null: there was none. */
  kept: string | null;
  /** What a bot with these variables still lacks. */
  missing: readonly string[];
}

export const installUrl = ({ page }: Pick<NewApp, "page">): string => `${page}/installations/new`;

/** `looked`: somebody said that it is installed, and GitHub knew of none. */
export function madePage(look: MadeLook, looked: "not yet" | "asked owners" | null): Page {
  const { app, isPublic, path } = look;
  return {
    title: `${app.name} is yours`,
    step: 3,
    main: html`${looked === null ? nothing : notYet(looked)}
      <p>
        GitHub created the App for ${app.owner}. Its number, its private key and its webhook secret
        are in <code>${path}</code>, which you alone may read. GitHub does not show them again.
      </p>
      ${keptNote(look)}
      <p>
        It sees nothing yet. Choose at GitHub which repositories it is installed
        on${isPublic ? ", and come back to this page then." : "; GitHub leads you back here."}
      </p>
      <div class="actions">
        <a class="button" href="${installUrl(app)}">Install it</a>
        <a class="button second" href="/installed">It is installed</a>
      </div>`,
  };
}

const notYet = (looked: "not yet" | "asked owners"): Html =>
  html`<div class="box note" role="status">
    <p>
      ${
        looked === "not yet"
          ? "GitHub knows of no installation yet. Install it first; if you just did, wait a moment and ask once more."
          : `Your wish was sent to the owners of the organization. Ask once more when one of them has accepted it.`
      }
    </p>
  </div>`;

function keptNote({ path, kept }: MadeLook): Html {
  if (kept === null) return nothing;
  return html`<div class="box note">
    <p>
      <code>${kept}</code> was there already and was left as it is. Move the lines of
      <code>${path}</code> into it where you want them; nothing reads both.
    </p>
  </div>`;
}

export interface InstalledLook extends MadeLook {
  accounts: readonly string[];
  /** How the bot and the doctor are started with the file. */
  commands: { doctor: string; start: string; docker: string };
}

export function installedPage(look: InstalledLook): Page {
  const { app, accounts, missing, commands, path, isPublic } = look;
  return {
    title: `${app.name} is installed`,
    step: 4,
    main: html`<p>On ${accounts.join(", ")}. What is left is to start the bot.</p>
      ${keptNote(look)}
      ${
        missing.length === 0
          ? nothing
          : html`<h2>Still missing</h2>
              <div class="box note">
                <ul>
                  ${missing.map((sentence) => html`<li>${sentence}</li>`)}
                </ul>
                <p>Write it into <code>${path}</code>.</p>
              </div>`
      }
      <h2>See whether all is well</h2>
      <pre>${commands.doctor}</pre>
      <h2>Start the bot</h2>
      <pre>${commands.start}</pre>
      <p class="quiet">Or in a container:</p>
      <pre>${commands.docker}</pre>
      <h2>Try it</h2>
      <p>
        Comment <code>/workflow help</code> on an issue of a repository that it is installed on.
        That costs nothing.
      </p>
      <p class="quiet">
        This set-up has ended, and this page is gone when you close it.
        ${
          isPublic
            ? nothing
            : "Whoever installs the App elsewhere is led to its address by GitHub; empty the Setup URL on the App's settings page to end that."
        }
      </p>`,
  };
}
