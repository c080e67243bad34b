// The machines that run the bot: processes that die and are started again, here or elsewhere, and at times two at once.

import { type Bot, startBot, type Surroundings } from "./bot.ts";
import { draw, drawInt } from "./core/draw.ts";
import type { Process } from "./core/seam.ts";
import { buildMachine, type Machine } from "./machine.ts";

/** When a machine that died is started again, in milliseconds. */
const RESTART_MS = [1_000, 60_000] as const;
const ELSEWHERE = 0.3;
/** One of two that died is not needed any more. */
const RETIRES = 0.5;
const AT_ONCE = 2;

export class Fleet {
  crashes = 0;
  /** Processes that live, oldest first. */
  readonly bots: Bot[] = [];
  private lives = 0;
  private machines = 0;
  /** Machines whose next process is to be started. */
  private starting = 0;
  private readonly around: Surroundings;

  constructor(around: Surroundings) {
    this.around = around;
  }

  begin(): void {
    this.start(this.build());
  }

  /** The newest one: that is where webhooks are sent to. */
  front(): Bot | null {
    return this.bots.at(-1) ?? null;
  }

  /** Nothing is about to be started. */
  isWhole(): boolean {
    return this.bots.length > 0 && this.starting === 0;
  }

  private build(): Machine {
    this.machines += 1;
    return buildMachine(`m${this.machines}`, this.around.seed);
  }

  private start(machine: Machine): void {
    this.lives += 1;
    const name = `p${this.lives}`;
    const process: Process = {
      name,
      alive: true,
      frozenUntil: 0,
      onDeath: () => this.onDeath(machine, process),
      onTerm: () => this.bots.find((bot) => bot.process === process)?.stop(),
      onSecond: () => this.addSecond(),
    };
    this.bots.push(startBot(this.around, machine, process));
  }

  private addSecond(): void {
    if (this.bots.length + this.starting >= AT_ONCE) return;
    this.later(`second after p${this.lives}`, this.build());
  }

  private onDeath(machine: Machine, process: Process): void {
    this.crashes += 1;
    this.bots.splice(
      this.bots.findIndex((bot) => bot.process === process),
      1,
    );
    const key = `restart ${process.name}`;
    const { seed } = this.around;
    const isAlone = this.bots.length + this.starting === 0;
    if (!isAlone && draw(seed, `${key} retires`) < RETIRES) return;
    // Another machine takes its place.
    const isElsewhere = draw(seed, `${key} elsewhere`) < ELSEWHERE;
    this.later(key, isElsewhere ? this.build() : machine);
  }

  private later(key: string, machine: Machine): void {
    const { timeline, seed } = this.around;
    this.starting += 1;
    timeline.after(drawInt(seed, key, RESTART_MS), null, () => {
      this.starting -= 1;
      this.start(machine);
    });
  }
}
