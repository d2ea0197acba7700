export const cacheCommand = { define() {}, async run() { return 2; } };
