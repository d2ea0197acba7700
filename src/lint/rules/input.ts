/** What an unwrapped value was made from, where that comes from outside of the program. */
const SOURCES: readonly (readonly [source: string, call: RegExp])[] = [
  [
    'the environment',
    /\benv::(?:var|var_os|current_dir|current_exe)\([^()]*\)$|\benv::args(?:_os)?\(\)(?:\.skip\(\d+\))?\.(?:next|nth)\(\d*\)$/,
  ],
  [
    'parsed text',
    /\.parse(?:::<[^()]*>)?\(\)$|\b(?:serde_json|toml|serde_yaml|ron|bincode|rmp_serde|quick_xml::de)::from_(?:str|slice|reader)(?:::<[^()]*>)?\([^()]*(?:\([^()]*\)[^()]*)*\)$|\bUrl::parse\([^()]*\)$|(?:^|::)from_str_radix\([^()]*\)$/,
  ],
  ['bytes that may be no UTF-8', /\b(?:str|String)::from_utf8\([^()]*(?:\([^()]*\)[^()]*)*\)$/],
  [
    'input or output',
    /(?:^|::)fs::\w+\([^()]*(?:\([^()]*\)[^()]*)*\)$|\bFile::(?:open|create)\([^()]*(?:\([^()]*\)[^()]*)*\)$|\.(?:read_to_string|read_to_end|read_exact|read_line|sync_all|metadata|canonicalize|accept|recv_from|send_to|local_addr|peer_addr)\([^()]*(?:\([^()]*\)[^()]*)*\)$|\b(?:TcpListener|UdpSocket)::bind\([^()]*\)$|\bTcpStream::connect\([^()]*\)$/,
  ],
];

/** In words, where a receiver's value comes from outside; null where it does not, as far as the expression shows. */
export function outsideSource(receiver: string): string | null {
  return SOURCES.find(([, call]) => call.test(receiver))?.[0] ?? null;
}
