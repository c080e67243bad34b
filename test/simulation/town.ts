// The people, the threads they talk in, and what they are left with.

import { type KeptComment, ourLogin } from "../../src/outside/memory/state.ts";
import { isEnded, type RunRecord } from "../../src/runs/record.ts";
import { replyMarker } from "../../src/command/replies.ts";
import type { RepositoryRef } from "../../src/world/forge.ts";
import type { Surroundings } from "./bot.ts";
import { type Chains, runOfState } from "./chains.ts";
import { Fleet } from "./fleet.ts";
import { leaksOf } from "./leaks.ts";
import { Post } from "./post.ts";
import type { Deed } from "./scenario.ts";
import { tellsOf, untruthsOf } from "./untruths.ts";

/** What people are left with, for comparing worlds. */
export interface Left {
  /** Statuses of all runs. */
  runs: string[];
  /** Files of the final pull requests, by path. */
  files: Record<string, string>;
  openPulls: number;
}

interface Given {
  thread: number;
  deeds: readonly Deed[];
  chains: Chains;
}

const QUESTION_MS = 30_000;
const RAISE = "/workflow budget";

export class Town {
  readonly fleet: Fleet;
  private readonly around: Omit<Surroundings, "deliveries">;
  private readonly given: Given;
  private readonly post: Post;
  private openDeeds: number;
  /** What people deleted of what was said. */
  private readonly deleted: KeptComment[] = [];
  /** Pull requests that people closed, or of which they deleted a branch. */
  readonly givenUp = new Set<number>();
  /** By how much people raised the cap, in US dollars. */
  raisedUsd = 0;

  constructor(around: Omit<Surroundings, "deliveries">, given: Given) {
    this.around = around;
    this.given = given;
    this.openDeeds = given.deeds.length;
    const listener = () => this.fleet.front()?.intake ?? null;
    this.post = new Post({ ...around, listener });
    this.fleet = new Fleet({ ...around, deliveries: this.post.deliveries() });
  }

  begin(): void {
    this.fleet.begin();
    for (const deed of this.given.deeds) this.at(deed.at, () => this.act(deed));
  }

  /** Everything was said, done and answered, and no run moves, as far as any machine knows. */
  isAtRest(): boolean {
    if (this.openDeeds > 0 || !this.fleet.isWhole()) return false;
    const isQuiet = this.records().every(
      ({ id, status, endTold }) =>
        (isEnded(status) && endTold) || (status === "waiting" && this.isLetGo(id)),
    );
    return isQuiet && this.unanswered().length === 0;
  }

  /** Whoever died with a run's lease, or was stopped before people were told, leaves it to somebody who lets it rest anew. */
  private isLetGo(run: string): boolean {
    const lease = this.given.chains.runs.get(run)?.lease ?? null;
    return lease === null || (lease.isReleased && lease.isAtRest);
  }

  /** Commands that nobody was told anything about. */
  unanswered(): number[] {
    const { comments } = this.around.github.state;
    const begun = new Set(this.records().map(({ said }) => said?.id));
    const answers = [...comments, ...this.deleted];
    return comments
      .filter(({ author, body }) => people.has(author) && body.startsWith("/workflow"))
      .map(({ id }) => id)
      .filter(
        (id) =>
          !begun.has(id) && !answers.some(({ body }) => body.includes(replyMarker(String(id)))),
      );
  }

  /** Whether the threads and the records tell the same; each difference in words. */
  untruths(): string[] {
    const { comments } = this.around.github.state;
    // Whoever deletes how a run ended, or that it waits, has read it.
    const isRead = ({ id, status }: RunRecord): boolean =>
      this.deleted.some((one) => tellsOf(one, { id, status }));
    return untruthsOf(
      this.records().filter((record) => !isRead(record)),
      { comments, deleted: this.deleted },
    );
  }

