import { describe, expect, test } from 'vitest';
import { fileSystemOf, mountType } from '../../src/store/file-system.ts';

describe('what a file system means to SQLite', () => {
  test.each([
    ['ext4', 0xef53, '', 'local'],
    ['btrfs', 0x9123683e, '', 'local'],
    ['xfs', 0x58465342, '', 'local'],
    ['tmpfs', 0x01021994, '', 'local'],
    ['overlay', 0x794c7630, '', 'local'],
    ['zfs', 0x2fc12fc1, '', 'local'],
    ['f2fs', 0xf2f52010, '', 'local'],
    ['NFS', 0x6969, 'nfs4', 'network'],
    ['SMB', 0x517b, 'smbfs', 'network'],
    ['CIFS', 0xff534d42, 'cifs', 'network'],
    ['CIFS, as a signed number', 0xff534d42 | 0, 'cifs', 'network'],
    ['SMB 2', 0xfe534d42, 'smb3', 'network'],
    ['9p (WSL’s drives)', 0x01021997, '9p', 'network'],
    ['sshfs', 0x65735546, 'fuse.sshfs', 'network'],
    ['rclone', 0x65735546, 'fuse.rclone', 'network'],
    ['a virtual machine’s shared folder', 0x65735546, 'fuse.vmhgfs-fuse', 'network'],
    ['virtiofs', 0x65735546, 'virtiofs', 'local'],
    ['an encrypted directory', 0x65735546, 'fuse.gocryptfs', 'local'],
    ['an NTFS disk', 0x65735546, 'fuseblk', 'plain'],
    ['FAT', 0x4d44, 'vfat', 'plain'],
    ['exFAT', 0x2011bab0, 'exfat', 'plain'],
    ['a later invention', 0x12345678, '', 'local'],
  ])('%s', (_, type, mounted, kind) => {
    expect(fileSystemOf(type, mounted).kind).toBe(kind);
  });
});

test('the mount of a path: the longest, the latest, with its escapes', () => {
  const mountinfo = [
    '22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
    '30 22 0:40 / /home rw shared:2 - ext4 /dev/vdb rw',
    '31 22 0:41 / /home/me/far\\040away rw,nosuid - fuse.sshfs me@host:/ rw',
    '32 22 0:42 / /mnt rw - ext4 /dev/vdc rw',
    '33 22 0:43 / /mnt rw - nfs4 host:/ rw',
    '',
  ].join('\n');
  expect(mountType(mountinfo, '/home/me/far away/x')).toBe('fuse.sshfs');
  expect(mountType(mountinfo, '/home/me/far')).toBe('ext4');
  expect(mountType(mountinfo, '/mnt')).toBe('nfs4');
  expect(mountType(mountinfo, '/mntx')).toBe('ext4');
  expect(mountType('', '/')).toBe('');
});
