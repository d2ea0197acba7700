import { existsSync } from 'node:fs';
import { resolveHome } from '../../config/home.ts';
import { messageOf } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { Check } from '../../report/doctor.ts';
import { footprint } from '../../store/footprint.ts';
import type { Inspection } from '../../store/inspect.ts';
import { inspect } from '../../store/inspect.ts';
import type { Layout } from '../../store/layout.ts';
import { layoutOf } from '../../store/layout.ts';
import { listRepositories } from '../../store/repository.ts';
import { byteSize, counted } from '../../util/numbers.ts';
import { fail, ok, warn } from './check.ts';

/** Every database of the home: it opens, and its pages hold together. Reads alone. */
export async function checkDatabases(host: Host): Promise<Check[]> {
  const layout = layoutOf(resolveHome(host.env));
  return [
    await checkLedger(layout),
    await checkAnswers(layout),
    await checkRecreatable(layout),
    ...checkSetAside(layout),
  ];
}

/** `unreadable`: the disk or its rights are to blame, and the file may be sound. */
type Looked = Inspection | { readonly kind: 'unreadable'; readonly reason: string };

async function looked(path: string): Promise<Looked> {
  try {
    return await inspect(path);
  } catch (error) {
    return { kind: 'unreadable', reason: messageOf(error) };
  }
}

const CHECK_DISK =
  'Check the free space of its disk (rustassistant cache clean makes some), and whose the file is.';

const ACCEPT = "Look at the provider's bill, then run: rustassistant usage --accept-unknown";

async function checkLedger(layout: Layout): Promise<Check> {
  const found = await looked(layout.ledger);
  const journal = existsSync(layout.ledgerJournal);
  switch (found.kind) {
    case 'absent':
      if (journal) return warn('ledger', 'ledger.db is gone', 'The next run makes it again from ledger.log.');
      if (existsSync(layout.answers)) return fail('ledger', 'it is gone, and answers were paid for', ACCEPT);
      return ok('ledger', 'nothing spent yet');
    case 'damaged': {
      const hint = journal ? 'The next run makes it again from ledger.log.' : ACCEPT;
      return fail('ledger', `ledger.db: ${found.reason}`, hint);
    }
    case 'unreadable':
      return fail('ledger', `ledger.db: ${found.reason}`, CHECK_DISK);
    case 'sound': {
      const unknown = found.state.get('unknown') ?? '';
      if (unknown !== '') return fail('ledger', `what was spent is unknown: ${unknown}`, ACCEPT);
      if (!journal)
        return warn('ledger', 'ledger.log is gone', 'The next run writes it again from ledger.db.');
      return ok('ledger', `sound, ${found.state.get('n') ?? '0'} entries in its journal`);
    }
    default:
      return found satisfies never;
  }
}

async function checkAnswers({ answers }: Layout): Promise<Check> {
  const found = await looked(answers);
  if (found.kind === 'absent') return ok('answers', 'nothing bought yet');
  if (found.kind === 'sound') return ok('answers', 'sound');
  if (found.kind === 'unreadable') return fail('answers', `answers.db: ${found.reason}`, CHECK_DISK);
  const hint = 'The next run sets it aside and begins anew; restore it from a copy before, if you have one.';
  return fail('answers', `answers.db: ${found.reason}`, hint);
}

async function checkRecreatable(layout: Layout): Promise<Check> {
  const places = [
    layout.global,
    ...listRepositories(layout).flatMap(({ analysis, search }) => [analysis, search]),
  ];
  const damaged: string[] = [];
  const unreadable: string[] = [];
  let sound = 0;
  for (const path of places) {
    const found = await looked(path);
    if (found.kind === 'damaged') damaged.push(`${path}: ${found.reason}`);
    if (found.kind === 'unreadable') unreadable.push(`${path}: ${found.reason}`);
    if (found.kind === 'sound') sound += 1;
  }
  if (unreadable.length > 0) return fail('results', unreadable.join('\n'), CHECK_DISK);
  if (damaged.length === 0) {
    return ok('results', sound === 0 ? 'none stored yet' : `${counted(sound, 'database')} sound`);
  }
  return warn('results', damaged.join('\n'), 'The next run sets them aside and makes them again.');
}

function checkSetAside(layout: Layout): Check[] {
  const found = footprint(layout);
  const asides = [found, ...found.repositories].flatMap(({ setAside }) => setAside);
  if (asides.length === 0) return [];
  const bytes = asides.reduce((sum, aside) => sum + aside.bytes, 0);
  const message = `${counted(asides.length, 'damaged file')} set aside, ${byteSize(bytes)}`;
  return [warn('set-aside', message, 'Remove them with: rustassistant cache clean')];
}