  /** Journals of ended runs that are not on this machine what they are on GitHub. */
  differences(): string[] {
    return this.fleet.bots.flatMap(({ process, desk }) =>
      desk.runs().flatMap((run) => {
        const { id, status } = run.record();
        const there = JSON.stringify(this.given.chains.runs.get(id)?.entries ?? []);
        const isSame = !isEnded(status) || JSON.stringify(run.entries()) === there;
        return isSame ? [] : [`${id} of ${process.name}`];
      }),
    );
  }

  /** What is left behind that should not be. */
  leaks(): Promise<string[]> {
    return leaksOf({
      chains: this.given.chains,
      refs: this.around.hub.refs.keys(),
      bots: this.fleet.bots,
    });
  }

  /** Parts that no reviewer can have accepted, and that are proposed all the same. */
  smuggled(isHopeless: (part: string) => boolean): string[] {
    const { github, hub } = this.around;
    const finals = github.state.pulls.filter(
      ({ base, state }) => base === "main" && state === "open",
    );
    const texts = finals.flatMap(({ headSha }) =>
      [...hub.objects.treeOf(headSha).values()].map(({ blob }) => hub.objects.text(blob)),
    );
    const parts = texts.flatMap((text) => [...text.matchAll(/^part (\d+)$/gmu)]);
    return parts.map(([, part = ""]) => part).filter(isHopeless);
  }

  describe(): string {
    return JSON.stringify({
      openDeeds: this.openDeeds,
      unanswered: this.unanswered(),
      runs: this.records().map(({ id, status, statusDetail, endTold }) => [
        id,
        status,
        statusDetail,
        endTold,
      ]),
      log: this.around.log.lines.slice(-4),
    });
  }

  /** What the bot says in the threads. */
  said(): string[] {
    return this.around.github.state.comments
      .filter(({ author }) => !people.has(author))
      .map(({ body }) => body);
  }

  left(): Left {
    const { github, hub } = this.around;
    const open = github.state.pulls.filter(({ state }) => state === "open");
    const files: Record<string, string> = {};
    for (const { headSha } of open) {
      for (const [path, { blob }] of hub.objects.treeOf(headSha))
        files[path] = hub.objects.text(blob);
    }
    const runs = this.records().map(({ status }) => status);
    return { runs, files, openPulls: open.length };
  }

  private at(ms: number, happen: () => void): void {
    this.around.timeline.after(ms, null, happen);
  }

  /**
   * Of each run what the newest process knows, else an older one, else its checkpoint: who drove it may be lost. An end that is
   * told counts, whoever has not heard of it.
   */
  private records(): RunRecord[] {
    const known = new Map<string, RunRecord>();
    for (const [id, { record }] of this.given.chains.runs) known.set(id, record);
    for (const { desk } of this.fleet.bots)
      for (const run of desk.runs()) known.set(run.record().id, run.record());
    return [...known].map(([id, record]) => {
      const there = this.given.chains.runs.get(id)?.record;
      return there?.endTold === true ? there : record;
    });
  }

  private act(deed: Deed): void {
    const { hub, timeline } = this.around;
    if (deed.kind === "answers") return this.answerQuestion(deed);
    if (deed.kind === "raises") return this.raise(deed);
    this.openDeeds -= 1;
    switch (deed.kind) {
      case "says":
        return this.say(deed.by, deed.body);
      case "pushes":
        return void hub.commitFiles("main", deed.files, timeline.now);
      case "closes":
        return this.close(deed.which);
      case "deletes":
        return this.delete(deed.which);
      case "erases":
        return this.erase(deed.which);
      case "deletes-ours":
        return this.deleteComment(deed.which, ({ author }) => author === ourLogin);
      case "deletes-command":
        return this.deleteComment(0, ({ author }) => people.has(author));
      case "renames":
        return void (this.around.github.state.ref = { ...this.ref(), name: deed.to });
      case "revokes":
        return this.revoke(deed.from);
    }
  }

