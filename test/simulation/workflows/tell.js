export const meta = { name: "tell", description: "Tells what it was given" };
return args;
