/** @file Writing files whole or not at all. */
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** Writes a file by renaming a finished one over it: whoever reads it sees the old or the new, never a part. */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  const full = resolve(path);
  await mkdir(dirname(full), { recursive: true });
  const temporary = join(dirname(full), `.${basename(full)}.${process.pid}.tmp`);
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, full);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
