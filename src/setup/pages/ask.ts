// The first page: what will happen, and the few things that only a person knows. Pure.

import { type Field, fields, nameChars, type Typed } from "../wish.ts";
import { html, type Html, nothing, type Page } from "./layout.ts";

export interface AskLook {
  key: string;
  typed: Typed;
  mistakes: Readonly<Partial<Record<Field, string>>>;
  /** Where the variables will be written. */
  path: string;
  /** Of GitHub's pages, e.g. `github.com`. */
  github: string;
  /** The path behind the bot's address. */
  webhookPath: string;
}

const NAMES: Readonly<Record<Field, string>> = {
  name: "Name",
  owner: "Owner",
  organization: "Organization",
  address: "Address",
  visibility: "Visibility",
};

export function askPage(look: AskLook): Page {
  const count = Object.keys(look.mistakes).length;
  return {
    title: count === 0 ? "Set up Fanfold" : "Something is not right yet",
    step: 1,
    main: html`${count === 0 ? explained(look) : summary(look)}
      <form method="post" action="/">
        <input type="hidden" name="key" value="${look.key}" />
        ${nameField(look)} ${ownerField(look)} ${addressField(look)} ${visibilityField(look)}
        <div class="actions"><button type="submit">Show what GitHub will be asked</button></div>
      </form>`,
  };
}

const explained = ({ path, github }: AskLook): Html =>
  html`<p>
      Fanfold works as a GitHub App of your own. Four steps lead to it, and nothing is created
      before you say so on GitHub's page.
    </p>
    <ol class="explained">
      <li>Here you say what the App is called, whose it is, and where GitHub will reach it.</li>
      <li>
        GitHub shows what it asks for, and you create it there. Be signed in at ${github} in this
        browser.
      </li>
      <li>
        Its key and secrets come back to this machine alone, into <code>${path}</code>; then you
        choose the repositories it is installed on.
      </li>
      <li>You start the bot with that file.</li>
    </ol>`;

const summary = ({ mistakes }: AskLook): Html =>
  html`<div class="box bad" role="alert">
    <p>Nothing was sent to GitHub. Mend this and go on:</p>
    <ul>
      ${fields
        .filter((field) => mistakes[field] !== undefined)
        .map((field) => html`<li><a href="#${field}">${NAMES[field]}</a>: ${mistakes[field]}</li>`)}
    </ul>
  </div>`;

const described = (field: Field, { mistakes }: AskLook): Html =>
  mistakes[field] === undefined
    ? html`aria-describedby="${field}-hint"`
    : html`aria-describedby="${field}-hint ${field}-mistake" aria-invalid="true"`;

const mistake = (field: Field, { mistakes }: AskLook): Html =>
  mistakes[field] === undefined
    ? nothing
    : html`<p class="mistake" id="${field}-mistake">${mistakes[field]}</p>`;

const nameField = (look: AskLook): Html =>
  html`<div class="field">
    <label for="name">Name of the App</label>
    <p class="hint" id="name-hint">
      No other App on GitHub may have it, so put your own name in, such as
      <code>acme-fanfold</code>. Up to ${nameChars} characters; people see it above every comment of
      the bot.
    </p>
    <input
      type="text"
      id="name"
      name="name"
      value="${look.typed.name}"
      maxlength="${nameChars}"
      required
      autocomplete="off"
      spellcheck="false"
      ${described("name", look)}
    />
    ${mistake("name", look)}
  </div>`;

const choice = (
  { typed }: AskLook,
  { field, value, text, more }: { field: Field; value: string; text: string; more: string },
): Html =>
  html`<label class="choice"
    ><input
      type="radio"
      name="${field}"
      value="${value}"
      ${typed[field] === value ? html`checked` : nothing}
    />
    <span>${text} <span class="quiet">${more}</span></span></label
  >`;

const ownerField = (look: AskLook): Html =>
  html`<fieldset id="owner">
    <legend>Whose is it?</legend>
    ${choice(look, { field: "owner", value: "me", text: "My personal account", more: "for repositories of my own" })}
    ${choice(look, { field: "owner", value: "organization", text: "An organization", more: "you own it, or manage its Apps" })}
    <div class="field">
      <label for="organization">Login of the organization</label>
      <p class="hint" id="organization-hint">Only if you chose an organization.</p>
      <input
        type="text"
        id="organization"
        name="organization"
        value="${look.typed.organization}"
        placeholder="acme"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        ${described("organization", look)}
      />
      ${mistake("organization", look)}
    </div>
  </fieldset>`;

const addressField = (look: AskLook): Html =>
  html`<div class="field">
    <label for="address">Address at which GitHub reaches the bot</label>
    <p class="hint" id="address-hint">
      The bot's server, or the proxy in front of it. It need not answer yet. GitHub will send to
      this address followed by <code>${look.webhookPath}</code>.
    </p>
    <input
      type="url"
      id="address"
      name="address"
      value="${look.typed.address}"
      required
      placeholder="https://fanfold.example.com"
      autocomplete="off"
      ${described("address", look)}
    />
    ${mistake("address", look)}
  </div>`;

const visibilityField = (look: AskLook): Html =>
  html`<fieldset id="visibility">
    <legend>Who may install it?</legend>
    ${choice(look, { field: "visibility", value: "private", text: "Its owner alone", more: "private; this is what most want" })}
    ${choice(look, { field: "visibility", value: "public", text: "Anybody on GitHub", more: "public; their runs cost you money" })}
  </fieldset>`;
