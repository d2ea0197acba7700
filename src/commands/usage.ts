export const usageCommand = { define() {}, async run() { return 2; } };
