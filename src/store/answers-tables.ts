/** `answers.db`, one for all repositories; numbered by place, append-only. Nothing in it can be made again for free. */
export const ANSWERS_MIGRATIONS: readonly string[] = [
  `
  -- One row per answered request, in the same transaction as its answers: what a crash before the ledger's
  -- entry left unsaid.
  CREATE TABLE requests (
    request_id TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    usage TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- untrusted_repo: '' where the answer holds everywhere, else the one repository that it is valid for.
  CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    item_key TEXT NOT NULL,
    untrusted_repo TEXT NOT NULL,
    lens TEXT NOT NULL,
    item_hash TEXT NOT NULL,
    status TEXT NOT NULL,
    resolved_model TEXT NOT NULL,
    request_id TEXT NOT NULL REFERENCES requests(request_id),
    ticks INTEGER NOT NULL,
    estimated INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_accessed INTEGER NOT NULL,
    access_count INTEGER NOT NULL DEFAULT 1,
    size INTEGER NOT NULL,
    repo_id TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    checksum TEXT NOT NULL,
    -- JSON: hashes of the items that it leans on; the named factors of its key.
    cites TEXT NOT NULL,
    factors TEXT NOT NULL,
    blob BLOB NOT NULL,
    UNIQUE (item_key, untrusted_repo)
  );
  CREATE INDEX answers_item ON answers(item_hash);
  CREATE INDEX answers_request ON answers(request_id);

  -- What is being bought at this moment, and by which process.
  CREATE TABLE in_flight (
    item_key TEXT NOT NULL,
    untrusted_repo TEXT NOT NULL,
    request_id TEXT NOT NULL,
    pid INTEGER NOT NULL,
    process_start TEXT NOT NULL,
    boot TEXT NOT NULL,
    namespace TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    PRIMARY KEY (item_key, untrusted_repo)
  ) WITHOUT ROWID;
  CREATE INDEX in_flight_request ON in_flight(request_id);

  -- The model that a provider was last seen to use for a model's name.
  CREATE TABLE models (
    provider_url TEXT NOT NULL,
    model TEXT NOT NULL,
    resolved TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (provider_url, model)
  ) WITHOUT ROWID;
  `,
];
