import { createReadStream } from 'node:fs';
import { badModel } from './fault.ts';
import { fileRow } from './files.ts';
import { inspectFolder } from './folder.ts';
import type { FileFacts } from './manifest.ts';
import type { Origin } from './take.ts';
import { writeFile } from './write.ts';

/** A folder on this disk. Throws UserError `bad-model` at once where it has not the shape of a model. */
export function fromFolder(path: string, signal: AbortSignal): Origin {
  const { files } = inspectFolder(path);
  return {
    source: path,
    async fill(folder) {
      const taken: Record<string, FileFacts> = {};
      for (const file of files) {
        const row = fileRow(file.name);
        if (row === null) throw badModel(`${file.name} is no file of a model`);
        taken[file.name] = await writeFile(folder, row, createReadStream(file.path, { signal }));
      }
      return taken;
    },
  };
}
