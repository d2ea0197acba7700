/** What `doctor --cron` prints; its JSON is the contract of `schemas/cron.schema.json`. */
export interface CronReport {
  readonly schemaVersion: number;
  /** As it stands in a crontab. */
  readonly line: string;
  /** What would keep it from doing its work. */
  readonly notes: readonly string[];
}
