import { statfsSync } from 'node:fs';

/**
 * `plain`: SQLite works with its rollback journal, not with write-ahead logging. `network`: locks or shared
 * memory do not hold between machines, so that databases are damaged there sooner or later.
 */
export type FileSystemKind = 'local' | 'plain' | 'network';

/** Magic numbers of Linux (`statfs(2)`, linux/magic.h). */
const NETWORK: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xff534d42: 'SMB (CIFS)',
  0xfe534d42: 'SMB',
  0x01021997: '9p',
  0x5346414f: 'AFS',
  0x00c36400: 'Ceph',
  0x73757245: 'Coda',
  0x564c: 'NCP',
  0x0bd00bd0: 'Lustre',
  0x786f4256: 'VirtualBox shared folder',
};

const FAT = [0x4d44, 0x2011bab0] as const;

const FUSE = 0x65735546;

/** FUSE serves both local file systems and remote ones: the mount's own name tells. */
const NETWORK_FUSE =
  /^fuse\.(sshfs|rclone|s3fs|goofys|gcsfuse|glusterfs|ceph(-fuse)?|davfs2?|curlftpfs|smbnetfs|gvfsd-fuse|google-drive-ocamlfuse|juicefs|afpfs|.*nfs.*)$/;

/** `fuseblk` is a FAT or NTFS disk served by FUSE, and `vmhgfs`, `.prl` are a virtual machine's shared folders. */
const PLAIN_FUSE = /^fuseblk$/;
const SHARED_FUSE = /^fuse\.(vmhgfs-fuse|prl_fsd)$/;

export interface FileSystem {
  readonly kind: FileSystemKind;
  /** As a person knows it; `''` where it is local. */
  readonly name: string;
}

/**
 * What a `statfs` type number (Linux) means to SQLite. `mounted` is the mount's type as in
 * `/proc/self/mountinfo`; only FUSE needs it.
 */
export function fileSystemOf(type: number, mounted: string): FileSystem {
  const magic = type >>> 0;
  const network = NETWORK[magic];
  if (network !== undefined) return { kind: 'network', name: network };
  if (FAT.some((fat) => fat === magic)) return { kind: 'plain', name: magic === FAT[0] ? 'FAT' : 'exFAT' };
  if (magic !== FUSE) return { kind: 'local', name: '' };
  if (NETWORK_FUSE.test(mounted) || SHARED_FUSE.test(mounted)) {
    return { kind: 'network', name: mounted.replace('fuse.', '') };
  }
  return PLAIN_FUSE.test(mounted) ? { kind: 'plain', name: mounted } : { kind: 'local', name: '' };
}

export function isFuse(type: number): boolean {
  return type >>> 0 === FUSE;
}

/** The type of the mount that holds an absolute path, from the text of `/proc/self/mountinfo`; `''` where none does. */
export function mountType(mountinfo: string, path: string): string {
  let best = { point: '', type: '' };
  for (const line of mountinfo.split('\n')) {
    const [mount = '', source = ''] = line.split(' - ');
    const point = (mount.split(' ')[4] ?? '').replace(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const holds = point === '/' || path === point || path.startsWith(`${point}/`);
    // A later mount on the same point hides the earlier one.
    if (point !== '' && holds && point.length >= best.point.length) {
      best = { point, type: source.split(' ')[0] ?? '' };
    }
  }
  return best.type;
}

/** Bytes that an ordinary user may still write where this folder lies. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
