export const analyzeCommand = { define() {}, async run() { return 2; } };
