// One append-only file of framed records: length, CRC-32, bytes. Appends of one turn of the event loop are written
// together and made durable by one fdatasync (group commit); a tail torn by a crash is cut off when the file is read.
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

const frameHead = 8
const maxRecordBytes = 64 * 1024 * 1024

export function frameRecord(record: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(frameHead + record.length)
  framed.writeUInt32LE(record.length, 0)
  framed.writeUInt32LE(crc32(record), 4)
  framed.set(record, frameHead)
  return framed
}

/** The whole records at the start of `bytes`, and where the first one that is cut off or damaged begins. */
export function readRecords(bytes: Buffer): { readonly records: readonly Buffer[]; readonly end: number } {
  const records: Buffer[] = []
  let at = 0
  while (at + frameHead <= bytes.length) {
    const length = bytes.readUInt32LE(at)
    const end = at + frameHead + length
    if (length > maxRecordBytes || end > bytes.length) break
    const record = bytes.subarray(at + frameHead, end)
    if (crc32(record) !== bytes.readUInt32LE(at + 4)) break
    records.push(record)
    at = end
  }
  return { records, end: at }
}

/** Reads a journal and cuts a torn tail off the file; `torn` is how many bytes that were. */
export async function recoverJournal(path: string): Promise<{ records: readonly Buffer[]; torn: number }> {
  const bytes = await readFile(path)
  const { records, end } = readRecords(bytes)
  const torn = bytes.length - end
  if (torn > 0) {
    const file = await open(path, 'r+')
    try {
      await file.truncate(end)
      await file.sync()
    } finally {
      await file.close()
    }
  }
  return { records, torn }
}

type Waiter = { readonly resolve: () => void; readonly reject: (cause: unknown) => void }

/** What the journal writes to: a file, or in a test something that fails. */
export type Sink = Pick<FileHandle, 'appendFile' | 'datasync' | 'close'>

export class Journal {
  #sink: Sink
  #pending: Buffer[] = []
  #waiters: Waiter[] = []
  #running: Promise<void> | undefined
  #failure: unknown
  #bytes: number
  #after: Promise<void>

  /** @param after nothing is written before this has resolved; when it rejects, nothing ever is */
  constructor(sink: Sink, { bytes = 0, after = Promise.resolve() }: { bytes?: number; after?: Promise<void> } = {}) {
    this.#sink = sink
    this.#bytes = bytes
    this.#after = after
    after.catch((cause) => {
      this.#failure = cause
    })
  }

  /** Bytes appended so far, durable or not. */
  get bytes(): number {
    return this.#bytes
  }

  /** Queues a record; nothing is promised before `flushed` resolves. */
  append(record: Uint8Array): void {
    const framed = frameRecord(record)
    this.#bytes += framed.length
    this.#pending.push(framed)
    this.#running ??= this.#run()
  }

  /** Resolves when everything appended so far is on disk; rejects for good once a write has failed. */
  flushed(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (!this.#running) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }))
  }

  /** Waits for what is queued, then closes the file. */
  async close(): Promise<void> {
    await this.#running
    await this.#sink.close()
  }

  async #run(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#pending.length > 0 || this.#waiters.length > 0) {
      const batch = this.#pending
      const waiters = this.#waiters
      this.#pending = []
      this.#waiters = []
      try {
        if (this.#failure !== undefined) throw this.#failure
        if (batch.length > 0) {
          await this.#after
          await this.#sink.appendFile(Buffer.concat(batch))
          await this.#sink.datasync()
        }
        for (const waiter of waiters) waiter.resolve()
      } catch (cause) {
        // After a failed write nobody knows what the file holds: nothing may be acknowledged any more.
        this.#failure = cause
        for (const waiter of waiters) waiter.reject(cause)
      }
    }
    this.#running = undefined
  }
}
