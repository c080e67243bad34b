// Who may use which command: one row for each verb that asks for a role.

import type { Verb } from "../command/command.ts";
import { type Role, roles, verbs } from "../command/verbs.ts";
import * as meet from "./meet.ts";
import type { Row } from "./row.ts";
import { oneOf } from "./values.ts";

/** Verbs that ask for a role. */
type Guarded = { [V in Verb]: (typeof verbs)[V]["needs"] extends Role ? V : never }[Verb];

function permission(verb: Guarded): Row<Role> {
  const { needs } = verbs[verb];
  const [first = needs, ...higher] = roles.slice(roles.indexOf(needs));
  return {
    does: `Who may use \`/workflow ${verb}\`: this role or a higher one.`,
    schema: oneOf([first, ...higher]),
    fallback: needs,
    meet: meet.higherRole,
  };
}

export const permissions = {
  "permissions.run": permission("run"),
  "permissions.plan": permission("plan"),
  "permissions.approve": permission("approve"),
  "permissions.reject": permission("reject"),
  "permissions.status": permission("status"),
  "permissions.list": permission("list"),
  "permissions.cancel": permission("cancel"),
  "permissions.pause": permission("pause"),
  "permissions.resume": permission("resume"),
  "permissions.land": permission("land"),
  "permissions.undo": permission("undo"),
  "permissions.budget": permission("budget"),
  "permissions.retry": permission("retry"),
  "permissions.show": permission("show"),
  "permissions.why": permission("why"),
  "permissions.save": permission("save"),
  "permissions.config": permission("config"),
  "permissions.doctor": permission("doctor"),
  "permissions.off": permission("off"),
  "permissions.on": permission("on"),
} satisfies { [V in Guarded as `permissions.${V}`]: Row<Role> };
