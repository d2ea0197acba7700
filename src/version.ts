/** Package version: kept equal to package.json by a test. */
export const VERSION = '0.1.0';

/** Who speaks, as reports and protocols name it. */
export const TOOL = { name: 'rustassistant', version: VERSION } as const;

/** Of the JSON that commands print. Fields may be added within a version, never changed. */
export const REPORT_SCHEMA_VERSION = 1;

/** Bumped when our own part of a stored answer changes: part of every item key. */
export const ANALYSIS_VERSION = 1;

/** Bumped when items, metrics or local rules change: local results of an older version are made again. */
export const LOCAL_VERSION = 7;

/** Bumped when chunks or their terms change: indexes of another version are made again. */
export const INDEX_VERSION = 1;
