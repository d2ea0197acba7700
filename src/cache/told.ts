import type { Finding, Severity } from '../types/finding.ts';
import { SEVERITIES } from '../types/finding.ts';
import { findingKey } from './finding-id.ts';

/** A finding as it is remembered to compare runs by: enough to tell whether it is the same, not to show it. */
export interface ToldFinding {
  readonly id: string;
  /** See `findingKey`: the same where its item went to another file. */
  readonly key: string;
  readonly severity: Severity;
  readonly suppressed: boolean;
  readonly llm: boolean;
}

export function toldOf(finding: Finding, path: string): ToldFinding {
  const { id, severity, suppressed, source } = finding;
  const key = findingKey({ ...finding, path });
  return { id, key, severity, suppressed: suppressed !== undefined, llm: source === 'llm' };
}

const BYTES = 17;
const SUPPRESSED = 0x80;
const LLM = 0x40;
const SEVERITY = 0x07;

/** Seventeen bytes each: what it is, then id and key. */
export function packTold(findings: readonly ToldFinding[]): Uint8Array {
  const bytes = Buffer.alloc(findings.length * BYTES);
  findings.forEach(({ id, key, severity, suppressed, llm }, index) => {
    const flags = (suppressed ? SUPPRESSED : 0) | (llm ? LLM : 0) | SEVERITIES.indexOf(severity);
    bytes.writeUInt8(flags, index * BYTES);
    bytes.write(id + key, index * BYTES + 1, 'hex');
  });
  return bytes;
}

export function unpackTold(packed: Uint8Array): ToldFinding[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  return Array.from({ length: Math.floor(bytes.length / BYTES) }, (_, index) => {
    const at = index * BYTES;
    const flags = bytes.readUInt8(at);
    return {
      id: bytes.toString('hex', at + 1, at + 9),
      key: bytes.toString('hex', at + 9, at + 17),
      severity: SEVERITIES[flags & SEVERITY] ?? 'info',
      suppressed: (flags & SUPPRESSED) !== 0,
      llm: (flags & LLM) !== 0,
    };
  });
}
