import { namesIn, parametersOf } from '../bounds.ts';
import { functionAround } from '../place.ts';
import type { LintFile } from '../rule.ts';
import type { Site } from '../../types/syntax.ts';

const CALL = String.raw`\([^()]*(?:\([^()]*\)[^()]*)*\)$`;
const IO_METHODS =
  'read_to_string|read_to_end|read_exact|read_line|sync_all|metadata|canonicalize|accept|recv_from|send_to|local_addr|peer_addr';

/** Outside by its nature: the machine that the program runs on. */
const WORLD: readonly (readonly [source: string, call: RegExp])[] = [
  [
    'the environment',
    /\benv::(?:var|var_os|current_dir|current_exe)\([^()]*\)$|\benv::args(?:_os)?\(\)(?:\.skip\(\d+\))?\.(?:next|nth)\(\d*\)$/,
  ],
  [
    'input or output',
    new RegExp(
      String.raw`(?:(?:^|::)fs::\w+|\bFile::(?:open|create)|\.(?:${IO_METHODS})|\b(?:TcpListener|UdpSocket)::bind|\bTcpStream::connect)${CALL}`,
    ),
  ],
];
/** Outside where a caller gives what is read. */
const READINGS: readonly (readonly [source: string, call: RegExp])[] = [
  [
    'parsed text',
    new RegExp(
      String.raw`\.parse(?:::<[^()]*>)?\(\)$|(?:\b(?:serde_json|toml|serde_yaml|ron|bincode|rmp_serde)::from_(?:str|slice|reader)(?:::<[^()]*>)?|\bUrl::parse|(?:^|::)from_str_radix)${CALL}`,
    ),
  ],
  ['bytes that may be no UTF-8', new RegExp(String.raw`\b(?:str|String)::from_utf8${CALL}`)],
];

/** Set by Cargo wherever it runs a build script or a compiler: it fails for nobody who builds by it. */
const BY_CARGO = /\benv::var(?:_os)?\("(?:OUT_DIR|TARGET|HOST|PROFILE|OPT_LEVEL|NUM_JOBS|CARGO\w*)"\)$/;

/** In words, where a receiver's value comes from outside; null where it does not, as far as the function shows. */
export function outsideSource(file: LintFile, site: Site, receiver: string): string | null {
  if (BY_CARGO.test(receiver)) return null;
  const world = WORLD.find(([, call]) => call.test(receiver));
  if (world !== undefined) return world[0];
  const reading = READINGS.find(([, call]) => call.test(receiver));
  if (reading === undefined) return null;
  const around = functionAround(file, site);
  if (around?.visibility !== 'pub') return null;
  const given = parametersOf(
    around.signature,
    /\bstr\b|\bString\b|\[u8\]|Vec<u8>|\bOsStr\b|\bimpl\b|^[A-Z]$|^&[A-Z]$/,
  );
  return namesIn(receiver).some((name) => given.includes(name)) ? reading[0] : null;
}
