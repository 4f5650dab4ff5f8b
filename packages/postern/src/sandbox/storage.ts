// A data set on disk: `snapshot-<n>` holds all of it as it was when `journal-<n>` began. Starting reads the newest
// snapshot and every journal from its number on; when the journal has grown, the next pair is begun. A snapshot is
// written beside, made durable and renamed, so that there is always a whole one.
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { DataSet } from './data-set.ts'
import { frameRecord, Journal, recoverJournal } from './journal.ts'
import { type Change, decodeChange, encodeChange } from './record.ts'

export type StorageOptions = {
  readonly dir: string
  readonly log: Logger
  /** From how many bytes of journal on a new snapshot is made. */
  readonly compactAt: number
}

const numbered = (names: readonly string[], kind: string): readonly number[] =>
  names
    .map((name) => new RegExp(`^${kind}-(\\d+)$`).exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b)

/** Makes the names in a folder durable. */
export async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export class Storage {
  readonly data: DataSet
  #options: StorageOptions
  #number: number
  #journal: Journal
  #snapshotBytes = 0
  #retired: Promise<void> = Promise.resolve()
  #compacting: Promise<void> | undefined

  private constructor(options: StorageOptions, parts: { data: DataSet; number: number; journal: Journal }) {
    this.#options = options
    this.data = parts.data
    this.#number = parts.number
    this.#journal = parts.journal
  }

  /**
   * Opens the folder, made if need be, and reads what is in it.
   * @throws Error when a file other than the last journal is damaged: going on would lose acknowledged writes
   */
  static async open(options: StorageOptions): Promise<Storage> {
    const { dir, log } = options
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const names = await readdir(dir)
    const base = numbered(names, 'snapshot').at(-1) ?? 0
    const journals = numbered(names, 'journal').filter((number) => number >= base)
    const files = [...(base > 0 ? [`snapshot-${base}`] : []), ...journals.map((number) => `journal-${number}`)]
    const data = new DataSet()
    for (const [index, name] of files.entries()) {
      const { records, torn } = await recoverJournal(join(dir, name))
      if (torn > 0 && index < files.length - 1)
        throw new Error(`${join(dir, name)} is damaged ${torn} bytes before its end`)
      if (torn > 0) log.warn({ file: name, torn }, 'cut an unfinished record off the journal')
      for (const record of records) data.apply(decodeChange(record))
    }
    const number = journals.at(-1) ?? base
    const file = await createJournal(dir, number)
    return new Storage(options, { data, number, journal: new Journal(file, { bytes: (await file.stat()).size }) })
  }

  /** Applies a change and queues it for the disk; it is promised only when `flushed` has resolved. */
  commit(change: Change): void {
    this.data.apply(change)
    this.#journal.append(encodeChange(change))
    if (this.#journal.bytes >= Math.max(this.#options.compactAt, this.#snapshotBytes))
      this.#compacting ??= this.#compact()
  }

  /** Resolves when every change committed so far is durable. */
  async flushed(): Promise<void> {
    await Promise.all([this.#retired, this.#journal.flushed()])
  }

  async close(): Promise<void> {
    await this.#compacting
    await this.#journal.close()
  }

  async #compact(): Promise<void> {
    const { dir, log } = this.#options
    try {
      const number = this.#number + 1
      const file = await createJournal(dir, number)
      // From here to the next await nothing else runs: the snapshot and the new journal meet without a gap. The new
      // journal waits for the old one, so that bytes in it prove the old one whole.
      const changes = this.data.changes()
      const old = this.#journal
      const retired = old.flushed()
      this.#journal = new Journal(file, { after: retired })
      this.#retired = retired
      this.#number = number
      await retired
      await old.close()
      this.#snapshotBytes = await writeSnapshot(dir, number, changes)
      await removeBefore(dir, number)
      log.info({ number, changes: changes.length }, 'compacted the journal')
    } catch (cause) {
      log.error({ err: cause }, 'compacting the journal failed')
    } finally {
      this.#compacting = undefined
    }
  }
}

async function createJournal(dir: string, number: number): Promise<FileHandle> {
  const file = await open(join(dir, `journal-${number}`), 'a', 0o600)
  await syncFolder(dir)
  return file
}

/** @returns the size of the snapshot in bytes */
async function writeSnapshot(dir: string, number: number, changes: readonly Change[]): Promise<number> {
  const path = join(dir, `snapshot-${number}`)
  const file = await open(`${path}.part`, 'w', 0o600)
  let total = 0
  try {
    let batch: Buffer[] = []
    let bytes = 0
    for (const change of changes) {
      const framed = frameRecord(encodeChange(change))
      batch.push(framed)
      bytes += framed.length
      total += framed.length
      if (bytes < 1 << 20) continue
      await file.appendFile(Buffer.concat(batch))
      batch = []
      bytes = 0
    }
    await file.appendFile(Buffer.concat(batch))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.part`, path)
  await syncFolder(dir)
  return total
}

async function removeBefore(dir: string, number: number): Promise<void> {
  const names = await readdir(dir)
  for (const kind of ['journal', 'snapshot']) {
    for (const old of numbered(names, kind)) if (old < number) await rm(join(dir, `${kind}-${old}`))
  }
}