  private close(which: number): void {
    const open = this.around.github.state.pulls.filter(({ state }) => state === "open");
    const pull = open[which % Math.max(1, open.length)];
    if (pull === undefined) return;
    pull.state = "closed";
    this.givenUp.add(pull.number);
  }

  private delete(which: number): void {
    const { hub } = this.around;
    const ours = [...hub.list("refs/heads/fanfold/").keys()];
    const ref = ours[which % Math.max(1, ours.length)];
    if (ref === undefined) return;
    const branch = ref.replace("refs/heads/", "");
    for (const { number, head, base } of this.around.github.state.pulls)
      if (head === branch || base === branch) this.givenUp.add(number);
    hub.move(ref, null);
  }

  /** Of a run, by its place among them. */
  private erase(which: number): void {
    const { hub } = this.around;
    const states = [...hub.refs.keys()].filter((ref) => runOfState(ref) !== null);
    const ref = states[which % Math.max(1, states.length)];
    if (ref !== undefined) hub.move(ref, null);
  }

  private deleteComment(which: number, isMeant: (comment: KeptComment) => boolean): void {
    const { state } = this.around.github;
    const meant = state.comments.filter(isMeant);
    const gone = meant[which % Math.max(1, meant.length)];
    if (gone === undefined) return;
    this.deleted.push({ ...gone });
    state.comments = state.comments.filter((each) => each !== gone);
  }

  private revoke(login: string): void {
    const { state } = this.around.github;
    const known = state.people.get(login);
    if (known !== undefined) state.people.set(login, { ...known, role: "read" });
  }

  /** What the repository is called now. */
  private ref(): RepositoryRef {
    return this.around.github.state.ref;
  }

  /** Whoever wants to answer waits for the question. */
  private answerQuestion(deed: Extract<Deed, { kind: "answers" }>): void {
    // The run's own comment names a question whose comment somebody deleted.
    const comments = [...this.around.github.state.comments, ...this.deleted];
    const asks = comments.some(({ body }) => body.includes(":question="));
    if (!asks && !this.isOver()) return this.at(QUESTION_MS, () => this.answerQuestion(deed));
    this.openDeeds -= 1;
    if (asks) this.say("ada", `/workflow ${deed.word}`);
  }

  /** Whoever pays waits until the run says that it rests at its cap. */
  private raise(deed: Extract<Deed, { kind: "raises" }>): void {
    const { comments } = this.around.github.state;
    const asks = comments.some(({ body }) => body.includes("⏸️ Paused") && body.includes(RAISE));
    if (!asks && !this.isOver() && !this.restsElsewhere())
      return this.at(QUESTION_MS, () => this.raise(deed));
    this.openDeeds -= 1;
    if (!asks) return;
    this.raisedUsd += deed.byUsd;
    this.say("ada", `${RAISE} +$${deed.byUsd}`);
  }

  /** It waits for a word that was lost with a machine, and for nobody who pays. */
  private restsElsewhere(): boolean {
    const isWaiting = this.records().every(({ status }) => status === "waiting");
    return this.openDeeds === 1 && this.unanswered().length === 0 && isWaiting;
  }

  private isOver(): boolean {
    return (
      this.fleet.isWhole() &&
      this.unanswered().length === 0 &&
      this.records().every(({ endTold }) => endTold)
    );
  }

  private say(by: string, body: string): void {
    const id = this.around.github.say(this.given.thread, by, body);
    const sender = { id: people.get(by)?.id ?? 99, login: by, type: "User" };
    this.post.send(`delivery-${id}`, {
      source: "comment",
      key: String(id),
      place: null,
      repository: this.ref(),
      thread: this.given.thread,
      isPullRequest: false,
      comment: {
        id,
        body,
        authorId: sender.id,
        authorLogin: by,
        authorType: "User",
        viaApp: false,
      },
      sender,
      delivery: `delivery-${id}`,
    });
  }
}

/** Who may speak here. */
export const people = new Map([["ada", { id: 1, role: "write" as const }]]);
