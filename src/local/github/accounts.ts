// How somebody new comes to this GitHub: a person, an organization, a bot.

import { type Account, nextId, type State } from "./state.ts";
import { timestamp } from "./look-up.ts";

export function addAccount(state: State, login: string, type: Account["type"]): Account {
  const account = { id: nextId(state), login, type, createdAt: timestamp() };
  state.accounts.set(login.toLowerCase(), account);
  return account;
}
