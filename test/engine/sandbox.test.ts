// Both sandboxes keep the same contract.

import { openChildSandbox } from "../../src/engine/sandbox/child-process.ts";
import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import { sandboxContract } from "./sandbox.contract.ts";

sandboxContract("The sandbox in this process", openInProcessSandbox);
sandboxContract("The sandbox in a child process", openChildSandbox);
