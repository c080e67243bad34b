// Shows nulls of a fan-out at the ceiling do not keep a loop alive.
// Expect {"exact": false, "agents": 1000, "log": "1000 agents"}
export const meta = {
  name: "endless-parallel",
  description: "Shows nulls of a fan-out at the ceiling do not keep a loop alive.",
};
let done = 0;
while (done < 5000)
  done += (await parallel([() => agent("a"), () => agent("b")])).filter(Boolean).length;
