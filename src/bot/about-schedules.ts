// Carries out what is about schedules and their findings.

import * as replies from "../command/schedule-replies.ts";
import type { GuardedCommand } from "./carry-out.ts";
import { type Answer, confirmed, personOf, type Talk } from "./talk.ts";

export type ScheduleCommand = Extract<
  GuardedCommand,
  { verb: "schedules" | "schedule" | "dismiss" | "undismiss" }
>;

export async function aboutSchedules(talk: Talk, command: ScheduleCommand): Promise<Answer> {
  const { schedules, event } = talk;
  const by = personOf(talk);
  switch (command.verb) {
    case "schedules":
      return confirmed("+1", await schedules.list(event.repository));
    case "schedule": {
      const { act, name } = command;
      const answer = await schedules.wish(event.repository, by, { act, name });
      return confirmed(isDone(answer) ? "+1" : "confused", replies.wished(answer));
    }
    case "dismiss":
    case "undismiss": {
      const dismissal = { id: command.id, reason: "reason" in command ? command.reason : null };
      const answer = await schedules.dismiss(event.repository, by, dismissal);
      return confirmed(isDone(answer) ? "+1" : "confused", replies.dismissed(answer));
    }
  }
}

const isDone = ({ kind }: { kind: string }): boolean =>
  ["done", "started", "dismissed", "undismissed"].includes(kind);
