// A deployment's body from flags and a connection string. User name, password and CA are taken out of the string: the
// server wants them in fields of their own, and reads no file of its disk for a caller.

import { readFile } from 'node:fs/promises'
import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'

type Deployment = BodyInputOf<'registerGroupDeployment'>

/** Throws UsageError for a string that is none, or a CA file that cannot be read. */
export async function readDeployment(context: Context): Promise<Deployment> {
  const { connectionString, username, password, tlsCAFile } = splitConnectionString(await connectionStringOf(context))
  const caFile = context.optional('tlsCAFile') ?? tlsCAFile
  const ca = caFile === undefined ? undefined : await readCa(caFile)
  const allowInvalidHostnames = context.isOn('tlsAllowInvalidHostnames')
  const tls = ca === undefined && !allowInvalidHostnames ? undefined : { allowInvalidHostnames }
  return {
    name: context.arg('name'),
    connectionString,
    provider: context.text('provider').toUpperCase(),
    region: context.text('region'),
    ...(tls === undefined ? {} : { tls: ca === undefined ? tls : { ...tls, ca } }),
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
  readonly tlsCAFile: string | undefined
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
  const isCa = (option: string): boolean => option.toLowerCase().startsWith('tlscafile=')
  const ca = options.find(isCa)
  const kept = options.filter((option) => !isCa(option)).join('&')
  const [username, password] = userInfo === undefined ? [] : splitOnce(userInfo, ':')
  return {
    connectionString: `${scheme}${hosts}${path}${kept === '' ? '' : `${path === '' ? '/' : ''}?${kept}`}`,
    username: username === undefined || username === '' ? undefined : decoded(username),
    password: password === undefined ? undefined : decoded(password),
    tlsCAFile: ca === undefined ? undefined : decoded(ca.slice(ca.indexOf('=') + 1)),
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

async function readCa(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((problem: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read the CA file ${file}: ${problem.code ?? problem.message}`)
  })
}
