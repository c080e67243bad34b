// Who may use which command: one row for each verb that asks for a role.

import { type Role, roles } from "../command/verb-entry.ts";
import { type GuardedVerb, leastRoleFor, verbs } from "../command/verbs.ts";
import * as meet from "./meet.ts";
import type { Row } from "./row.ts";
import { oneOf } from "./values.ts";

function permission(verb: GuardedVerb): Row<Role> {
  const { needs } = verbs[verb];
  const [first = needs, ...higher] = roles.slice(roles.indexOf(leastRoleFor(verb)));
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
  "permissions.replay": permission("replay"),
  "permissions.save": permission("save"),
  "permissions.schedules": permission("schedules"),
  "permissions.schedule": permission("schedule"),
  "permissions.dismiss": permission("dismiss"),
  "permissions.undismiss": permission("undismiss"),
  "permissions.config": permission("config"),
  "permissions.doctor": permission("doctor"),
  "permissions.off": permission("off"),
  "permissions.on": permission("on"),
} satisfies { [V in GuardedVerb as `permissions.${V}`]: Row<Role> };
