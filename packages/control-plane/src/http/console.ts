// The console's pages as they lie in its build: read once at the start, so that a path can only name what was listed then,
// and nothing of a request ever reaches the file system. What has its hash in its name is kept by browsers for good; the
// one page is asked for again each time, and any address that is no file's and not the API's is that page, which then
// shows what the address says.

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { fixedHeaders } from './render.ts'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  // The design system makes one empty style element and writes its rules into it by script: the hash is that of nothing.
  "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

const pageHeaders: Readonly<Record<string, string>> = {
  ...fixedHeaders,
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)',
  'referrer-policy': 'no-referrer',
}

type Encoding = 'br' | 'gzip' | 'identity'

/** Good enough that a page is small, quick enough that whoever comes first does not notice. */
const packers: Readonly<Record<Exclude<Encoding, 'identity'>, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: 6 }),
}

/** Such types are small already. */
const isPacked = (type: string): boolean => /^(image\/(png|x-icon)|font\/)/.test(type)

interface ConsoleFile {
  readonly headers: Readonly<Record<string, string>>
  readonly hash: string
  /** The bytes in this encoding, made when first asked for and kept: as many as there are files and encodings. */
  readonly in: (encoding: Encoding) => Promise<Buffer>
}

export interface ConsoleRequest {
  /** As on the wire, without the query. */
  readonly rawPath: string
  readonly headers: Headers
}

/** Answers a GET or HEAD; undefined where the address is neither a file's nor, for a browser, a page's. */
export type Console = (request: ConsoleRequest) => Promise<Response | undefined>

const indexName = '/index.html'
const assets = '/assets/'
/** Whose addresses are never a page's: an unknown one there is told so in the API's own form. */
const apiPaths = /^\/(api|metrics|healthz|readyz|openapi\.json)(\/|$)/

/** Reads a build. Rejects with a sentence where `folder` cannot be read or has no index.html. */
export const readConsole = async (folder: string): Promise<Console> => {
  const files = await readFiles(folder)
  const index = files.get(indexName)
  if (index === undefined) throw new Error(`${folder} is no build of the console: it has no index.html`)
  return async ({ rawPath, headers }) => {
    const file = rawPath === '/' ? index : files.get(rawPath)
    if (file !== undefined) return answer(file, headers)
    return isPage(rawPath, headers.get('accept')) ? answer(index, headers) : undefined
  }
}

const isPage = (rawPath: string, accept: string | null): boolean =>
  !apiPaths.test(rawPath) && !rawPath.startsWith(assets) && /(^|[,\s])text\/html\b/i.test(accept ?? '')

const readFiles = async (folder: string): Promise<ReadonlyMap<string, ConsoleFile>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      throw new Error(`${folder} cannot be read (${cause.code})`, { cause })
    },
  )
  const read = entries
    .filter((entry) => entry.isFile() && types[extname(entry.name)] !== undefined)
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      const name = `/${relative(folder, path).split(sep).map(encodeURIComponent).join('/')}`
      return [name, fileOf(name, await readFile(path))] as const
    })
  return new Map(await Promise.all(read))
}

const fileOf = (name: string, bytes: Buffer): ConsoleFile => {
  const type = types[extname(name)] ?? 'application/octet-stream'
  const made = new Map<Encoding, Promise<Buffer>>()
  const inEncoding = (encoding: Encoding): Promise<Buffer> => {
    if (encoding === 'identity') return Promise.resolve(bytes)
    const before = made.get(encoding)
    if (before !== undefined) return before
    const packed = packers[encoding](bytes)
    made.set(encoding, packed)
    return packed
  }
  return {
    headers: {
      ...pageHeaders,
      'cache-control': name.startsWith(assets) ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-type': type,
      vary: isPacked(type) ? 'accept' : 'accept, accept-encoding',
    },
    hash: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
    in: isPacked(type) ? () => Promise.resolve(bytes) : inEncoding,
  }
}

const answer = async (file: ConsoleFile, asked: Headers): Promise<Response> => {
  const wanted = encodingOf(asked.get('accept-encoding'))
  const bytes = await file.in(wanted)
  const encoding = bytes === (await file.in('identity')) ? 'identity' : wanted
  const etag = `"${file.hash}${encoding === 'identity' ? '' : `-${encoding}`}"`
  const headers = { ...file.headers, etag, ...(encoding !== 'identity' && { 'content-encoding': encoding }) }
  if (isKnown(asked.get('if-none-match'), etag)) return new Response(null, { status: 304, headers })
  return new Response(new Uint8Array(bytes), { headers: { ...headers, 'content-length': String(bytes.length) } })
}

const isKnown = (ifNoneMatch: string | null, etag: string): boolean =>
  ifNoneMatch?.split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, ''))) ?? false

/** The first of ours that the caller takes; `q=0` is a refusal. */
const encodingOf = (acceptEncoding: string | null): Encoding => {
  const taken = new Set(
    (acceptEncoding ?? '')
      .toLowerCase()
      .split(',')
      .map((each) => each.trim())
      .filter((each) => !/;\s*q=0(\.0*)?$/.test(each))
      .map((each) => each.split(';', 1)[0]?.trim() ?? ''),
  )
  return (['br', 'gzip'] as const).find((encoding) => taken.has(encoding)) ?? 'identity'
}
