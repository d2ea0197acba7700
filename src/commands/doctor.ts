export const doctorCommand = { define() {}, async run() { return 2; } };
