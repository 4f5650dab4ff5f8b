// Bodies of the admin door, parsed once: from here on a wish is whole and within limits.
import { createSecureContext } from 'node:tls'
import type { ClusterWish } from './clusters.ts'
import type { TlsMaterial } from './member.ts'

/** The request cannot be understood; the message names the field. */
export class BadRequest extends Error {}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function text(from: Record<string, unknown>, field: string, pattern: RegExp): string {
  const value = from[field]
  if (typeof value !== 'string' || !pattern.test(value)) throw new BadRequest(`"${field}" is missing or not valid`)
  return value
}

/** As many as a replica set may have votes. */
const mostMembers = 7
/** As many as one endpoint service has ports for. */
const mostRouters = 50

/** @throws BadRequest */
export function parseWish(id: string, body: unknown): ClusterWish {
  if (!isObject(body)) throw new BadRequest('the body must be an object')
  const { members, admin, routers = false, paused = false, tls } = body
  if (typeof routers !== 'boolean') throw new BadRequest('"routers" must be true or false')
  const most = routers ? mostRouters : mostMembers
  if (typeof members !== 'number' || !Number.isInteger(members) || members < 1 || members > most)
    throw new BadRequest(`"members" must be 1 to ${most}`)
  if (typeof paused !== 'boolean') throw new BadRequest('"paused" must be true or false')
  if (!isObject(admin)) throw new BadRequest('"admin" must hold user and password')
  return {
    id,
    name: text(body, 'name', /^.{1,200}$/),
    setName: text(body, 'setName', /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/),
    members,
    routers,
    paused,
    admin: { user: text(admin, 'user', /^.{1,200}$/), password: text(admin, 'password', /^.{1,1000}$/s) },
    ...(tls === undefined || tls === null ? {} : { tls: parseTls(tls) }),
  }
}

function parseTls(tls: unknown): TlsMaterial {
  if (!isObject(tls)) throw new BadRequest('"tls" must hold key and cert')
  const material = {
    key: text(tls, 'key', /-----BEGIN/),
    cert: text(tls, 'cert', /-----BEGIN/),
    ...(tls.clientCa !== undefined && { clientCa: text(tls, 'clientCa', /-----BEGIN/) }),
  }
  try {
    createSecureContext({ ...material, ...(material.clientCa !== undefined && { ca: material.clientCa }) })
  } catch {
    throw new BadRequest('"tls" does not hold a key and its certificate as PEM')
  }
  return material
}

/** `{ seconds, force }`, both optional: 60 s, not forced. */
export function parseStepDown(body: unknown): { seconds: number; force: boolean } {
  const { seconds = 60, force = false } = isObject(body) ? body : {}
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= 86_400))
    throw new BadRequest('"seconds" must be 0 to 86400')
  if (typeof force !== 'boolean') throw new BadRequest('"force" must be true or false')
  return { seconds, force }
}

/** `{ abrupt }`, optional: not abrupt. */
export function parseKill(body: unknown): { abrupt: boolean } {
  const { abrupt = false } = isObject(body) ? body : {}
  if (typeof abrupt !== 'boolean') throw new BadRequest('"abrupt" must be true or false')
  return { abrupt }
}

/** `{ host }`, how it is spelled from now on; without it the member gets another port. */
export function parseMove(body: unknown): string | undefined {
  return isObject(body) && body.host !== undefined ? text(body, 'host', /^[A-Za-z0-9.-]{1,100}$/) : undefined
}

/** `{ hidden }`, optional: it is hidden. */
export function parseHide(body: unknown): boolean {
  const { hidden = true } = isObject(body) ? body : {}
  if (typeof hidden !== 'boolean') throw new BadRequest('"hidden" must be true or false')
  return hidden
}
