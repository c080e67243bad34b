// Shows dates from given times are allowed.
// Expect {"exact": true, "agents": 1, "result": ["1970-01-01T00:00:00.000Z", true]}
export const meta = { name: "dates", description: "Shows dates from given times are allowed." };
await agent("x");
return [new Date(0).toISOString(), Date.UTC(2026, 0, 1) > 0];
