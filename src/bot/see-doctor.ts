// `/workflow doctor`: what is found about this repository, and whether the bot itself is well.

import { examineRepository } from "../doctor/examine-repository.ts";
import { isHealthy } from "../doctor/finding.ts";
import { renderExamination } from "../doctor/render.ts";
import { type Answer, confirmed, type Talk } from "./talk.ts";

export async function seeDoctor(talk: Talk): Promise<Answer> {
  const { doctor, event } = talk;
  const [here, process] = await Promise.all([
    examineRepository({ ...talk, ref: event.repository, conceal: doctor.conceal }),
    doctor.examine(),
  ]);
  const isWell = isHealthy([...here, ...process]);
  return confirmed(isWell ? "+1" : "confused", renderExamination(here, process));
}
