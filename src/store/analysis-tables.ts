/**
 * `analysis.db`, one per repository; numbered by place, append-only. Blobs stand last in their rows, and apart
 * where they are large, so that a run where nothing changed reads the short columns alone.
 */
export const ANALYSIS_MIGRATIONS: readonly string[] = [
  `
  -- One row per file found, skipped ones included: what the disk and the parser said of it.
  CREATE TABLE files (
    path TEXT PRIMARY KEY,
    stamp TEXT NOT NULL,
    racy INTEGER NOT NULL,
    content_hash TEXT,
    skip_reason TEXT,
    failure TEXT,
    role TEXT NOT NULL,
    generated INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    items INTEGER NOT NULL,
    units INTEGER NOT NULL,
    test_units INTEGER NOT NULL,
    broken TEXT,
    local_version INTEGER NOT NULL,
    rules_hash TEXT NOT NULL,
    synced_at INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- Units, metrics and local findings: what a new merge needs without another parse.
  CREATE TABLE file_facts (
    id INTEGER PRIMARY KEY,
    file_path TEXT NOT NULL UNIQUE REFERENCES files(path) ON DELETE CASCADE,
    schema_version INTEGER NOT NULL,
    checksum TEXT NOT NULL,
    facts BLOB NOT NULL
  );

  -- The merged result per file: the design paper's table, and the summary that an unchanged run prints.
  CREATE TABLE file_analysis (
    id INTEGER PRIMARY KEY,
    file_path TEXT NOT NULL UNIQUE REFERENCES files(path) ON DELETE CASCADE,
    content_hash TEXT NOT NULL,
    cache_key TEXT NOT NULL UNIQUE,
    model_id TEXT NOT NULL,
    prompt_hash TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    generation_time_ms INTEGER,
    api_cost_millicents INTEGER,
    input_tokens INTEGER,
    output_tokens INTEGER,
    created_at INTEGER NOT NULL,
    last_accessed INTEGER NOT NULL,
    access_count INTEGER NOT NULL DEFAULT 1,
    size_bytes INTEGER NOT NULL,
    repo_id TEXT NOT NULL,
    complete INTEGER NOT NULL,
    missing_count INTEGER NOT NULL,
    critical INTEGER NOT NULL,
    high INTEGER NOT NULL,
    medium INTEGER NOT NULL,
    low INTEGER NOT NULL,
    info INTEGER NOT NULL,
    suppressed INTEGER NOT NULL,
    quality REAL,
    security REAL,
    maintainability REAL,
    complexity REAL,
    documentation REAL,
    checksum TEXT NOT NULL,
    -- JSON: item keys without an answer; the first findings of medium or worse.
    missing TEXT NOT NULL,
    worst TEXT NOT NULL,
    -- The paid answers inside, 32 bytes a key: reading the row is reading them.
    answer_keys BLOB NOT NULL,
    analysis_json BLOB NOT NULL
  );
  CREATE INDEX file_analysis_content ON file_analysis(content_hash);
  `,
  `
  -- What the repository came to, run by run: what cannot be made again.
  CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    commit_id TEXT,
    model TEXT NOT NULL,
    files INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    critical INTEGER NOT NULL,
    high INTEGER NOT NULL,
    medium INTEGER NOT NULL,
    low INTEGER NOT NULL,
    info INTEGER NOT NULL,
    suppressed INTEGER NOT NULL,
    ticks INTEGER NOT NULL,
    quality INTEGER,
    security INTEGER,
    maintainability INTEGER,
    complexity INTEGER,
    documentation INTEGER
  );
  `,
  `
  -- Results from before do not say what they found, and are made again. The largest column stays the last one.
  DELETE FROM file_analysis;
  ALTER TABLE file_analysis DROP COLUMN analysis_json;
  ALTER TABLE file_analysis ADD COLUMN finding_keys BLOB NOT NULL DEFAULT x'';
  ALTER TABLE file_analysis ADD COLUMN analysis_json BLOB NOT NULL DEFAULT x'';

  -- The findings that a person was told of last, by who was asked and file: what the next run compares with.
  CREATE TABLE told (
    asked TEXT NOT NULL,
    file_path TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    findings BLOB NOT NULL,
    PRIMARY KEY (asked, file_path)
  ) WITHOUT ROWID;
  `,
];
