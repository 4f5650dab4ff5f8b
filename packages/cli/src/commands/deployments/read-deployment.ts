// A deployment's body from flags and a connection string. User name, password and CA are taken out of the string: the
// server wants them in fields of their own, and reads no file of its disk for a caller.

import { readFile } from 'node:fs/promises'
import { isBehindPassphrase } from '@postern/contract/private-key'
import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'

type Deployment = BodyInputOf<'registerGroupDeployment'>

/** Options of MongoDB's connection strings that name files; the server reads no file for a caller. */
const fileOptions = ['tlsCAFile', 'tlsCertificateKeyFile'] as const
type FileOption = (typeof fileOptions)[number]

/** Throws UsageError for a string that is none, or a file that cannot be read. */
export async function readDeployment(context: Context): Promise<Deployment> {
  const { connectionString, username, password, files } = splitConnectionString(await connectionStringOf(context))
  const fileOf = (option: FileOption): string | undefined => context.optional(option) ?? files[option]
  const caFile = fileOf('tlsCAFile')
  const pairFile = fileOf('tlsCertificateKeyFile')
  const tls = {
    ...(caFile !== undefined && { ca: await readPem(caFile, 'the CA file') }),
    ...(pairFile !== undefined && splitPair(await readPem(pairFile, 'the certificate key file'), pairFile)),
    ...(context.isOn('tlsAllowInvalidHostnames') && { allowInvalidHostnames: true }),
  }
  return {
    name: context.arg('name'),
    connectionString,
    provider: context.text('provider').toUpperCase(),
    region: context.text('region'),
    ...(Object.keys(tls).length === 0 ? {} : { tls }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  }
}

async function connectionStringOf(context: Context): Promise<string> {
  const typed = context.optionalArg('connectionString')
  if (typed === undefined) return context.io.env.POSTERN_URI || (await context.secret('Connection string:'))
  if (splitConnectionString(typed).password !== undefined) {
    context.warn(
      'a password on the command line can be read by other processes; standard input or POSTERN_URI is safer',
    )
  }
  return typed
}

interface Parts {
  readonly connectionString: string
  readonly username: string | undefined
  readonly password: string | undefined
  /** Files that the string names, for us to read. */
  readonly files: Partial<Record<FileOption, string>>
}

/** Throws UsageError; its message never holds any part of the string, which may be a secret. */
function splitConnectionString(text: string): Parts {
  const [, scheme, userInfo, hosts, rest = ''] =
    /^(mongodb(?:\+srv)?:\/\/)(?:([^/?]*)@)?([^/?@\s]+)([/?]\S*)?$/.exec(text.trim()) ?? []
  if (scheme === undefined || hosts === undefined) {
    throw new UsageError('no connection string: it must begin with mongodb:// or mongodb+srv:// and name hosts')
  }
  const [path = '', query] = splitOnce(rest, '?')
  const options = (query ?? '').split('&').filter((option) => option !== '')
  const fileOption = (option: string): FileOption | undefined =>
    fileOptions.find((name) => option.toLowerCase().startsWith(`${name.toLowerCase()}=`))
  const kept = options.filter((option) => fileOption(option) === undefined).join('&')
  const files = options.flatMap((option) => {
    const name = fileOption(option)
    return name === undefined ? [] : [[name, decoded(option.slice(option.indexOf('=') + 1))] as const]
  })
  const [username, password] = userInfo === undefined ? [] : splitOnce(userInfo, ':')
  return {
    connectionString: `${scheme}${hosts}${path}${kept === '' ? '' : `${path === '' ? '/' : ''}?${kept}`}`,
    username: username === undefined || username === '' ? undefined : decoded(username),
    password: password === undefined ? undefined : decoded(password),
    files: Object.fromEntries(files),
  }
}

function splitOnce(text: string, mark: string): readonly [string, string | undefined] {
  const index = text.indexOf(mark)
  return index === -1 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new UsageError('the connection string has a "%" in user name, password or file that begins no escape')
  }
}

async function readPem(file: string, what: string): Promise<string> {
  return readFile(file, 'utf8').catch((problem: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read ${what} ${file}: ${problem.code ?? problem.message}`)
  })
}

/** The certificates and the key of one file, as MongoDB's own tools take them. */
function splitPair(text: string, file: string): { readonly certificate: string; readonly key: string } {
  const blocks = text.match(/-----BEGIN [A-Z ]+-----[\s\S]+?-----END [A-Z ]+-----/g) ?? []
  const certificates = blocks.filter((block) => block.startsWith('-----BEGIN CERTIFICATE-----'))
  const key = blocks.find((block) => /^-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/.test(block))
  if (isBehindPassphrase(text))
    throw new UsageError(`the key in ${file} is behind a passphrase: give a file whose key has none`)
  if (certificates.length === 0 || key === undefined)
    throw new UsageError(`${file} must hold a certificate and its key in PEM, without a passphrase`)
  return { certificate: `${certificates.join('\n')}\n`, key: `${key}\n` }
}
