// Pages for what went wrong: what happened, what is safe, what to do next. Pure.

import { html, type Html, type Page } from "./layout.ts";

export interface Trouble {
  title: string;
  happened: string;
  safe: string;
  /** A sentence. */
  next: string;
  /** Leads there. */
  link?: { href: string; text: string };
}

export const troublePage = ({ title, happened, safe, next, link }: Trouble): Page => ({
  title,
  step: null,
  main: html`<div class="box bad" role="alert"><p>${happened}</p></div>
    <p>${safe}</p>
    <p>${next}</p>
    ${link === undefined ? "" : toLink(link)}`,
});

const toLink = ({ href, text }: { href: string; text: string }): Html =>
  html`<div class="actions"><a class="button" href="${href}">${text}</a></div>`;

export const foreignForm: Trouble = {
  title: "This form came from elsewhere",
  happened: "A page of another site sent a form here.",
  safe: "It was not read, and nothing was done.",
  next: "Go on in the page that the address in your terminal opens.",
};

export const wrongKey: Trouble = {
  title: "This page needs its key",
  happened:
    "The address is not the one that `fanfold setup` printed, or it is from an earlier start.",
  safe: "Nothing was done.",
  next: "Open the address in your terminal as it stands there, from http to its end.",
};

export const noSuchPage: Trouble = {
  title: "There is nothing here",
  happened: "This set-up has no such page.",
  safe: "Nothing was done.",
  next: "Open the address in your terminal.",
};

export const nothingMade: Trouble = {
  title: "There is no App yet",
  happened: "This set-up has not made an App.",
  safe: "Nothing was done.",
  next: "Open the address in your terminal and begin there.",
};

export const wrongState: Trouble = {
  title: "This return is not ours",
  happened:
    "GitHub's answer does not carry the word that this set-up gave along, or carries one that was used before.",
  safe: "The code in it was not looked at, and nothing was written.",
  next: "If you just created an App and see this, delete it on its settings page at GitHub. Then open the address in your terminal and begin again.",
};

export const usedCode = (settings: string, again: string): Trouble => ({
  title: "GitHub does not know this code any more",
  happened: "A code is good once, and for one hour after the App was created.",
  safe: "Nothing was written. The App may exist at GitHub without anybody holding its key.",
  next: `If ${settings} lists it, delete it there, since its name is taken as long as it exists. Then begin again.`,
  link: { href: again, text: "Begin again" },
});

export const notConverted = (said: string, retry: string): Trouble => ({
  title: "GitHub's answer did not come",
  happened: said,
  safe: "The App is created; its code is still good for the rest of the hour unless GitHub got the question. Nothing was written.",
  next: "See whether this machine reaches GitHub, and try again.",
  link: { href: retry, text: "Try again" },
});

export const cannotWrite = (said: string, retry: string): Trouble => ({
  title: "The file cannot be written",
  happened: said,
  safe: "GitHub was not asked for the secrets yet, so nothing is lost: its code is good for an hour.",
  next: "Make room for the file, then try again.",
  link: { href: retry, text: "Try again" },
});

export const notSaved = (said: string): Trouble => ({
  title: "The secrets are not saved yet",
  happened: said,
  safe: "GitHub gave them once, and this set-up holds them for as long as it runs: do not end it.",
  next: "Make room for the file, then try again.",
  link: { href: "/made", text: "Try again" },
});

export const cannotLook = (said: string): Trouble => ({
  title: "GitHub could not be asked who installed it",
  happened: said,
  safe: "The App and its file are as they were.",
  next: "Try again in a moment.",
  link: { href: "/installed", text: "Try again" },
});

export const busy = (retry: string): Trouble => ({
  title: "One moment",
  happened: "GitHub is being asked for the secrets right now.",
  safe: "Nothing is lost.",
  next: "Look again in a few seconds.",
  link: { href: retry, text: "Look again" },
});
